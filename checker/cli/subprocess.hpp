// Another program, run to its end; and a folder for what it makes.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace interlock::checker::cli {

// A folder below the system's own for temporary files; goes with the object.  Throws
// std::system_error where there can be none.
class ScratchFolder {
public:
  ScratchFolder();
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path path_;
};

struct Finished {
  int code = 0; // of a signal: 128 and its number
  std::string out, err;
};

// Runs a program, found by the PATH, in a folder, with no input.  No shell is between.  Throws
// std::system_error where it cannot be started, or its output not be read.
Finished run_program(const std::vector<std::string>& arguments,
                     const std::filesystem::path& folder);

} // namespace interlock::checker::cli
