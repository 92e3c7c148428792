// The generated tables of the documents: made from the systems' descriptions and from a corpus of
// configs, so that neither is written down twice.
#pragma once

#include "config/config.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace interlock::checker {

// The configs below ROOT/configs in the order of their paths, and where their files are.
struct Corpus {
  struct Entry {
    Config config;
    systems::BuiltSpec built;
    std::string name;      // the file's name without its extension
    std::string link;      // the file, from the root: "configs/netbsd/NAME.json"
    bool recorded = false; // ROOT/witnesses/recorded has NAME.witness.json
  };
  std::vector<Entry> entries;
};

// Throws ConfigError, where a config is wrong, or names a sibling that is not beside it or is not
// expected to hold.
Corpus read_corpus(const std::filesystem::path& root);

// "bugs", "holds", "revisions", ...
std::vector<std::string> table_names();

// A table in Markdown, ending in a newline.  The name is one of table_names().
std::string table(const std::string& name, const Corpus& corpus);

// The document with each block between `<!-- generated: NAME -->` and `<!-- end -->`, lines of
// their own, replaced by the table of that name.  Throws ConfigError, with `name` and the line, for
// a name that is no table's and for a block without an end.
std::string with_tables(const std::string& name, const std::string& document, const Corpus& corpus);

} // namespace interlock::checker
