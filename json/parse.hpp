// From JSON text to values with positions (the inner part of source.hpp).
#pragma once

#include "json/source.hpp"

namespace interlock::json {

struct Position {
  std::size_t line = 1;   // from 1
  std::size_t column = 1; // from 1, in characters
};

// Where a byte of the text stands; the end of the text for an offset beyond it.
Position position_of(std::string_view text, std::size_t offset);

// The byte at which a character (a byte of the decoded text) of the string literal at `offset`
// stands.
std::size_t offset_in_string(std::string_view text, std::size_t offset, std::size_t character);

// Throws DocumentError; see Source for what is refused.
Value parse_json(const std::string& name, std::string_view text, std::size_t max_depth);

} // namespace interlock::json
