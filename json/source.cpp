// Values, their positions, and strict readers.  The parser itself is in parse.cpp.
#include "json/source.hpp"

#include "text/lists.hpp"
#include "text/nearest.hpp"
#include "text/printable.hpp"
#include "json/parse.hpp"

#include <algorithm>
#include <array>
#include <fstream>

namespace interlock::json {

namespace {

std::string compose(const std::string& name, std::size_t line, std::size_t column,
                    const std::string& pointer, const std::string& message) {
  std::string text = name;
  if (line != 0)
    text += ":" + std::to_string(line) + ":" + std::to_string(column);
  text += ": " + message;
  if (!pointer.empty())
    text += " [at " + pointer + "]";
  return text::one_line(text); // what the file says may not look like lines of the program
}

} // namespace

DocumentError::DocumentError(std::string name, std::size_t line, std::size_t column,
                             std::string pointer, std::string message)
    : std::runtime_error(compose(name, line, column, pointer, message)), name_(std::move(name)),
      line_(line), column_(column), pointer_(std::move(pointer)), message_(std::move(message)) {}

namespace {

std::vector<DocumentError> in_text_order(std::vector<DocumentError> errors) {
  std::stable_sort(
      errors.begin(), errors.end(), [](const DocumentError& left, const DocumentError& right) {
        return std::pair(left.line(), left.column()) < std::pair(right.line(), right.column());
      });
  return errors;
}

} // namespace

DocumentErrors::DocumentErrors(std::vector<DocumentError> errors)
    : DocumentError(in_text_order(errors).at(0)), errors_(in_text_order(std::move(errors))) {
  for (const DocumentError& error : errors_) {
    text_ += text_.empty() ? "" : "\n";
    text_ += error.what();
  }
}

const Value* Value::find(std::string_view key) const {
  for (const Member& member : members)
    if (member.key == key)
      return &member.value;
  return nullptr;
}

std::string kind_name(Value::Kind kind) {
  switch (kind) {
  case Value::Kind::null:
    return "null";
  case Value::Kind::boolean:
    return "a boolean";
  case Value::Kind::integer:
    return "a whole number";
  case Value::Kind::number:
    return "a number";
  case Value::Kind::string:
    return "a string";
  case Value::Kind::array:
    return "an array";
  case Value::Kind::object:
    return "an object";
  }
  return "a value";
}

std::string pointer_part(std::string_view key) {
  std::string part;
  for (const char c : key) {
    if (c == '~')
      part += "~0";
    else if (c == '/')
      part += "~1";
    else
      part += c;
  }
  return part;
}

Source::Source(const std::string& name, std::string text, Limits limits)
    : name_(text::one_line(name)), text_(std::move(text)) {
  if (text_.size() > limits.bytes)
    throw DocumentError(name_, 0, 0, "",
                        "the file is larger than " + std::to_string(limits.bytes >> 10) + " KiB");
  root_ = parse_json(name_, text_, limits.depth);
}

Source Source::read(const std::filesystem::path& path, Limits limits) {
  const std::string name = path.string();
  const auto refuse = [&](const std::string& message) {
    throw DocumentError(name, 0, 0, "", message);
  };
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found)
    refuse("no such file");
  if (error)
    refuse("cannot be read: " + error.message());
  if (std::filesystem::is_directory(status))
    refuse("is a folder, not a file");
  if (!std::filesystem::is_regular_file(status))
    refuse("is not a regular file");
  std::ifstream file(path, std::ios::binary);
  if (!file)
    refuse("cannot be opened for reading");
  // A file that is too large is told without reading all of it.
  std::string text;
  std::array<char, 1U << 16> block;
  do {
    file.read(block.data(), block.size());
    text.append(block.data(), static_cast<std::size_t>(file.gcount()));
  } while (file && text.size() <= limits.bytes);
  if (file.bad())
    refuse("reading failed");
  return {name, std::move(text), limits};
}

const Value& Source::at(std::string_view pointer) const {
  const Value* value = &root_;
  while (value->pointer.size() < pointer.size()) {
    const Value* deeper = nullptr;
    const auto leads_there = [&](const Value& child) {
      return pointer.starts_with(child.pointer) &&
             (pointer.size() == child.pointer.size() || pointer[child.pointer.size()] == '/');
    };
    for (const Value& element : value->elements)
      if (leads_there(element))
        deeper = &element;
    for (const Member& member : value->members)
      if (leads_there(member.value))
        deeper = &member.value;
    if (deeper == nullptr)
      break;
    value = deeper;
  }
  return *value;
}

DocumentError Source::error(const Value& value, const std::string& message) const {
  return error(value.offset, value.pointer, message);
}

DocumentError Source::error(std::size_t offset, const std::string& pointer,
                            const std::string& message) const {
  const Position position = position_of(text_, offset);
  return {name_, position.line, position.column, pointer, message};
}

DocumentError Source::error_within(const Value& value, std::size_t character,
                                   const std::string& message) const {
  std::size_t offset = value.offset;
  if (value.kind == Value::Kind::string)
    offset = offset_in_string(text_, value.offset, character);
  return error(offset, value.pointer, message);
}

ObjectReader::ObjectReader(const Source& source, const Value& object, std::vector<std::string> keys)
    : source_(source), object_(object_of(source, object)), keys_(std::move(keys)) {
  const std::vector<DocumentError> unknown = unknown_keys();
  if (!unknown.empty())
    throw DocumentError(unknown.front());
}

ObjectReader::ObjectReader(const Source& source, const Value& object, std::vector<std::string> keys,
                           Errors& errors)
    : source_(source), object_(object_of(source, object)), keys_(std::move(keys)) {
  for (const DocumentError& unknown : unknown_keys())
    errors.add(unknown);
}

std::vector<DocumentError> ObjectReader::unknown_keys() {
  std::vector<DocumentError> errors;
  for (const Member& member : object_.members) {
    if (std::find(keys_.begin(), keys_.end(), member.key) != keys_.end())
      continue;
    meant_.push_back(text::nearest(member.key, keys_));
    errors.push_back(source_.error(member.offset, member.value.pointer,
                                   "unknown key \"" + member.key + "\"; allowed here: " +
                                       (keys_.empty() ? "nothing" : text::joined(keys_)) +
                                       text::nearest_hint(member.key, keys_)));
  }
  return errors;
}

bool ObjectReader::is_misspelt(const std::string& key) const {
  return find(key) == nullptr && std::find(meant_.begin(), meant_.end(), key) != meant_.end();
}

const Value* ObjectReader::find(const std::string& key) const {
  if (std::find(keys_.begin(), keys_.end(), key) == keys_.end())
    throw std::logic_error("the key " + key + " is read but not listed");
  return object_.find(key);
}

const Value& ObjectReader::require(const std::string& key) const {
  if (const Value* value = find(key))
    return *value;
  throw source_.error(object_, "the key \"" + key + "\" is missing");
}

namespace {

void want(const Source& source, const Value& value, bool fits, const std::string& wanted) {
  if (!fits)
    throw source.error(value, "expected " + wanted + ", found " + kind_name(value.kind));
}

} // namespace

const std::string& text_of(const Source& source, const Value& value) {
  want(source, value, value.kind == Value::Kind::string, "a string");
  return value.text;
}

bool boolean_of(const Source& source, const Value& value) {
  want(source, value, value.kind == Value::Kind::boolean, "true or false");
  return value.boolean;
}

std::uint64_t whole_of(const Source& source, const Value& value, std::uint64_t low,
                       std::uint64_t high) {
  const std::string range = std::to_string(low) + " to " + std::to_string(high);
  const bool numeric = value.kind == Value::Kind::integer || value.kind == Value::Kind::number;
  want(source, value, numeric, "a whole number from " + range);
  if (value.kind == Value::Kind::number)
    throw source.error(value, "expected a whole number from " + range);
  if (value.integer < 0 || static_cast<std::uint64_t>(value.integer) < low ||
      static_cast<std::uint64_t>(value.integer) > high)
    throw source.error(value,
                       std::to_string(value.integer) + " is out of range; allowed here: " + range);
  return static_cast<std::uint64_t>(value.integer);
}

const std::vector<Value>& array_of(const Source& source, const Value& value) {
  want(source, value, value.kind == Value::Kind::array, "an array");
  return value.elements;
}

const Value& object_of(const Source& source, const Value& value) {
  want(source, value, value.kind == Value::Kind::object, "an object");
  return value;
}

} // namespace interlock::json
