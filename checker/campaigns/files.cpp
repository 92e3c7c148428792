// Walks over folders and looks at what the files say that they are.
#include "campaigns/files.hpp"

#include "config/config.hpp"
#include "witnesses/witness.hpp"

#include <algorithm>
#include <map>

namespace interlock::checker {

namespace {

namespace fs = std::filesystem;
using Kind = FoundFile::Kind;

bool is_named_json(const fs::path& path) {
  std::string extension = path.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return extension == ".json" || extension == ".jsonc";
}

bool is_text(const json::Value* value) {
  return value != nullptr && value->kind == json::Value::Kind::string;
}

bool is_list(const json::Value* value) {
  return value != nullptr && value->kind == json::Value::Kind::array;
}

// What JSON text says that it is.
FoundFile by_content(const fs::path& path, const json::Value& root) {
  if (const json::Value* format = root.find("format")) {
    const bool is_report =
        is_text(format) && (format->text == "interlock-check" || format->text == "interlock-gate" ||
                            format->text == "interlock-locks" || format->text == "interlock-list");
    if (is_report)
      return {path, Kind::passed_over, "a report, " + format->text};
    return {path, Kind::witness, ""};
  }
  if (is_list(root.find("vars")) && is_list(root.find("states")))
    return {path, Kind::passed_over, "an ITF trace"};
  if (is_list(root.find("runs")) && root.find("version") != nullptr)
    return {path, Kind::passed_over, "SARIF"};
  const json::Value* schema = root.find("$schema");
  const bool is_schema = is_text(schema) && root.find("system") == nullptr &&
                         schema->text.find("//json-schema.org/") != std::string::npos;
  if (is_schema)
    return {path, Kind::passed_over, "a JSON schema"};
  return {path, Kind::config, ""};
}

FoundFile by_content(const fs::path& path) {
  try {
    return by_content(path, json::Source::read(path, {witnesses::largest_file, 64}).root());
  } catch (const json::DocumentError&) { // whoever reads it as a config says what is wrong
    return {path, Kind::config, ""};
  }
}

std::string type_name(fs::file_type type) {
  switch (type) {
  case fs::file_type::fifo:
    return "a FIFO";
  case fs::file_type::socket:
    return "a socket";
  case fs::file_type::block:
  case fs::file_type::character:
    return "a device";
  default:
    return "no regular file";
  }
}

fs::path plain(const fs::path& path) { return fs::absolute(path).lexically_normal(); }

class Walk {
public:
  void named(const fs::path& path) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (!fs::exists(status)) {
      missing(path, status.type() == fs::file_type::not_found ? "no such file or folder"
                                                              : unreadable(error));
      return;
    }
    if (!fs::is_directory(status)) {
      if (!is_known(path)) {
        FoundFile file = by_content(path);
        if (file.kind == Kind::passed_over)
          file.kind = Kind::config;
        found_.push_back({file.path, file.kind, ""});
      }
      return;
    }
    met_ = false;
    folder(path);
    if (!met_)
      missing(path, "there is no config and no witness below this folder");
  }

  std::vector<FoundFile> take() { return std::move(found_); }

private:
  static std::string unreadable(const std::error_code& error) {
    return "cannot be read: " + error.message();
  }

  void missing(const fs::path& path, const std::string& reason) {
    met_ = true;
    found_.push_back({path, Kind::missing, reason});
  }

  void add(const FoundFile& file) {
    met_ = met_ || file.kind != Kind::passed_over;
    found_.push_back(file);
  }

  void pass_over(const fs::path& path, const std::string& reason) {
    found_.push_back({path, Kind::passed_over, reason});
  }

  // Has the file or folder been met?  Says so where it was met under another name.
  bool is_known(const fs::path& path) {
    const auto [first, is_new] = known_.emplace(fs::weakly_canonical(path), path);
    met_ = met_ || !is_new;
    if (!is_new && plain(first->second) != plain(path))
      pass_over(path, "the same as " + first->second.string());
    return !is_new;
  }

  void folder(const fs::path& path) {
    if (is_known(path))
      return;
    std::error_code error;
    std::vector<fs::path> entries;
    for (fs::directory_iterator at(path, error); !error && at != fs::directory_iterator();
         at.increment(error))
      entries.push_back(at->path().lexically_normal());
    if (error)
      missing(path, unreadable(error));
    std::sort(entries.begin(), entries.end());
    for (const fs::path& entry : entries)
      below(entry);
  }

  void below(const fs::path& path) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (status.type() == fs::file_type::not_found)
      missing(path, fs::is_symlink(fs::symlink_status(path, error))
                        ? "a link to nowhere: " + fs::read_symlink(path, error).string()
                        : "it has disappeared");
    else if (!fs::exists(status))
      missing(path, unreadable(error));
    else if (fs::is_directory(status))
      folder(path);
    else if (is_known(path))
      return;
    else if (is_named_json(path))
      add(by_content(path));
    else if (fs::is_regular_file(status))
      pass_over(path, "its name does not end in .json or .jsonc");
    else
      pass_over(path, type_name(status.type()));
  }

  std::vector<FoundFile> found_;
  std::map<fs::path, fs::path> known_; // canonical: as it was met first
  bool met_ = false;                   // anything that is not passed over for what it is
};

} // namespace

std::vector<FoundFile> files_below(const std::vector<std::string>& paths) {
  Walk walk;
  for (const std::string& path : paths)
    walk.named(path);
  return walk.take();
}

std::vector<fs::path> configs_below(const std::vector<std::string>& paths) {
  std::vector<fs::path> configs;
  for (const FoundFile& file : files_below(paths)) {
    if (file.kind == Kind::missing)
      throw ConfigError(file.path.string(), 0, 0, "", file.reason);
    if (file.kind == Kind::config)
      configs.push_back(file.path);
  }
  return configs;
}

} // namespace interlock::checker
