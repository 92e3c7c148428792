// Loading, with every cross-check that a witness allows.
#include "cli/load.hpp"

#include "cli/interruption.hpp"

namespace interlock::checker::cli {

namespace {

constexpr json::Limits witness_limits{witnesses::largest_file, 64};

BuildLimits without_limits() { return {0, 0, &interrupted()}; }

void require_same(const json::Source& source, const char* pointer, const std::string& found,
                  const std::string& embedded, const char* what) {
  if (found != embedded)
    throw source.error(source.at(pointer), std::string("the ") + what + " is " + found +
                                               ", but that of the embedded config is " + embedded);
}

} // namespace

LoadedConfig load_config(const std::filesystem::path& path) {
  LoadedConfig loaded{read_config(path), {}, {}};
  loaded.built = build_within(without_limits(), loaded.config);
  return loaded;
}

LoadedWitness load_witness(const std::filesystem::path& path) {
  const json::Source source = json::Source::read(path, witness_limits);
  LoadedWitness loaded;
  loaded.witness = witnesses::read(source);
  const witnesses::Origin& origin = loaded.witness.origin;
  loaded.config =
      parse_config(path.string() + ": the config in it, " + origin.config_name, origin.config_text);
  require_same(source, "/config/digest", origin.digest, loaded.config.digest, "digest");
  require_same(source, "/config/system", origin.system, loaded.config.scenario.system.text,
               "system");
  require_same(source, "/config/revision", origin.revision, loaded.config.scenario.revision.text,
               "revision");
  loaded.built = build_within(without_limits(), loaded.config);
  try {
    loaded.trace = witnesses::trace_of(*loaded.built.spec, loaded.witness);
  } catch (const witnesses::WitnessError& error) {
    throw source.error(source.at(error.pointer()), error.what());
  }
  return loaded;
}

bool is_witness(const std::filesystem::path& path) {
  const json::Source source = json::Source::read(path, witness_limits);
  return source.root().find("format") != nullptr;
}

} // namespace interlock::checker::cli
