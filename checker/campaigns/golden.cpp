// Numbers replaced where they stand, from the last to the first.
#include "campaigns/golden.hpp"

#include "campaigns/gate.hpp"

#include <algorithm>
#include <sstream>

namespace interlock::checker {

namespace {

struct Edit {
  std::size_t offset = 0;
  std::uint64_t number = 0;
};

// The end of the number at that place.
std::size_t end_of_number(const std::string& text, std::size_t offset) {
  return std::min(text.find_first_not_of("-+.0123456789eE", offset), text.size());
}

std::vector<Edit> edits_of(const json::Value& expect, const Answer& answer) {
  std::vector<Edit> edits;
  const auto add = [&](const json::Value* value, std::uint64_t number) {
    if (value != nullptr && value->kind == json::Value::Kind::integer)
      edits.push_back({value->offset, number});
  };
  add(expect.find("states"), answer.states);
  add(expect.find("transitions"), answer.transitions);
  add(expect.find("depth"), answer.depth);
  if (answer.violation)
    add(expect.find("trace_length"), answer.violation->steps.size());
  if (const json::Value* cut = expect.find("cut"))
    for (const auto& [property, count] : answer.cut)
      add(cut->find(property), count);
  const json::Value* also = expect.find("also");
  for (std::size_t i = 0;
       also != nullptr && answer.also && i < answer.also->size() && i < also->elements.size(); ++i)
    add(also->elements[i].find("trace_length"), (*answer.also)[i].trace_length);
  return edits;
}

} // namespace

std::string with_golden_numbers(const Config& config, const Answer& answer) {
  std::string text = config.source->text();
  const json::Value* expect = config.source->root().find("expect");
  const bool final = answer.verdict == Verdict::holds || answer.verdict == Verdict::violated;
  if (expect == nullptr || !final || !is_expected(config.expect.value(), answer))
    return text;
  std::vector<Edit> edits = edits_of(*expect, answer);
  std::sort(edits.begin(), edits.end(),
            [](const Edit& a, const Edit& b) { return a.offset > b.offset; });
  for (const Edit& edit : edits)
    text.replace(edit.offset, end_of_number(text, edit.offset) - edit.offset,
                 std::to_string(edit.number));
  return text;
}

std::vector<std::string> changed_lines(const std::string& file, const std::string& before,
                                       const std::string& after) {
  std::vector<std::string> lines;
  std::istringstream old_text(before);
  std::istringstream new_text(after);
  std::string old_line;
  std::string new_line;
  for (std::size_t number = 1; std::getline(old_text, old_line) && std::getline(new_text, new_line);
       ++number) {
    if (old_line == new_line)
      continue;
    const std::string where = file + ":" + std::to_string(number) + ": ";
    lines.push_back(where + "-" + old_line);
    lines.push_back(where + "+" + new_line);
  }
  return lines;
}

} // namespace interlock::checker
