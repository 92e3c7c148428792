// What is wrong with a piece of C, with its place.
#pragma once

#include <stdexcept>
#include <string>

namespace interlock::kernel_text {

// what() is FILE:LINE: MESSAGE, without LINE where it is the file itself (line 0).
class SourceError : public std::runtime_error {
public:
  SourceError(const std::string& file, int line, const std::string& message)
      : std::runtime_error(file + (line == 0 ? "" : ":" + std::to_string(line)) + ": " + message),
        line_(line) {}
  int line() const { return line_; }

private:
  int line_;
};

} // namespace interlock::kernel_text
