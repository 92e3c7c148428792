// Colours and weights for terminals (ECMA-48, SGR).
#pragma once

#include <string>

namespace interlock::text {

enum class Style { bold, faint, red, green, yellow, blue, magenta, cyan };

// Paints, or leaves texts as they are.
class Paint {
public:
  Paint() = default;
  explicit Paint(bool on) : on_(on) {}
  bool on() const { return on_; }
  // The text, which must be printable already, in that style.
  std::string operator()(Style style, const std::string& text) const;

private:
  bool on_ = false;
};

} // namespace interlock::text
