// The data of the page is the witness file's own text.
#include "witnesses/html.hpp"

#include "witnesses/html_page.hpp"

namespace interlock::witnesses {

std::string html(const Witness& witness) {
  // In a script element nothing but "<" can end the data, and in JSON it stands in strings alone.
  std::string data;
  for (const char c : write(witness))
    data += c == '<' ? std::string("\\u003c") : std::string(1, c);
  std::string page = html_page;
  const std::string place = data_place;
  page.replace(page.find(place), place.size(), data);
  return page;
}

} // namespace interlock::witnesses
