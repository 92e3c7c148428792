// The page has the witness in it, as data alone, and needs nothing else.
#include "small_traces.hpp"
#include "witnesses/html.hpp"

#include <gtest/gtest.h>

#include <regex>

namespace interlock::tests {
namespace {

// What stands between the tags of the data.
std::string data_of(const std::string& page) {
  const std::string begin = "<script type=\"application/json\" id=\"witness\">";
  const std::size_t from = page.find(begin) + begin.size();
  return page.substr(from, page.find("</script>", from) - from);
}

TEST(Html, HasTheWholeWitness) {
  for (const SmallTrace& small : all_kinds()) {
    const witnesses::Witness witness = witness_of(small);
    const std::string data = data_of(witnesses::html(witness));
    EXPECT_EQ(witnesses::read(json::Source("page", data)), witness);
  }
}

TEST(Html, NothingInTheWitnessEndsItsData) {
  witnesses::Witness witness = witness_of(failing_check());
  witness.message = "</script><script>alert(1)</script><!--";
  const std::string data = data_of(witnesses::html(witness));
  EXPECT_EQ(data.find('<'), std::string::npos);
  EXPECT_EQ(witnesses::read(json::Source("page", data)).message, witness.message);
}

TEST(Html, BeginsWithTheReasonWhereThereIsOne) {
  const witnesses::Witness witness = witness_of(failing_check());
  EXPECT_EQ(witnesses::html(witness).find("<h2>Why</h2>"), std::string::npos);
  EXPECT_NE(witnesses::html(witness, "x & <b> is none\n")
                .find("<pre id=\"reason\">x &amp; &lt;b&gt; is none\n</pre>"),
            std::string::npos);
}

TEST(Html, LoadsNothing) {
  const std::string page = witnesses::html(witness_of(opposite_orders()));
  static const std::regex loads(R"((src|href)=["'](?!#)|@import|url\((?!#)|fetch\()");
  std::smatch match;
  EXPECT_FALSE(std::regex_search(page, match, loads)) << match.str();
}

// Neither C nor a reason can take the place of what stands behind them.
TEST(Html, HasTheCOfATreeAsDataAlone) {
  const witnesses::Witness witness = witness_of(failing_check());
  const std::string label = witness.steps.front().label;
  const std::string page = witnesses::html(witness, "@WITNESS@ @STATEMENTS@",
                                           {{label, {"a.c", 7, "x = \"</script>@WITNESS@\";"}}});
  EXPECT_EQ(witnesses::read(json::Source("page", data_of(page))), witness);
  EXPECT_NE(page.find(R"({"file":"a.c","line":7,"text":"x = \"\u003c/script>@WITNESS@\";"})"),
            std::string::npos)
      << page;
}

} // namespace
} // namespace interlock::tests
