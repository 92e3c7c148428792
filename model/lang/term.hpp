// The syntax tree of an expression's text, before names and types mean anything.
#pragma once

#include "lang/type.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace interlock::lang {

struct Term {
  enum class Form : std::uint8_t {
    number,   // value
    name,     // text
    member,   // parts[0] . text
    call,     // text ( parts )
    prefix,   // text is ! or ~; parts[0]
    infix,    // text is the operator; parts[0], parts[1]
    selected, // parts[0] ? parts[1] : parts[2]
  };
  Form form = Form::number;
  std::size_t offset = 0; // of the operator, the name or the number
  std::string text;
  Value value = 0;
  std::vector<Term> parts;
  bool bracketed = false;
};

// `qualifiers` are names that may have any characters where a dot follows.  `[]` is a name.
// Throws ParseError (parse.hpp) for a text that does not follow the grammar there.
Term parse_term(const std::string& text, const std::vector<std::string>& qualifiers = {});

} // namespace interlock::lang
