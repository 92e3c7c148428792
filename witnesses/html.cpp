// The data of the page is the witness file's own text, and the C beside it.
#include "witnesses/html.hpp"

#include "text/markup.hpp"
#include "witnesses/html_page.hpp"

#include <nlohmann/json.hpp>
#include <string_view>

namespace interlock::witnesses {

namespace {

// In a script element nothing but "<" can end the data, and in JSON it stands in strings alone.
std::string in_script(const std::string& json) {
  std::string data;
  for (const char c : json)
    data += c == '<' ? std::string("\\u003c") : std::string(1, c);
  return data;
}

std::string statements_json(const Statements& statements) {
  nlohmann::json json = nlohmann::json::object();
  for (const auto& [label, statement] : statements)
    json[label] = {{"file", statement.file}, {"line", statement.line}, {"text", statement.text}};
  constexpr int compact = -1;
  constexpr bool ensure_ascii = false;
  return json.dump(compact, ' ', ensure_ascii, nlohmann::json::error_handler_t::replace);
}

} // namespace

std::string html(const Witness& witness, const std::string& reason, const Statements& statements) {
  const std::pair<const char*, std::string> places[] = {
      {reason_place,
       reason.empty() ? ""
                      : "<h2>Why</h2>\n<pre id=\"reason\">" + text::in_markup(reason) + "</pre>"},
      {data_place, in_script(write(witness))},
      {statements_place, in_script(statements_json(statements))},
  };
  // In the page's order, so that what was put in is not looked at again.
  std::string_view rest = html_page;
  std::string page;
  for (const auto& [place, text] : places) {
    const std::size_t at = rest.find(place);
    page.append(rest.substr(0, at)) += text;
    rest.remove_prefix(at + std::string_view(place).size());
  }
  return page.append(rest);
}

} // namespace interlock::witnesses
