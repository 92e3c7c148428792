// What is said of a search that did not come to an end.
#include "verdict/cuts.hpp"

#include <gtest/gtest.h>

namespace interlock::checker {
namespace {

std::string cuts_of(const std::string& threads, const std::string& environment = "") {
  return what_to_cut(parse_config(
      "c.json", R"({"system": "netbsd", "revision": "kern_event-1.129", "environment": [)" +
                    environment + R"(], "scenario": {"threads": {)" + threads + "}}}"));
}

TEST(WhatToCut, NamesTheThreadsTheLongestAndTheChoices) {
  EXPECT_EQ(cuts_of(R"("p": ["fork a", "wait4"], "a": ["exit"], "w": ["kevent wait"])",
                    R"("signals", "allocation-fails")"),
            "to come to an end, leave out: of \"environment\" signals or allocation-fails; or a "
            "thread of p, a, w; or one of the 2 calls of p\n");
}

TEST(WhatToCut, IsSilentOfWhatIsAsSmallAsItGets) {
  EXPECT_EQ(cuts_of(R"("p": ["exit"], "w": ["kevent add proc p exit"], "idle": [])"), "");
}

} // namespace
} // namespace interlock::checker
