// Where the steps of configs stand in trees of the kernel's C.
#pragma once

#include "cli/revision.hpp"
#include "witnesses/step_text.hpp"

#include <functional>
#include <map>

namespace interlock::checker::cli {

class LinesInTree {
public:
  // Trees, folders or files of C; `tell` hears what cannot be read, each thing once.
  LinesInTree(std::vector<std::string> trees, std::function<void(const std::string&)> tell);

  // By label.  A function of the tree counts where most of what it does to locks, channels, lists
  // and fields is what the config's revision does: another kernel's function of that name does not.
  // Empty without trees.
  witnesses::Statements of(const Config& config);

private:
  const kernel_text::File* file_at(const std::filesystem::path& path);
  void tell_once(const std::string& message);

  std::vector<std::string> trees_;
  std::function<void(const std::string&)> tell_;
  std::map<std::filesystem::path, std::unique_ptr<const kernel_text::File>> files_; // null: unread
  std::set<std::string> told_;
};

} // namespace interlock::checker::cli
