// The benchmark specification: T identical threads over K knotes of one kqueue.
//
// Each thread for ever picks one of three paths, in the manner of FreeBSD's kern_event.c:
// knote_fork (tell every knote, in flux while the process lock is dropped), a deletion (mark, wait
// until nothing is in flux, detach, free, attach anew), or kqueue_scan (take the first queued
// knote).  A step that touches a knote which is detached violates the property
// `no-use-after-detach`.
#pragma once

#include "lang/steps.hpp"

#include <memory>
#include <string>

namespace interlock::bench {

class KqSpec {
public:
  // Whether a deletion waits for those that have the knote in flux; a bug where it does not.
  enum class Deletion { waits, does_not_wait };

  KqSpec(unsigned threads, unsigned knotes, Deletion deletion = Deletion::waits)
      : knotes_(knotes), wait_for_flux_(deletion == Deletion::waits) {
    for (unsigned i = 1; i <= threads; ++i)
      builder_.thread("thread" + std::to_string(i));
    declare(threads);
    for (lang::ThreadId thread = 0; thread < threads; ++thread)
      builder_.set_body(thread, body(thread));
    builder_.property({"no-use-after-detach", lang::PropertyKind::check, {}, {}});
    builder_.property({"no-deadlock", lang::PropertyKind::no_deadlock, {}, {}});
    spec_ = std::make_unique<const lang::Spec>(std::move(builder_).finish());
  }

  const lang::Spec& spec() const { return *spec_; }

private:
  using Expr = lang::Expr;
  using Assignments = std::vector<std::pair<Expr, Expr>>;

  void declare(unsigned threads) {
    const lang::TypeRef flag = lang::boolean_type();
    const lang::TypeRef thread = builder_.pools()[lang::thread_pool].reference;
    std::vector<std::string> names;
    for (unsigned i = 0; i < knotes_; ++i)
      names.push_back("knote" + std::to_string(i));
    knote_ = builder_.pool("knote", names, lang::Lifetime::permanent);
    p_lock_ = builder_.read(builder_.global("p_lock", thread, lang::none));
    kq_lock_ = builder_.read(builder_.global("kq_lock", thread, lang::none));
    flux_wait_ = builder_.read(builder_.global("flux_wait", flag, 0));
    detached_ = builder_.field(knote_, "detached", flag, 0);
    active_ = builder_.field(knote_, "active", flag, 0);
    queued_ = builder_.field(knote_, "queued", flag, 0);
    scan_ = builder_.field(knote_, "scan", flag, 0);
    will_detach_ = builder_.field(knote_, "will_detach", flag, 0);
    influx_ = builder_.field(knote_, "influx", lang::integer_type(0, threads + 1), 0);
    // A field of the thread and not a local: locals that nobody reads any more are reset, and the
    // graph is to be that of the other checkers' models, which do not do that.
    current_ = builder_.field(lang::thread_pool, "current", builder_.pools()[knote_].reference, 1);
  }

  Expr knote(unsigned i) const { return builder_.object(knote_, i); }

  lang::Step step(const Expr& guard, const Assignments& assignments) const {
    lang::Step step;
    step.guard = guard;
    for (const auto& [target, value] : assignments)
      step.updates.push_back(lang::assign(target, value));
    return step;
  }

  lang::Block body(lang::ThreadId thread) {
    lang::Steps s(builder_, thread);
    s.loop("again", [&] {
      std::vector<lang::Body> calls{[&] { fork(s); }, [&] { scan(s); }};
      for (unsigned i = 0; i < knotes_; ++i)
        calls.emplace_back([&, i] { remove(s, i); });
      s.either(calls);
    });
    return s.take();
  }

  void fork(lang::Steps& s) {
    const Expr self = s.self();
    const Expr current = builder_.read(current_, self);
    const auto of = [&](lang::VariableId field) { return builder_.read(field, current); };
    const Expr none = builder_.nothing(lang::thread_pool);
    const Expr skip = of(detached_) || of(will_detach_) || (of(influx_) > 0 && !of(scan_));
    s.step("F0", step(p_lock_ == none, {{p_lock_, self}}));
    s.loop("knotes", [&] {
      s.step("F1", step(kq_lock_ == none, {{kq_lock_, self}}));
      s.either({[&] {
                  s.step("F2skip", step(skip, {{kq_lock_, none}}));
                },
                [&] {
                  s.step("F2flux", step(!skip, {{of(influx_), of(influx_) + 1}}));
                  s.step("F3", step(true, {{kq_lock_, none}}));
                  s.step("F4", step(true, {{p_lock_, none}}));
                  s.step("F5", step(kq_lock_ == none, {{kq_lock_, self}}));
                  lang::Step activate =
                      step(true, {{of(active_), true}, {of(queued_), true}, {kq_lock_, none}});
                  activate.checks.push_back(
                      {"no-use-after-detach", !of(detached_), "a detached knote is activated"});
                  s.step("F6", activate);
                  s.step("F7", step(p_lock_ == none, {{p_lock_, self}}));
                  s.step("F8", step(kq_lock_ == none, {{kq_lock_, self}}));
                  s.step("F9", step(true, {{of(influx_), of(influx_) - 1},
                                           {kq_lock_, none},
                                           {flux_wait_, false}}));
                }});
      std::vector<lang::Body> next;
      for (unsigned i = 0; i + 1 < knotes_; ++i)
        next.emplace_back([&, i] {
          s.step("F11next", step(current == knote(i), {{current, knote(i + 1)}}));
        });
      const lang::Body done = [&] {
        s.step("F11done",
               step(current == knote(knotes_ - 1), {{p_lock_, none}, {current, knote(0)}}));
        s.break_();
      };
      if (next.empty())
        return done();
      next.push_back(done);
      s.either(next);
    });
  }

  void remove(lang::Steps& s, unsigned index) {
    const Expr self = s.self();
    const Expr current = builder_.read(current_, self);
    const auto of = [&](lang::VariableId field) { return builder_.read(field, current); };
    const Expr none = builder_.nothing(lang::thread_pool);
    const Expr skip = of(detached_) || of(will_detach_);
    s.step("D1", step(kq_lock_ == none, {{kq_lock_, self}, {current, knote(index)}}));
    s.either(
        {[&] {
           s.step("D2skip", step(skip, {{kq_lock_, none}, {current, knote(0)}}));
         },
         [&] {
           s.step("D2mark", step(!skip, {{of(will_detach_), true}}));
           s.loop("flux", [&] {
             const auto go = [&] {
               s.step("D3go", step(wait_for_flux_ ? of(influx_) == 0 : Expr(true),
                                   {{of(influx_), of(influx_) + 1}}));
               s.break_();
             };
             if (!wait_for_flux_)
               return go();
             s.either(
                 {go, [&] {
                    s.step("D3wait", step(of(influx_) > 0, {{flux_wait_, true}, {kq_lock_, none}}));
                    s.step("D4", step(!flux_wait_ && kq_lock_ == none, {{kq_lock_, self}}));
                  }});
           });
           s.step("D5", step(true, {{kq_lock_, none}}));
           s.step("D6", step(p_lock_ == none, {{p_lock_, self}}));
           s.step("D7", step(true, {{of(detached_), true}, {p_lock_, none}}));
           s.step("D8", step(kq_lock_ == none, {{kq_lock_, self}}));
           s.step("D9", step(true, {{of(queued_), false},
                                    {of(active_), false},
                                    {of(will_detach_), false},
                                    {of(influx_), of(influx_) - 1},
                                    {kq_lock_, none},
                                    {flux_wait_, false}}));
           s.step("D10", step(p_lock_ == none, {{p_lock_, self}}));
           s.step("D11",
                  step(true, {{of(detached_), false}, {p_lock_, none}, {current, knote(0)}}));
         }});
  }

  void scan(lang::Steps& s) {
    const Expr self = s.self();
    const Expr current = builder_.read(current_, self);
    const auto of = [&](lang::VariableId field) { return builder_.read(field, current); };
    const Expr none = builder_.nothing(lang::thread_pool);
    s.step("S0", step(kq_lock_ == none, {{kq_lock_, self}}));
    s.loop("first", [&] {
      std::vector<lang::Body> branches;
      Expr none_before(true);
      for (unsigned i = 0; i < knotes_; ++i) {
        const auto first = [&, i](lang::VariableId field) {
          return builder_.read(field, knote(i));
        };
        const Expr is_first = none_before && first(queued_);
        branches.emplace_back([&, i, first, is_first] {
          s.step("S1take", step(is_first && first(influx_) == 0, {{current, knote(i)},
                                                                  {first(queued_), false},
                                                                  {first(scan_), true},
                                                                  {first(influx_), 1}}));
          s.step("S3", step(true, {{kq_lock_, none}}));
          s.step("S4", step(p_lock_ == none, {{p_lock_, self}}));
          s.step("S5", step(kq_lock_ == none, {{kq_lock_, self}}));
          lang::Step leave = step(
              true, {{of(active_), false}, {of(scan_), false}, {of(influx_), of(influx_) - 1}});
          leave.checks.push_back(
              {"no-use-after-detach", !of(detached_), "a detached knote is scanned"});
          s.step("S6", leave);
          s.step("S7", step(true, {{kq_lock_, none}, {flux_wait_, false}}));
          s.step("S8", step(true, {{p_lock_, none}, {current, knote(0)}}));
          s.break_();
        });
        none_before = none_before && !first(queued_);
      }
      branches.emplace_back([&] {
        s.step("S1none", step(none_before, {{kq_lock_, none}}));
        s.break_();
      });
      Expr in_flux(false);
      none_before = Expr(true);
      for (unsigned i = 0; i < knotes_; ++i) {
        in_flux = in_flux || (none_before && builder_.read(queued_, knote(i)) &&
                              builder_.read(influx_, knote(i)) > 0);
        none_before = none_before && !builder_.read(queued_, knote(i));
      }
      branches.emplace_back([&, in_flux] {
        s.step("S1wait", step(in_flux, {{flux_wait_, true}, {kq_lock_, none}}));
        s.step("S2", step(!flux_wait_ && kq_lock_ == none, {{kq_lock_, self}}));
      });
      s.either(branches);
    });
  }

  lang::SpecBuilder builder_;
  std::unique_ptr<const lang::Spec> spec_;
  unsigned knotes_;
  bool wait_for_flux_;
  lang::PoolId knote_ = 0;
  lang::VariableId detached_ = 0, active_ = 0, queued_ = 0, scan_ = 0, will_detach_ = 0,
                   influx_ = 0, current_ = 0;
  Expr p_lock_, kq_lock_, flux_wait_;
};

} // namespace interlock::bench
