// Lines of text; see wrap.hpp.
#include "text/wrap.hpp"

#include <algorithm>
#include <sstream>

namespace interlock::text {

namespace {

// Whether a byte continues a character of UTF-8.
bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

// The last byte of a line that is broken there.
std::size_t break_of(const std::string& text, std::size_t width) {
  const std::size_t space = text.find_last_of(' ', width);
  if (space != std::string::npos && space >= width / 3)
    return space;
  const std::size_t cut = text.find_last_of("._|,", width - 1);
  if (cut != std::string::npos && cut >= width / 2)
    return cut;
  std::size_t end = width;
  while (end > 1 && continues(text[end]))
    --end;
  return end - 1;
}

} // namespace

std::vector<std::string> wrapped(const std::string& text, std::size_t width, std::size_t indent) {
  std::vector<std::string> lines;
  std::string rest = text;
  const std::size_t room = std::max<std::size_t>(width, 1);
  const std::size_t hanging = indent < room / 2 ? indent : 0; // or no line would have room
  while (rest.size() > room) {
    const std::size_t cut = break_of(rest, room);
    if (rest.find_first_not_of(' ') > cut) { // nothing but the indent
      lines.push_back(rest.substr(0, room));
      rest = std::string(hanging, ' ') + rest.substr(room);
      continue;
    }
    lines.push_back(rest.substr(0, cut + 1));
    if (lines.back().back() == ' ')
      lines.back().pop_back();
    rest = std::string(hanging, ' ') + rest.substr(cut + 1);
  }
  lines.push_back(rest);
  return lines;
}

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  std::istringstream stream(text);
  for (std::string word; stream >> word;)
    words.push_back(word);
  return words;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);)
    lines.push_back(line);
  return lines;
}

} // namespace interlock::text
