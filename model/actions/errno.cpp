// The values of errno; see errno.hpp.
#include "actions/errno.hpp"

namespace interlock::actions {

const std::vector<std::string>& errno_names() {
  static const std::vector<std::string> names{"0",     "ESRCH",  "ENOENT", "EACCES", "ENOMEM",
                                              "EBADF", "EINVAL", "EINTR",  "ECHILD"};
  return names;
}

lang::TypeRef errno_type() {
  static const lang::TypeRef type = lang::enumeration_type("errno", errno_names());
  return type;
}

lang::Expr error(const char* name) {
  return lang::literal(errno_type(), lang::parse_value(*errno_type(), name));
}

} // namespace interlock::actions
