// Beside the program, as `cmake --install` puts it.
#include "cli/installed.hpp"

namespace interlock::checker::cli {

namespace fs = std::filesystem;

fs::path installed(const std::string& name) {
  std::error_code unknown;
  const fs::path program = fs::read_symlink("/proc/self/exe", unknown);
  const fs::path path = program.parent_path().parent_path() / "share" / "interlock" / name;
  return fs::exists(path, unknown) ? path : fs::path();
}

void add_configs_option(CLI::App& command, std::vector<std::string>& configs) {
  const std::string here = "configs";
  const fs::path elsewhere = fs::exists(here) ? fs::path() : installed(here);
  configs = {elsewhere.empty() ? here : elsewhere.string()};
  command
      .add_option("--configs", configs,
                  "Configs, or folders of them; by default those in configs, or else those\n"
                  "that are installed")
      ->type_name("PATH...");
}

} // namespace interlock::checker::cli
