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
  std::filesystem::path root;
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

// A table in Markdown, ending in a newline, as it is in a document of the folder: links to the
// corpus' files are relative to that.  `which` is one of table_names(), or a name and a system,
// "locks netbsd", for the rows of that system alone.  Throws std::invalid_argument for another.
std::string table(const std::string& which, const Corpus& corpus,
                  const std::filesystem::path& folder);

// The document with each block between `<!-- generated: WHICH -->` and `<!-- end -->`, lines of
// their own, replaced by that table.  `path` is the document's.  Throws ConfigError, with the path
// and the line, for what is no table and for a block without an end.
std::string with_tables(const std::filesystem::path& path, const std::string& document,
                        const Corpus& corpus);

} // namespace interlock::checker
