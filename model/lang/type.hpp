// Types of specification variables: bool, integer range, enumeration, flag set, reference into a
// pool.
#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace interlock::lang {

using Value = std::int64_t;
using PoolId = std::uint32_t;

// A mistake in a specification.  The message names the step or the declaration.
class SpecError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

enum class Kind : std::uint8_t { boolean, integer, enumeration, flags, reference };

// An immutable type.  Every value is an integer in [low, high]:
//   boolean      0, 1
//   integer      the number itself
//   enumeration  the position of its name in `names`
//   flags        bit i stands for names[i]
//   reference    0 is `none`, i + 1 is object i of `pool`; `names` holds the objects' names
struct Type {
  std::string name;
  Kind kind = Kind::boolean;
  Value low = 0;
  Value high = 1;
  std::vector<std::string> names;
  PoolId pool = 0;
};

using TypeRef = std::shared_ptr<const Type>;

constexpr Value none = 0;

// Integers lie in [-widest_integer, widest_integer], so that no sum or difference of two overflows.
constexpr Value widest_integer = Value{1} << 61;

TypeRef boolean_type();
// Throws SpecError when low > high, or beyond widest_integer.
TypeRef integer_type(Value low, Value high);
// Throws SpecError when there is no name or a name occurs twice.
TypeRef enumeration_type(std::string name, std::vector<std::string> names);
// At most 31 flags.  Throws SpecError as enumeration_type does.
TypeRef flags_type(std::string name, std::vector<std::string> names);
// Throws SpecError when a name occurs twice or is `none`.
TypeRef reference_type(std::string pool_name, PoolId pool, std::vector<std::string> objects);

// True when a value of one type may be compared with or assigned to the other: same kind and, for
// enumerations and flags the same names, for references the same pool.
bool compatible(const Type& a, const Type& b);

// Smallest number of bits that holds every value of the type once `low` is subtracted.
unsigned bits_for(const Type& type);

// A value in the type's own words: `true`, `3`, `SACTIVE`, `NOTE_FORK|NOTE_EXIT`, `knote1`, `none`.
// A value outside the type is shown as `?N`.
std::string format_value(const Type& type, Value value);

// The inverse of format_value.  Throws SpecError for a text that is no value of the type.
Value parse_value(const Type& type, const std::string& text);

} // namespace interlock::lang
