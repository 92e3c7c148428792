// Declaration of the contract's state; see registrations.hpp.
#include "contract/registrations.hpp"

namespace interlock::contract {

using lang::assign;
using lang::Value;

World::World(lang::SpecBuilder& spec, const states::Kernel& kernel, Watched watched,
             std::set<std::size_t> traced)
    : spec_(spec), plan_(kernel.plan()), types_(kernel.types()), watched_(std::move(watched)),
      traced_(std::move(traced)) {
  const auto boolean = lang::boolean_type();
  std::vector<std::string> processes;
  for (const states::KernelPlan::Process& process : plan_.processes)
    processes.push_back(process.name);
  processes_ = spec_.pool("process", processes, lang::Lifetime::permanent);
  born_ = spec_.field(processes_, "born", boolean, 0);
  exiting_ = spec_.field(processes_, "exiting", boolean, 0);
  exited_ = spec_.field(processes_, "exited", boolean, 0);
  reaped_ = spec_.field(processes_, "reaped", boolean, 0);
  for (std::size_t i = 0; i < plan_.processes.size(); ++i)
    if (!plan_.processes[i].parent)
      spec_.set_initial(born_, static_cast<std::uint32_t>(i), 1);

  std::vector<std::string> kqueues;
  for (const states::KernelPlan::Kqueue& kqueue : plan_.kqueues)
    kqueues.push_back(kqueue.name);
  kqueues_ = spec_.pool("kqueue", kqueues, lang::Lifetime::permanent);
  open_ = spec_.field(kqueues_, "open", boolean, 1);
  readers_ = spec_.field(kqueues_, "readers",
                         lang::integer_type(0, static_cast<Value>(plan_.threads.size())), 0);

  waits_on_ = spec_.field(lang::thread_pool, "waits_on", spec_.pools()[kqueues_].reference, 0);
  kept_ = spec_.field(lang::thread_pool, "kept", boolean, 0);
  if (!watched_.empty())
    declare_registrations();
}

void World::declare_registrations() {
  const auto boolean = lang::boolean_type();
  std::vector<std::string> names;
  for (const auto& [kqueue, process] : watched_) {
    numbers_[{kqueue, process}] = static_cast<std::uint32_t>(names.size());
    names.push_back(plan_.kqueues[kqueue].name + "/" + plan_.processes[process].name);
  }
  registrations_ = spec_.pool("registration", names, lang::Lifetime::permanent);
  registered_ = spec_.field(registrations_, "registered", boolean, 0);
  notes_ = spec_.field(registrations_, "notes", types_.note, 0);
  udata_ = spec_.field(registrations_, "udata", types_.udata, 0);
  oneshot_ = spec_.field(registrations_, "oneshot", boolean, 0);
  dispatch_ = spec_.field(registrations_, "dispatch", boolean, 0);
  enabled_ = spec_.field(registrations_, "enabled", boolean, 0);
  pending_ = spec_.field(registrations_, "pending", types_.note, 0);
  dead_ = spec_.field(registrations_, "dead", boolean, 0);
  told_track_ = spec_.field(registrations_, "told_track", boolean, 0);
  told_fork_ = spec_.field(registrations_, "told_fork", boolean, 0);
  told_exit_ = spec_.field(registrations_, "told_exit", boolean, 0);
  refused_ = spec_.field(registrations_, "refused", boolean, 0);
  refusal_seen_ = spec_.field(registrations_, "refusal_seen", boolean, 0);
  unordered_ = spec_.field(registrations_, "unordered", boolean, 0);

  taken_ = spec_.field(lang::thread_pool, "taken", spec_.pools()[registrations_].reference, 0);
  taken_notes_ = spec_.field(lang::thread_pool, "taken_notes", types_.note, 0);
  taken_udata_ = spec_.field(lang::thread_pool, "taken_udata", types_.udata, 0);
  deletes_ = spec_.field(lang::thread_pool, "deletes", spec_.pools()[registrations_].reference, 0);
  joins_ = spec_.field(lang::thread_pool, "joins", boolean, 0);
}

void World::declare_looks() {
  has_looked_ = spec_.field(lang::thread_pool, "has_looked", lang::boolean_type(), 0);
}

Registration World::registration(std::size_t kqueue, std::size_t process) {
  return {*this, spec_.object(registrations_, numbers_.at({kqueue, process}))};
}

std::vector<std::size_t> World::kqueues_watching(std::size_t process) const {
  std::vector<std::size_t> result;
  for (const auto& [kqueue, watched] : watched_)
    if (watched == process)
      result.push_back(kqueue);
  return result;
}

Expr World::note(const char* names) const {
  return lang::literal(types_.note, lang::parse_value(*types_.note, names));
}

Expr World::process(std::size_t process) const {
  return spec_.object(processes_, static_cast<std::uint32_t>(process));
}
Expr World::born(std::size_t process) const { return spec_.read(born_, this->process(process)); }
Expr World::exiting(std::size_t process) const {
  return spec_.read(exiting_, this->process(process));
}
Expr World::exited(std::size_t process) const {
  return spec_.read(exited_, this->process(process));
}
Expr World::reaped(std::size_t process) const {
  return spec_.read(reaped_, this->process(process));
}

Expr World::pid_data(std::size_t process) const {
  return lang::literal(
      types_.data, lang::parse_value(*types_.data, "pid(" + plan_.processes[process].name + ")"));
}
Expr World::exit_status(std::size_t process) const {
  const std::string name = states::status_name(plan_.processes[process].exit_status);
  return lang::literal(types_.data, lang::parse_value(*types_.data, name));
}

Expr World::kqueue(std::size_t kqueue) const {
  return spec_.object(kqueues_, static_cast<std::uint32_t>(kqueue));
}
Expr World::open(std::size_t kqueue) const { return spec_.read(open_, this->kqueue(kqueue)); }
Expr World::readers(std::size_t kqueue) const { return spec_.read(readers_, this->kqueue(kqueue)); }

Expr World::waits_on(lang::ThreadId thread) const { return of_thread(waits_on_, thread); }
Expr World::kept(lang::ThreadId thread) const { return of_thread(kept_, thread); }
Expr World::taken(lang::ThreadId thread) const { return of_thread(taken_, thread); }
Expr World::has_looked(lang::ThreadId thread) const { return of_thread(has_looked_, thread); }
Expr World::taken_notes(lang::ThreadId thread) const { return of_thread(taken_notes_, thread); }
Expr World::taken_udata(lang::ThreadId thread) const { return of_thread(taken_udata_, thread); }
Expr World::deletes(lang::ThreadId thread) const { return of_thread(deletes_, thread); }
Expr World::joins(lang::ThreadId thread) const { return of_thread(joins_, thread); }

Expr Registration::registered() const { return world_->spec_.read(world_->registered_, ref_); }
Expr Registration::notes() const { return world_->spec_.read(world_->notes_, ref_); }
Expr Registration::udata() const { return world_->spec_.read(world_->udata_, ref_); }
Expr Registration::oneshot() const { return world_->spec_.read(world_->oneshot_, ref_); }
Expr Registration::dispatch() const { return world_->spec_.read(world_->dispatch_, ref_); }
Expr Registration::enabled() const { return world_->spec_.read(world_->enabled_, ref_); }
Expr Registration::pending() const { return world_->spec_.read(world_->pending_, ref_); }
Expr Registration::dead() const { return world_->spec_.read(world_->dead_, ref_); }
Expr Registration::told_track() const { return world_->spec_.read(world_->told_track_, ref_); }
Expr Registration::told_fork() const { return world_->spec_.read(world_->told_fork_, ref_); }
Expr Registration::told_exit() const { return world_->spec_.read(world_->told_exit_, ref_); }
Expr Registration::refused() const { return world_->spec_.read(world_->refused_, ref_); }
Expr Registration::refusal_seen() const { return world_->spec_.read(world_->refusal_seen_, ref_); }
Expr Registration::unordered() const { return world_->spec_.read(world_->unordered_, ref_); }

Expr Registration::asks(const char* note) const { return (notes() & world_->note(note)) != 0; }
Expr Registration::has_pending(const char* note) const {
  return (pending() & world_->note(note)) != 0;
}
Expr Registration::lives() const { return registered() && (!dead() || has_pending("NOTE_EXIT")); }

std::vector<Update> Registration::end() const {
  return {assign(registered(), Expr(false)),     assign(notes(), world_->no_notes()),
          assign(udata(), world_->no_udata()),   assign(oneshot(), Expr(false)),
          assign(dispatch(), Expr(false)),       assign(enabled(), Expr(false)),
          assign(pending(), world_->no_notes()), assign(dead(), Expr(false)),
          assign(unordered(), Expr(false))};
}

} // namespace interlock::contract
