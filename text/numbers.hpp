// Numbers in messages.
#pragma once

#include <cstdint>
#include <string>

namespace interlock::text {

// In decimal, with at most nine places behind the point and no zeros at their end: "60", "0.25".
std::string in_words(double number);

// "1 step", "2 steps".
std::string counted(std::uint64_t count, const std::string& noun);

} // namespace interlock::text
