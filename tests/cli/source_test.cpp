// interlock source, from outside.
#include "program.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace interlock::tests {
namespace {

constexpr const char* c_file = "void\nfork1(void)\n{\n\tmutex_enter(&proc_lock);\n"
                               "#ifdef DIAGNOSTIC\n\tmutex_exit(&proc_lock);\n#endif\n}\n";

TEST(Source, OutlinesAFunctionWithItsLines) {
  const Workplace place;
  place.write("a.c", c_file);
  const Finished run = place.run({"source", "outline", "--system", "netbsd", "a.c"});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_EQ(run.out, "a.c:2: fork1()\n     4  mutex_enter(&proc_lock)  [takes]\n");
}

TEST(Source, ADefinedMacroBringsItsLines) {
  const Workplace place;
  place.write("a.c", c_file);
  const Finished run = place.run({"source", "outline", "--system", "netbsd", "--define",
                                  "DIAGNOSTIC", "--format", "json", "a.c"});
  const auto json = nlohmann::json::parse(run.out);
  EXPECT_EQ(json["functions"][0]["outline"].size(), 2U);
  EXPECT_EQ(json["functions"][0]["outline"][1]["does"][0], "gives");
}

TEST(Source, WhatCannotBeReadIsSaidAndTheRestIsDone) {
  const Workplace place;
  place.write("a.c", c_file);
  place.write("b.c", "int f(void) { if }\n");
  const Finished run = place.run({"source", "outline", "--system", "netbsd", "missing.c", "b.c",
                                  "a.c", "--function", "fork1", "--function", "forc1"});
  EXPECT_EQ(run.code, 151);
  EXPECT_NE(run.out.find("fork1()"), std::string::npos);
  for (const char* part : {"missing.c: ", "b.c:1: expected \"(\"", "did you mean fork1?"})
    EXPECT_NE(run.err.find(part), std::string::npos) << part << "\n" << run.err;
}

} // namespace
} // namespace interlock::tests
