// Bytecode: what the expressions and actions of a specification compile to, and the loop that runs
// it.
//
// A program reads the packed words of a state and builds successors in a copy.  Registers hold
// values as the specification has them; an object's reference v means object v - 1.  Tests and
// assignments of known fields against known values work on whole words, several fields at once.
#pragma once

#include "engine/layout.hpp"

#include "lang/observer.hpp"

#include <algorithm>
#include <vector>

namespace interlock::checker {

enum class Code : std::uint8_t {
  // Control.  "jump" goes to `target`.
  end, // of the code of a point or condition
  jump,
  jump_if,        // register a is not 0
  jump_unless,    // register a is 0
  jump_if_masked, // (words[word] & mask) == value
  jump_unless_masked,
  jump_if_equal, // register a == value
  jump_unless_equal,
  jump_if_same, // register a == register b
  jump_unless_same,
  jump_if_indexed, // field `table` of object a, as it is stored, == value
  jump_unless_indexed,
  jump_if_none,         // register a is the reference `none`
  jump_if_freed,        // field `table` (the flag `allocated`) of object a is 0
  jump_unless_in_range, // register a is not in [value, value + mask]
  fail,                 // failure `value` of action `mask`; then jump
  // Values into register a.
  constant,     // value
  load,         // the field at word, shift, mask; low is value
  load_indexed, // field `table` of object b; mask, low is value
  look_up,      // constants[table + object b]
  first_free,   // of a pool of `value` objects with the flag `table`
  add,          // registers b and c, as below
  add_constant, // b + value
  subtract,
  bit_or,
  bit_and,
  bit_clear,
  equal,
  not_equal,
  less,
  less_equal,
  // Lists: list `table`, of object b; element c.
  list_size,
  list_front,
  list_back,
  list_next, // jumps when c is not on the list
  list_has,
  // The successor.
  copy,        // successor = state
  put_masked,  // successor[word] = value where mask is set
  put,         // the field at word, shift, mask; low is value := register a
  put_indexed, // field `table` of object b := register a; mask, low is value
  push_front,  // list `table` of object b, element a; jumps to target when the list is full
  push_back,
  insert_before, // position c; jumps to `value` when it is not on the list
  remove,
  clear,
  explain, // a := the observer's set after event `table`, whose `value` values are in the registers
           // from b on; the set before it is in a.  Jumps where there is none
  emit,    // put_masked, and the successor is done: reached by action `target`
  copy_emit, // copy and emit
};

struct Instruction {
  Word mask = 0;
  std::int64_t value = 0;
  std::uint32_t target = 0;
  std::uint32_t table = 0;
  std::uint16_t word = 0;
  Code code = Code::end;
  std::uint8_t shift = 0;
  std::uint16_t a = 0;
  std::uint16_t b = 0;
  // Shares the room of `word`: no instruction needs both.
  std::uint16_t c() const { return word; }
};
static_assert(sizeof(Instruction) == 32);

// Where a field of one object lives; mask and low are the same for all objects.
struct Place {
  std::uint16_t word = 0;
  std::uint8_t shift = 0;
};

// A list of one object: its size and its elements.
struct ListPlace {
  Field size;
  std::uint32_t elements = 0; // into list_elements
  std::uint32_t capacity = 0;
};

struct Bytecode {
  std::vector<Instruction> code;
  std::vector<Place> places;    // tables of fields by object
  std::vector<ListPlace> lists; // tables of lists by object
  std::vector<Field> list_elements;
  std::vector<std::int64_t> constants; // tables of immutable fields by object
  lang::Observer* observer = nullptr;  // of `explain`
};

// Registers that one piece of code may use.
inline constexpr std::size_t most_registers = 1024;

namespace bytecode {

// The position of an element in a list, or its size when it is not there.
inline std::int64_t position(const Bytecode& program, const ListPlace& list, const Word* words,
                             std::int64_t element) {
  const std::int64_t size = list.size.read(words);
  const Field* fields = program.list_elements.data() + list.elements;
  std::int64_t i = 0;
  while (i < size && fields[i].read(words) != element)
    ++i;
  return i;
}

// False when the list is full.
inline bool insert_at(const Bytecode& program, const ListPlace& list, Word* words,
                      std::int64_t where, std::int64_t element) {
  const std::int64_t size = list.size.read(words);
  if (size == static_cast<std::int64_t>(list.capacity))
    return false;
  const Field* fields = program.list_elements.data() + list.elements;
  for (std::int64_t i = size; i > where; --i)
    fields[i].write(words, fields[i - 1].read(words));
  fields[where].write(words, element);
  list.size.write(words, size + 1);
  return true;
}

inline void remove_at(const Bytecode& program, const ListPlace& list, Word* words,
                      std::int64_t where) {
  const std::int64_t size = list.size.read(words);
  const Field* fields = program.list_elements.data() + list.elements;
  for (std::int64_t i = where; i + 1 < size; ++i)
    fields[i].write(words, fields[i + 1].read(words));
  fields[size - 1].write(words, 0);
  list.size.write(words, size - 1);
}

inline void clear(const Bytecode& program, const ListPlace& list, Word* words) {
  const Field* fields = program.list_elements.data() + list.elements;
  for (std::int64_t i = list.size.read(words); i > 0; --i)
    fields[i - 1].write(words, 0);
  list.size.write(words, 0);
}

// Runs the code at `start` in the state `words` of `count` words.  The sink gives room for a
// successor with room(), and is told of each with taken(action), after which it gives new room, and
// of failures with failed(action, failure).
//
// Long because it has a case for each instruction: a function for each would cost a call in the
// innermost loop.
template <class Sink>
// NOLINTNEXTLINE(readability-function-size)
void run(const Bytecode& program, std::uint32_t start, const Word* words, std::size_t count,
         Sink& sink) {
  const Instruction* const code = program.code.data();
  const Instruction* at = code + start;
  Word* next = sink.room();
  std::int64_t r[most_registers]; // left as they are: code writes what it reads, but for register 0
  r[0] = 0;

  const auto stored = [&](const Instruction& i, std::uint16_t object) {
    const Place place = program.places[i.table + static_cast<std::uint64_t>(r[object])];
    return (words[place.word] >> place.shift) & i.mask;
  };
  const auto list = [&](const Instruction& i) -> const ListPlace& {
    return program.lists[i.table + static_cast<std::uint64_t>(r[i.b])];
  };
  const auto element = [&](const ListPlace& where, std::int64_t index) {
    return program.list_elements[where.elements + static_cast<std::uint64_t>(index)].read(words);
  };

  for (;;) {
    const Instruction& i = *at++;
    const auto jump_when = [&](bool condition) {
      if (condition)
        at = code + i.target;
    };
    switch (i.code) {
    case Code::end:
      return;
    case Code::jump:
      at = code + i.target;
      break;
    case Code::jump_if:
      jump_when(r[i.a] != 0);
      break;
    case Code::jump_unless:
      jump_when(r[i.a] == 0);
      break;
    case Code::jump_if_masked:
      jump_when((words[i.word] & i.mask) == static_cast<Word>(i.value));
      break;
    case Code::jump_unless_masked:
      jump_when((words[i.word] & i.mask) != static_cast<Word>(i.value));
      break;
    case Code::jump_if_equal:
      jump_when(r[i.a] == i.value);
      break;
    case Code::jump_unless_equal:
      jump_when(r[i.a] != i.value);
      break;
    case Code::jump_if_same:
      jump_when(r[i.a] == r[i.b]);
      break;
    case Code::jump_unless_same:
      jump_when(r[i.a] != r[i.b]);
      break;
    case Code::jump_if_indexed:
      jump_when(stored(i, i.a) == static_cast<Word>(i.value));
      break;
    case Code::jump_unless_indexed:
      jump_when(stored(i, i.a) != static_cast<Word>(i.value));
      break;
    case Code::jump_if_none:
      jump_when(r[i.a] == lang::none);
      break;
    case Code::jump_if_freed:
      jump_when(stored(i, i.a) == 0);
      break;
    case Code::jump_unless_in_range:
      jump_when(static_cast<Word>(r[i.a]) - static_cast<Word>(i.value) > i.mask);
      break;
    case Code::fail:
      sink.failed(static_cast<lang::ActionId>(i.mask), static_cast<std::uint32_t>(i.value));
      at = code + i.target;
      break;
    case Code::constant:
      r[i.a] = i.value;
      break;
    case Code::load:
      r[i.a] = static_cast<std::int64_t>((words[i.word] >> i.shift) & i.mask) + i.value;
      break;
    case Code::load_indexed:
      r[i.a] = static_cast<std::int64_t>(stored(i, i.b)) + i.value;
      break;
    case Code::look_up:
      r[i.a] = program.constants[i.table + static_cast<std::uint64_t>(r[i.b])];
      break;
    case Code::first_free: {
      r[i.a] = lang::none;
      for (std::int64_t object = 1; object <= i.value; ++object) {
        const Place place = program.places[i.table + static_cast<std::uint64_t>(object)];
        if (((words[place.word] >> place.shift) & 1) == 0) {
          r[i.a] = object;
          break;
        }
      }
      break;
    }
    case Code::add:
      r[i.a] = r[i.b] + r[i.c()];
      break;
    case Code::add_constant:
      r[i.a] = r[i.b] + i.value;
      break;
    case Code::subtract:
      r[i.a] = r[i.b] - r[i.c()];
      break;
    case Code::bit_or:
      r[i.a] = r[i.b] | r[i.c()];
      break;
    case Code::bit_and:
      r[i.a] = r[i.b] & r[i.c()];
      break;
    case Code::bit_clear:
      r[i.a] = r[i.b] & ~r[i.c()];
      break;
    case Code::equal:
      r[i.a] = r[i.b] == r[i.c()];
      break;
    case Code::not_equal:
      r[i.a] = r[i.b] != r[i.c()];
      break;
    case Code::less:
      r[i.a] = r[i.b] < r[i.c()];
      break;
    case Code::less_equal:
      r[i.a] = r[i.b] <= r[i.c()];
      break;
    case Code::list_size:
      r[i.a] = list(i).size.read(words);
      break;
    case Code::list_front: {
      const ListPlace& where = list(i);
      r[i.a] = where.size.read(words) == 0 ? lang::none : element(where, 0);
      break;
    }
    case Code::list_back: {
      const ListPlace& where = list(i);
      const std::int64_t size = where.size.read(words);
      r[i.a] = size == 0 ? lang::none : element(where, size - 1);
      break;
    }
    case Code::list_next: {
      const ListPlace& where = list(i);
      const std::int64_t size = where.size.read(words);
      const std::int64_t found = position(program, where, words, r[i.c()]);
      jump_when(found == size);
      r[i.a] = found + 1 >= size ? lang::none : element(where, found + 1);
      break;
    }
    case Code::list_has: {
      const ListPlace& where = list(i);
      r[i.a] = position(program, where, words, r[i.c()]) < where.size.read(words);
      break;
    }
    case Code::copy:
      std::copy_n(words, count, next);
      break;
    case Code::put_masked:
      next[i.word] = (next[i.word] & ~i.mask) | static_cast<Word>(i.value);
      break;
    case Code::put: {
      Word& word = next[i.word];
      word = (word & ~(i.mask << i.shift)) | (static_cast<Word>(r[i.a] - i.value) << i.shift);
      break;
    }
    case Code::put_indexed: {
      const Place place = program.places[i.table + static_cast<std::uint64_t>(r[i.b])];
      Word& word = next[place.word];
      word =
          (word & ~(i.mask << place.shift)) | (static_cast<Word>(r[i.a] - i.value) << place.shift);
      break;
    }
    // The lists of the successor are changed one after the other: two may be the same.
    case Code::push_front:
      jump_when(!insert_at(program, list(i), next, 0, r[i.a]));
      break;
    case Code::push_back:
      jump_when(!insert_at(program, list(i), next, list(i).size.read(next), r[i.a]));
      break;
    case Code::insert_before: {
      const ListPlace& where = list(i);
      const std::int64_t found = position(program, where, next, r[i.c()]);
      if (found == where.size.read(next))
        at = code + i.value;
      else
        jump_when(!insert_at(program, where, next, found, r[i.a]));
      break;
    }
    case Code::remove: {
      const ListPlace& where = list(i);
      const std::int64_t found = position(program, where, next, r[i.a]);
      if (found < where.size.read(next))
        remove_at(program, where, next, found);
      break;
    }
    case Code::clear:
      clear(program, list(i), next);
      break;
    case Code::explain: {
      const auto set =
          program.observer->after(r[i.a], i.table, {r + i.b, static_cast<std::size_t>(i.value)});
      jump_when(!set);
      r[i.a] = set.value_or(0);
      break;
    }
    case Code::copy_emit:
      std::copy_n(words, count, next);
      [[fallthrough]];
    case Code::emit:
      next[i.word] = (next[i.word] & ~i.mask) | static_cast<Word>(i.value);
      sink.taken(i.target);
      next = sink.room();
      break;
    }
  }
}

} // namespace bytecode
} // namespace interlock::checker
