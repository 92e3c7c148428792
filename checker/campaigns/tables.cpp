// Reading a corpus, and the blocks of a document; the tables themselves are in tables_corpus.cpp
// and tables_systems.cpp.
#include "campaigns/tables.hpp"

#include "campaigns/gate.hpp"
#include "campaigns/table_makers.hpp"
#include "text/nearest.hpp"

#include <algorithm>
#include <sstream>

namespace interlock::checker {

namespace {

namespace fs = std::filesystem;

struct Maker {
  const char* name;
  std::string (*make)(const Corpus& corpus);
};

constexpr Maker makers[] = {
    {"bugs", tables::bugs},
    {"patched", tables::patched},
    {"holds", tables::holds},
    {"revisions", tables::revisions},
    {"calls", tables::calls},
    {"properties", tables::properties},
    {"environment", tables::environment},
    {"bounds", tables::bounds},
    {"lock-orders", tables::lock_orders},
    {"locks", tables::locks},
    {"objects", tables::objects},
    {"functions", tables::functions},
};

void require_siblings(const Corpus& corpus) {
  for (const Corpus::Entry& entry : corpus.entries) {
    const fs::path folder = fs::path(entry.link).parent_path();
    std::vector<std::string> holding;
    for (const Corpus::Entry& other : corpus.entries)
      if (fs::path(other.link).parent_path() == folder && other.config.expect &&
          other.config.expect->outcome == Expectation::Outcome::holds)
        holding.push_back(other.name);
    for (const systems::Text& sibling : entry.config.about.siblings)
      if (std::find(holding.begin(), holding.end(), sibling.text) == holding.end())
        throw entry.config.source->error(entry.config.source->at(sibling.pointer),
                                         "there is no config \"" + sibling.text +
                                             "\" beside this one that is expected to hold" +
                                             text::nearest_hint(sibling.text, holding));
  }
}

} // namespace

Corpus read_corpus(const fs::path& root) {
  Corpus corpus;
  for (const fs::path& path : configs_below({(root / "configs").string()})) {
    Config config = read_config(path);
    systems::BuiltSpec built = build_spec(config);
    const std::string name = path.stem().string();
    const bool recorded = fs::exists(root / "witnesses" / "recorded" / (name + ".witness.json"));
    corpus.entries.push_back({std::move(config), std::move(built), name,
                              path.lexically_relative(root).generic_string(), recorded});
  }
  require_siblings(corpus);
  return corpus;
}

std::vector<std::string> table_names() {
  std::vector<std::string> names;
  for (const Maker& maker : makers)
    names.emplace_back(maker.name);
  return names;
}

std::string table(const std::string& name, const Corpus& corpus) {
  const auto* const found = std::find_if(std::begin(makers), std::end(makers),
                                         [&](const Maker& maker) { return maker.name == name; });
  return found->make(corpus);
}

std::string with_tables(const std::string& name, const std::string& document,
                        const Corpus& corpus) {
  static const std::string begin = "<!-- generated: ";
  static const std::string close = " -->";
  static const std::string end = "<!-- end -->";
  const std::vector<std::string> names = table_names();
  std::string result;
  std::istringstream lines(document);
  std::string line;
  std::size_t number = 0;
  std::size_t open = 0; // the line of a block that has not ended; 0: none
  while (std::getline(lines, line)) {
    ++number;
    if (line == end)
      open = 0;
    if (open == 0)
      result += line + (lines.eof() ? "" : "\n");
    if (!line.starts_with(begin) || !line.ends_with(close))
      continue;
    if (open != 0)
      break;
    open = number;
    const std::string which = line.substr(begin.size(), line.size() - begin.size() - close.size());
    if (std::find(names.begin(), names.end(), which) == names.end())
      throw ConfigError(name, number, 1, "",
                        "there is no table " + which + text::nearest_hint(which, names));
    result += table(which, corpus);
  }
  if (open != 0)
    throw ConfigError(name, open, 1, "", "the generated block has no line " + end);
  return result;
}

} // namespace interlock::checker
