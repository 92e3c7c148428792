// Steps: writes paths.  C++ that reads like the modelled function and builds its statements.
#pragma once

#include "lang/spec_builder.hpp"

#include <functional>
#include <set>

namespace interlock::lang {

using Body = std::function<void()>;

// Builds the body of one thread.  A path is a C++ function that calls path() and, inside, the
// statements in order; calling that function is the call.  Labels are unique within a path: a label
// that occurs again gets _2, _3, ...  All mistakes are SpecErrors.
//
// A label means the same statement wherever the path is built: numbers follow the path as written.
// So what a scenario, its environment or the call does without is not left out by an `if` of C++,
// which would give its number to the next one, but by where() and either_needed().  Only what the
// revision decides is another text.
class Steps {
public:
  Steps(SpecBuilder& spec, ThreadId thread);
  // Builds statements that a patch adds inside these calls of the thread's body, outermost first.
  Steps(SpecBuilder& spec, ThreadId thread, const std::vector<std::shared_ptr<Statement>>& calls);

  // Goes on to build where `place` builds, inside the same calls: labels and locals are those that
  // a statement has there.  Before the first statement, of the same thread.
  void build_within(const Steps& place);

  SpecBuilder& spec() { return spec_; }
  ThreadId thread() const { return thread_; }
  Expr self() const { return spec_.self(thread_); }

  // A path: `names` are its arguments by name, for patches.  `where.function` is the path's name
  // unless `name` is given.  return_() leaves the innermost path.
  void path(const Anchor& where, const std::map<std::string, Expr>& names, const Body& body,
            const std::string& name = "");
  void return_();

  void if_(const Expr& condition, const Body& then, const Body& otherwise = {});
  void while_(const Expr& condition, const Body& body);
  void loop(const std::string& label, const Body& body); // left by break_ or return_
  void break_(const std::string& loop = "");
  void continue_(const std::string& loop = "");
  // Any of the branches, whichever can move.
  void either(const std::vector<Body>& branches);
  // Statements that are written here in any case, and needed in some: where they are not, they have
  // their labels and are not built.
  void where(bool needed, const Body& body);
  // either() of the branches that are needed; of one, its statements alone.
  struct Branch {
    bool needed = true;
    Body body;
  };
  void either_needed(const std::vector<Branch>& branches);
  // `cursor` is a local reference; after the loop it is `none` unless the loop was left.
  // continue_() goes on with the next element.
  void for_each(const Expr& cursor, VariableId list, const Expr& object, Cursor rule,
                const Body& body);

  // One step; the label may not be empty.
  void step(const std::string& label, Step step);
  // Simultaneous assignments: each target is a variable or a field.
  void set(const std::string& label, const std::vector<std::pair<Expr, Expr>>& assignments);
  void set(const Expr& target, const Expr& value); // labelled set_NAME
  // A check that is folded into the next step.
  void check(const std::string& property, const Expr& condition, const std::string& message);
  // Waits until the condition holds.
  void await(const std::string& label, const Expr& condition, const Expr& idle_when = {});

  // Statements that were built elsewhere for this thread.  They get labels that are unique here,
  // and the path's anchor where they have none.
  void append(Block statements);

  // A local variable of this path.  Its value is undefined until it is assigned.
  Expr local(const std::string& name, const TypeRef& type);

  // For the next statement: its label (in place of the one it would have), its line in the source,
  // and that it touches guarded variables without their guard (see Statement::unguarded).
  Steps& label(const std::string& label);
  Steps& line(int line);
  Steps& unguarded();

  // The finished statements.  Throws SpecError if a path is still open, or label() has no
  // statement.
  Block take();

protected:
  // The label that a statement with this one would have here, for a primitive of several statements
  // whose labels begin with it.  The next statement with exactly this label has it.
  std::string reserve_label(const std::string& label);
  // What label() and line() have set for the next statement.
  const std::string& next_label() const { return next_label_; }
  int next_line() const { return next_line_; }

private:
  struct Frame {
    std::string path;
    Anchor anchor;
    std::shared_ptr<Statement> call; // null for the outermost
    std::set<std::string> labels;    // in use
    std::vector<std::string> order;  // the labels as they were given out
    std::string reserved;            // in use, for a statement to come
  };

  std::shared_ptr<Statement> add(StatementKind kind, const std::string& label);
  Block inside(const Body& body);
  void require_nothing_pending() const;
  void nothing_pending();
  void leave_out(const Body& body);
  void adopt(const Block& block, std::map<std::string, std::string>& labels);
  std::string unique_label(const std::string& label);

  SpecBuilder& spec_;
  ThreadId thread_;
  std::vector<Frame> frames_;
  std::vector<Block> blocks_;
  std::size_t outer_frames_ = 1;
  int leaving_out_ = 0; // depth of what is written and not needed
  std::string next_label_;
  int next_line_ = 0;
  bool next_unguarded_ = false;
};

// The variable behind an expression that names one, and the object when it is a field.  Throws
// SpecError for any other expression.
struct PlaceOf {
  VariableId variable = 0;
  Expr object;
};
PlaceOf place_of(const Expr& expression);
Update assign(const Expr& target, const Expr& value);

} // namespace interlock::lang
