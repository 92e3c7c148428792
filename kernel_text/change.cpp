// The functions of two texts that differ.
#include "kernel_text/change.hpp"
#include "kernel_text/translation.hpp"

#include <algorithm>

namespace interlock::kernel_text {

namespace {

Tokens tokens_of_function(const File& file, const Function& function) {
  const auto begin =
      std::lower_bound(file.tokens.begin(), file.tokens.end(), function.line,
                       [](const Token& token, int line) { return token.line < line; });
  const auto end = std::upper_bound(begin, file.tokens.end(), function.last_line,
                                    [](int line, const Token& token) { return line < token.line; });
  return {begin, end};
}

Tokens tokens_outside(const File& file) {
  std::vector<bool> inside;
  for (const Function& function : file.functions) {
    const auto end = static_cast<std::size_t>(function.last_line) + 1;
    inside.resize(std::max(inside.size(), end), false);
    std::fill(inside.begin() + function.line, inside.begin() + function.last_line + 1, true);
  }
  Tokens tokens;
  for (const Token& token : file.tokens) {
    const auto line = static_cast<std::size_t>(token.line);
    if (line >= inside.size() || !inside[line])
      tokens.push_back(token);
  }
  return tokens;
}

// The lines where two texts begin to differ, 0 at an end; empty when they are the same.
std::optional<std::pair<int, int>> difference(const Tokens& before, const Tokens& after) {
  const auto [old, now] = std::mismatch(
      before.begin(), before.end(), after.begin(), after.end(), [](const Token& a, const Token& b) {
        // Another message is no other text.
        const bool messages = a.kind == TokenKind::text && a.text.starts_with("\"");
        return a.kind == b.kind && (a.text == b.text || messages);
      });
  if (old == before.end() && now == after.end())
    return std::nullopt;
  return std::pair(old == before.end() ? 0 : old->line, now == after.end() ? 0 : now->line);
}

// By a modelled function that both texts have.
bool is_called_by_modelled(const Function& helper, const File& other, const File& file,
                           const Models& models) {
  return std::any_of(file.functions.begin(), file.functions.end(), [&](const Function& function) {
    return models.all.contains(function.name) && other.find(function.name) != nullptr &&
           calls(function, helper.name);
  });
}

} // namespace

bool is_whole(const std::vector<Change>& changes) {
  return std::all_of(changes.begin(), changes.end(), [](const Change& change) {
    return change.translated() || !change.of_operation;
  });
}

Changes changes_of(const File& old_file, const File& new_file, const Modelled& modelled,
                   const Models& models) {
  Changes result;
  const auto add = [&](const std::string& function, int old_line, int new_line, std::string text,
                       std::string why) {
    Change change;
    change.file = new_file.name;
    change.function = function;
    change.old_line = old_line;
    change.new_line = new_line;
    change.text = std::move(text);
    change.why = std::move(why);
    result.changes.push_back(std::move(change));
  };
  if (const auto lines = difference(tokens_outside(old_file), tokens_outside(new_file))) {
    // What could not be read as a function is among this text.
    result.errors = new_file.errors;
    add("", lines->first, lines->second, "changed: the text outside functions",
        "declarations, macros and directives are not compared with the model");
  }
  for (const Function& function : new_file.functions) {
    const Function* old = old_file.find(function.name);
    const auto model = models.all.find(function.name);
    if (old == nullptr) {
      // Read where it is called.
      if (!is_called_by_modelled(function, old_file, new_file, models))
        add(function.name, 0, function.line, "new: " + function.name + "()",
            "a function that no model knows");
      continue;
    }
    const auto lines =
        difference(tokens_of_function(old_file, *old), tokens_of_function(new_file, function));
    if (model == models.all.end()) {
      if (lines)
        add(function.name, lines->first, lines->second, "changed: " + function.name + "()",
            "a function that no model knows");
      continue;
    }
    if (!lines)
      continue;
    const std::size_t before = result.changes.size();
    translate({old_file, new_file, *old, function}, modelled, models, result);
    if (result.changes.size() == before)
      add(function.name, lines->first, lines->second, "changed: " + function.name + "()",
          "not in its statements: in declarations, or in what is compiled");
  }
  for (const Function& old : old_file.functions)
    if (new_file.find(old.name) == nullptr &&
        (models.all.contains(old.name) || !is_called_by_modelled(old, new_file, old_file, models)))
      add(old.name, old.line, 0, "gone: " + old.name + "()",
          models.all.contains(old.name) ? "a function that is modelled is gone"
                                        : "a function that no model knows");
  return result;
}

bool is_same_text(const File& old_file, const File& new_file) {
  return !difference(old_file.tokens, new_file.tokens);
}

NewPlaces unchanged_places(const File& old_file, const File& new_file, const std::string& function,
                           const Modelled& modelled, const Models& models) {
  const Function* before = old_file.find(function);
  const Function* after = new_file.find(function);
  if (before == nullptr || after == nullptr || !models.all.contains(function) ||
      difference(tokens_of_function(old_file, *before), tokens_of_function(new_file, *after)))
    return {};
  Changes result;
  add_places({old_file, new_file, *before, *after}, modelled, models, result);
  return std::move(result.places);
}

} // namespace interlock::kernel_text
