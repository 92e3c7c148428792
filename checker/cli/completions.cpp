// The shells' scripts, from the command line's own description.
#include "cli/completions.hpp"

#include "cli/command_line.hpp"
#include "text/lists.hpp"

namespace interlock::checker::cli {

namespace {

std::vector<std::string> names_of(const std::vector<Command>& commands) {
  std::vector<std::string> names;
  for (const Command& command : commands)
    names.push_back(command.words.back());
  return names;
}

// In single quotes, as both shells read them.
std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text)
    result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

// "interlock/source/check"
std::string path_of(const Command& command) {
  std::string path = "interlock";
  for (const std::string& word : command.words)
    path += "/" + word;
  return path;
}

// --- bash ---

// What may stand where the parser expects this value.
std::string bash_reply(const Operand& operand) {
  if (!operand.choices.empty())
    return "words=" + quoted(text::joined(operand.choices, " "));
  return operand.is_file() ? "files=yes" : ":";
}

struct BashCases {
  std::string descents; // commands that have commands
  std::string values;   // of an option, by the word before it
  std::string options;
  std::string places;
};

void add_cases(const Command& command, BashCases& cases) {
  const std::string path = path_of(command);
  std::vector<std::string> options;
  bool files = false;
  std::vector<std::string> words = names_of(command.commands);
  for (const Operand& operand : command.operands) {
    if (!operand.is_option) {
      files = files || operand.is_file();
      words.insert(words.end(), operand.choices.begin(), operand.choices.end());
      continue;
    }
    options.insert(options.end(), operand.names.begin(), operand.names.end());
    for (const std::string& name : operand.names)
      if (!operand.value.empty())
        cases.values += "    " + path + ":" + name + ") " + bash_reply(operand) + " ;;\n";
  }
  cases.options += "    " + path + ") words=" + quoted(text::joined(options, " ")) + " ;;\n";
  cases.places += "    " + path + ") words=" + quoted(text::joined(words, " ")) +
                  (files ? " files=yes" : "") + " ;;\n";
  for (const Command& below : command.commands) {
    cases.descents += (cases.descents.empty() ? "" : " | ") + path_of(below);
    add_cases(below, cases);
  }
}

// --- zsh ---

// A description in _arguments and _describe: colons and brackets have a meaning there.
std::string plain(const std::string& text) {
  std::string result;
  for (const char c : text)
    if (c == ':' || c == '[' || c == ']')
      result += std::string("\\") + c;
    else
      result += c == '\n' ? ' ' : c;
  return result;
}

std::string zsh_action(const Operand& operand) {
  if (!operand.choices.empty())
    return "(" + text::joined(operand.choices, " ") + ")";
  return operand.is_file() ? "_files" : " ";
}

std::string zsh_argument(const Operand& operand) {
  if (!operand.is_option)
    return quoted((operand.repeats ? "*:" : ":") + plain(operand.names.front()) + ":" +
                  zsh_action(operand));
  const std::string value =
      operand.value.empty() ? "" : ":" + plain(operand.value) + ":" + zsh_action(operand);
  std::string specification;
  for (const std::string& name : operand.names)
    specification +=
        (specification.empty() ? "" : " ") +
        quoted((operand.repeats ? "*" : "") + name + "[" + plain(operand.text) + "]" + value);
  return specification;
}

std::string zsh_function(const Command& command) {
  std::string name = "_interlock";
  for (const std::string& word : command.words)
    name += "_" + word;
  return name;
}

void add_zsh_functions(const Command& command, std::string& script) {
  std::string text = zsh_function(command) + "() {\n  local context state state_descr line\n"
                                             "  typeset -A opt_args\n  _arguments -C";
  for (const Operand& operand : command.operands)
    text += " \\\n    " + zsh_argument(operand);
  if (!command.commands.empty()) {
    text += " \\\n    '1:command:->command' \\\n    '*::argument:->argument'\n  case $state in\n"
            "  command)\n    local -a commands=(\n";
    for (const Command& below : command.commands)
      text += "      " + quoted(below.words.back() + ":" + plain(below.text)) + "\n";
    text += "    )\n    _describe command commands\n    ;;\n  argument)\n    case $words[1] in\n";
    for (const Command& below : command.commands)
      text += "    " + below.words.back() + ") " + zsh_function(below) + " ;;\n";
    text += "    esac\n    ;;\n  esac";
  }
  script += text + "\n}\n\n";
  for (const Command& below : command.commands)
    add_zsh_functions(below, script);
}

} // namespace

std::string bash_completion(const CLI::App& app) {
  BashCases cases;
  add_cases(command_line(app), cases);
  return "# Completion of `interlock` for bash, made by `interlock help bash-completion`.\n"
         "_interlock() {\n"
         "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}\n"
         "  local command=interlock words='' files='' i\n"
         "  for ((i = 1; i < COMP_CWORD; ++i)); do\n"
         "    case $command/${COMP_WORDS[i]} in\n    " +
         cases.descents +
         ")\n      command+=/${COMP_WORDS[i]} ;;\n    esac\n  done\n"
         "  case $command:$before in\n" +
         cases.values + "  *)\n  if [[ $word == -* ]]; then\n    case $command in\n" +
         cases.options + "    esac\n  else\n    case $command in\n" + cases.places +
         "    esac\n  fi ;;\n  esac\n"
         "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\"\n"
         "    [[ -z $files ]] || compgen -f -- \"$word\")\n"
         "  [[ -z $files ]] || compopt -o filenames 2>/dev/null\n"
         "}\n"
         "complete -F _interlock interlock\n";
}

std::string zsh_completion(const CLI::App& app) {
  std::string script = "#compdef interlock\n"
                       "# Completion of `interlock` for zsh, made by `interlock help "
                       "zsh-completion`.\n\n";
  add_zsh_functions(command_line(app), script);
  return script + "_interlock \"$@\"\n";
}

} // namespace interlock::checker::cli
