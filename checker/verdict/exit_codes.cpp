// Texts of exit codes, and which code a result has.
#include "verdict/exit_codes.hpp"

namespace interlock::checker {

namespace {

struct Entry {
  int number;
  const char* text;
};

constexpr Entry entries[] = {
#define EXIT_CODE(number, name, text) {number, text},
#include "verdict/exit_codes.def"
#undef EXIT_CODE
};

} // namespace

std::string text_of(ExitCode code) {
  for (const Entry& entry : entries)
    if (entry.number == static_cast<int>(code))
      return entry.text;
  return "unknown exit code";
}

std::string exit_line(ExitCode code) {
  return "exit " + std::to_string(static_cast<int>(code)) + ": " + text_of(code) + "\n";
}

std::vector<ExitCode> exit_codes() {
  std::vector<ExitCode> codes;
  for (const Entry& entry : entries)
    codes.push_back(static_cast<ExitCode>(entry.number));
  return codes;
}

std::string exit_code_table() {
  std::string table;
  for (const ExitCode code : exit_codes()) {
    const std::string number = std::to_string(static_cast<int>(code));
    table += std::string(5 - number.size(), ' ') + number + "  " + text_of(code) + "\n";
  }
  return table;
}

ExitCode exit_code_of(properties::Breach breach) {
  switch (breach) {
  case properties::Breach::safety:
    return ExitCode::safety;
  case properties::Breach::deadlock:
    return ExitCode::deadlock;
  case properties::Breach::assertion:
    return ExitCode::assertion;
  case properties::Breach::evaluation:
    return ExitCode::evaluation;
  }
  return ExitCode::internal;
}

ExitCode exit_code_of(const CheckResult& result) {
  switch (result.verdict) {
  case Verdict::holds:
    return ExitCode::success;
  case Verdict::violated:
    return exit_code_of(properties::breach_of(result.trace.value().violation.property));
  case Verdict::incomplete:
    return ExitCode::incomplete;
  case Verdict::interrupted:
    return ExitCode::interrupted;
  }
  return ExitCode::internal;
}

} // namespace interlock::checker
