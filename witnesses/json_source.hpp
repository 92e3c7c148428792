// JSON text with positions: strict reading of configs and witnesses, with errors that say where.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace interlock::witnesses {

// A file that cannot be read as what it should be.  what() is
//   NAME:LINE:COLUMN: MESSAGE [at POINTER]
// without LINE:COLUMN when the trouble is the file itself (line() is 0), without POINTER outside
// values. Lines and columns start at 1; a column is a character (a Unicode code point), a tab is
// one column.
class DocumentError : public std::runtime_error {
public:
  DocumentError(std::string name, std::size_t line, std::size_t column, std::string pointer,
                std::string message);
  const std::string& name() const { return name_; }
  std::size_t line() const { return line_; }
  std::size_t column() const { return column_; }
  const std::string& pointer() const { return pointer_; } // RFC 6901
  const std::string& message() const { return message_; }

private:
  std::string name_;
  std::size_t line_;
  std::size_t column_;
  std::string pointer_;
  std::string message_;
};

struct JsonMember;

// A value as it stands in the text.  Members keep the order of the text.
struct JsonValue {
  enum class Kind : std::uint8_t { null, boolean, integer, number, string, array, object };
  Kind kind = Kind::null;
  std::size_t offset = 0; // bytes from the start of the text
  std::string pointer;
  bool boolean = false;
  std::int64_t integer = 0; // a whole number; one beyond 64 signed bits is a `number`
  double number = 0;        // set for integers too
  std::string text;
  std::vector<JsonValue> elements;
  std::vector<JsonMember> members;

  // The member of that name, or nullptr.
  const JsonValue* find(std::string_view key) const;
};

struct JsonMember {
  std::string key;
  std::size_t offset = 0; // of the key
  JsonValue value;
};

// "an object", "a string", ...: for messages.
std::string kind_name(JsonValue::Kind kind);

struct JsonLimits {
  std::size_t bytes = 1U << 20;
  std::size_t depth = 64; // of nested arrays and objects
};

// A parsed file.  Comments (// and /* */) and a UTF-8 byte order mark are allowed; everything else
// that RFC 8259 does not allow is a DocumentError, and so are duplicate keys, invalid UTF-8 and NUL
// bytes.
class JsonSource {
public:
  JsonSource(std::string name, std::string text, JsonLimits limits = {});
  // Throws DocumentError when there is no such file, or it is no regular file, too large or
  // unreadable.
  static JsonSource read(const std::filesystem::path& path, JsonLimits limits = {});

  const std::string& name() const { return name_; }
  const std::string& text() const { return text_; }
  const JsonValue& root() const { return root_; }
  // The value at a JSON pointer, or the innermost one on the way to it.
  const JsonValue& at(std::string_view pointer) const;

  // An error at a value; at an offset into the text; at a character of a string's decoded text.
  DocumentError error(const JsonValue& value, const std::string& message) const;
  DocumentError error(std::size_t offset, const std::string& pointer,
                      const std::string& message) const;
  DocumentError error_within(const JsonValue& value, std::size_t character,
                             const std::string& message) const;

private:
  std::string name_;
  std::string text_;
  JsonValue root_;
};

// Reads an object of which all keys are known: refuses any other one at once, naming the nearest.
class ObjectReader {
public:
  ObjectReader(const JsonSource& source, const JsonValue& object, std::vector<std::string> keys);

  // The member, or nullptr when it is absent.  The key is one of `keys`.
  const JsonValue* find(const std::string& key) const;
  // The member; a DocumentError when it is absent.
  const JsonValue& require(const std::string& key) const;

private:
  const JsonSource& source_;
  const JsonValue& object_;
  std::vector<std::string> keys_;
};

// The value as a type, or a DocumentError that says what is wanted.
const std::string& text_of(const JsonSource& source, const JsonValue& value);
bool boolean_of(const JsonSource& source, const JsonValue& value);
std::uint64_t whole_of(const JsonSource& source, const JsonValue& value, std::uint64_t low,
                       std::uint64_t high);
const std::vector<JsonValue>& array_of(const JsonSource& source, const JsonValue& value);
const JsonValue& object_of(const JsonSource& source, const JsonValue& value);

// An object key as a part of a JSON pointer: ~ and / escaped.
std::string pointer_part(std::string_view key);

} // namespace interlock::witnesses
