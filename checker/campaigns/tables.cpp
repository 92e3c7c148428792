// Reading a corpus, and the blocks of a document; the tables themselves are in tables_corpus.cpp
// and tables_systems.cpp.
#include "campaigns/tables.hpp"

#include "campaigns/files.hpp"
#include "campaigns/table_makers.hpp"
#include "text/nearest.hpp"
#include "text/printable.hpp"

#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace interlock::checker {

namespace {

namespace fs = std::filesystem;

struct Maker {
  const char* name;
  std::string (*make)(const tables::Request& request);
};

constexpr Maker makers[] = {
    {"bugs", tables::bugs},           {"patched", tables::patched},
    {"holds", tables::holds},         {"revisions", tables::revisions},
    {"calls", tables::calls},         {"properties", tables::properties},
    {"rules", tables::rules},         {"environment", tables::environment},
    {"bounds", tables::bounds},       {"lock-orders", tables::lock_orders},
    {"locks", tables::locks},         {"objects", tables::objects},
    {"functions", tables::functions}, {"constants", tables::constants},
    {"ledger", tables::ledger},       {"passed-over", tables::passed_over},
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
  corpus.root = root;
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

std::string table(const std::string& which, const Corpus& corpus, const fs::path& folder) {
  const std::size_t space = which.find(' ');
  const std::string name = which.substr(0, space);
  const auto* const maker = std::find_if(std::begin(makers), std::end(makers),
                                         [&](const Maker& other) { return other.name == name; });
  if (maker == std::end(makers))
    throw std::invalid_argument("there is no table " + name +
                                text::nearest_hint(name, table_names()));
  const std::string wanted = space == std::string::npos ? "" : which.substr(space + 1);
  tables::Request request{corpus, {}, folder};
  std::vector<std::string> known;
  for (const systems::SystemDescription& system : systems::systems()) {
    known.push_back(system.name);
    if (space == std::string::npos || system.name == wanted)
      request.systems.push_back(&system);
  }
  if (request.systems.empty())
    throw std::invalid_argument("there is no system " + wanted + text::nearest_hint(wanted, known));
  return text::printable(maker->make(request)); // comments and titles are in it
}

std::string with_tables(const fs::path& path, const std::string& document, const Corpus& corpus) {
  static const std::string begin = "<!-- generated: ";
  static const std::string close = " -->";
  static const std::string end = "<!-- end -->";
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
    try {
      result += table(which, corpus, path.parent_path());
    } catch (const std::invalid_argument& wrong) {
      throw ConfigError(path.string(), number, 1, "", wrong.what());
    }
  }
  if (open != 0)
    throw ConfigError(path.string(), open, 1, "", "the generated block has no line " + end);
  return result;
}

} // namespace interlock::checker
