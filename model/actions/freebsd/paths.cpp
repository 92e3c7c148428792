// Anchors of FreeBSD's paths, and small pieces of steps.
#include "actions/freebsd/paths.hpp"

namespace interlock::actions::freebsd {

namespace {

// Where the functions of kern_event.c begin, for the revisions whose text is at hand.
int line_of(const std::string& revision, const std::string& function) {
  struct Lines {
    int in_91, in_93, in_104;
  };
  static const std::map<std::string, Lines> table{
      {"filt_procattach", {338, 338, 341}},   {"filt_procdetach", {398, 398, 412}},
      {"filt_proc", {409, 409, 423}},         {"knote_fork", {449, 452, 466}},
      {"kqueue_register", {955, 965, 1103}},  {"kqueue_scan", {1310, 1334, 1488}},
      {"kqueue_close", {1631, 1670, 1816}},   {"knote", {1754, 1806, 1952}},
      {"knlist_add", {1809, 1866, 2015}},     {"knlist_remove_kq", {1827, 1884, 2033}},
      {"knlist_destroy", {1945, 2002, 2192}}, {"knlist_cleardel", {1966, 2023, 2204}},
      {"knote_drop", {2096, 2153, 2332}},     {"knote_enqueue", {2129, 2186, 2365}},
  };
  const auto found = table.find(function);
  if (found == table.end())
    return 0;
  if (revision == "r225617")
    return found->second.in_91;
  if (revision == "r264369")
    return found->second.in_93;
  return revision == "r320293" ? found->second.in_104 : 0;
}

} // namespace

Anchor Path::kern_event(const char* function) const {
  return {"sys/kern/kern_event.c", revision().kern_event, function,
          line_of(revision().kern_event, function)};
}

lang::Update Path::set_status(const Knote& kn, const char* bits) {
  return lang::assign(kn.kn_status(), kn.kn_status() | kernel().status_bit(bits));
}
lang::Update Path::clear_status(const Knote& kn, const char* bits) {
  return lang::assign(kn.kn_status(), lang::bit_clear(kn.kn_status(), kernel().status_bit(bits)));
}
lang::Update Path::add_note(const Knote& kn, const Expr& notes) {
  return lang::assign(kn.kn_fflags(), kn.kn_fflags() | notes);
}

} // namespace interlock::actions::freebsd
