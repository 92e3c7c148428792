// Labels and lines of patches; see patch_targets.hpp.
#include "lang/patch_targets.hpp"

#include "text/lists.hpp"
#include "text/nearest.hpp"

#include <algorithm>
#include <set>

namespace interlock::lang {

namespace {

using PatchPart = PatchError::Part;

class Targets {
public:
  Targets(const SpecBuilder& spec, const Patch& patch, std::size_t index)
      : spec_(spec), patch_(patch), index_(index) {}

  std::vector<Found> matches() const {
    const std::string wanted = spelled_plainly(patch_.label);
    if (const std::size_t at = wanted.rfind('@'); at != std::string::npos)
      return at_line(wanted, at);
    std::vector<Found> found;
    std::set<std::string> known;
    const std::vector<Found> all = all_statements(spec_);
    for (const Found& candidate : all) {
      const std::string name = suffix_like(full_label(spec_, candidate), wanted);
      if (name == wanted)
        found.push_back(candidate);
      else
        known.insert(name);
    }
    if (found.empty())
      refuse_label(wanted, all, known);
    return found;
  }

private:
  [[noreturn]] void refuse(PatchPart part, std::size_t offset, const std::string& message) const {
    throw PatchError(index_, part, offset, message);
  }

  [[noreturn]] void refuse_label(const std::string& wanted, const std::vector<Found>& all,
                                 const std::set<std::string>& known) const {
    const std::string unknown = "no statement has the label '" + wanted + "'";
    std::set<std::string> meanings;
    for (const Found& candidate : all) {
      const std::string path = path_of(spec_, candidate);
      if (candidate.statement->label == wanted)
        meanings.insert(path + "." + wanted);
      if (candidate.calls.empty() || !candidate.calls.back()->labels)
        continue;
      const std::vector<std::string>& written = *candidate.calls.back()->labels;
      const std::string meant = suffix_like(" > " + wanted, path);
      const std::size_t dot = meant.rfind('.');
      if (dot == std::string::npos || meant.substr(0, dot) != path)
        continue;
      const std::string label = meant.substr(dot + 1);
      if (std::find(written.begin(), written.end(), label) != written.end())
        refuse(PatchPart::label, 0,
               unknown + ": " + label + " is written in " + path +
                   ", but left out here, where the scenario, its environment or the call does "
                   "without it, or a patch has taken it out");
    }
    if (!meanings.empty())
      refuse(PatchPart::label, 0,
             unknown + " with its path; allowed here: " +
                 text::listed({meanings.begin(), meanings.end()}));
    refuse(PatchPart::label, 0, unknown + text::nearest_hint(wanted, {known.begin(), known.end()}));
  }

  // `caller > path@line`
  std::vector<Found> at_line(const std::string& wanted, std::size_t at) const {
    const std::string chain = wanted.substr(0, at);
    const std::string number = wanted.substr(at + 1);
    if (number.empty() || number.find_first_not_of("0123456789") != std::string::npos)
      refuse(PatchPart::label, 0, "'" + number + "' is no line; a statement is named by path@line");
    std::vector<Found> there;
    std::set<const Statement*> known;
    std::set<std::string> lines;
    bool path = false;
    for (const Found& candidate : all_statements(spec_)) {
      const std::string full = full_label(spec_, candidate);
      const std::string calls = full.substr(0, full.size() - candidate.statement->label.size() - 1);
      if (suffix_like(" > " + calls, chain) != chain)
        continue;
      path = true;
      const int line = line_of(candidate);
      if (line > 0)
        lines.insert(std::to_string(line));
      if (line <= 0 || std::to_string(line) != number)
        continue;
      // One inside another that is there too is part of it.
      const bool part = known.contains(candidate.parent.get());
      known.insert(candidate.statement.get());
      if (!part)
        there.push_back(candidate);
    }
    if (!path)
      refuse(PatchPart::label, 0, "no statement is in a path '" + chain + "'");
    if (there.empty())
      refuse(PatchPart::label, 0,
             lines.empty() ? "no lines of " + chain + " are known; name the label"
                           : "no statement of " + chain + " is at line " + number +
                                 "; there are lines " + text::listed({lines.begin(), lines.end()}));
    std::vector<std::string> meanings;
    for (const Found& found : there) {
      const std::string name = chain + "." + found.statement->label;
      const std::string meaning = name + " (" + kind_name(found.statement->kind) + ")";
      if (std::find(meanings.begin(), meanings.end(), meaning) == meanings.end())
        meanings.push_back(meaning);
    }
    if (meanings.size() > 1)
      refuse(PatchPart::label, 0,
             wanted + " is " + std::to_string(meanings.size()) + " statements: " +
                 text::listed(meanings) + "; name the one that is meant by its label");
    return there;
  }

  // A statement without a line of its own has that of its path.
  static int line_of(const Found& found) {
    if (found.statement->kind == StatementKind::call)
      return found.statement->called_at;
    const int line = found.statement->anchor.line;
    return !found.calls.empty() && found.calls.back()->anchor.line == line ? 0 : line;
  }

  const SpecBuilder& spec_;
  const Patch& patch_;
  std::size_t index_;
};

} // namespace

std::vector<Found> patch_targets(const SpecBuilder& spec, const Patch& patch, std::size_t index) {
  return Targets(spec, patch, index).matches();
}

} // namespace interlock::lang
