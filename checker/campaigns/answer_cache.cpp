// One JSON file for each answer, with a checksum; see answer_cache.hpp.
#include "campaigns/answer_cache.hpp"

#include "config/canonical.hpp"
#include "config/config.hpp"
#include "files/files.hpp"

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <elf.h>
#include <link.h>
#include <system_error>
#include <vector>

namespace interlock::checker {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* format_name = "interlock-gate-answer";
constexpr int format_version = 1;
constexpr auto kept_unused = std::chrono::hours(24 * 30);

std::string dump(const Json& json) {
  constexpr int compact = -1;
  constexpr bool ensure_ascii = false;
  return json.dump(compact, ' ', ensure_ascii, Json::error_handler_t::replace);
}

// The answer in the text of a file, or why there is none.
std::optional<Json> read_entry(const std::string& text, const std::string& key, std::string& why) {
  constexpr bool with_exceptions = false;
  const Json entry = Json::parse(text, nullptr, with_exceptions);
  if (!entry.is_object() || entry.value("format", Json()) != format_name) {
    why = "is damaged";
    return std::nullopt;
  }
  if (entry.value("version", Json()) != format_version) {
    why = "is of another version";
    return std::nullopt;
  }
  const auto answer = entry.find("answer");
  if (answer == entry.end() || entry.value("key", Json()) != key ||
      entry.value("checksum", Json()) != hex_digest(dump(*answer))) {
    why = "is damaged";
    return std::nullopt;
  }
  return *answer;
}

// What the linker has made of all that an object of the process consists of; empty where it has
// left no such note.
std::string build_id_of(const dl_phdr_info& object) {
  constexpr std::size_t alignment = 4; // of the parts of a note
  const auto aligned = [](std::size_t size) { return (size + alignment - 1) & ~(alignment - 1); };
  for (std::size_t i = 0; i < object.dlpi_phnum; ++i) {
    const ElfW(Phdr)& part = object.dlpi_phdr[i];
    if (part.p_type != PT_NOTE || part.p_align > alignment)
      continue;
    std::uintptr_t at = object.dlpi_addr + part.p_vaddr;
    const std::uintptr_t end = at + part.p_memsz;
    while (at + sizeof(ElfW(Nhdr)) <= end) {
      ElfW(Nhdr) note;
      std::memcpy(&note, reinterpret_cast<const void*>(at), sizeof note);
      const std::uintptr_t name = at + sizeof note;
      const std::uintptr_t id = name + aligned(note.n_namesz);
      if (note.n_type == NT_GNU_BUILD_ID && id + note.n_descsz <= end)
        return std::string(reinterpret_cast<const char*>(id), note.n_descsz);
      at = id + aligned(note.n_descsz);
    }
  }
  return "";
}

// The program and its libraries.  One without a build id is read, which takes a while where it is
// large.
std::string digest_of_process() {
  struct Object {
    std::string build_id, file;
  };
  std::vector<Object> objects;
  const auto add = [](dl_phdr_info* object, std::size_t, void* list) {
    const std::string name = object->dlpi_name == nullptr ? "" : object->dlpi_name;
    if (name.empty() || name.starts_with("/")) // not what the kernel lends
      static_cast<std::vector<Object>*>(list)->push_back(
          {build_id_of(*object), name.empty() ? "/proc/self/exe" : name});
    return 0;
  };
  dl_iterate_phdr(add, &objects);
  std::string digests;
  for (const Object& object : objects)
    digests += hex_digest(object.build_id.empty() ? files::read(object.file) : object.build_id);
  return hex_digest(digests);
}

} // namespace

std::string program_digest() {
  static const std::string digest = digest_of_process();
  return digest;
}

std::string answer_text(const Config& config) {
  constexpr bool with_exceptions = true;
  constexpr bool with_comments = true;
  const Json document = Json::parse(config.source->text(), nullptr, with_exceptions, with_comments);
  return dump(
      {canonical_text(config), document.value("expect", Json()), document.value("about", Json())});
}

AnswerCache::AnswerCache(fs::path folder, Tell tell)
    : folder_(std::move(folder)), tell_(std::move(tell)) {}

fs::path AnswerCache::path_of(const std::string& key) const {
  return folder_ / key.substr(0, 2) / (key + ".json");
}

void AnswerCache::tell_once(const std::string& message) {
  if (!told_)
    tell_(message);
  told_ = true;
}

std::optional<Json> AnswerCache::find(const std::string& key) {
  const fs::path path = path_of(key);
  std::error_code error;
  if (!fs::exists(path, error))
    return std::nullopt;
  std::string why;
  try {
    if (std::optional<Json> answer = read_entry(files::read(path), key, why)) {
      fs::last_write_time(path, fs::file_time_type::clock::now(), error); // it is used
      return answer;
    }
  } catch (const std::system_error& unreadable) { // ios_base::failure is one
    why = std::string("cannot be read: ") + unreadable.what();
  }
  tell_(path.string() + " " + why + "; its config is checked again");
  return std::nullopt;
}

void AnswerCache::keep(const std::string& key, const Json& answer) {
  const Json entry{{"format", format_name},
                   {"version", format_version},
                   {"key", key},
                   {"checksum", hex_digest(dump(answer))},
                   {"answer", answer}};
  try {
    files::write(path_of(key), dump(entry) + "\n");
    anything_ = true;
  } catch (const std::system_error& error) { // the answer stands without it
    tell_once(std::string("answers are not kept: ") + error.what());
  }
}

void AnswerCache::forget_unused() {
  if (!anything_) // what is read alone does not make the folder grow
    return;
  const auto oldest = fs::file_time_type::clock::now() - kept_unused;
  std::error_code error; // another program may do the same
  std::vector<fs::path> unused;
  for (fs::recursive_directory_iterator each(folder_, error), end; !error && each != end;
       each.increment(error)) {
    std::error_code of_this;
    if (each->is_regular_file(of_this) && each->last_write_time(of_this) < oldest && !of_this &&
        each->path().extension() == ".json")
      unused.push_back(each->path());
  }
  for (const fs::path& path : unused)
    fs::remove(path, error);
}

fs::path default_cache_folder() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && *cache == '/') // by the specification a relative one counts for nothing
    return fs::path(cache) / "interlock" / "gate";
  const char* home = std::getenv("HOME");
  if (home != nullptr && *home == '/')
    return fs::path(home) / ".cache" / "interlock" / "gate";
  return {};
}

} // namespace interlock::checker
