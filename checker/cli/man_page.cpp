// The manual page from the command line's own texts.
#include "cli/man_page.hpp"

#include "cli/command_line.hpp"
#include "cli/help_patches.hpp"
#include "text/lists.hpp"
#include "verdict/exit_codes.hpp"

#include <sstream>

namespace interlock::checker::cli {

namespace {

// Nothing in it is a request or an escape of troff, and a hyphen can be searched for and copied.
std::string escaped(const std::string& text) {
  std::string result;
  bool line_begins = true;
  for (const char c : text) {
    if (line_begins && (c == '.' || c == '\''))
      result += "\\&";
    if (c == '\\')
      result += "\\e";
    else if (c == '-')
      result += "\\-";
    else
      result += c;
    line_begins = c == '\n';
  }
  return result;
}

std::string paragraph(const std::string& text) { return escaped(text) + "\n"; }

// Lines that stay as they are.
std::string verbatim(const std::string& text) {
  const std::string lines = text.substr(0, text.find_last_not_of('\n') + 1);
  return lines.empty() ? "" : ".PP\n.nf\n" + escaped(lines) + "\n.fi\n";
}

std::string bold(const std::string& text) { return "\\fB" + escaped(text) + "\\fR"; }
std::string italic(const std::string& text) { return "\\fI" + escaped(text) + "\\fR"; }

std::string operand_text(const Operand& operand) {
  std::string head;
  for (const std::string& name : operand.names)
    head += (head.empty() ? "" : ", ") + (operand.is_option ? bold(name) : italic(name));
  if (operand.is_option && !operand.value.empty())
    head += " " + italic(operand.value);
  std::string text = ".TP\n" + head + "\n" + paragraph(operand.text);
  if (!operand.choices.empty())
    text += ".br\n" + paragraph("One of: " + text::joined(operand.choices) + ".");
  if (!operand.initial.empty())
    text += ".br\n" + paragraph("Default: " + operand.initial + ".");
  return text;
}

std::string synopsis(const Command& command) {
  std::string line = ".B interlock " + escaped(text::joined(command.words, " ")) + "\n[OPTIONS]";
  for (const Operand& operand : command.operands)
    if (!operand.is_option) {
      const std::string name = italic(operand.names.front()) + (operand.repeats ? "..." : "");
      line += " " + (operand.required ? name : "[" + name + "]");
    }
  return line + "\n";
}

void describe(const Command& command, std::string& page) {
  for (const Command& below : command.commands) {
    page += ".SS interlock " + escaped(text::joined(below.words, " ")) + "\n" +
            paragraph(below.text) + ".PP\n" + synopsis(below);
    for (const Operand& operand : below.operands)
      page += operand_text(operand);
    page += verbatim(below.footer);
    describe(below, page);
  }
}

} // namespace

std::string man_page(const CLI::App& app) {
  const Command program = command_line(app);
  std::string page = ".TH INTERLOCK 1 \"\" \"interlock " INTERLOCK_VERSION "\"\n";
  page += ".SH NAME\ninterlock \\- " + paragraph(first_line(program.text));
  page += ".SH SYNOPSIS\n.B interlock\n" + italic("COMMAND") + " [OPTIONS] ...\n";
  page += ".SH OPTIONS\n";
  for (const Operand& operand : program.operands)
    page += operand_text(operand);
  page += ".SH COMMANDS\n";
  describe(program, page);
  page += ".SH PATCHES\n" + verbatim(patches_help);
  page += ".SH EXIT STATUS\n" + verbatim(exit_code_table());
  return page + ".SH EXAMPLES\n" + verbatim(program.footer);
}

} // namespace interlock::checker::cli
