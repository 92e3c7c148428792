// The argument of a patch: its words and operands, and the statements that they stand for.
#pragma once

#include "lang/parse.hpp"
#include "lang/patch.hpp"
#include "lang/places.hpp"

namespace interlock::lang {

// One patch at one place.  What is wrong is a PatchError that says what is allowed.
class PatchWords {
public:
  struct Operand {
    std::size_t offset = 0;
    std::string text;
  };
  // `word operand, operand`
  struct Argument {
    std::size_t offset = 0;
    std::string word;
    std::vector<Operand> operands;
  };

  PatchWords(SpecBuilder& spec, const Primitives& primitives, const Patch& patch, std::size_t index,
             const Found& found);

  [[noreturn]] void refuse(PatchError::Part part, std::size_t offset,
                           const std::string& message) const;

  const Argument& argument() const { return argument_; }
  void require_operands(std::size_t count, const std::string& help) const;
  Expr operand(std::size_t index, const TypeRef& expected) const;
  Expr condition(std::size_t index) const;
  // The whole argument as a place or a list.
  NamedPlace place() const;

  // What is inserted, or put in place of the statement; `more` are the words that are allowed
  // besides, for the message.  `freed` is a label that may be given again.
  Block statements(const std::vector<std::string>& more, const std::string& freed = "") const;

  // Whether the argument has the statement itself in it, `this` or `this through LABEL`.
  bool has_this() const;
  // Statements that are there, in a new place: those from `first` through `last`, which are labels.
  struct Taken {
    StatementRef place;      // stands for them in the new block
    std::string first, last; // `first` empty: the statement itself; `last` empty: one alone
    std::size_t offset = 0;  // of the word
  };
  struct Around {
    Block block;
    std::vector<Taken> taken; // in the order of the argument
  };
  // What is put around the statement and others of its block: `this` and `those`.
  Around statements_around() const;
  // The same of what `else { ... }` puts into the else of a test: `those` alone.
  Around statements_of_else() const;

private:
  NameScope scope() const;
  Argument split() const;
  NamedPlace list(std::size_t index) const;
  // A part of the argument's text.
  struct Range {
    std::size_t begin = 0, end = 0;
  };
  std::vector<Range> pieces(Range range) const;
  std::size_t closing_brace(std::size_t open, std::size_t end) const;
  void add_all(Steps& steps, Range range, const std::vector<std::string>& more) const;
  void add_conditional(Steps& steps, const std::vector<std::string>& more) const;
  void add_walk(Steps& steps, const std::vector<std::string>& more) const;
  Expr cursor_of_walk(Steps& steps, const Operand& name, const TypeRef& elements) const;
  Body otherwise(Steps& steps, Range range, const std::vector<std::string>& more) const;
  void add_taken(Steps& steps) const;
  void require_nothing_behind(std::size_t close, const std::string& what) const;
  void add(Steps& steps, const std::vector<std::string>& more) const;
  void add_set(Steps& steps) const;
  void add_list_edit(Steps& steps) const;
  void add_wake(Steps& steps) const;
  void add_leave(Steps& steps) const;
  void add_goto(Steps& steps) const;
  void add_primitive(Steps& steps, const std::vector<std::string>& more) const;

  SpecBuilder& spec_;
  const Primitives& primitives_;
  const Patch& patch_;
  std::size_t index_;
  const Found& found_;
  std::map<std::string, Expr> outermost_; // the locals that the thread declares outside all paths
  Argument argument_;
  std::shared_ptr<std::vector<Taken>> taken_; // null where nothing that is there can be taken
  bool has_statement_ = false;                // whether the statement itself can
};

} // namespace interlock::lang
