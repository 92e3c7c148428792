// Lowering of one thread after another: control flow here, the checks of single steps in
// step_rules.cpp, dead locals in dead_locals.cpp.
#include "lang/lower.hpp"

#include "lang/checkpoint.hpp"
#include "lang/dead_locals.hpp"
#include "lang/free_slots.hpp"
#include "lang/stale_links.hpp"
#include "lang/step_rules.hpp"
#include "text/nearest.hpp"

#include <algorithm>
#include <set>

namespace interlock::lang {

namespace {

// Where control goes after a statement, and how it is called.
struct Position {
  const Statement* after = nullptr;  // null: the thread is done
  const Statement* target = nullptr; // leave: where it goes
  std::string label;                 // path.label
  std::string chain;
  std::size_t call = 0;  // Action::call
  std::size_t order = 0; // position in the source
};

class ThreadLowering {
public:
  ThreadLowering(SpecBuilder& spec, const StaleLinks& links, ThreadId id, Thread& thread,
                 std::vector<Action>& actions)
      : spec_(spec), links_(links), id_(id), thread_(thread), actions_(actions) {}

  void run() {
    body_ = copy_of(spec_.body(id_));
    drop_unselected(body_);
    links_.keep(body_);
    desugar(body_);
    walk(body_, nullptr, {thread_.name, "", 0, nullptr, {}});
    const Statement* start = resolve(first(body_, nullptr));
    collect_points(start);
    require_all_reached(body_);
    number_points(start);
    const std::size_t first_action = actions_.size();
    for (Lowered& lowered : lowered_) {
      checkpoint();
      finish_action(std::move(lowered));
    }
    reset_dead_locals(spec_, thread_, id_, actions_, first_action);
    if (spec_.takes_any_slot())
      take_any_slot(first_action);
  }

private:
  struct OpenLoop {
    const Statement* loop;
    const Statement* after; // where break goes
    const Statement* next;  // where continue goes
  };

  struct Frame {
    std::string path;
    std::string chain;
    std::size_t call;
    const Statement* after_path;
    std::vector<OpenLoop> loops;
  };

  struct Lowered {
    const Statement* from;
    const Statement* to;
    const Statement* last; // the step, or the test that the action consists of
    Expr path;
    std::vector<Check> folded_checks;
    Expr guard;
    bool only_folded = false; // the thread ends behind tests and checks
  };

  struct Fold {
    Expr path{true};
    std::vector<Check> checks;
    std::set<const Statement*> visited;
  };

  // --- the checks of properties that are not selected ---

  void drop_unselected(Block& block) const {
    const auto unselected = [&](const Check& check) { return !spec_.keeps(check.property); };
    std::erase_if(block, [&](const std::shared_ptr<Statement>& statement) {
      return statement->kind == StatementKind::check && unselected(statement->check);
    });
    for (const auto& statement : block) {
      std::erase_if(statement->step.entry_checks, unselected);
      std::erase_if(statement->step.checks, unselected);
      for (Block& inner : statement->blocks)
        drop_unselected(inner);
    }
  }

  // --- for_each becomes a loop with explicit cursor steps ---

  static std::shared_ptr<Statement> assign(const Statement& owner, const std::string& label,
                                           VariableId variable, Expr value) {
    auto statement = std::make_shared<Statement>();
    statement->label = label;
    statement->anchor = owner.anchor;
    statement->unguarded = owner.unguarded;
    statement->step.updates.push_back({UpdateKind::assign, variable, {}, std::move(value), {}});
    return statement;
  }

  std::shared_ptr<Statement> loop_over(const Statement& each) {
    const Expr cursor = spec_.read(each.cursor);
    const Expr front = spec_.list_front(each.list, each.list_object);
    const Expr next = links_.next(each.list, each.list_object, cursor);
    auto loop = std::make_shared<Statement>();
    loop->kind = StatementKind::loop;
    loop->label = each.label;
    loop->anchor = each.anchor;
    const Expr nothing = spec_.nothing(cursor.type().pool);
    Block body = each.blocks[0];
    const auto first_read = assign(each, each.label + ".first", each.cursor, front);
    const auto read_next = [&](const char* step, VariableId target) {
      auto statement = assign(each, each.label + step, target, next);
      if (spec_.pools()[cursor.type().pool].allocated) // the link is in the element
        statement->step.checks.push_back({fault::use_after_free, spec_.is_allocated(cursor),
                                          to_string(cursor) + " is walked on after it was freed"});
      return statement;
    };
    const Statement* advance =
        nullptr; // where a `continue` goes; the last step, if it says nothing
    switch (each.rule) {
    case Cursor::next_read_after_body:
      body.push_back(read_next(".next", each.cursor));
      break;
    case Cursor::next_read_before_body:
      body.insert(body.begin(), read_next(".save_next", each.saved));
      body.push_back(assign(each, each.label + ".next", each.cursor, spec_.read(each.saved)));
      break;
    case Cursor::next_read_of_unlinked: {
      body.insert(body.begin(), read_next(".save_next", each.saved));
      auto read = assign(each, each.label + ".read_next", each.saved,
                         choose(spec_.list_has(each.list, each.list_object, cursor), next,
                                spec_.read(each.saved)));
      if (spec_.pools()[cursor.type().pool].allocated)
        read->step.checks.push_back({fault::use_after_free, spec_.is_allocated(cursor),
                                     to_string(cursor) + " is walked on after it was freed"});
      advance = read.get();
      body.push_back(std::move(read));
      body.push_back(assign(each, each.label + ".next", each.cursor, spec_.read(each.saved)));
      break;
    }
    case Cursor::restart_from_head:
      body.push_back(assign(each, each.label + ".restart", each.cursor, front));
      break;
    }
    advances_.emplace(loop.get(), advance == nullptr ? body.back().get() : advance);
    loop->condition = cursor != nothing;
    loop->blocks.push_back(std::move(body));
    auto both = std::make_shared<Statement>();
    both->kind = StatementKind::choice; // one branch: a plain sequence
    both->label = each.label;
    both->anchor = each.anchor;
    both->blocks.push_back({first_read, loop});
    return both;
  }

  void desugar(Block& block) {
    for (auto& statement : block) {
      for (Block& inner : statement->blocks)
        desugar(inner);
      if (statement->kind == StatementKind::for_each)
        statement = loop_over(*statement);
    }
  }

  // --- control flow ---

  static const Statement* first(const Block& block, const Statement* after) {
    return block.empty() ? after : block.front().get();
  }

  void walk(const Block& block, const Statement* after, const Frame& frame) {
    for (std::size_t i = 0; i < block.size(); ++i) {
      const Statement& statement = *block[i];
      const Statement* next = i + 1 < block.size() ? block[i + 1].get() : after;
      Position place{next,        nullptr,    frame.path + "." + statement.label,
                     frame.chain, frame.call, order_++};
      require_well_formed(statement, place.label);
      if (statement.kind == StatementKind::leave)
        place.target = leave_target(statement, frame);
      places_[&statement] = place;
      walk_inside(statement, next, frame);
    }
  }

  void walk_inside(const Statement& statement, const Statement* next, const Frame& frame) {
    switch (statement.kind) {
    case StatementKind::call: {
      Frame inner{statement.path,
                  frame.chain.empty() ? statement.path : frame.chain + " > " + statement.path,
                  frame.call == 0 ? ++calls_ : frame.call,
                  next,
                  {}};
      walk(statement.blocks[0], next, inner);
      break;
    }
    case StatementKind::loop: {
      Frame inner = frame;
      const auto advance = advances_.find(&statement);
      inner.loops.push_back(
          {&statement, next, advance == advances_.end() ? &statement : advance->second});
      walk(statement.blocks[0], &statement, inner);
      break;
    }
    default:
      for (const Block& block : statement.blocks)
        walk(block, next, frame);
    }
  }

  static void require_well_formed(const Statement& statement, const std::string& label) {
    const auto require_condition = [&](const Expr& condition) {
      if (condition.empty() || condition.type().kind != Kind::boolean)
        throw SpecError(label + ": " + to_string(condition) + " is no condition");
    };
    if (statement.kind == StatementKind::test ||
        (statement.kind == StatementKind::loop && !statement.condition.empty()))
      require_condition(statement.condition);
    else if (statement.kind == StatementKind::check)
      require_condition(statement.check.condition);
  }

  static const Statement* leave_target(const Statement& statement, const Frame& frame) {
    if (statement.leave == Leave::return_path)
      return frame.after_path;
    for (std::size_t i = frame.loops.size(); i-- != 0;) {
      const OpenLoop& open = frame.loops[i];
      if (statement.target.empty() || open.loop->label == statement.target)
        return statement.leave == Leave::break_loop ? open.after : open.next;
    }
    std::vector<std::string> known;
    for (const OpenLoop& loop : frame.loops)
      known.push_back(loop.loop->label);
    throw SpecError(frame.path + "." + statement.label + ": there is no loop " +
                    (statement.target.empty() ? "" : statement.target + " ") + "around it" +
                    text::nearest_hint(statement.target, known));
  }

  static bool is_sequence(const Statement& statement) {
    return statement.kind == StatementKind::choice && statement.blocks.size() == 1;
  }

  // The first statement that is more than a jump.  Jumps end: each goes forward, or to a loop.
  const Statement* resolve(const Statement* statement) const {
    while (statement != nullptr) {
      const Position& place = places_.at(statement);
      if (statement->kind == StatementKind::leave)
        statement = place.target;
      else if (statement->kind == StatementKind::call || is_sequence(*statement))
        statement = first(statement->blocks[0], place.after);
      else
        return statement;
    }
    return nullptr;
  }

  void collect_points(const Statement* start) {
    std::vector<const Statement*> work{start};
    std::set<const Statement*> known{start};
    while (!work.empty()) {
      const Statement* point = work.back();
      work.pop_back();
      if (point == nullptr)
        continue;
      checkpoint();
      const std::size_t before = lowered_.size();
      fold(point, point, {});
      for (std::size_t i = before; i < lowered_.size(); ++i)
        if (known.insert(lowered_[i].to).second)
          work.push_back(lowered_[i].to);
    }
    points_.assign(known.begin(), known.end());
  }

  // Emits the actions that leave `point`, having come as far as `at` by folding tests and checks.
  void fold(const Statement* point, const Statement* at, Fold state) {
    if (at == nullptr) { // the thread ends here without a further step
      lowered_.push_back({point, nullptr, point, state.path, state.checks, Expr(true), true});
      return;
    }
    reached_.insert(at);
    if (!state.visited.insert(at).second)
      throw SpecError(places_.at(at).label + ": a loop without a step");
    const Statement* after = resolve(places_.at(at).after);
    switch (at->kind) {
    case StatementKind::step:
      lowered_.push_back({point, after, at, state.path, std::move(state.checks),
                          at->step.guard.empty() ? Expr(true) : at->step.guard});
      return;
    case StatementKind::check:
      if (at->unguarded || !is_stable(spec_, at->check.condition, id_)) {
        lowered_.push_back({point, after, at, state.path, std::move(state.checks), Expr(true)});
        return;
      }
      state.checks.push_back(at->check);
      fold(point, after, std::move(state));
      return;
    case StatementKind::choice:
      for (const Block& branch : at->blocks)
        fold(point, resolve(first(branch, places_.at(at).after)), state);
      return;
    default:
      fold_test(point, at, after, state);
    }
  }

  void fold_test(const Statement* point, const Statement* at, const Statement* after,
                 const Fold& state) {
    const bool loop = at->kind == StatementKind::loop;
    const Expr condition = at->condition.empty() ? Expr(true) : at->condition;
    const Statement* then = resolve(first(at->blocks[0], loop ? at : places_.at(at).after));
    const Statement* otherwise =
        loop || at->blocks.size() < 2 ? after : resolve(first(at->blocks[1], places_.at(at).after));
    const bool stable = !at->unguarded && is_stable(spec_, condition, id_);
    const auto branch = [&](const Expr& taken, const Statement* to) {
      if (taken.is_literal(0))
        return;
      if (stable) {
        Fold next = state;
        next.path = state.path && unless_failed(state.checks, taken);
        fold(point, to, std::move(next));
      } else {
        lowered_.push_back({point, to, at, state.path, state.checks, taken});
      }
    };
    branch(condition, then);
    branch(!condition, otherwise);
  }

  // A test behind a check is evaluated before it, as part of the path; where the check fails, the
  // test must not fault first.
  static Expr unless_failed(const std::vector<Check>& checks, const Expr& test) {
    Expr passed(true);
    for (const Check& check : checks)
      passed = passed && check.condition;
    return may_fault(test) ? !passed || test : test;
  }

  void require_all_reached(const Block& block) const {
    for (const auto& statement : block) {
      const bool jump =
          statement->kind == StatementKind::leave || statement->kind == StatementKind::call;
      // A body that always leaves its loop never comes to the step that goes on to the next
      // element.
      const bool advance = std::any_of(advances_.begin(), advances_.end(), [&](const auto& entry) {
        return entry.second == statement.get();
      });
      if (!jump && !advance && !is_sequence(*statement) && !reached_.contains(statement.get())) {
        const std::string message = places_.at(statement.get()).label + " can never be reached";
        if (!spec_.is_patched())
          throw SpecError(message);
        spec_.note(thread_.name + ": " + message + " any more");
        continue; // and so what is in it
      }
      for (const Block& inner : statement->blocks)
        require_all_reached(inner);
    }
  }

  // --- points and actions ---

  void number_points(const Statement* start) {
    std::sort(points_.begin(), points_.end(), [&](const Statement* a, const Statement* b) {
      const auto rank = [&](const Statement* s) {
        if (s == nullptr)
          return places_.size() + 1;
        return s == start ? 0 : places_.at(s).order + 1;
      };
      return rank(a) < rank(b);
    });
    if (points_.empty() || points_.back() != nullptr)
      points_.push_back(nullptr); // a thread that never ends still has the point `done`
    std::vector<std::string> names;
    for (const Statement* point : points_) {
      const std::string label = point == nullptr ? "done" : places_.at(point).label;
      thread_.points.push_back({label, {}});
      names.push_back(std::to_string(names.size()) + ":" + label);
    }
    for (std::size_t i = 0; i < points_.size(); ++i)
      point_ids_[points_[i]] = static_cast<PointId>(i);
    std::stable_sort(lowered_.begin(), lowered_.end(), [&](const Lowered& a, const Lowered& b) {
      return point_ids_.at(a.from) < point_ids_.at(b.from);
    });
    thread_.counter = spec_.local(id_, "pc", enumeration_type("pc", std::move(names)), 0);
  }

  void finish_action(Lowered lowered) {
    const Position& place = places_.at(lowered.last);
    const Statement& last = *lowered.last;
    Action action;
    action.thread = id_;
    action.from = point_ids_.at(lowered.from);
    action.to = point_ids_.at(lowered.to);
    action.path = lowered.path;
    action.entry_checks = std::move(lowered.folded_checks);
    const std::size_t folded_checks = action.entry_checks.size();
    action.guard = lowered.guard;
    action.label = place.label;
    action.chain = place.chain;
    action.call = place.call;
    action.anchor = last.anchor;
    if (lowered.only_folded) {
      // nothing of its own
    } else if (last.kind == StatementKind::check) {
      action.entry_checks.push_back(last.check);
    } else if (last.kind == StatementKind::step) {
      const Step& step = last.step;
      action.entry_checks.insert(action.entry_checks.end(), step.entry_checks.begin(),
                                 step.entry_checks.end());
      action.checks = step.checks;
      action.updates = step.updates;
      action.effects = step.effects;
      action.idle_when = step.idle_when;
      action.comes = step.comes;
      action.reports = step.reports;
      action.shows = step.shows;
      action.boundary = step.boundary;
    }
    apply_step_rules(spec_, action, folded_checks, last.unguarded && !lowered.only_folded);
    add(std::move(action));
  }

  // After the locals: who looks for references reads those of every thread, also where they are not
  // in use.
  void take_any_slot(std::size_t first_action) {
    const auto first = actions_.begin() + static_cast<std::ptrdiff_t>(first_action);
    const std::vector<Action> lowest(first, actions_.end());
    actions_.erase(first, actions_.end());
    for (Point& point : thread_.points)
      point.actions.clear();
    for (const Action& action : lowest)
      for (Action& each : with_each_slot(spec_, action))
        add(std::move(each));
  }

  void add(Action action) {
    thread_.points[action.from].actions.push_back(static_cast<ActionId>(actions_.size()));
    actions_.push_back(std::move(action));
  }

  SpecBuilder& spec_;
  const StaleLinks& links_;
  ThreadId id_;
  Thread& thread_;
  std::vector<Action>& actions_;
  Block body_; // a copy, without for_each and without checks that are not selected
  std::map<const Statement*, const Statement*>
      advances_; // loop of a for_each: reads the next element
  std::map<const Statement*, Position> places_;
  std::size_t order_ = 0;
  std::size_t calls_ = 0;
  std::set<const Statement*> reached_;
  std::vector<const Statement*> points_;
  std::map<const Statement*, PointId> point_ids_;
  std::vector<Lowered> lowered_;
};

} // namespace

void lower_threads(SpecBuilder& spec, std::vector<Thread>& threads, std::vector<Action>& actions) {
  const StaleLinks links(spec);
  for (ThreadId id = 0; id < spec.thread_count(); ++id) {
    threads.push_back({spec.thread_name(id), {}, 0});
    ThreadLowering(spec, links, id, threads.back(), actions).run();
  }
}

} // namespace interlock::lang
