// By the comparison of each function with its path.
#include "cli/lines_in_tree.hpp"

#include "kernel_text/comparison.hpp"
#include "kernel_text/read.hpp"
#include "kernel_text/source_error.hpp"
#include "text/lists.hpp"

namespace interlock::checker::cli {

namespace {

using kernel_text::Finding;

bool is_that_function(const kernel_text::Comparison& comparison) {
  return comparison.count(Finding::matched) > comparison.count(Finding::unexplained_source) +
                                                  comparison.count(Finding::unexplained_model);
}

void add(witnesses::Statements& lines, const kernel_text::File& file,
         const kernel_text::Comparison& comparison) {
  for (const auto& [label, row] : rows_by_label(comparison))
    lines.emplace(label, witnesses::Statement{file.name, row->line, row->text});
}

} // namespace

LinesInTree::LinesInTree(std::vector<std::string> trees,
                         std::function<void(const std::string&)> tell)
    : trees_(std::move(trees)), tell_(std::move(tell)) {}

void LinesInTree::tell_once(const std::string& message) {
  if (told_.insert(message).second)
    tell_(message);
}

const kernel_text::File* LinesInTree::file_at(const std::filesystem::path& path) {
  const auto [entry, is_new] = files_.try_emplace(path);
  if (is_new) {
    try {
      entry->second = std::make_unique<const kernel_text::File>(kernel_text::read(path, {}));
    } catch (const kernel_text::SourceError& error) {
      tell_once(error.what());
    }
  }
  return entry->second.get();
}

witnesses::Statements LinesInTree::of(const Config& config) {
  witnesses::Statements lines;
  if (trees_.empty())
    return lines;
  SearchOptions options;
  options.silent = true;
  const RevisionModel model = model_of(load_within(options, config));
  for (const std::string& name : model.files) {
    const auto path = find_file(trees_, name);
    if (!path) {
      tell_once(name + " is not in " + text::joined(trees_));
      continue;
    }
    const kernel_text::File* file = file_at(path->lexically_normal());
    if (file == nullptr)
      continue;
    const kernel_text::Modelled modelled = of_file(model.modelled, *file);
    for (const auto& [function_name, function] : model.functions) {
      const kernel_text::Function* text =
          function.file == name ? file->find(function_name) : nullptr;
      if (text == nullptr)
        continue;
      kernel_text::LedgerUse use;
      const auto comparison = kernel_text::compare(*text, function, modelled, use);
      if (is_that_function(comparison))
        add(lines, *file, comparison);
    }
  }
  return lines;
}

} // namespace interlock::checker::cli
