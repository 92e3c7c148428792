// A lock analysis as text in the forms of witness(4) and lockdep, as JSON, and as a picture.
#pragma once

#include "locks/findings.hpp"

#include <nlohmann/json.hpp>

namespace interlock::checker {

// One finding: its line, the locks as witness(4) lists them (1st, 2nd, ...; established at,
// attempted at), for orders lockdep's table of one thread per column, and the reason.
std::string finding_text(const lang::Spec& spec, const LockAnalysis& analysis,
                         const LockFinding& finding);

// The graph's size, the order that the code follows beside the documented one, and all findings.
std::string lock_report(const lang::Spec& spec, const LockAnalysis& analysis);

// Keys, in this order, stable within a version of the program:
//   statistics {states, transitions, depth, seconds, cut {property: n}}; limit (string or null);
//   classes [{name, rank}]; documented [class];
//   nesting [{class, rule}];
//   locks [{name, class, kind, soft}];
//   edges [{held {lock, class, mode}, acquired {lock, class, mode}, blocking, try, threads [name],
//     sites [label], gate [lock], established STEP or null, attempt STEP, path [STEP]}];
//   no_order null, or {cycle [{held, acquired}], removal [{held, acquired}]};
//   findings [{kind, property, text, reason, meet (or null), edges [n], threads [name],
//     attempt STEP or null, established STEP or null (of a finding about one thread and a lock that
//     it holds), waits [{thread, lock, attempt STEP, holder, established STEP or null}] (of a
//     deadlock), path [STEP]}].
// A result of `interlock locks` has config and digest before these; that of a config that is wrong
// is as check's (verdict/report.hpp). A STEP is {thread, label, chain, file, revision, function,
// line}; line is 0 where not known.
nlohmann::ordered_json lock_json(const lang::Spec& spec, const LockAnalysis& analysis);

// Graphviz: a node per class with its rank, an edge per order, labelled with the acquiring steps;
// dashed where nobody waits, red where it is part of a reversal or against the documented order.
std::string lock_dot(const LockAnalysis& analysis);
// The same, drawn: the classes below each other by rank, orders that go up on the left; the
// acquiring steps are what an arc says when it is pointed at.
std::string lock_svg(const LockAnalysis& analysis);

} // namespace interlock::checker
