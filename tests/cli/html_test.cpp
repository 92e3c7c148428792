// interlock show --html: the page that is written, driven in a browser where there is one.
#include "program.hpp"
#include "support/shell.hpp"

#include <gtest/gtest.h>

namespace interlock::tests {
namespace {

// The deadlock of two threads as a page, which runs `script` when it has been loaded.
void write_page(const Workplace& place, const std::string& script = "") {
  place.write("c.json", deadlock_config());
  ASSERT_EQ(place.run({"check", "--no-replay", "c.json"}).code, 11);
  const Finished show = place.run({"show", "interlock-out/c.witness.json", "--html", "page.html"});
  ASSERT_EQ(show.code, 0) << show.err;
  EXPECT_NE(show.out.find("html: page.html\n"), std::string::npos) << show.out;
  std::string page = place.read("page.html");
  page.insert(page.rfind("</body>"), "<script>" + script + "</script>");
  place.write("driven.html", page);
}

// What the browser says on its standard output; `what` is what it does with the page.
std::string run_browser(const Workplace& place, const std::string& what,
                        const std::string& link = "") {
  const std::string folder = place.path("browser").string();
  return shell("chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage "
               "--user-data-dir=" +
               folder + " --virtual-time-budget=2000 " + what + " 'file://" +
               place.path("driven.html").string() + link + "' 2>/dev/null")
      .out;
}

// The document as it is in the end.
std::string in_browser(const Workplace& place, const std::string& link = "") {
  return run_browser(place, "--dump-dom", link);
}

void expect_has(const std::string& page, const std::string& text) {
  EXPECT_NE(page.find(text), std::string::npos) << text;
}

TEST(ShowHtml, WritesAPage) {
  const Workplace place;
  write_page(place);
  EXPECT_TRUE(place.read("page.html").starts_with("<!DOCTYPE html>"));
}

TEST(Html, TellsTheStoryAndHowTheThreadsStand) {
  const Workplace place;
  write_page(place);
  const std::string page = in_browser(place);
  expect_has(page, "<h1 id=\"title\">c.json violates no-deadlock</h1>");
  expect_has(page, "p waits for proc_lock, held by w at");
  expect_has(page, "class=\"bar\"");
}

TEST(Html, ALinkLeadsToAStep) {
  const Workplace place;
  write_page(place);
  expect_has(in_browser(place, "#step-3"), "<span id=\"position\">step 3 of ");
}

TEST(Html, KeysAndTheSliderGoFromStepToStep) {
  const Workplace place;
  write_page(place,
             "const press = key => document.dispatchEvent(new KeyboardEvent('keydown', {key}));"
             "press('Home'); press('j'); press('ArrowRight'); press('k');");
  expect_has(in_browser(place), "<span id=\"position\">step 2 of ");
  write_page(place, "byId('slider').value = 5; byId('slider').dispatchEvent(new Event('input'));");
  expect_has(in_browser(place), "<span id=\"position\">step 5 of ");
}

TEST(Html, TheFilterLeavesTheStepsOfAnObject) {
  const Workplace place;
  write_page(
      place,
      "byId('filter').value = 'proc_lock'; byId('filter').dispatchEvent(new Event('change'));"
      "const kept = rows.filter(line => !line.element.classList.contains('faint'));"
      "document.title = kept.every(line => line.objects.has('proc_lock')) && kept.length > 0 "
      "&& kept.length < rows.length ? 'filtered' : 'not filtered';");
  expect_has(in_browser(place), "<title>filtered</title>");
}

TEST(Html, LightBecomesDark) {
  const Workplace place;
  write_page(place, "byId('theme').click(); byId('theme').click();");
  expect_has(in_browser(place), "data-theme=");
}

// On paper the labels of the lanes are told in full, in a table, dark screen or not.
TEST(Html, PrintsTheReasonAndEveryStep) {
  const Workplace place;
  write_page(place, "document.documentElement.dataset.theme = 'dark';");
  run_browser(place, "--no-pdf-header-footer --print-to-pdf=" + place.path("page.pdf").string());
  const std::string text =
      shell("pdftotext -layout '" + place.path("page.pdf").string() + "' -").out;
  expect_has(text, "p waits for proc_lock, held by w");
  expect_has(text, "changes");
  const std::string steps = in_browser(place);
  const std::string mark = "<span id=\"position\">step ";
  const std::string last = steps.substr(steps.find(mark) + mark.size());
  EXPECT_NE(text.find("\n" + last.substr(0, last.find(' ')) + " "), std::string::npos) << text;
  EXPECT_EQ(text.find("light or dark"), std::string::npos) << "a button is no use on paper";
}

TEST(Html, OnPaperADarkPageIsLight) {
  const Workplace place;
  write_page(place, "document.documentElement.dataset.theme = 'dark';"
                    "for (const rule of document.styleSheets[0].cssRules)"
                    "  if (rule.media && rule.media.mediaText === 'print')"
                    "    rule.media.mediaText = 'screen';"
                    "const style = name => getComputedStyle(byId(name));"
                    "document.title = [getComputedStyle(document.body).backgroundColor,"
                    "  style('controls').display, style('detail').display,"
                    "  style('printed').display].join(' ');");
  expect_has(in_browser(place), "<title>rgb(255, 255, 255) none none table</title>");
}

} // namespace
} // namespace interlock::tests
