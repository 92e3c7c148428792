// The statements of a config's paths, in their order: what patches can name.
#include "cli/list_labels.hpp"

#include "cli/output.hpp"
#include "lang/places.hpp"
#include "lang/print.hpp"
#include "text/lists.hpp"
#include "text/nearest.hpp"

#include <algorithm>
#include <iostream>
#include <set>

namespace interlock::checker::cli {

namespace {

using Json = nlohmann::ordered_json;
using lang::Block;
using lang::Spec;
using lang::Statement;
using lang::StatementKind;

// A statement, or a word between branches, which has no label.
struct Row {
  std::size_t depth = 0;
  std::string label;
  const char* kind = "";
  std::string does;
  std::string calls; // the path
  lang::Anchor anchor;
  bool operator==(const Row& other) const {
    return depth == other.depth && label == other.label && does == other.does &&
           anchor.line == other.anchor.line && anchor.file == other.anchor.file;
  }
};

// A path as some of its calls have it: what a call does without is not there.
struct PathRows {
  std::string path;
  lang::Anchor anchor;
  std::vector<Row> rows;
  std::vector<std::string> callers;
  std::set<std::string> threads;
};

const char* effect_text(lang::EffectKind kind) {
  switch (kind) {
  case lang::EffectKind::acquire:
    return "takes ";
  case lang::EffectKind::try_acquire:
    return "tries to take ";
  case lang::EffectKind::release:
    return "releases ";
  case lang::EffectKind::sleep:
    return "sleeps on ";
  case lang::EffectKind::wake:
    return "wakes ";
  }
  return "";
}

// What the statements of one path do, in a few words.
class Words {
public:
  Words(const Spec& spec, std::string path) : spec_(spec), prefix_(std::move(path) + ".") {}

  std::string of(const Statement& statement) const {
    switch (statement.kind) {
    case StatementKind::step:
      return of_step(statement.step);
    case StatementKind::test:
      return "if " + plain(to_string(statement.condition));
    case StatementKind::loop:
      return statement.condition.empty() ? "loop"
                                         : "while " + plain(to_string(statement.condition));
    case StatementKind::for_each:
      return "for each " + plain(spec_.variables()[statement.cursor].name) + " on " +
             plain(list_of(statement)) + ", " + lang::rule_name(statement.rule);
    case StatementKind::choice:
      return statement.blocks.size() == 1 ? "block" : "either";
    case StatementKind::call:
      return "call " + statement.path;
    case StatementKind::leave:
      return of_leave(statement);
    case StatementKind::check:
      return "check " + plain(to_string(statement.check.condition)) +
             (spec_.keeps(statement.check.property)
                  ? ""
                  : "; " + statement.check.property + " is not selected");
    }
    return "";
  }

private:
  static std::string of_leave(const Statement& statement) {
    if (statement.leave == lang::Leave::return_path)
      return "return";
    return std::string(statement.leave == lang::Leave::break_loop ? "break" : "continue") +
           (statement.target.empty() ? "" : " " + statement.target);
  }

  std::string list_of(const Statement& statement) const {
    const std::string& name = spec_.variables()[statement.list].name;
    return statement.list_object.empty() ? name : to_string(statement.list_object) + "." + name;
  }

  std::string of_step(const lang::Step& step) const {
    std::vector<std::string> parts;
    for (const lang::Effect& effect : step.effects)
      parts.push_back(effect_text(effect.kind) + plain(to_string(effect.lock)));
    std::vector<std::string> changes;
    for (const lang::Update& update : step.updates) {
      const lang::Variable& variable = spec_.variables()[update.variable];
      const bool of_lock = variable.scope == lang::Scope::field &&
                           spec_.pools()[variable.pool].lock && !step.effects.empty();
      if (!variable.ghost && !of_lock)
        changes.push_back(plain(to_string(spec_, update)));
    }
    constexpr std::size_t most = 4;
    for (std::size_t i = 0; i < changes.size() && i < most; ++i)
      parts.push_back(changes[i]);
    if (changes.size() > most)
      parts.push_back("and " + std::to_string(changes.size() - most) + " more");
    std::string text;
    if (step.effects.empty() && !step.guard.empty() && !step.guard.is_literal(1))
      text = "waits until " + plain(to_string(step.guard));
    for (const std::string& part : parts)
      text += (text.empty() ? "" : "; ") + part;
    return text.empty() ? "nothing" : text;
  }

  // Without the path's own name before its locals.
  std::string plain(std::string text) const {
    for (std::size_t at = text.find(prefix_); at != std::string::npos; at = text.find(prefix_, at))
      text.erase(at, prefix_.size());
    return text;
  }

  const Spec& spec_;
  std::string prefix_;
};

class Collector {
public:
  Collector(const Spec& spec, const std::string& thread) : spec_(spec) {
    for (lang::ThreadId id = 0; id < spec.thread_count(); ++id)
      if (const std::string& name = spec.thread_name(id); thread.empty() || name == thread)
        add_path(name, {}, spec.body(id), "", name);
  }
  std::vector<PathRows> take() { return std::move(paths_); }

private:
  void add_path(const std::string& path, const lang::Anchor& anchor, const Block& body,
                const std::string& caller, const std::string& thread) {
    PathRows added{path, anchor, {}, {}, {}};
    add_rows(body, 0, Words(spec_, path), added);
    auto known = std::find_if(paths_.begin(), paths_.end(), [&](const PathRows& other) {
      return other.path == path && other.rows == added.rows;
    });
    if (known == paths_.end())
      known = paths_.insert(paths_.end(), std::move(added));
    const std::string who = caller + (caller.empty() ? "" : " in " + thread);
    if (!caller.empty() &&
        std::find(known->callers.begin(), known->callers.end(), who) == known->callers.end())
      known->callers.push_back(who);
    known->threads.insert(thread);
    add_calls(body, path, thread);
  }

  void add_rows(const Block& block, std::size_t depth, const Words& words, PathRows& added) {
    for (const auto& statement : block) {
      Row row{depth,
              added.path + "." + statement->label,
              lang::kind_name(statement->kind),
              words.of(*statement),
              "",
              statement->anchor};
      if (statement->kind == StatementKind::call) {
        row.calls = statement->path;
        row.anchor.line = statement->called_at;
      } else if (row.anchor.line == added.anchor.line) {
        row.anchor.line = 0; // that of the path, for want of its own
      }
      added.rows.push_back(std::move(row));
      if (statement->kind == StatementKind::call)
        continue;
      const char* between = statement->kind == StatementKind::test ? "else" : "or";
      for (std::size_t i = 0; i < statement->blocks.size(); ++i) {
        if (i > 0 && (!statement->blocks[i].empty() || statement->kind != StatementKind::test))
          added.rows.push_back({depth, "", between, between, "", {}});
        add_rows(statement->blocks[i], depth + 1, words, added);
      }
    }
  }

  void add_calls(const Block& block, const std::string& path, const std::string& thread) {
    for (const auto& statement : block)
      if (statement->kind == StatementKind::call)
        add_path(statement->path, statement->anchor, statement->blocks.at(0),
                 path + "." + statement->label, thread);
      else
        for (const Block& inner : statement->blocks)
          add_calls(inner, path, thread);
  }

  const Spec& spec_;
  std::vector<PathRows> paths_;
};

std::string joined(const std::vector<std::string>& names, std::size_t most) {
  if (names.size() <= most)
    return text::joined(names);
  return text::joined({names.begin(), names.begin() + static_cast<std::ptrdiff_t>(most)}) +
         " and " + std::to_string(names.size() - most) + " more";
}

void put_path(const PathRows& path, bool keys) {
  std::cout << path.path;
  if (const std::string source = to_string(path.anchor); !path.anchor.file.empty())
    std::cout << "  " << source;
  if (!path.callers.empty())
    std::cout << "\n  called by " << joined(path.callers, 4);
  std::cout << "\n";
  std::size_t width = 0;
  for (const Row& row : path.rows)
    width = std::max(width, 2 * row.depth + row.label.size());
  for (const Row& row : path.rows) {
    const std::string label = std::string(2 * row.depth, ' ') + row.label;
    std::string line = row.anchor.line > 0 ? "@" + std::to_string(row.anchor.line) : "";
    line.resize(7, ' ');
    std::cout << "  " << label << std::string(width - label.size() + 2, ' ') << line
              << (keys ? row.anchor.key : row.does) << "\n";
  }
}

Json row_json(const PathRows& path, const Row& row) {
  Json entry{{"label", row.label},     {"kind", row.kind},  {"depth", row.depth},
             {"does", row.does},       {"path", path.path}, {"threads", path.threads},
             {"callers", path.callers}};
  if (!row.calls.empty())
    entry["calls"] = row.calls;
  entry["file"] = row.anchor.file;
  entry["revision"] = row.anchor.revision;
  entry["function"] = row.anchor.function;
  entry["line"] = row.anchor.line;
  entry["source_key"] = row.anchor.key;
  return entry;
}

} // namespace

void list_labels(const Spec& spec, const StepFilter& filter, const std::string& config, bool json) {
  require_thread(spec, filter, config);
  std::vector<PathRows> paths = Collector(spec, filter.thread).take();
  if (!filter.label.empty()) {
    std::vector<std::string> labels;
    for (PathRows& path : paths) {
      for (const Row& row : path.rows)
        labels.push_back(row.label);
      std::erase_if(path.rows, [&](const Row& row) {
        return row.label.find(filter.label) == std::string::npos;
      });
    }
    std::erase_if(paths, [](const PathRows& path) { return path.rows.empty(); });
    if (paths.empty())
      refuse_label(filter, labels, config);
  }
  if (!json) {
    for (const PathRows& path : paths) {
      std::cout << (&path == &paths.front() ? "" : "\n");
      put_path(path, filter.keys);
    }
    return;
  }
  Json list = Json::array();
  for (const PathRows& path : paths)
    for (const Row& row : path.rows)
      list.push_back(row_json(path, row));
  put_document("interlock-list",
               {{"what", "labels"}, {"config", config}, {"labels", std::move(list)}});
}

} // namespace interlock::checker::cli
