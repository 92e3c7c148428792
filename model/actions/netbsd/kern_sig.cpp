// NetBSD kern_sig.c 1.405: kill(2) of the process group.
#include "actions/netbsd/paths.hpp"
#include "actions/process_group.hpp"

namespace interlock::actions::netbsd {

namespace {

// A signal that the process catches becomes pending, if it is made and lives.
// {proc_lock, p_lock}
void kpsignal2(Path& s, const Proc& p) {
  const Kernel& k = s.kernel();
  s.path(Path::kern_sig("kpsignal2"), {{"p", p.ref()}}, [&] {
    s.label("assert_proc_lock").kassert(s.owns(k.proc_lock()), "mutex_owned(&proc_lock)");
    s.label("assert_p_lock").kassert(s.owns(p.p_lock()), "mutex_owned(p->p_lock)");
    s.label("test_SACTIVE").if_(p.p_stat() != k.p_stat("SACTIVE"), [&] { s.return_(); });
    std::vector<lang::Update> updates = signal_reaches(k, s.lives(), p.p_pid());
    updates.push_back(lang::assign(p.p_sigpend(), Expr(true)));
    s.update("sigput", std::move(updates));
  });
}

Expr is_zombie(const Kernel& k, const Proc& p) { // P_ZOMBIE(p)
  return p.p_stat() == k.p_stat("SZOMB") || p.p_stat() == k.p_stat("SDYING") ||
         p.p_stat() == k.p_stat("SDEAD");
}

} // namespace

void killpg1(Path& s, const Expr& result) {
  const Kernel& k = s.kernel();
  s.path(Path::kern_sig("killpg1"), {}, [&] {
    const Proc p(k, s.local("p", k.spec().pools()[k.proc_pool].reference));
    s.mutex_enter(k.proc_lock());
    s.for_each(p.ref(), k.group()->pg_members, k.pgrp(), Cursor::next_read_after_body, [&] {
      s.where(k.plan().init.has_value(), [&] { // p_pid <= 1
        s.label("test_init").if_(is_init(k, p.ref()), [&] { s.continue_(); });
      });
      s.mutex_enter(p.p_lock());
      s.label("test_P_ZOMBIE").if_(!is_zombie(k, p), [&] { kpsignal2(s, p); });
      s.mutex_exit(p.p_lock());
    });
    s.mutex_exit(k.proc_lock());
    s.set("return_0", {{result, error("0")}});
  });
}

} // namespace interlock::actions::netbsd
