// Reports into files; a step's summary may have text already.
#include "cli/report_files.hpp"

#include "cli/failure.hpp"
#include "cli/interruption.hpp"
#include "files/files.hpp"
#include "reports/github.hpp"
#include "reports/junit.hpp"
#include "reports/sarif.hpp"

#include <filesystem>
#include <iostream>
#include <system_error>

namespace interlock::checker::cli {

namespace {

bool write(const std::string& path, const std::string& text) {
  try {
    files::write(path, text, &interrupted());
    return true;
  } catch (const std::system_error& error) {
    say({ExitCode::system, std::string("a report was not written: ") + error.what()});
    return false;
  }
}

// What a regular file has already.
std::string text_before(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error))
    return "";
  try {
    return files::read(path);
  } catch (const std::system_error&) { // writing says why
    return "";
  }
}

} // namespace

bool ReportFiles::any() const {
  return !junit.empty() || !sarif.empty() || !summary.empty() || !annotate.empty();
}

void add_report_options(CLI::App& command, ReportFiles& files) {
  command.add_option("--junit", files.junit, "Write JUnit's XML to FILE")->type_name("FILE");
  command.add_option("--sarif", files.sarif, "Write SARIF 2.1.0 to FILE, for code scanning")
      ->type_name("FILE");
  command
      .add_option("--summary", files.summary,
                  "Append Markdown to FILE, such as $GITHUB_STEP_SUMMARY")
      ->type_name("FILE");
  command
      .add_option("--annotate", files.annotate,
                  "github: print a workflow command for each finding, which annotates its line")
      ->type_name("SYSTEM")
      ->check(CLI::IsMember({"github"}));
}

bool write_reports(const ReportFiles& files, const reports::Report& report) {
  bool all = true;
  if (!files.junit.empty())
    all = write(files.junit, junit(report)) && all;
  if (!files.sarif.empty())
    all = write(files.sarif, sarif(report)) && all;
  if (!files.summary.empty())
    all = write(files.summary, text_before(files.summary) + markdown(report)) && all;
  if (!files.annotate.empty())
    std::cout << github_annotations(report) << std::flush;
  return all;
}

} // namespace interlock::checker::cli
