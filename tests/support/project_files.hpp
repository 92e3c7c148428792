// What is in the project's folder.
#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace interlock::tests {

// The files of the project, in the order of their paths: not those of builds, nor of hidden
// folders.
inline std::vector<std::filesystem::path> project_files() {
  const std::filesystem::path root = INTERLOCK_SOURCE_DIR;
  std::vector<std::filesystem::path> found;
  for (std::filesystem::recursive_directory_iterator entry(root), end; entry != end; ++entry) {
    const std::string name = entry->path().filename().string();
    if (entry->is_directory() && (name == "build" || name.starts_with(".")))
      entry.disable_recursion_pending();
    else if (entry->is_regular_file())
      found.push_back(entry->path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

} // namespace interlock::tests
