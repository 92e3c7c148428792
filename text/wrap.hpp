// Words and lines of a text: those that it has, and lines within a width.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace interlock::text {

// Breaks a text into lines of at most `width` bytes, behind a space that is in the last two thirds
// of the line, or else behind a dot, underscore, | or comma in its second half, or else anywhere.
// Lines after the first are indented.
std::vector<std::string> wrapped(const std::string& text, std::size_t width, std::size_t indent);

// What stands between blanks and ends of lines.
std::vector<std::string> words_of(const std::string& text);

// The lines of a text, without their ends.
std::vector<std::string> lines_of(const std::string& text);

} // namespace interlock::text
