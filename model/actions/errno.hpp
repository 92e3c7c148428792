// errno of a path, as the small set that occurs.
#pragma once

#include "lang/expression.hpp"

namespace interlock::actions {

lang::TypeRef errno_type();
const std::vector<std::string>& errno_names(); // in the order of their values
// "0", "ESRCH", "ENOENT", "EACCES", "ENOMEM", "EBADF", "EINVAL", "EINTR", "ECHILD".
lang::Expr error(const char* name);

} // namespace interlock::actions
