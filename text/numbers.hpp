// Numbers in messages.
#pragma once

#include <string>

namespace interlock::text {

// In decimal, with at most nine places behind the point and no zeros at their end: "60", "0.25".
std::string in_words(double number);

} // namespace interlock::text
