// Everything below a path is accounted for: as a config, a witness, passed over or missing.
#include "campaigns/files.hpp"
#include "support/temporary_folder.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <sys/stat.h>

namespace interlock::tests {
namespace {

namespace fs = std::filesystem;
using checker::files_below;
using checker::FoundFile;
using Kind = FoundFile::Kind;

class Files : public testing::Test {
protected:
  void write(const std::string& name, const std::string& text) const {
    const fs::path path = folder_.path() / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }
  void link(const std::string& name, const std::string& target) const {
    fs::create_symlink(target, folder_.path() / name);
  }
  std::string at(const std::string& name) const { return (folder_.path() / name).string(); }

  // "NAME: config", "NAME: passed over, REASON", ... with names below the folder.
  std::vector<std::string> below(const std::vector<std::string>& names) const {
    std::vector<std::string> paths;
    for (const std::string& name : names)
      paths.push_back(at(name));
    static const char* const kinds[] = {"config", "witness", "passed over", "missing"};
    std::vector<std::string> lines;
    for (const FoundFile& file : files_below(paths))
      lines.push_back(file.path.lexically_relative(folder_.path()).string() + ": " +
                      kinds[static_cast<std::size_t>(file.kind)]);
    return lines;
  }
  std::string reason(const std::string& name) const {
    for (const FoundFile& file : files_below({folder_.path().string()}))
      if (file.path == at(name))
        return file.reason;
    return "not found";
  }

  TemporaryFolder folder_;
};

using Lines = std::vector<std::string>;

TEST_F(Files, EveryJsonIsAConfigHoweverWrong) {
  for (const char* name : {"array.json", "broken.json", "capitals.JSON", "comments.jsonc",
                           "empty.json", "empty_object.json", "misspelt.json", "text.json"})
    write(name, "");
  write("array.json", "[1]");
  write("broken.json", "{");
  write("empty_object.json", "{}");
  write("misspelt.json", R"({"sytem": "netbsd", "scenrio": {}})");
  write("text.json", "\"system\"");
  EXPECT_EQ(below({"."}),
            (Lines{"array.json: config", "broken.json: config", "capitals.JSON: config",
                   "comments.jsonc: config", "empty.json: config", "empty_object.json: config",
                   "misspelt.json: config", "text.json: config"}));
}

TEST_F(Files, TheContentSaysWhatIsNoConfigAndTheNameDoesNot) {
  write("a.json", R"({"format": "interlock-witness"})");
  write("b.json", R"({"vars": [], "states": []})");
  write("c.json", R"({"$schema": "http://json-schema.org/draft-07/schema#", "type": "object"})");
  write("d.json", R"({"format": "interlock-check", "results": []})");
  write("e.json", R"({"$schema": "http://json-schema.org/draft-07/schema#", "system": "netbsd"})");
  write("f.itf.json", R"({"system": "netbsd"})");
  write("g.witness.json", R"({"system": "netbsd"})");
  EXPECT_EQ(below({"."}), (Lines{"a.json: witness", "b.json: passed over", "c.json: passed over",
                                 "d.json: passed over", "e.json: config", "f.itf.json: config",
                                 "g.witness.json: config"}));
}

TEST_F(Files, AFileOfAnotherNameIsPassedOverUnlessItIsNamed) {
  write("c.json", "{}");
  write("notes.md", "{}");
  EXPECT_EQ(below({"."}), (Lines{"c.json: config", "notes.md: passed over"}));
  EXPECT_EQ(below({"notes.md"}), Lines{"notes.md: config"});
}

TEST_F(Files, LinksAreFollowedAndASecondWayIsPassedOver) {
  write("a/c.json", "{}");
  write("b/d.json", "{}");
  link("a/self", ".");
  link("a/up", "..");
  link("b/other.json", "../a/c.json");
  const Lines found = below({"a"});
  EXPECT_EQ(found, (Lines{"a/c.json: config", "a/self: passed over", "a/up/a: passed over",
                          "a/up/b/d.json: config", "a/up/b/other.json: passed over"}));
  EXPECT_EQ(below({"b", "b", "b/d.json"}), (Lines{"b/d.json: config", "b/other.json: config"}));
}

TEST_F(Files, ALinkToNowhereOrToItselfIsMissing) {
  write("c.json", "{}");
  link("folder", "nowhere");
  link("loop", "loop");
  EXPECT_EQ(below({"."}), (Lines{"c.json: config", "folder: missing", "loop: missing"}));
  EXPECT_EQ(reason("folder"), "a link to nowhere: nowhere");
}

TEST_F(Files, WhatIsNoRegularFileIsNotOpened) { // opening a FIFO would wait for a writer for ever
  write("c.json", "{}");
  ASSERT_EQ(mkfifo(at("pipe").c_str(), 0600), 0);
  ASSERT_EQ(mkfifo(at("pipe.json").c_str(), 0600), 0);
  EXPECT_EQ(below({"."}), (Lines{"c.json: config", "pipe: passed over", "pipe.json: config"}));
  EXPECT_EQ(reason("pipe"), "a FIFO");
}

TEST_F(Files, APathWithNothingToCheckIsMissing) {
  write("empty/notes.md", "");
  write("full/c.json", "{}");
  EXPECT_EQ(below({"empty", "full", "nowhere"}),
            (Lines{"empty/notes.md: passed over", "empty: missing", "full/c.json: config",
                   "nowhere: missing"}));
  EXPECT_EQ(below({"full/c.json", "full"}), Lines{"full/c.json: config"});
}

} // namespace
} // namespace interlock::tests
