// DragonFly kern_exit.c: exit1() of a single-threaded process, and wait4(2).
#include "actions/dragonfly/paths.hpp"
#include "actions/waiting.hpp"

namespace interlock::actions::dragonfly {

using lang::assign;

namespace {

// fdfree(): the descriptors that the process has are closed.
void fdfree(Path& s) {
  const Kernel& k = s.kernel();
  if (!s.revision().kqueue)
    return;
  std::size_t copy = 0;
  for (const std::size_t i : k.plan().kqueues_of(s.process()))
    s.label(copy_label("fdfree", copy++)).path(s.kern_descrip("fdfree"), {}, [&] {
      close_file(s, i, s.local("error", errno_type()));
    });
}

// The parent of a vfork(2) may go on.  Before 82354ad856 its wake-up is left to the end of exit1().
void end_ppwait(Path& s, const Proc& p) {
  if (!s.revision().exit_wakes_first) {
    clear_p_flags(s, p, "P_PPWAIT");
    return;
  }
  const Kernel& k = s.kernel();
  s.label("test_P_PPWAIT").if_(p.has_flag("P_PPWAIT"), [&] {
    if (s.revision().ppwait == PpwaitInterlock::compare_set)
      s.set("atomic_clear_P_PPWAIT",
            {{p.p_flags(), lang::bit_clear(p.p_flags(), k.p_flags("P_PPWAIT"))}});
    else
      clear_p_flags(s, p, "P_PPWAIT");
    s.wakeup(Proc(k, p.p_pptr()).p_channel());
  });
}

// Whom exit1() gives children to: init, or nobody yet.
Proc reproc(Path& s) { return {s.kernel(), s.local("reproc", s.procs())}; }

// Children go to init, which is the reaper of all: procctl(2) is left out.  Without a process
// called init they go to nobody: p_pptr is none.  {p_token}
void reparent_children(Path& s, const Proc& p) {
  const Kernel& k = s.kernel();
  const Proc init = k.initproc();
  const bool has_init = k.plan().init.has_value();
  s.where(has_init, [&] {
    s.set("no_reproc", {{reproc(s).ref(), k.spec().nothing(k.proc_pool)}});
    s.label("test_p_children").if_(k.spec().list_size(k.p_children, p.ref()) != 0, [&] {
      std::vector<std::pair<Expr, Expr>> get{{reproc(s).ref(), init.ref()}};
      if (s.revision().reaper)
        get.emplace_back(init.p_lock(), init.p_lock() + 1);
      s.set("get_reproc", get);
      s.lwkt_gettoken(init.p_token());
    });
  });
  s.where(k.plan().procs > 1, [&] {
    const Proc q(k, s.local("q", s.procs()));
    const auto move = [&] {
      s.update("reparent",
               {Steps::remove(k.p_children, p.ref(), q.ref()), assign(q.p_pptr(), init.ref())});
      s.where(has_init, [&] {
        s.update("insert_p_children", {Steps::push_front(k.p_children, init.ref(), q.ref())});
      });
    };
    s.for_each(q.ref(), k.p_children, p.ref(), Cursor::restart_from_head, [&] {
      if (!s.revision().serial_reaping) {
        s.unguarded();
        move();
        return;
      }
      phold(s, q);
      s.lwkt_gettoken(q.p_token());
      const auto done = [&] {
        s.lwkt_reltoken(q.p_token());
        prele(s, q);
      };
      s.if_(k.spec().list_front(k.p_children, p.ref()) != q.ref(), [&] {
        done();
        s.continue_();
      });
      move();
      done();
    });
  });
  s.where(has_init, [&] {
    s.label("test_reproc").if_(!reproc(s).is_none(), [&] {
      s.label("lwkt_reltoken_reproc").lwkt_reltoken(init.p_token());
      s.label("wakeup_reproc").wakeup(init.p_channel());
    });
  });
}

// {}
void proc_reparent(Path& s, const Proc& child, const Proc& parent) {
  s.path(s.kern_exit("proc_reparent"), {{"child", child.ref()}}, [&] {
    const Kernel& k = s.kernel();
    const Proc opp(k, s.local("opp", s.procs()));
    s.set("PHOLD_parent", {{parent.p_lock(), parent.p_lock() + 1}});
    s.set("read_p_pptr", {{opp.ref(), child.p_pptr()}});
    s.while_(opp.ref() != parent.ref(), [&] {
      s.set("PHOLD_opp", {{opp.p_lock(), opp.p_lock() + 1}});
      s.lwkt_gettoken(opp.p_token());
      s.lwkt_gettoken(child.p_token());
      s.lwkt_gettoken(parent.p_token());
      s.label("test_p_pptr").if_(child.p_pptr() != opp.ref(), [&] {
        s.label("reltoken_parent_again").lwkt_reltoken(parent.p_token());
        s.label("reltoken_child_again").lwkt_reltoken(child.p_token());
        s.label("reltoken_opp_again").lwkt_reltoken(opp.p_token());
        s.label("drop_opp_again");
        prele(s, opp);
        s.set("read_p_pptr_again", {{opp.ref(), child.p_pptr()}});
        s.continue_();
      });
      s.update("remove_p_sibling", {Steps::remove(k.p_children, opp.ref(), child.ref())});
      s.update("insert_p_sibling", {Steps::push_front(k.p_children, parent.ref(), child.ref())});
      s.set("set_p_pptr", {{child.p_pptr(), parent.ref()}});
      s.label("reltoken_parent").lwkt_reltoken(parent.p_token());
      s.label("reltoken_child").lwkt_reltoken(child.p_token());
      s.label("reltoken_opp").lwkt_reltoken(opp.p_token());
      s.unguarded()
          .label("test_p_children")
          .if_(k.spec().list_size(k.p_children, opp.ref()) == 0,
               [&] { s.label("wakeup_opp").wakeup(opp.p_channel()); });
      s.label("drop_opp");
      prele(s, opp);
      s.break_();
    });
    s.label("drop_parent");
    prele(s, parent);
  });
}

// The parent ignores SIGCHLD (PS_CLDSIGIGN), and so the reaper, which is init, gets the child.
// {p_token}
void leave_to_init(Path& s, const Proc& p) {
  const Kernel& k = s.kernel();
  const Proc init = k.initproc();
  const Expr nobody = k.spec().nothing(k.proc_pool);
  s.unguarded()
      .label("test_PS_CLDSIGIGN")
      .if_(p.p_pptr() != nobody && p.p_pptr() != init.ref(), [&] {
        s.where(s.revision().reaper, [&] {
          s.label("test_no_reproc").if_(reproc(s).is_none(), [&] {
            s.set("get_reproc_for_child",
                  {{reproc(s).ref(), init.ref()}, {init.p_lock(), init.p_lock() + 1}});
          });
        });
        proc_reparent(s, p, init);
      });
}

// lwp_exit() of the last thread.  {p_token} -> {}
void lwp_exit(Path& s, const Proc& p, const Expr& waddr) {
  s.path(s.kern_exit("lwp_exit"), {{"p", p.ref()}}, [&] {
    s.check(property::kassert, s.owns(p.p_token()), "ASSERT_LWKT_TOKEN_HELD(&p->p_token)");
    phold(s, p); // until its thread is disposed of
    s.set("drop_p_nthreads", {{p.p_nthreads(), p.p_nthreads() - 1}});
    const auto wake = [&] { s.label("wakeup_p_nthreads").wakeup(p.p_nthreads_channel()); };
    const Expr last = !(p.p_nthreads() > 1);
    if (s.revision().wakes_late) {
      const Expr dowake = s.local("dowake", lang::boolean_type());
      s.set("set_dowake",
            {{dowake, s.revision().waitgen ? p.has_flag("P_MAYBETHREADED") && last : last}});
      s.lwkt_reltoken(p.p_token());
      s.label("test_dowake").if_(dowake, wake);
    } else {
      s.label("test_p_nthreads").if_(last, wake);
      s.lwkt_reltoken(p.p_token());
    }
    // The parent may be gone by now; its address is woken.
    if (s.revision().waitgen)
      s.if_(waddr != s.spec().nothing(waddr.type().pool), [&] {
        s.wakeup({LockKind::sleep_channel, waddr});
      });
    s.unguarded().set("cpu_lwp_exit", {{p.td_exiting(), Expr(true)}});
  });
}

} // namespace

void ksignal_parent(Path& s, const Proc& parent) {
  s.path(s.kern_sig("lwpsignal"), {{"p", parent.ref()}}, [&] {
    phold(s, parent);
    s.lwkt_gettoken(parent.p_token());
    s.lwkt_reltoken(parent.p_token());
    prele(s, parent);
  });
}

void exit1(Path& s) {
  const Kernel& k = s.kernel();
  const Proc p = s.curproc();
  s.path(s.kern_exit("exit1"), {{"p", p.ref()}}, [&] {
    s.lwkt_gettoken(p.p_token());
    set_p_flags(s, p, "P_WEXIT"); // killalllwps()
    if (!s.revision().exit_wakes_first)
      end_ppwait(s, p);
    if (s.has_signals())
      s.set("clear_p_siglist", {{p.p_siglist(), lang::literal(p.p_siglist().type_ref(), 0)}});
    fdfree(s);
    if (s.revision().exit_wakes_first)
      end_ppwait(s, p);
    proc_move_allproc_zombie(s, p);
    const Proc pp(k, s.local("pp", s.procs()));
    const Expr waddr = s.local("waddr", s.channels());
    if (s.revision().waitgen) {
      s.set("read_p_pptr", {{pp.ref(), p.p_pptr()}});
      s.if_(!pp.is_none(), [&] {
        s.label("p_waitgen").set("add_p_waitgen", {{pp.p_waitgen(), pp.p_waitgen() + 1}});
      });
    }
    reparent_children(s, p);
    if (s.revision().kqueue)
      knote(s, p, {});
    s.where(s.environment().sigchld_ignored && s.process() != k.plan().init,
            [&] { leave_to_init(s, p); });
    s.where(k.plan().init.has_value() && s.revision().reaper, [&] {
      s.label("test_held_reproc").if_(!reproc(s).is_none(), [&] {
        s.label("prele_reproc");
        prele(s, reproc(s));
      });
    });
    s.set("reload_p_pptr", {{pp.ref(), p.p_pptr()}});
    s.if_(
        !pp.is_none(),
        [&] {
          s.set("read_waddr", {{waddr, pp.p_channel().reference}});
          phold(s, pp);
          ksignal_parent(s, pp);
          if (!s.revision().waitgen)
            s.wakeup(pp.p_channel());
          prele(s, pp);
        },
        [&] {
          s.set("no_waddr", {{waddr, s.spec().nothing(waddr.type().pool)}});
        });
    lwp_exit(s, p, waddr);
  });
}

namespace {

// What wait4(2) does with a zombie.  {p_token of q} Leaves the path, or goes on with the loop.
void reap_zombie(Path& s, const Proc& q, const Proc& p, const Expr& result) {
  if (s.revision().serial_reaping) {
    const Expr alone = s.local("alone", lang::boolean_type());
    pholdzomb(s, p, alone);
    s.if_(!alone, [&] { s.continue_("loop"); });
  }
  s.lwkt_gettoken(p.p_token());
  if (s.revision().serial_reaping)
    s.if_(p.p_pptr() != q.ref(), [&] {
      s.lwkt_reltoken(p.p_token());
      prelezomb(s, p);
      s.continue_("loop");
    });
  s.while_(p.p_nthreads() > 0,
           [&] { s.tsleep_timeout(p.p_nthreads_channel(), "lwpzomb", p.p_nthreads() == 0); });
  s.label("test_p_lwp_tree").if_(p.p_lwp_tree(), [&] {
    s.set("remove_p_lwp_tree", {{p.p_lwp_tree(), Expr(false)}});
    s.path(s.kern_exit("reaplwp"), {{"p", p.ref()}}, [&] {
      s.while_(!p.td_exiting(), [&] { s.poll("lwpxt", p.td_exiting()); });
      s.kassert(p.td_exiting(), "(td->td_flags & TDF_EXITING) == TDF_EXITING");
      prele(s, p); // lwp_dispose()
    });
  });
  s.check(property::kassert, p.p_nthreads() == 0, "KKASSERT(p->p_nthreads == 0)");
  if (!s.revision().zombie_token)
    s.lwkt_reltoken(p.p_token());
  if (s.revision().serial_reaping)
    prele(s, p);
  pstall(s, p, "reap3");
  proc_remove_zombie(s, q, p);
  if (s.revision().zombie_token)
    s.lwkt_reltoken(p.p_token());
  leavepgrp(s, p);
  pstall(s, p, "reap4");
  if (s.revision().child_held)
    pstall(s, p, "reap5"); // after vmspace_exitfree()
  if (s.revision().serial_reaping) {
    phold(s, p);
    prelezomb(s, p);
  }
  s.release(p.ref(), "kfree_p");
  s.lwkt_reltoken(q.p_token());
  s.set("return_0", {{result, error("0")}});
  s.return_();
}

} // namespace

// What the options add has labels of its own, so that all else has those that it has without them.
void kern_wait(Path& s, const ReapCall& reap, const ReapResult& answer) {
  const Kernel& k = s.kernel();
  const Expr& result = answer.error;
  const Proc q = s.curproc();
  const auto is_wanted = [&](const Expr& child) {
    return reap.process ? Proc(k, child).p_pid() == k.pid(*reap.process).ref() : Expr(true);
  };
  s.path(s.kern_exit("kern_wait"), {{"q", q.ref()}, {"returned", result}}, [&] {
    const Proc p(k, s.local("p", s.procs()));
    const auto zombie = [&] {
      return s.find_first(k.p_children, q.ref(), [&](const Expr& element) {
        return is_wanted(element) && Proc(k, element).p_stat() == k.p_stat("SZOMB");
      });
    };
    const auto leave = [&](const char* name) {
      s.lwkt_reltoken(q.p_token());
      s.set(std::string("return_") + name, {{result, error(name)}});
      s.return_();
    };
    // wait4(2) waits for ever while no child exits.
    const Sleep sleep{.wmesg = "wait",
                      .idle_when = no_child_exits(s.lives(), s, q.ref(), reap, loses_children(s)),
                      .interrupted = [&] { leave("EINTR"); },
                      .by_chance = true,
                      .interruptible = s.environment().signals};
    s.lwkt_gettoken(q.p_token());
    s.loop("loop", [&] {
      const Expr waitgen =
          s.revision().waitgen ? s.local("waitgen", q.p_waitgen().type_ref()) : Expr();
      if (s.revision().waitgen)
        s.set("read_p_waitgen", {{waitgen, q.p_waitgen()}});
      s.set("find_zombie", {{p.ref(), zombie()}});
      s.if_(!p.is_none(), [&] { reap_zombie(s, q, p, result); });
      const Expr nobody = reap.process ? s.find_first(k.p_children, q.ref(), is_wanted) ==
                                             s.spec().nothing(k.proc_pool)
                                       : k.spec().list_size(k.p_children, q.ref()) == 0;
      const bool own = s.process() != k.plan().init; // which always has children of its own
      s.where(own || reap.process.has_value(), [&] { s.if_(nobody, [&] { leave("ECHILD"); }); });
      if (reap.nohang) {
        s.label("reltoken_WNOHANG").lwkt_reltoken(q.p_token());
        s.set("res_0", {{result, error("0")}, {answer.nobody, Expr(true)}});
        s.label("return_WNOHANG").return_();
      }
      s.where(!reap.nohang, [&] {
        if (!s.revision().waitgen) {
          s.tsleep(q.p_channel(), sleep);
          return;
        }
        s.while_(waitgen == q.p_waitgen(), [&] {
          s.tsleep_interlock(q.p_channel(), "wait");
          s.label("read_p_waitgen_again").set("read_p_waitgen", {{waitgen, q.p_waitgen()}});
          s.if_(waitgen == q.p_waitgen(), [&] {
            s.tsleep_interlocked(q.p_channel(), sleep);
            s.continue_("loop");
          });
        });
      });
    });
  });
}

} // namespace interlock::actions::dragonfly
