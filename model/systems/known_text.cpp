// Known texts, from the files that are compiled in.
#include "systems/known_text.hpp"

#include "systems/known_text_files.hpp"

#include <algorithm>
#include <cctype>
#include <sstream>
#include <stdexcept>
#include <string_view>

namespace interlock::systems {

bool is_source_key(const std::string& text) {
  const auto is_name = [](std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
      return std::isalnum(c) != 0 || c == '_';
    });
  };
  const std::size_t colon = text.find(':');
  const std::size_t number = text.find('#');
  if (colon == std::string::npos || number == std::string::npos || number < colon)
    return false;
  const auto is_number = [](std::string_view digits) {
    return !digits.empty() && digits.find_first_not_of("0123456789") == std::string_view::npos;
  };
  const std::string_view view = text;
  const std::size_t point = std::min(text.find('.', number), text.size());
  return is_name(view.substr(0, colon)) && is_name(view.substr(colon + 1, number - colon - 1)) &&
         is_number(view.substr(number + 1, point - number - 1)) &&
         (point == text.size() || is_number(view.substr(point + 1)));
}

std::string statement_key(const std::string& key) {
  return key.substr(0, key.find('.', key.find('#')));
}

std::map<std::string, KnownText> read_known_texts(const std::string& text) {
  std::map<std::string, KnownText> texts;
  std::istringstream lines(text);
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (line.empty() || line.front() == '#')
      continue;
    std::istringstream words(line);
    std::string kind;
    std::string revision;
    words >> kind >> revision;
    KnownText& known = texts[revision];
    if (kind == "text") {
      std::string function;
      KnownFunction each;
      words >> each.file >> function >> each.line >> each.digest;
      known.functions[function] = each;
    } else if (kind == "instead") {
      std::string file;
      std::string text_revision;
      words >> file >> text_revision;
      known.instead[file] = text_revision;
    } else if (kind == "step" || kind == "key") {
      // A label may have blanks: the line, or the key, is the last word.
      const std::size_t begin = line.find(revision) + revision.size() + 1;
      const std::size_t end = line.rfind(' ');
      const std::string last = line.substr(end + 1);
      int at = 0;
      if (begin < end && kind == "key" && is_source_key(last))
        known.keys[line.substr(begin, end - begin)] = last;
      else if (begin < end && kind == "step" && std::istringstream(last) >> at)
        known.lines[line.substr(begin, end - begin)] = at;
      else
        words.setstate(std::ios::failbit);
    } else {
      words.setstate(std::ios::failbit);
    }
    if (!words)
      throw std::invalid_argument("line " + std::to_string(number) + " is no known text: " + line);
  }
  return texts;
}

const KnownText& known_text(const std::string& system, const std::string& revision) {
  static const std::map<std::string, std::map<std::string, KnownText>> all = [] {
    std::map<std::string, std::map<std::string, KnownText>> read;
    for (const KnownTextFile& file : known_text_files)
      read[file.system] = read_known_texts(file.text);
    return read;
  }();
  static const KnownText none;
  const auto texts = all.find(system);
  if (texts == all.end())
    return none;
  const auto known = texts->second.find(revision);
  return known == texts->second.end() ? none : known->second;
}

} // namespace interlock::systems
