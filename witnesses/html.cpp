// The data of the page is the witness file's own text.
#include "witnesses/html.hpp"

#include "text/markup.hpp"
#include "witnesses/html_page.hpp"

namespace interlock::witnesses {

namespace {

void put(std::string& page, const std::string& place, const std::string& text) {
  page.replace(page.find(place), place.size(), text);
}

} // namespace

std::string html(const Witness& witness, const std::string& reason) {
  // In a script element nothing but "<" can end the data, and in JSON it stands in strings alone.
  std::string data;
  for (const char c : write(witness))
    data += c == '<' ? std::string("\\u003c") : std::string(1, c);
  std::string page = html_page;
  put(page, reason_place,
      reason.empty() ? ""
                     : "<h2>Why</h2>\n<pre id=\"reason\">" + text::in_markup(reason) + "</pre>");
  put(page, data_place, data);
  return page;
}

} // namespace interlock::witnesses
