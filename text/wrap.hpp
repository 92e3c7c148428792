// Lines of text: those that it has, and those within a width.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace interlock::text {

// Breaks a text into lines of at most `width` bytes, behind a space that is in the last two thirds
// of the line, or else behind a dot, underscore, | or comma in its second half, or else anywhere.
// Lines after the first are indented.
std::vector<std::string> wrapped(const std::string& text, std::size_t width, std::size_t indent);

// The lines of a text, without their ends.
std::vector<std::string> lines_of(const std::string& text);

} // namespace interlock::text
