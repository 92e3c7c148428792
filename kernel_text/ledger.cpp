// The ledgers.
#include "kernel_text/ledger.hpp"

#include <map>
#include <stdexcept>

namespace interlock::kernel_text {

namespace {

Ledger freebsd() { return {}; }
Ledger dragonfly() { return {}; }
Ledger netbsd() { return {}; }

} // namespace

const Ledger& ledger_of(const std::string& system) {
  static const std::map<std::string, Ledger> all{
      {"dragonfly", dragonfly()}, {"freebsd", freebsd()}, {"netbsd", netbsd()}};
  const auto found = all.find(system);
  if (found == all.end())
    throw std::invalid_argument("there is no ledger of " + system);
  return found->second;
}

} // namespace interlock::kernel_text
