// nlohmann's SAX parser says what the values are; a cursor that walks the same text says where.
//
// The parser reports no positions, but it reports a value only after its text was found well
// formed. So the cursor may move over the text token by token, without judging it: white space,
// comments and separators are skipped, what follows is the token of the event.
#include "json/parse.hpp"

#include "text/printable.hpp"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <unordered_map>

namespace interlock::json {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

std::size_t start_of(std::string_view text) {
  return text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
}

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

// The gist of nlohmann's "[json.exception.parse_error.101] parse error at line 1, column 2: syntax
// error while parsing value - invalid literal; last read: 'tru}'; expected ...".
std::string without_frame(std::string message) {
  for (const std::string_view frame : {"] ", "parse error at line ", "syntax error "}) {
    const std::size_t at = message.find(frame);
    if (at == std::string::npos)
      continue;
    const bool numbers = frame.starts_with("parse");
    message.erase(0, numbers ? message.find(": ", at) + 2 : at + frame.size());
  }
  const std::size_t last = message.find("; last read: '");
  if (last != std::string::npos) {
    const std::size_t next = message.rfind("'; expected");
    message.erase(last, next == std::string::npos ? std::string::npos : next + 1 - last);
  }
  return message;
}

class Cursor {
public:
  explicit Cursor(std::string_view text) : text_(text), at_(start_of(text)) {}

  // Moves to the next token that opens a value or is a key, or that closes an array or object.
  std::size_t token() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '/')
        skip_comment();
      else if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',' || c == ':')
        ++at_;
      else
        break;
    }
    return at_;
  }

  void skip_bracket() { ++at_; }

  void skip_string() {
    ++at_;
    while (text_[at_] != '"')
      at_ += text_[at_] == '\\' ? 2 : 1;
    ++at_;
  }

  void skip_word() {
    const std::string_view ends = " \t\r\n,:]}/";
    while (at_ < text_.size() && ends.find(text_[at_]) == std::string_view::npos)
      ++at_;
  }

private:
  void skip_comment() {
    const bool line = text_[at_ + 1] == '/';
    const std::size_t end = text_.find(line ? "\n" : "*/", at_ + 2);
    at_ = end == std::string_view::npos ? text_.size() : end + (line ? 1 : 2);
  }

  std::string_view text_;
  std::size_t at_;
};

// Builds the values.  Methods and signatures are those of nlohmann's SAX interface.
class Builder {
public:
  Builder(const std::string& name, std::string_view text, std::size_t max_depth)
      : name_(name), text_(text), max_depth_(max_depth), cursor_(text) {}

  Value take() { return std::move(root_); }

  bool null() {
    word(Value::Kind::null);
    return true;
  }
  bool boolean(bool value) {
    word(Value::Kind::boolean).boolean = value;
    return true;
  }
  bool number_integer(std::int64_t value) {
    Value& target = word(Value::Kind::integer);
    target.integer = value;
    target.number = static_cast<double>(value);
    return true;
  }
  bool number_unsigned(std::uint64_t value) {
    if (value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
      return number_integer(static_cast<std::int64_t>(value));
    return number_float(static_cast<double>(value), {});
  }
  bool number_float(double value, const std::string& /*text*/) {
    word(Value::Kind::number).number = value;
    return true;
  }
  bool string(std::string& value) {
    Value& target = add(Value::Kind::string);
    cursor_.skip_string();
    require_no_nul(value, target.offset, target.pointer);
    target.text = std::move(value);
    return true;
  }
  bool binary(nlohmann::json::binary_t& /*value*/) { return false; } // no JSON text has one
  bool start_object(std::size_t /*size*/) { return open(Value::Kind::object); }
  bool start_array(std::size_t /*size*/) { return open(Value::Kind::array); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  bool key(std::string& key) {
    const std::size_t offset = cursor_.token();
    cursor_.skip_string();
    std::vector<Member>& members = open_.back()->members;
    const std::string pointer = open_.back()->pointer + "/" + pointer_part(key);
    require_no_nul(key, offset, pointer);
    const auto [first, is_new] = keys_.back().emplace(key, offset);
    if (!is_new)
      fail(offset, pointer,
           "duplicate key \"" + key + "\"; the first one is on line " +
               std::to_string(position_of(text_, first->second).line));
    Member& member = members.emplace_back();
    member.key = std::move(key);
    member.offset = offset;
    member.value.pointer = pointer;
    return true;
  }

  template <class Exception>
  bool parse_error(std::size_t read, const std::string& last, const Exception& exception) {
    const std::string message = without_frame(exception.what());
    // A well-formed token in the wrong place is reported at its start, anything else where it
    // breaks.
    std::size_t length = 1;
    if (message.find("unexpected string") != std::string::npos ||
        message.find("unexpected number") != std::string::npos ||
        message.find("number overflow") != std::string::npos)
      length = last.size();
    else if (message.find("unexpected false") != std::string::npos)
      length = 5;
    else if (message.find("unexpected true") != std::string::npos ||
             message.find("unexpected null") != std::string::npos)
      length = 4;
    const std::size_t end = start_of(text_) + read;
    fail(end - std::min(end, length), "", "not JSON: " + message);
  }

private:
  [[noreturn]] void fail(std::size_t offset, const std::string& pointer,
                         const std::string& message) const {
    const Position position = position_of(text_, offset);
    throw DocumentError(name_, position.line, position.column, pointer, message);
  }

  // \u0000, which would cut off every message that has the text in it.
  void require_no_nul(const std::string& text, std::size_t offset,
                      const std::string& pointer) const {
    if (text.find('\0') != std::string::npos)
      fail(offset, pointer, "a NUL character in a string; no text has one");
  }

  Value& add(Value::Kind kind) {
    Value* target = &root_;
    if (!open_.empty() && open_.back()->kind == Value::Kind::object) {
      target = &open_.back()->members.back().value;
    } else if (!open_.empty()) {
      Value& parent = *open_.back();
      target = &parent.elements.emplace_back();
      target->pointer = parent.pointer + "/" + std::to_string(parent.elements.size() - 1);
    }
    target->kind = kind;
    target->offset = cursor_.token();
    return *target;
  }

  Value& word(Value::Kind kind) {
    Value& target = add(kind);
    cursor_.skip_word();
    return target;
  }

  bool open(Value::Kind kind) {
    Value& target = add(kind);
    if (open_.size() == max_depth_)
      fail(target.offset, "", "nested more than " + std::to_string(max_depth_) + " deep");
    cursor_.skip_bracket();
    open_.push_back(&target);
    keys_.emplace_back();
    return true;
  }

  bool close() {
    cursor_.token();
    cursor_.skip_bracket();
    open_.pop_back();
    keys_.pop_back();
    return true;
  }

  const std::string& name_;
  std::string_view text_;
  std::size_t max_depth_;
  Cursor cursor_;
  Value root_;
  std::vector<Value*> open_; // stable: only the innermost container grows
  std::vector<std::unordered_map<std::string, std::size_t>> keys_; // of open_, with their offsets
};

void require_text(const std::string& name, std::string_view text) {
  const auto fail = [&](std::size_t offset, const std::string& message) {
    const Position position = position_of(text, offset);
    throw DocumentError(name, position.line, position.column, "", message);
  };
  if (text.size() == start_of(text))
    throw DocumentError(name, 0, 0, "", "the file is empty");
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '\0')
      fail(at, "a NUL byte; this is no text");
    const std::size_t length = text::sequence_length(text, at);
    if (length == 0)
      fail(at, "the text is not valid UTF-8");
    at += length;
  }
}

} // namespace

Position position_of(std::string_view text, std::size_t offset) {
  Position position;
  const std::size_t end = std::min(offset, text.size());
  for (std::size_t at = start_of(text); at < end; ++at) {
    if (text[at] == '\n') {
      ++position.line;
      position.column = 1;
    } else if (!is_continuation(text[at])) {
      ++position.column;
    }
  }
  return position;
}

std::size_t offset_in_string(std::string_view text, std::size_t offset, std::size_t character) {
  std::size_t at = offset + 1;
  for (std::size_t decoded = 0; decoded < character && at < text.size() && text[at] != '"';) {
    if (text[at] != '\\') {
      ++at;
      ++decoded;
      continue;
    }
    // An escape is one decoded byte, or up to four for \uXXXX; its start is near enough inside it.
    const bool unicode = at + 1 < text.size() && text[at + 1] == 'u';
    at += unicode ? 6 : 2;
    ++decoded;
  }
  return std::min(at, text.size());
}

Value parse_json(const std::string& name, std::string_view text, std::size_t max_depth) {
  require_text(name, text);
  Builder builder(name, text, max_depth);
  constexpr bool strict = true; // nothing stands behind the value
  constexpr bool ignore_comments = true;
  nlohmann::json::sax_parse(text.begin() + static_cast<std::ptrdiff_t>(start_of(text)), text.end(),
                            &builder, nlohmann::json::input_format_t::json, strict,
                            ignore_comments);
  return builder.take();
}

} // namespace interlock::json
