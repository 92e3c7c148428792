// Texts by git, which applies diffs outside its repositories too.
#include "cli/review_texts.hpp"

#include "cli/output.hpp"
#include "files/files.hpp"
#include "text/printable.hpp"

#include <algorithm>
#include <sstream>

namespace interlock::checker::cli {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse_review(const std::string& message) { refuse("review", message); }

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

Finished git(const std::vector<std::string>& arguments, const fs::path& folder) {
  if (!fs::is_directory(folder))
    refuse_review(folder.string() + ": is no folder");
  std::vector<std::string> command{"git"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return run_program(command, folder);
}

// The same in a folder that no repository counts as its own: of one, git leaves out without a word
// what a diff has outside the folder.
Finished git_apply(std::vector<std::string> arguments, const fs::path& folder) {
  const std::string above = fs::canonical(folder).parent_path().string();
  arguments.insert(arguments.begin(), {"env", "GIT_CEILING_DIRECTORIES=" + above, "git", "apply"});
  return run_program(arguments, folder);
}

// The files of `git ... --numstat -z`: ADDED TAB REMOVED TAB PATH.
std::vector<std::string> numstat(const std::string& text) {
  std::vector<std::string> files;
  std::istringstream records(text);
  for (std::string record; std::getline(records, record, '\0');)
    if (const std::size_t tab = record.rfind('\t'); tab != std::string::npos)
      files.push_back(record.substr(tab + 1));
  return files;
}

// The modelled file that a changed one is: a diff may be of a tree or of sys/ in it.
std::string modelled(const std::string& file, const std::set<std::string>& files) {
  const auto found = std::find_if(files.begin(), files.end(), [&](const std::string& known) {
    return known == file || known.ends_with("/" + file);
  });
  return found == files.end() ? "" : *found;
}

void put(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  files::write(path, text);
}

ReviewTexts by_diff(const ChangeOptions& options, const std::set<std::string>& files) {
  if (options.tree.empty())
    refuse_review("--diff needs --tree, the tree that it is a diff of");
  ReviewTexts texts;
  texts.scratch = std::make_shared<const ScratchFolder>();
  const fs::path folder = texts.scratch->path() / "new";
  const std::string diff = fs::absolute(options.diff).string();
  fs::create_directories(folder);
  const Finished listed = git_apply({"--numstat", "-z", diff}, folder);
  if (listed.code != 0)
    refuse_review(options.diff + ": " + first_line(listed.err));
  std::vector<std::string> arguments;
  bool any = false;
  for (const std::string& file : numstat(listed.out)) {
    const std::string known = modelled(file, files);
    if (known.empty()) {
      texts.other_files.push_back(file);
      continue;
    }
    const fs::path old = fs::path(options.tree) / file;
    if (!fs::is_regular_file(old))
      refuse_review(old.string() + ": " + options.diff + " changes it, and it is not there");
    fs::create_directories((folder / file).parent_path());
    fs::copy_file(old, folder / file);
    put(texts.scratch->path() / "old" / known, files::read(old));
    arguments.push_back("--include=" + file);
    any = true;
  }
  if (!any)
    return texts;
  arguments.push_back(diff);
  const Finished applied = git_apply(arguments, folder);
  if (applied.code != 0)
    refuse_review(options.diff + " does not apply to " + options.tree + ": " +
                  first_line(applied.err));
  for (const std::string& file : numstat(listed.out))
    if (const std::string known = modelled(file, files);
        !known.empty() && files::read(folder / file) == files::read(fs::path(options.tree) / file))
      refuse_review(options.diff + " did not change " + file);
    else if (!known.empty() && known != file) {
      fs::create_directories((folder / known).parent_path());
      fs::rename(folder / file, folder / known);
    }
  texts.old_paths = {(texts.scratch->path() / "old").string()};
  texts.new_paths = {folder.string()};
  return texts;
}

ReviewTexts by_commits(const ChangeOptions& options, const std::set<std::string>& files) {
  const std::size_t dots = options.range.find("..");
  if (options.repository.empty() || dots == std::string::npos || dots == 0 ||
      options.range[0] == '-' || dots + 2 == options.range.size())
    refuse_review("--git takes OLD..NEW and needs --repo, the repository");
  const std::string commits[] = {options.range.substr(0, dots), options.range.substr(dots + 2)};
  ReviewTexts texts;
  texts.scratch = std::make_shared<const ScratchFolder>();
  const Finished listed =
      git({"diff", "--numstat", "-z", "--no-renames", commits[0], commits[1], "--"},
          options.repository);
  if (listed.code != 0)
    refuse_review(options.repository + ": " + first_line(listed.err));
  for (const std::string& file : numstat(listed.out)) {
    const std::string known = modelled(file, files);
    if (known.empty()) {
      texts.other_files.push_back(file);
      continue;
    }
    for (int side = 0; side < 2; ++side) {
      const Finished shown = git({"show", commits[side] + ":" + file}, options.repository);
      if (shown.code == 0)
        put(texts.scratch->path() / (side == 0 ? "old" : "new") / known, shown.out);
    }
  }
  for (const char* side : {"old", "new"})
    fs::create_directories(texts.scratch->path() / side);
  texts.old_paths = {(texts.scratch->path() / "old").string()};
  texts.new_paths = {(texts.scratch->path() / "new").string()};
  return texts;
}

} // namespace

ReviewTexts texts_of(const ChangeOptions& options, const std::set<std::string>& files) {
  const bool trees = !options.old_paths.empty() || !options.new_paths.empty();
  const int ways =
      (trees ? 1 : 0) + (options.diff.empty() ? 0 : 1) + (options.range.empty() ? 0 : 1);
  if (ways != 1)
    refuse_review("say what changed in one way: --old and --new, --diff and --tree, or --git and "
                  "--repo");
  if (!options.diff.empty())
    return by_diff(options, files);
  if (!options.range.empty())
    return by_commits(options, files);
  if (options.old_paths.empty() || options.new_paths.empty())
    refuse_review("--old needs --new, and --new needs --old");
  return {options.old_paths, options.new_paths, {}, nullptr};
}

} // namespace interlock::checker::cli
