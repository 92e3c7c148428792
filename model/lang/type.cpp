// Construction, naming and parsing of specification types.
#include "lang/type.hpp"

#include "text/nearest.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <set>

namespace interlock::lang {

namespace {

// A type's names, in an order that counts, each once.
void require_distinct(const std::string& type, const std::vector<std::string>& names) {
  std::set<std::string> seen;
  const auto again = std::find_if(names.begin(), names.end(), [&](const std::string& name) {
    return !seen.insert(name).second;
  });
  if (again != names.end())
    throw SpecError("type " + type + " has the name " + *again + " twice");
}

void require_names(const std::string& type, const std::vector<std::string>& names) {
  if (names.empty())
    throw SpecError("type " + type + " has no names");
  require_distinct(type, names);
}

Value parse_number(const Type& type, const std::string& text) {
  Value value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < type.low ||
      value > type.high)
    throw SpecError("'" + text + "' is no number from " + std::to_string(type.low) + " to " +
                    std::to_string(type.high));
  return value;
}

Value parse_name(const Type& type, const std::string& text) {
  const auto found = std::find(type.names.begin(), type.names.end(), text);
  if (found == type.names.end())
    throw SpecError("'" + text + "' is no value of " + type.name +
                    text::nearest_hint(text, type.names));
  return found - type.names.begin();
}

Value parse_flags(const Type& type, const std::string& text) {
  Value value = 0;
  std::size_t start = 0;
  while (start <= text.size()) {
    const std::size_t end = std::min(text.find('|', start), text.size());
    value |= Value{1} << parse_name(type, text.substr(start, end - start));
    start = end + 1;
  }
  return value;
}

} // namespace

TypeRef boolean_type() {
  static const TypeRef type = std::make_shared<Type>(Type{"bool", Kind::boolean, 0, 1, {}, 0});
  return type;
}

TypeRef integer_type(Value low, Value high) {
  if (low > high)
    throw SpecError("integer range " + std::to_string(low) + ".." + std::to_string(high) +
                    " is empty");
  if (low < -widest_integer || high > widest_integer)
    throw SpecError("integer range " + std::to_string(low) + ".." + std::to_string(high) +
                    " is too wide");
  return std::make_shared<Type>(
      Type{std::to_string(low) + ".." + std::to_string(high), Kind::integer, low, high, {}, 0});
}

TypeRef enumeration_type(std::string name, std::vector<std::string> names) {
  require_names(name, names);
  const Value high = static_cast<Value>(names.size()) - 1;
  return std::make_shared<Type>(
      Type{std::move(name), Kind::enumeration, 0, high, std::move(names), 0});
}

TypeRef flags_type(std::string name, std::vector<std::string> names) {
  require_names(name, names);
  if (names.size() > 31)
    throw SpecError("type " + name + " has more than 31 flags");
  const Value high = (Value{1} << names.size()) - 1;
  return std::make_shared<Type>(Type{std::move(name), Kind::flags, 0, high, std::move(names), 0});
}

TypeRef reference_type(std::string pool_name, PoolId pool, std::vector<std::string> objects) {
  require_distinct(pool_name, objects);
  if (std::find(objects.begin(), objects.end(), "none") != objects.end())
    throw SpecError("an object of " + pool_name + " is called none");
  const Value high = static_cast<Value>(objects.size());
  return std::make_shared<Type>(
      Type{std::move(pool_name), Kind::reference, 0, high, std::move(objects), pool});
}

bool compatible(const Type& a, const Type& b) {
  if (a.kind != b.kind)
    return false;
  switch (a.kind) {
  case Kind::boolean:
  case Kind::integer:
    return true;
  case Kind::enumeration:
  case Kind::flags:
    return a.name == b.name && a.names == b.names;
  case Kind::reference:
    return a.pool == b.pool;
  }
  return false;
}

unsigned bits_for(const Type& type) {
  return static_cast<unsigned>(std::bit_width(static_cast<std::uint64_t>(type.high - type.low)));
}

std::string format_value(const Type& type, Value value) {
  if (value < type.low || value > type.high)
    return "?" + std::to_string(value);
  switch (type.kind) {
  case Kind::boolean:
    return value != 0 ? "true" : "false";
  case Kind::integer:
    return std::to_string(value);
  case Kind::enumeration:
    return type.names[static_cast<std::size_t>(value)];
  case Kind::reference:
    return value == none ? "none" : type.names[static_cast<std::size_t>(value - 1)];
  case Kind::flags:
    break;
  }
  std::string text;
  for (std::size_t bit = 0; bit < type.names.size(); ++bit)
    if ((value >> bit & 1) != 0)
      text += (text.empty() ? "" : "|") + type.names[bit];
  return text.empty() ? "0" : text;
}

Value parse_value(const Type& type, const std::string& text) {
  switch (type.kind) {
  case Kind::boolean:
    if (text == "true" || text == "false")
      return text == "true" ? 1 : 0;
    throw SpecError("'" + text + "' is neither true nor false");
  case Kind::integer:
    return parse_number(type, text);
  case Kind::enumeration:
    return parse_name(type, text);
  case Kind::reference:
    return text == "none" ? none : parse_name(type, text) + 1;
  case Kind::flags:
    break;
  }
  return text == "0" ? 0 : parse_flags(type, text);
}

} // namespace interlock::lang
