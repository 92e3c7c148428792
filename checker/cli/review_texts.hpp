// The two texts of a change: as trees, as a diff and the tree that it is of, or as commits.
#pragma once

#include "cli/subprocess.hpp"

#include <memory>
#include <set>

namespace interlock::checker::cli {

// How the command line says what changed; one of the three.
struct ChangeOptions {
  std::vector<std::string> old_paths, new_paths;
  std::string diff, tree;
  std::string range, repository; // OLD..NEW
};

struct ReviewTexts {
  std::vector<std::string> old_paths, new_paths;
  std::vector<std::string> other_files;         // that changed, too, as far as it is known
  std::shared_ptr<const ScratchFolder> scratch; // where they are, if they were made
};

// Makes both texts of these files of a kernel ("sys/kern/kern_event.c").  Ends the command where a
// diff does not apply, or there is no such commit; throws std::system_error.
ReviewTexts texts_of(const ChangeOptions& options, const std::set<std::string>& files);

} // namespace interlock::checker::cli
