// interlock init, from outside.
#include "program.hpp"

#include <gtest/gtest.h>

namespace interlock::tests {
namespace {

TEST(Init, WritesAConfigThatCanBeChecked) {
  const Workplace place;
  for (const char* system : {"dragonfly", "freebsd", "netbsd"}) {
    const Finished init = place.run({"init", system});
    EXPECT_EQ(init.code, 0) << init.err;
    const std::string config = std::string(system) + ".json";
    EXPECT_NE(init.out.find("next: interlock check " + config + "\n"), std::string::npos);
    const Finished check = place.run({"check", "--no-replay", config});
    EXPECT_TRUE(check.code == 0 || check.code == 12) << check.out << check.err;
  }
}

TEST(Init, TakesTheRevisionAndTheFileThatAreNamed) {
  const Workplace place;
  EXPECT_EQ(place
                .run({"init", "netbsd", "--revision", "kern_event-1.128", "fork child", "exit 1",
                      "kevent add proc parent exit,track", "kevent loop", "--output", "a/b.json"})
                .code,
            0);
  const Finished check = place.run({"check", "--no-replay", "--quiet", "a/b.json"});
  EXPECT_EQ(check.code, 12) << "the bug of that revision: " << check.out << check.err;
  EXPECT_FALSE(place.has("netbsd.json"));
}

TEST(Init, WritesToStandardOutput) {
  const Workplace place;
  const Finished init = place.run({"init", "netbsd", "--output", "-"});
  EXPECT_TRUE(place.files().empty());
  place.write("c.json", init.out);
  EXPECT_EQ(place.run({"list", "labels", "c.json"}).code, 0);
}

TEST(Init, LeavesAFileThatIsThereAsItIs) {
  const Workplace place;
  place.write("netbsd.json", "mine");
  const Finished init = place.run({"init", "netbsd"});
  EXPECT_EQ(init.code, 151);
  EXPECT_EQ(init.err, "interlock: init: netbsd.json is there already, and stays as it is; name "
                      "another file with --output\n");
  EXPECT_EQ(place.read("netbsd.json"), "mine");
}

TEST(Init, NamesTheSchemaOfTheTreeThatTheFileIsIn) {
  const Workplace place;
  place.write("schemas/config-1.schema.json", "{}");
  EXPECT_EQ(place.run({"init", "netbsd", "--output", "configs/mine/new.json"}).code, 0);
  EXPECT_NE(place.read("configs/mine/new.json")
                .find("\"$schema\": \"../../schemas/config-1.schema.json\""),
            std::string::npos);
}

TEST(Init, SaysAllThatIsWrongAndWritesNothing) {
  const Workplace place;
  const Finished init = place.run({"init", "netbsd", "frok child", "exit 300"});
  EXPECT_EQ(init.code, 151);
  EXPECT_NE(init.err.find("interlock: init: \"frok child\": 'frok' is no"), std::string::npos);
  EXPECT_NE(init.err.find("\ninterlock: init: \"exit 300\": '300' is no exit status from 0 to 255"),
            std::string::npos)
      << init.err;
  EXPECT_TRUE(place.files().empty());
}

} // namespace
} // namespace interlock::tests
