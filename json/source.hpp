// JSON text with positions: strict reading of configs and witnesses, with errors that say where.
#pragma once

#include "text/collector.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace interlock::json {

// A file that cannot be read as what it should be.  what() is
//   NAME:LINE:COLUMN: MESSAGE [at POINTER]
// without LINE:COLUMN when the trouble is the file itself (line() is 0), without POINTER outside
// values, in one line of printable text. Lines and columns start at 1; a column is a character (a
// Unicode code point), a tab is one column.
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

// Several errors of one document, in the order of its text.  As a DocumentError it is the first of
// them; what() has a line for each.
class DocumentErrors : public DocumentError {
public:
  explicit DocumentErrors(std::vector<DocumentError> errors); // at least one, in any order
  const std::vector<DocumentError>& errors() const { return errors_; }
  const char* what() const noexcept override { return text_.c_str(); }

private:
  std::vector<DocumentError> errors_;
  std::string text_;
};

// Collects what is wrong with a document, so that all of it is said at once.
using Errors = text::Collector<DocumentError, DocumentErrors>;

struct Member;

// A value as it stands in the text.  Members keep the order of the text.
struct Value {
  enum class Kind : std::uint8_t { null, boolean, integer, number, string, array, object };
  Kind kind = Kind::null;
  std::size_t offset = 0; // bytes from the start of the text
  std::string pointer;
  bool boolean = false;
  std::int64_t integer = 0; // a whole number; one beyond 64 signed bits is a `number`
  double number = 0;        // set for integers too
  std::string text;
  std::vector<Value> elements;
  std::vector<Member> members;

  // The member of that name, or nullptr.
  const Value* find(std::string_view key) const;
};

struct Member {
  std::string key;
  std::size_t offset = 0; // of the key
  Value value;
};

// "an object", "a string", ...: for messages.
std::string kind_name(Value::Kind kind);

struct Limits {
  std::size_t bytes = 1U << 20;
  std::size_t depth = 64; // of nested arrays and objects
};

// A parsed file.  Comments (// and /* */) and a UTF-8 byte order mark are allowed; everything else
// that RFC 8259 does not allow is a DocumentError, and so are duplicate keys, invalid UTF-8, and
// NUL, escaped or not.
class Source {
public:
  Source(const std::string& name, std::string text, Limits limits = {});
  // Throws DocumentError when there is no such file, or it is no regular file, too large or
  // unreadable.
  static Source read(const std::filesystem::path& path, Limits limits = {});

  const std::string& name() const { return name_; } // of the file, printable in one line
  const std::string& text() const { return text_; }
  const Value& root() const { return root_; }
  // The value at a JSON pointer, or the innermost one on the way to it.
  const Value& at(std::string_view pointer) const;

  // An error at a value; at an offset into the text; at a character of a string's decoded text.
  DocumentError error(const Value& value, const std::string& message) const;
  DocumentError error(std::size_t offset, const std::string& pointer,
                      const std::string& message) const;
  DocumentError error_within(const Value& value, std::size_t character,
                             const std::string& message) const;

private:
  std::string name_;
  std::string text_;
  Value root_;
};

// Reads an object of which all keys are known: refuses any other one at once, naming the nearest.
class ObjectReader {
public:
  ObjectReader(const Source& source, const Value& object, std::vector<std::string> keys);
  // The same, but unknown keys go to `errors`, which must live as long as the reader.
  ObjectReader(const Source& source, const Value& object, std::vector<std::string> keys,
               Errors& errors);

  // The member, or nullptr when it is absent.  The key is one of `keys`.
  const Value* find(const std::string& key) const;
  // The member; a DocumentError when it is absent.
  const Value& require(const std::string& key) const;
  // Is it absent, but there is an unknown key that was answered with "did you mean" this one?
  bool is_misspelt(const std::string& key) const;

private:
  std::vector<DocumentError> unknown_keys();

  const Source& source_;
  const Value& object_;
  std::vector<std::string> keys_;
  std::vector<std::string> meant_; // of each unknown key the known one that is near, or empty
};

// The value as a type, or a DocumentError that says what is wanted.
const std::string& text_of(const Source& source, const Value& value);
bool boolean_of(const Source& source, const Value& value);
std::uint64_t whole_of(const Source& source, const Value& value, std::uint64_t low,
                       std::uint64_t high);
const std::vector<Value>& array_of(const Source& source, const Value& value);
const Value& object_of(const Source& source, const Value& value);

// An object key as a part of a JSON pointer: ~ and / escaped.
std::string pointer_part(std::string_view key);

} // namespace interlock::json
