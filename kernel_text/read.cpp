// Reading a file: tokens, conditionals, functions.
#include "kernel_text/read.hpp"

#include "kernel_text/source_error.hpp"

#include <fstream>
#include <sstream>

namespace interlock::kernel_text {

File read(const std::filesystem::path& path, const Macros& macros) {
  constexpr std::uintmax_t most = 8U << 20;
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error))
    throw SourceError(path.string(), 0, error ? error.message() : "is no regular file");
  if (std::filesystem::file_size(path, error) > most)
    throw SourceError(path.string(), 0, "is larger than 8 MiB");
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file || !text)
    throw SourceError(path.string(), 0, "cannot be read");
  return read_text(path.string(), text.str(), macros);
}

File read_text(const std::string& name, const std::string& text, const Macros& macros) {
  Tokens tokens = tokens_of(name, text);
  File file = parse(name, select(name, tokens, macros).tokens);
  file.tokens = std::move(tokens);
  return file;
}

} // namespace interlock::kernel_text
