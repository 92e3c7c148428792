// Lines and JSON; see story_text.hpp.
#include "story/story_text.hpp"

#include "story/parts.hpp"
#include "text/printable.hpp"
#include "text/wrap.hpp"

#include <algorithm>

namespace interlock::checker {

namespace {

using Lines = std::vector<std::string>;
using text::Style;

// "filt_proc (kern_event.c:680)", with what is known.
std::string place_of(const Moment& moment) {
  const witnesses::Source& source = moment.source;
  if (source.file.empty())
    return moment.label;
  const std::string file = source.file.substr(source.file.rfind('/') + 1);
  if (source.line > 0)
    return source.function + " (" + file + ":" + std::to_string(source.line) +
           (moment.statement.empty() ? "" : ": " + moment.statement) + ")";
  // The label says which statement of the function it is.
  const std::string begin =
      moment.function_line > 0 ? ":" + std::to_string(moment.function_line) : "";
  return source.function + " (" + file + begin + ", " +
         moment.label.substr(moment.label.find('.') + 1) + ")";
}

// The system call and the innermost calls, with what is between them left out.
std::string few_calls(const std::string& calls) {
  constexpr const char* between = " > ";
  constexpr std::size_t innermost = 3;
  const std::size_t first = calls.find(between);
  std::size_t last = calls.size();
  for (std::size_t i = 0; i < innermost && last != std::string::npos && last != 0; ++i)
    last = calls.rfind(between, last - 1);
  if (first == std::string::npos || last == std::string::npos || last <= first)
    return calls;
  return calls.substr(0, first) + " > .." + calls.substr(last);
}

std::string padded(const std::string& text, std::size_t width) {
  return text.size() < width ? text + std::string(width - text.size(), ' ') : text;
}

class Teller {
public:
  Teller(const Story& story, const StoryLayout& layout) : story_(story), layout_(layout) {
    const auto widen = [&](const Moment& moment) {
      thread_width_ = std::max(thread_width_, moment.thread.size());
    };
    for (const StoryPart& part : story.parts)
      std::for_each(part.moments.begin(), part.moments.end(), widen);
  }

  std::string tell() {
    std::string text;
    std::size_t used = 0;
    if (story_.failure) {
      ++used;
      add(text, failure_lines(*story_.failure));
    }
    for (const StoryPart& part : story_.parts) {
      const std::size_t items = 1 + part.moments.size() + part.remarks.size();
      if (&part != &story_.parts.front() && used + items > layout_.items)
        continue;
      used += items;
      add(text, part_lines(part));
    }
    return text;
  }

private:
  static void add(std::string& text, const Lines& lines) {
    for (const std::string& line : lines)
      text += line + "\n";
  }

  // Text of files does not reach a terminal as it is; what is not painted is made safe later.
  std::string safe(const std::string& text) const {
    return layout_.paint.on() ? text::one_line(text) : text;
  }

  Lines lines_of(const std::string& line, std::size_t indent, std::optional<Style> style) const {
    Lines lines = text::wrapped(safe(line), layout_.width, indent);
    if (style)
      for (std::string& one : lines)
        one = layout_.paint(*style, one);
    return lines;
  }

  Lines failure_lines(const Moment& failure) const {
    return lines_of("At step " + std::to_string(failure.step) + " " + failure.thread +
                        " fails in " + place_of(failure) + called_by(failure) + ", with " +
                        names_of(failure.held) + " held.",
                    2, Style::bold);
  }

  // `before` is the moment that was told before it, in the same part.
  static std::string called_by(const Moment& moment, const Moment* before = nullptr) {
    if (moment.calls.empty())
      return "";
    const bool same =
        before != nullptr && before->thread == moment.thread && before->calls == moment.calls;
    return same ? ", by the same calls" : ", called by " + few_calls(moment.calls);
  }

  Lines moment_lines(const Moment& moment, const Moment* before, bool has_number) const {
    const std::string step = !has_number        ? ""
                             : moment.step == 0 ? "end"
                                                : std::to_string(moment.step);
    const std::string head = std::string(step.size() < 5 ? 5 - step.size() : 0, ' ') + step + "  " +
                             padded(moment.thread, thread_width_) + "  ";
    return lines_of(head + moment.does + " in " + place_of(moment) + called_by(moment, before) +
                        ", with " + names_of(moment.held),
                    head.size(), std::nullopt);
  }

  Lines part_lines(const StoryPart& part) const {
    Lines lines = lines_of(part.headline + (part.moments.empty() ? "" : ":"), 2, Style::yellow);
    const auto append = [&](const Lines& more) {
      lines.insert(lines.end(), more.begin(), more.end());
    };
    const Moment* before = nullptr;
    for (const Moment& moment : part.moments) {
      append(moment_lines(moment, before, !part.another_run));
      before = &moment;
    }
    for (const std::string& remark : part.remarks)
      append(lines_of("       " + remark, 9, std::nullopt));
    return lines;
  }

  const Story& story_;
  const StoryLayout& layout_;
  std::size_t thread_width_ = 0;
};

nlohmann::ordered_json moment_json(const Moment& moment) {
  using Json = nlohmann::ordered_json;
  Json held = Json::array();
  for (const witnesses::Held& one : moment.held)
    held.push_back({{"lock", one.lock}, {"mode", one.shared ? "shared" : "exclusive"}});
  const witnesses::Source& source = moment.source;
  return {{"step", moment.step == 0 ? Json() : Json(moment.step)},
          {"thread", moment.thread},
          {"does", moment.does},
          {"label", moment.label},
          {"file", source.file},
          {"revision", source.revision},
          {"function", source.function},
          {"line", source.line > 0 ? Json(source.line) : Json()},
          {"function_line", moment.function_line > 0 ? Json(moment.function_line) : Json()},
          {"held", std::move(held)},
          {"calls", moment.calls.empty() ? Json() : Json(moment.calls)},
          {"statement", moment.statement.empty() ? Json() : Json(moment.statement)}};
}

} // namespace

std::string story_text(const Story& story, const StoryLayout& layout) {
  return Teller(story, layout).tell();
}

std::string known_text(const std::optional<Resemblance>& resemblance, const std::string& config,
                       const StoryLayout& layout) {
  if (!resemblance)
    return "";
  const Known& known = *resemblance->known;
  const std::string fix = known.fixed_by.empty() ? "" : "; fixed by " + known.fixed_by;
  const std::string line = (known.name == config ? "Known as " : "Resembles ") + known.name + ": " +
                           known.title + fix + " (" + resemblance->rule + ")";
  std::string text;
  for (const std::string& part :
       text::wrapped(layout.paint.on() ? text::one_line(line) : line, layout.width, 2))
    text += part + "\n";
  return text;
}

nlohmann::ordered_json signature_json(const Signature& signature) {
  using Json = nlohmann::ordered_json;
  return {{"system", signature.system},
          {"property", signature.property},
          {"step", signature.step.empty() ? Json() : Json(signature.step)},
          {"message", signature.message},
          {"cause", signature.cause.empty() ? Json() : Json(signature.cause)}};
}

nlohmann::ordered_json known_json(const std::optional<Resemblance>& resemblance) {
  using Json = nlohmann::ordered_json;
  if (!resemblance)
    return nullptr;
  const Known& known = *resemblance->known;
  return {{"name", known.name},
          {"title", known.title},
          {"fixed_by", known.fixed_by.empty() ? Json() : Json(known.fixed_by)},
          {"rule", resemblance->rule}};
}

nlohmann::ordered_json story_json(const Story& story) {
  using Json = nlohmann::ordered_json;
  Json parts = Json::array();
  for (const StoryPart& part : story.parts) {
    Json moments = Json::array();
    for (const Moment& moment : part.moments)
      moments.push_back(moment_json(moment));
    parts.push_back({{"subject", part.subject},
                     {"headline", part.headline},
                     {"steps", std::move(moments)},
                     {"remarks", part.remarks},
                     {"another_run", part.another_run ? Json(*part.another_run) : Json()}});
  }
  return {{"failure", story.failure ? moment_json(*story.failure) : Json()},
          {"parts", std::move(parts)}};
}

} // namespace interlock::checker
