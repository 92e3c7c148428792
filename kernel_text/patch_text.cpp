// Words of patches from the trees of C.
#include "kernel_text/patch_text.hpp"

#include <algorithm>
#include <cctype>
#include <stdexcept>

namespace interlock::kernel_text {

namespace {

using lang::Kind;

// Why something has no words.
class NoWords : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

struct Words {
  std::string text;
  Kind kind = Kind::integer;
};

bool is_null(const Expression& expression) {
  const Expression* each = &expression;
  while (each->kind == ExpressionKind::cast)
    each = &each->parts.at(0);
  return each->kind == ExpressionKind::name && each->text == "NULL";
}

bool is_number(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](unsigned char c) { return std::isdigit(c) != 0; });
}

class Translation {
public:
  explicit Translation(const PatchNames& names) : names_(names) {}

  // Something that is true or false.
  std::string truth(const Expression& expression) const {
    switch (expression.kind) {
    case ExpressionKind::call: // __predict_false(condition): which way it mostly goes
      if (expression.parts.size() == 2 && expression.parts[0].text.starts_with("__predict_"))
        return truth(expression.parts[1]);
      break;
    case ExpressionKind::prefix:
      if (expression.text == "!")
        return "!(" + truth(expression.parts.at(0)) + ")";
      break;
    case ExpressionKind::binary:
      if (expression.text == "&&" || expression.text == "||")
        return "(" + truth(expression.parts.at(0)) + ") " + expression.text + " (" +
               truth(expression.parts.at(1)) + ")";
      if (is_comparison(expression.text))
        return comparison(expression);
      if (expression.text == "&")
        return flags_test(expression);
      break;
    default:
      break;
    }
    return truth_of(value(expression));
  }

  Words value(const Expression& expression) const {
    switch (expression.kind) {
    case ExpressionKind::name:
      return name(expression.text);
    case ExpressionKind::constant:
      if (is_number(expression.text))
        return {expression.text, Kind::integer};
      break;
    case ExpressionKind::member:
      return member(expression);
    case ExpressionKind::cast:
      return value(expression.parts.at(0));
    case ExpressionKind::prefix:
      if (expression.text == "&") // a lock or a list by its address
        return value(expression.parts.at(0));
      break;
    case ExpressionKind::binary:
      if (expression.text == "&")
        return masked(expression);
      if (expression.text == "|")
        return {all_of(expression), Kind::flags};
      if (expression.text == "+" || expression.text == "-")
        return {"(" + value(expression.parts.at(0)).text + " " + expression.text + " " +
                    value(expression.parts.at(1)).text + ")",
                Kind::integer};
      break;
    default:
      break;
    }
    refuse(spelled(expression));
  }

  std::string assignment(const Expression& expression) const {
    const Expression& target = expression.parts.at(0);
    if (expression.kind != ExpressionKind::assign) {
      const Words counted = value(target);
      return "set " + counted.text + ", " + counted.text +
             (expression.text == "++" ? " + 1" : " - 1");
    }
    const Expression& given = expression.parts.at(1);
    if (expression.text == "|=")
      return flags_set(target, given, true);
    if (expression.text == "&=" && given.kind == ExpressionKind::prefix && given.text == "~")
      return flags_set(target, given.parts.at(0), false);
    const Words place = value(target);
    if (expression.text == "+=" || expression.text == "-=")
      return "set " + place.text + ", " + place.text + " " + expression.text[0] + " " +
             value(given).text;
    if (expression.text != "=")
      refuse(spelled(expression));
    return "set " + place.text + ", " + given_to(place, given);
  }

private:
  [[noreturn]] static void refuse(const std::string& what) {
    throw NoWords(what + " is nothing that is modelled");
  }

  static bool is_comparison(const std::string& text) {
    return text == "==" || text == "!=" || text == "<" || text == "<=" || text == ">" ||
           text == ">=";
  }

  static std::string truth_of(const Words& words) {
    switch (words.kind) {
    case Kind::boolean:
      return words.text;
    case Kind::reference:
      return words.text + " != none";
    default:
      return words.text + " != 0";
    }
  }

  Words name(const std::string& text) const {
    if (text == "NULL")
      return {"none", Kind::reference};
    if (const auto local = names_.locals.find(text); local != names_.locals.end())
      return {text, local->second};
    if (names_.constants.contains(text))
      return {text, Kind::flags};
    refuse(text);
  }

  Words member(const Expression& expression) const {
    const std::string field = member_of(expression);
    const auto known = names_.fields.find(field);
    if (known == names_.fields.end())
      refuse(spelled(expression));
    return {value(expression.parts.at(0)).text + "." + field, known->second};
  }

  // The flags of A, A | B that are modelled: as parts of a word, and as fields of their own.
  struct Flags {
    std::vector<std::string> of_word, fields;
  };
  Flags flags_in(const Expression& expression) const {
    Flags flags;
    for (const Expression* each : operands_of(expression, "|")) {
      if (each->kind != ExpressionKind::name)
        refuse(spelled(*each));
      if (names_.fields.contains(each->text))
        flags.fields.push_back(each->text);
      else if (names_.constants.contains(each->text))
        flags.of_word.push_back(each->text);
    }
    if (flags.of_word.empty() && flags.fields.empty())
      refuse(spelled(expression));
    return flags;
  }

  static std::string joined(const std::vector<std::string>& flags) {
    std::string text;
    for (const std::string& flag : flags)
      text += (text.empty() ? "" : " | ") + flag;
    return flags.size() > 1 ? "(" + text + ")" : text;
  }

  // What has the flags: of p->p_flag, p.
  std::string owner(const Expression& word) const {
    if (word.kind != ExpressionKind::member)
      refuse(spelled(word));
    return value(word.parts.at(0)).text;
  }

  // word & flags: one of them is there.
  std::string flags_test(const Expression& expression) const {
    const Expression& word = expression.parts.at(0);
    const std::vector<const Expression*> all = operands_of(expression.parts.at(1), "|");
    const Flags flags = flags_in(expression.parts.at(1));
    if (flags.fields.size() + flags.of_word.size() != all.size())
      refuse(spelled(expression.parts.at(1)));
    std::string text;
    if (!flags.of_word.empty())
      text = "(" + value(word).text + " & " + joined(flags.of_word) + ") != 0";
    for (const std::string& field : flags.fields)
      text += (text.empty() ? "" : " || ") + owner(word) + "." + field;
    return text;
  }

  // Flags that are all parts of one word of the model.
  std::string all_of(const Expression& expression) const {
    const Flags flags = flags_in(expression);
    if (!flags.fields.empty() || flags.of_word.size() != operands_of(expression, "|").size())
      refuse(spelled(expression));
    return joined(flags.of_word);
  }

  // The word with these flags alone.
  Words masked(const Expression& expression) const {
    return {"(" + value(expression.parts.at(0)).text + " & " + all_of(expression.parts.at(1)) + ")",
            Kind::flags};
  }

  std::string comparison(const Expression& expression) const {
    const Expression& left = expression.parts.at(0);
    const Expression& right = expression.parts.at(1);
    const bool equal = expression.text == "==";
    if ((equal || expression.text == "!=") && (is_zero(right) || is_null(right))) {
      const std::string holds = truth(left);
      return equal ? "!(" + holds + ")" : holds;
    }
    return value(left).text + " " + expression.text + " " + value(right).text;
  }

  std::string flags_set(const Expression& word, const Expression& given, bool on) const {
    const Flags flags = flags_in(given);
    std::string text;
    if (!flags.of_word.empty()) {
      const std::string place = value(word).text;
      text = "set " + place + ", " + place + (on ? " | " : " & ~") + joined(flags.of_word);
    }
    for (const std::string& field : flags.fields)
      text += (text.empty() ? "" : "; ") + ("set " + owner(word) + "." + field) +
              (on ? ", true" : ", false");
    return text;
  }

  std::string given_to(const Words& place, const Expression& given) const {
    if (place.kind == Kind::boolean) {
      if (given.kind == ExpressionKind::constant && is_number(given.text))
        return given.text == "0" ? "false" : "true";
      return truth(given);
    }
    if (place.kind == Kind::reference && is_zero(given))
      return "none";
    return value(given).text;
  }

  const PatchNames& names_;
};

template <class Translate> PatchText text_of(const Translate& translate) {
  try {
    return {translate(), ""};
  } catch (const NoWords& none) {
    return {"", none.what()};
  }
}

void add_operands(const Expression& expression, const std::string& connective,
                  std::vector<const Expression*>& operands) {
  if (expression.kind == ExpressionKind::binary && expression.text == connective) {
    add_operands(expression.parts.at(0), connective, operands);
    add_operands(expression.parts.at(1), connective, operands);
  } else {
    operands.push_back(&expression);
  }
}

} // namespace

PatchText condition_text(const Expression& condition, const PatchNames& names) {
  return text_of([&] { return Translation(names).truth(condition); });
}

PatchText assignment_text(const Expression& assignment, const PatchNames& names) {
  return text_of([&] { return Translation(names).assignment(assignment); });
}

PatchText value_text(const Expression& value, const PatchNames& names) {
  return text_of([&] { return Translation(names).value(value).text; });
}

std::vector<const Expression*> operands_of(const Expression& expression,
                                           const std::string& connective) {
  std::vector<const Expression*> operands;
  add_operands(expression, connective, operands);
  return operands;
}

} // namespace interlock::kernel_text
