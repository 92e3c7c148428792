// The schema of names is made from the systems' tables, and the file is what is made.
#include "campaigns/systems_schema.hpp"

#include "systems/call_table.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>

namespace interlock::tests {
namespace {

TEST(SystemsSchema, IsTheFileBesideThatOfConfigs) {
  const std::ifstream file(INTERLOCK_SOURCE_DIR "/schemas/config-1.systems.schema.json");
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_TRUE(text.str() == checker::systems_schema())
      << "it is stale: run ./dev run list schema > schemas/config-1.systems.schema.json";
}

// The patterns of the calls of a system.
std::vector<std::string> patterns_of(const std::string& system) {
  std::vector<std::string> patterns;
  const nlohmann::json schema = nlohmann::json::parse(checker::systems_schema());
  for (const nlohmann::json& rule : schema["allOf"])
    if (rule["if"]["properties"]["system"]["const"] == system &&
        rule["then"]["properties"].contains("scenario"))
      for (const nlohmann::json& form : rule["then"]["properties"]["scenario"]["properties"]
                                            ["threads"]["additionalProperties"]["items"]["anyOf"])
        patterns.push_back(form["pattern"]);
  return patterns;
}

bool takes(const std::string& system, const std::string& call) {
  const std::vector<std::string> patterns = patterns_of(system);
  return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
    return std::regex_search(call, std::regex(pattern, std::regex::ECMAScript));
  });
}

TEST(SystemsSchema, TakesTheCallsOfTheSystem) {
  for (const char* call :
       {"exit", "exit 1", "fork child", "vfork child-2", "wait4", " kevent  wait ",
        "kevent wait 3 poll on kq", "kevent wait timeout", "kevent loop 2",
        "kevent delete proc p on kq", "kevent add proc p exit", "close kq",
        "kevent modify proc p exit,fork,track oneshot udata one on kq"})
    EXPECT_TRUE(takes("netbsd", call)) << call;
  EXPECT_TRUE(takes("freebsd", "ptrace attach p"));
}

TEST(SystemsSchema, TakesNoOthers) {
  for (const char* call :
       {"exit now", "exit 1 2", "exit1", "fork", "fork a b", "kevent", "kevent wait soon",
        "kevent loop poll", "kevent delete proc p exit", "kevent add proc p", "sigsuspend",
        "kevent add proc p exit udata", "kevent add proc p exit,", "ptrace attach p"})
    EXPECT_FALSE(takes("netbsd", call)) << call;
}

} // namespace
} // namespace interlock::tests
