// Atomic replacement of files, by rename(2); documents; the width of the terminal.
#include "cli/output.hpp"

#include "config/config.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace interlock::checker::cli {

namespace {

// A file that disappears unless it is kept.
class TemporaryFile {
public:
  explicit TemporaryFile(const std::filesystem::path& beside)
      : target_(beside.string()), name_(target_ + ".XXXXXX"), descriptor_(mkstemp(name_.data())) {
    if (descriptor_ < 0)
      fail("cannot write");
  }
  ~TemporaryFile() {
    if (descriptor_ >= 0)
      close(descriptor_);
    if (!kept_)
      unlink(name_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  void write_all(const std::string& text) {
    for (std::size_t done = 0; done < text.size();) {
      const ssize_t count = write(descriptor_, text.data() + done, text.size() - done);
      if (count < 0 && errno == EINTR)
        continue;
      if (count < 0)
        fail("cannot write");
      done += static_cast<std::size_t>(count);
    }
  }

  void keep() {
    const mode_t mask = umask(0); // mkstemp's 0600 is for secrets; this is an ordinary file
    umask(mask);
    if (fchmod(descriptor_, 0666 & ~mask) != 0 || close(std::exchange(descriptor_, -1)) != 0)
      fail("cannot write");
    if (rename(name_.c_str(), target_.c_str()) != 0)
      fail("cannot replace");
    kept_ = true;
  }

private:
  [[noreturn]] void fail(const std::string& what) const {
    throw std::system_error(errno, std::generic_category(), what + " " + target_);
  }

  std::string target_;
  std::string name_;
  int descriptor_;
  bool kept_ = false;
};

} // namespace

void write_file(const std::filesystem::path& path, const std::string& text) {
  if (path.has_parent_path())
    std::filesystem::create_directories(path.parent_path());
  TemporaryFile file(path);
  file.write_all(text);
  file.keep();
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf()))
    throw std::system_error(errno, std::generic_category(), "cannot read " + path.string());
  return text.str();
}

void refuse(const std::string& where, const std::string& message) {
  throw ConfigError(where, 0, 0, "", message);
}

void add_format(CLI::App& command, std::string& format, const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words)
    text += (text.empty() ? "" : word == words.back() ? " or " : ", ") + word;
  command.add_option("--format", format, text)
      ->type_name("FORMAT")
      ->check(CLI::IsMember(words))
      ->capture_default_str();
}

void put_document(const std::string& format, const nlohmann::ordered_json& content) {
  using Json = nlohmann::ordered_json;
  Json document;
  document["format"] = format;
  document["version"] = 1;
  document["tool"] = {{"name", "interlock"}, {"version", INTERLOCK_VERSION}};
  document.update(content);
  std::cout << document.dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
}

nlohmann::ordered_json exit_json(ExitCode code) {
  return {{"code", static_cast<int>(code)}, {"text", text_of(code)}};
}

std::size_t output_width() {
  constexpr std::size_t narrowest = 100;
  constexpr std::size_t otherwise = 160;
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    return otherwise;
  return std::max<std::size_t>(narrowest, size.ws_col);
}

} // namespace interlock::checker::cli
