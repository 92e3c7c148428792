// The knote protocol of NetBSD kern_event.c 1.129: I2, I3, I5 and I6 as invariants.  I1, I4 and I7
// are checks in the steps that free, queue or put in flux (actions/netbsd/kern_event_*.cpp); I8 is
// part of kevent's contract.
#include "properties/property.hpp"

#include "states/netbsd.hpp"

namespace interlock::properties {

namespace {

using lang::Expr;

// Adds `condition` for a knote, wherever it is allocated.
class Protocol {
public:
  Protocol(const states::netbsd::Kernel& kernel, const std::string& name)
      : k_(kernel), spec_(kernel.spec()), name_(name), nobody_(spec_.nothing(lang::thread_pool)) {}

  void knote(std::uint32_t i) {
    const states::netbsd::Knote kn(k_, spec_.object(k_.knote_pool, i));
    // A knote that is still private has no kqueue; a kqueue that is gone is I7's business.
    const Expr elsewhere = !spec_.is_allocated(kn.ref()) || !spec_.is_allocated(kn.kn_kq().ref());
    const Expr kq_busy = owner(kn.kn_kq().kq_lock()) != nobody_;
    const Expr fd_busy = owner(kn.kn_kq().kq_fdp().fd_lock()) != nobody_;
    const Expr hashed = spec_.list_has(k_.knhash, kn.kn_kq().kq_fdp().bucket(kn.kn_id()), kn.ref());
    const Expr queued = spec_.list_has(k_.kq_head, kn.kn_kq().ref(), kn.ref());
    for (std::uint32_t p = 0; p < spec_.pools()[k_.proc_pool].objects.size(); ++p) {
      const states::netbsd::Proc proc(k_, spec_.object(k_.proc_pool, p));
      const Expr listed =
          spec_.is_allocated(proc.ref()) && spec_.list_has(k_.p_klist, proc.ref(), kn.ref());
      require(elsewhere || kq_busy || !listed ||
                  (!kn.has("KN_DETACHED") && kn.kn_obj().ref() == proc.ref()),
              "I2: a knote on a p_klist is KN_DETACHED or belongs to another process");
    }
    require(elsewhere || kq_busy || fd_busy || !hashed || kn.has("KN_DETACHED") ||
                (spec_.is_allocated(kn.kn_obj().ref()) &&
                 spec_.list_has(k_.p_klist, kn.kn_obj().ref(), kn.ref())),
            "I2: a knote that is not KN_DETACHED is not on its process' p_klist");
    require(elsewhere || kq_busy || kn.has("KN_QUEUED") == queued,
            "I3: KN_QUEUED does not say whether the knote is on the queue");
    require(elsewhere || !kn.has("KN_BUSY") || fd_busy, "I6: KN_BUSY without fd_lock held");
    if (k_.features().in_flux)
      require(
          elsewhere || kq_busy || fd_busy || !hashed || !kn.has("KN_WILLDETACH") ||
              spec_.read(k_.kn_claimed_in_flux, kn.ref()),
          "I5: KN_WILLDETACH with fd_lock free, and the knote was not in flux when it was claimed");
  }

  void kqueue(std::uint32_t i) {
    const states::netbsd::Kqueue kq(k_, spec_.object(k_.kqueue_pool, i));
    // KQ_COUNT is the number of queued knotes and of those that a scan has taken: a knote that was
    // activated again while taken counts twice.
    Expr count(0);
    for (std::uint32_t n = 0; n < k_.plan().knotes; ++n) {
      const states::netbsd::Knote kn(k_, spec_.object(k_.knote_pool, n));
      const Expr mine = spec_.is_allocated(kn.ref()) && kn.kn_kq().ref() == kq.ref();
      count = count + lang::choose(mine && kn.has("KN_QUEUED"), Expr(1), Expr(0)) +
              lang::choose(mine && kn.has("KN_BUSY"), Expr(1), Expr(0));
    }
    require(!spec_.is_allocated(kq.ref()) || owner(kq.kq_lock()) != nobody_ ||
                kq.kq_count() == count,
            "I3: KQ_COUNT is not the number of knotes that are queued or taken by a scan");
  }

private:
  Expr owner(const states::Lock& lock) const { return k_.locks().owner(spec_, lock); }

  void require(const Expr& condition, const std::string& message) {
    spec_.property({name_, lang::PropertyKind::invariant, condition, message});
  }

  const states::netbsd::Kernel& k_;
  lang::SpecBuilder& spec_;
  const std::string& name_;
  Expr nobody_;
};

} // namespace

void knote_protocol(const Subject& subject, const std::string& name) {
  subject.kernel.spec().property({name, lang::PropertyKind::check, {}, ""});
  const auto& kernel = dynamic_cast<const states::netbsd::Kernel&>(subject.kernel);
  if (!kernel.features().in_flux)
    return; // the invariants are those of kern_event.c 1.129
  Protocol protocol(kernel, name);
  for (std::uint32_t i = 0; i < subject.kernel.plan().knotes; ++i)
    protocol.knote(i);
  for (std::uint32_t i = 0; i < subject.kernel.plan().kqueues.size(); ++i)
    protocol.kqueue(i);
}

} // namespace interlock::properties
