// Patches: edits of labelled statements, so that a locking change is tried out without a rebuild.
#pragma once

#include "lang/steps.hpp"

#include <functional>
#include <map>

namespace interlock::lang {

// One edit.  `label` says where:
//   path.statement        `knote_proc_fork_track.enter_flux`: wherever that path is called
//   caller > ... > path.statement    the same, where the chain of calls ends so; the thread's name
//   is
//                         the head of every chain, so that one thread can be singled out
//   path@line             in place of path.statement: the statement at that line, where lines are
//                         known; of a call, the line where it is called.  Of statements one inside
//                         the other that one is meant which has the others.
// Every kind of statement has a label: steps, tests, loops, calls, choices, checks, break and
// return.
//
// `argument` depends on the kind:
//   drop       what is kept.  Empty: of a test its branch, if it has one, of anything else nothing.
//              `nothing`; of a test `then`, `else`; of a loop `body`, which then runs once; of a
//              step `locals`, what it assigns to them
//   drop_part  what a step no longer does: a place or a list that it changes; `guard`; `acquire`,
//              `release`, `sleep`, `wake`: with what they change of the lock or channel
//   negate     empty.  The condition of a test, a loop or a check; the guard of a step
//   insert_before, insert_after  one of the words below, or a primitive: `word operand, ...`
//   replace    the same, in place of the statement; or, of what the statement has,
//                `condition EXPRESSION` of a test, a loop or a check, `guard EXPRESSION` of a step
//                `else { STATEMENT; ... }` of a test that has none
//                `if` of a loop: its body runs once at most
//                `wake_one`, `wake_all` of a step that wakes, which stays as it is in all else
//                the cursor rule of a for_each: next_read_after_body, next_read_before_body,
//                next_read_of_unlinked, restart_from_head
//   move_before, move_after      a label of the same call of the same path, with or without `path.`
// Words that are always there:
//   set PLACE, EXPRESSION   set LIST, []   check EXPRESSION
//   push_front LIST, ELEMENT   push_back LIST, ELEMENT   remove LIST, ELEMENT
//   insert_before LIST, ELEMENT, POSITION
//   wake_one CHANNEL   wake_all CHANNEL
//   break [LOOP]   continue [LOOP]   return
//   goto LABEL            what stands from there to the end of the path, or of a turn of the loop
//                         that the label stands in; not back
//   if CONDITION { STATEMENT; ... } [else { STATEMENT; ... }]   while CONDITION { STATEMENT; ... }
//   for_each CURSOR, LIST, RULE { STATEMENT; ... }   the cursor is a local, a new one where there
//   is
//                         none of that name; the rules are those of replace
// and of replace, in such a block,
//   this [through LABEL]    once: the statement itself, or those from it to another one of its
//   block those LABEL [through LABEL]    statements of its block that stand directly behind what
//   has gone
//                         into the block before, or behind the test whose else it is
// Several are separated by semicolons.
// Operands are expressions (parse.hpp) over the names that are visible at the place: arguments and
// locals of the enclosing paths, innermost first, then globals and the names of values and objects.
struct Patch {
  enum class Kind : std::uint8_t {
    drop,
    replace,
    insert_before,
    insert_after,
    move_before,
    move_after,
    drop_part,
    negate,
  };
  Kind kind = Kind::drop;
  std::string label;
  std::string argument;
  bool operator==(const Patch&) const = default;
};

// Appends the statements of a primitive; the operands are already as many as its entry says.
using Primitive = std::function<void(Steps& steps, const std::vector<Expr>& operands)>;

struct PrimitiveEntry {
  std::size_t operands = 0;
  std::string text; // help of one line: "LOCK: take an adaptive mutex"
  Primitive build;
};

// By name.  Calls of paths are among them.
using Primitives = std::map<std::string, PrimitiveEntry>;

// The property that a `check` of a patch violates when it fails.
inline constexpr const char* patched_check = "assertion";

// Whether the patch brings a `check`, by itself or in a block.
bool adds_check(const Patch& patch);

class PatchError : public SpecError {
public:
  enum class Part : std::uint8_t { label, argument };
  PatchError(std::size_t patch, Part part, std::size_t offset, const std::string& message)
      : SpecError(message), patch_(patch), part_(part), offset_(offset) {}

  std::size_t patch() const { return patch_; }   // index into the patches
  Part part() const { return part_; }            // which text of it is at fault
  std::size_t offset() const { return offset_; } // character of that text, from 0

private:
  std::size_t patch_;
  Part part_;
  std::size_t offset_;
};

// Edits the bodies of the threads, one patch after the other: a patch sees what those before it
// did. To be called before SpecBuilder::finish(), whose errors then say that a patch may be their
// cause. Throws PatchError, with what is allowed and the nearest name; the specification is then of
// no use.
void apply_patches(SpecBuilder& spec, const std::vector<Patch>& patches,
                   const Primitives& primitives);

// A statement that a patch can name.
struct StatementPlace {
  ThreadId thread = 0;
  std::string label; // "knote_proc_fork_track.enter_flux"
  std::string chain; // "parent > fork child > fork1 > knote_proc_fork > knote_proc_fork_track"
  StatementKind kind = StatementKind::step;
  Anchor anchor;
};

// All of them, by thread and then in source order.
std::vector<StatementPlace> statement_places(const Declarations& spec);

} // namespace interlock::lang
