// Loading, with every cross-check that a witness allows.
#include "cli/load.hpp"

#include "cli/interruption.hpp"
#include "cli/output.hpp"
#include "cli/search.hpp"
#include "lang/observer.hpp"
#include "locks/properties.hpp"

#include <iostream>

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

void tell_notes(const LoadedConfig& loaded) {
  for (const std::string& note : loaded.built.spec->notes())
    std::cerr << loaded.config.source->name() << ": note: " << note << "\n";
  for (const std::string& text : loaded.built.order)
    std::cerr << loaded.config.source->name() << ": order: " << text << "\n";
}

LoadedConfig load_config(const std::filesystem::path& path) {
  LoadedConfig loaded{read_config(path), {}, {}};
  loaded.built = build_within(without_limits(), loaded.config);
  tell_notes(loaded);
  return loaded;
}

const lang::Spec& contract_of(const LoadedConfig& loaded, const std::string& path) {
  const auto& observation = loaded.built.spec->observation();
  if (!observation)
    refuse(path, "nobody judges this scenario by the contract: no call watches a process, or "
                 "\"properties\" leaves kevent-contract out");
  return observation->observer->spec();
}

LoadedWitness load_witness(const std::filesystem::path& path) {
  const json::Source source = json::Source::read(path, witness_limits);
  LoadedWitness loaded;
  loaded.witness = witnesses::read(source);
  const witnesses::Origin& origin = loaded.witness.origin;
  LoadedConfig embedded{
      parse_config(path.string() + ": the config in it, " + origin.config_name, origin.config_text),
      {},
      {}};
  require_same(source, "/config/digest", origin.digest, embedded.config.digest, "digest");
  require_same(source, "/config/system", origin.system, embedded.config.scenario.system.text,
               "system");
  require_same(source, "/config/revision", origin.revision, embedded.config.scenario.revision.text,
               "revision");
  embedded.built = build_within(without_limits(), embedded.config);
  const auto findings = [&] {
    const LockAnalysis& analysis = loaded.locks.emplace(analyse(embedded, {}));
    return witnesses::Findings{traces_of(analysis), analysis.graph.interrupted
                                                        ? "it was interrupted"
                                                        : analysis.graph.limit};
  };
  try {
    loaded.trace = witnesses::trace_of(*embedded.built.spec, loaded.witness, findings);
    if (loaded.witness.form != witnesses::Form::full)
      loaded.witness =
          witnesses::describe(*embedded.built.spec, loaded.trace, witnesses::Origin(origin));
  } catch (const witnesses::WitnessError& error) {
    throw source.error(source.at(error.pointer()), error.what());
  }
  loaded.config = std::move(embedded.config);
  loaded.built = std::move(embedded.built);
  return loaded;
}

bool is_witness(const std::filesystem::path& path) {
  const json::Source source = json::Source::read(path, witness_limits);
  return source.root().find("format") != nullptr;
}

} // namespace interlock::checker::cli
