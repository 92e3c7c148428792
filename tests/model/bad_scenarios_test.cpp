// What is wrong with a scenario is said with the place in the config and the nearest name.
#include "support/scenario.hpp"

#include <gtest/gtest.h>

#include <ostream>

namespace interlock::tests {
namespace {

struct Bad {
  std::string name;
  ScenarioText scenario;
  std::string pointer;
  std::size_t offset;
  std::string message; // the beginning
  std::string ending;  // of the message, where a name is near
};

void PrintTo(const Bad& bad, std::ostream* out) { *out << bad.name; }

ScenarioText good() {
  return ScenarioText()
      .thread("parent", {"fork child"})
      .thread("child", {"exit 1"})
      .thread("watcher", {"kevent add proc parent exit,track", "kevent wait"});
}

// The scenario with one call more, of a thread `more` of its own process.
ScenarioText with_call(const std::string& call) { return good().thread("more", {call}); }

// The call is that of the process that has the kqueue.
ScenarioText with_own_kqueue(const std::string& call) {
  return ScenarioText()
      .thread("parent", {"fork child"})
      .thread("child", {"exit 1"})
      .thread("watcher", {call});
}

std::vector<Bad> of_names() {
  return {
      {"System", good().system("netbds"), "/system", 0,
       "unknown system 'netbds'; there is dragonfly, freebsd, netbsd", "; did you mean netbsd?"},
      {"Revision", good().revision("kern_event-1.219"), "/revision", 0,
       "unknown revision 'kern_event-1.219' of netbsd; there is kern_event-1.128, "
       "kern_event-1.129, "
       "kern_fork-1.231",
       "; did you mean kern_event-1.129?"},
      {"Property", good().property("kasert"), "/properties/0", 0,
       "unknown property 'kasert'; there is kevent-contract, ", "; did you mean kassert?"},
      {"Environment", good().environment("signal"), "/environment/0", 0,
       "'signal' is no environment choice of netbsd kern_event-1.129; there is allocation-fails, "
       "authorization-denied, "
       "signals, sigchld-ignored",
       "; did you mean signals?"},
      {"EnvironmentOfAnotherRevision",
       good().revision("kern_event-1.128").environment("allocation-fails"), "/environment/0", 0,
       "'allocation-fails' is no environment choice of netbsd kern_event-1.128; there is "
       "authorization-denied, signals",
       ""},
      {"Bound", good().bound("knote", 4), "/bounds/knote", 0,
       "unknown bound 'knote'; there is knotes, procs", "; did you mean knotes?"},
      {"Call", with_call("frok child"), "/scenario/threads/more/0", 0,
       "'frok' is no system call of netbsd; allowed: fork, vfork, exec, exit, wait4, killpg, "
       "kevent, close, await",
       "; did you mean fork?"},
      {"Operation", with_call("kevent  ad proc parent exit"), "/scenario/threads/more/0", 8,
       "'ad' is no kevent operation; allowed: add, modify, delete, enable, disable, wait, loop",
       "; did you mean add?"},
      {"Filter", with_call("kevent add prok parent exit"), "/scenario/threads/more/0", 11,
       "'prok' is no filter; allowed: proc", "; did you mean proc?"},
      {"Process", with_call("kevent add proc praent exit"), "/scenario/threads/more/0", 16,
       "'praent' is no process; allowed: parent, watcher, more, child (a thread is a process of "
       "its "
       "name, unless /scenario/processes groups threads)",
       "; did you mean parent?"},
      {"ForkedProcess", with_call("fork chlid"), "/scenario/threads/more/0", 5,
       "'chlid' is no process; allowed: ", "; did you mean child?"},
      {"Note", with_call("kevent add proc parent exit,trak"), "/scenario/threads/more/0", 23,
       "'trak' is no event of a process; allowed: exit, fork, track, none",
       "; did you mean track?"},
      {"Kqueue", good().kqueue("kq1", "watcher").thread("more", {"close kq2"}),
       "/scenario/threads/more/0", 6, "'kq2' is no kqueue; allowed: kq1", "; did you mean kq1?"},
      {"ProcessOfAKqueue", good().kqueue("kq", "wacher"), "/scenario/kqueues/kq", 0,
       "unknown process 'wacher'", "; did you mean watcher?"},
      {"ThreadOfAProcess", good().process("tracker", {"wacher"}), "/scenario/processes/tracker/0",
       0, "", "; did you mean watcher?"},
      {"Label", good().drop("knote_detach.kmem_free_k"), "/patches/0/drop", 0,
       "no statement has the label 'knote_detach.kmem_free_k'",
       "; did you mean knote_detach.kmem_free_kn?"},
      {"OtherLabel", good().move_after("fork1.set_SACTIVE", "sched_enqeue"), "/patches/0/after", 0,
       "'sched_enqeue' is no label in the same call of fork1", "; did you mean sched_enqueue?"},
      {"Primitive", good().before("fork1.set_SACTIVE", "mutex_entre proc_lock"),
       "/patches/0/insert", 0, "there is no primitive mutex_entre; allowed here: set, check, ",
       "; did you mean mutex_enter?"},
      {"Operand", good().before("fork1.set_SACTIVE", "mutex_enter proc_lok"), "/patches/0/insert",
       12, "proc_lok is not known here", "; did you mean proc_lock?"},
  };
}

std::vector<Bad> of_calls() {
  const std::string here = "/scenario/threads/more/0";
  return {
      {"WaitWithoutFork", with_call("wait4"), here, 0,
       "process more waits for 1 children and forks 0", ""},
      {"ForkedTwice", with_call("fork child"), here, 5, "process child is forked twice", ""},
      {"ForksItself", with_call("fork more"), here, 5, "process more cannot fork itself", ""},
      {"ForksInACircle",
       ScenarioText().thread("a", {"fork b"}).thread("b", {"fork a"}).thread("c", {"kevent wait"}),
       "/scenario/threads", 0, "some processes fork each other in a circle and never start", ""},
      {"ForkOfSeveralThreads",
       ScenarioText()
           .process("child", {"one", "two"})
           .thread("parent", {"fork child"})
           .thread("one", {})
           .thread("two", {})
           .thread("watcher", {"kevent wait"}),
       "/scenario/threads/parent/0", 5, "process child is forked, so it starts with one thread",
       ""},
      {"ExitOfSeveralThreads",
       ScenarioText()
           .process("two", {"first", "second"})
           .thread("first", {"exit 1"})
           .thread("second", {"kevent wait"}),
       "/scenario/threads/first/0", 0, "process two has several threads", ""},
      {"ExecOfSeveralThreads",
       ScenarioText()
           .process("two", {"first", "second"})
           .thread("first", {"exec"})
           .thread("second", {"kevent wait"}),
       "/scenario/threads/first/0", 0, "process two has several threads", ""},
      {"NobodyReaps", good().environment("sigchld-ignored"), "/environment/0", 0,
       "sigchld-ignored needs a process called init", ""},
      {"InitWaitsTooOften", good().thread("init", {"wait4", "wait4"}), "/scenario/threads/init/1",
       0, "process init waits for 2 children and may get 1", ""},
      {"InitExits", good().thread("init", {"exit 0"}), "/scenario/threads/init/0", 0,
       "init cannot exit: the kernel panics then", ""},
      {"CallsAfterExit", good().thread("more", {"exit 1", "kevent wait"}),
       "/scenario/threads/more/1", 0, "nothing can follow exit", ""},
      {"CallsAfterALoop", ScenarioText().thread("watcher", {"kevent loop", "close kq"}),
       "/scenario/threads/watcher/1", 0, "nothing can follow", ""},
  };
}

std::vector<Bad> of_their_order() {
  const std::string here = "/scenario/threads/more/0";
  return {
      {"AwaitsNoThread", with_call("await chlid.exit 1"), here, 0,
       "a call has to follow: await says when it begins", ""},
      {"AwaitsAnUnknownThread", good().thread("more", {"await chlid.exit 1", "exit"}), here, 0,
       "'chlid.exit 1' is no THREAD.CALL; threads: parent, child, watcher, more",
       "; did you mean child?"},
      {"AwaitsAnUnknownCall", good().thread("more", {"await child.exit 2", "exit"}), here, 0,
       "'exit 2' is no call of child; allowed: exit 1, or a number from 1 to 1",
       "; did you mean exit 1?"},
      {"AwaitsOneOfSeveral",
       good()
           .thread("more", {"await two.wait4 nohang", "exit"})
           .thread("two", {"wait4 nohang", "wait4 nohang"}),
       here, 0, "two makes the call 'wait4 nohang' several times: say which by its number", ""},
      {"AwaitsItself",
       good().thread("more", {"fork grandchild", "await more.1", "exit"}).thread("grandchild", {}),
       "/scenario/threads/more/1", 0, "a thread makes its calls in their order", ""},
      {"AwaitsALoop",
       ScenarioText()
           .thread("watcher", {"kevent loop"})
           .thread("more", {"await watcher.1", "exit"}),
       here, 0, "kevent loop does not return", ""},
      {"AwaitsInACircle",
       ScenarioText().thread("a", {"await b.exit", "exit"}).thread("b", {"await a.exit", "exit"}),
       "/scenario/threads/b/0", 0, "'a.exit' cannot return before this call does", ""},
      {"SetupWithoutThread", good().setup({"exit 1"}), "/scenario/setup/0", 0,
       "'exit 1' is no entry of the setup: expected 'THREAD: CALL'", ""},
      {"SetupOfAnUnknownThread", good().setup({"wacher: exit 1"}), "/scenario/setup/0", 0,
       "unknown thread 'wacher'", "; did you mean watcher?"},
      {"SetupOfAnUnknownCall", good().setup({"watcher: kevent ad proc parent exit"}),
       "/scenario/setup/0", 16, "'ad' is no kevent operation", "; did you mean add?"},
      {"SetupBeforeTheFork",
       ScenarioText()
           .thread("parent", {})
           .thread("child", {})
           .setup({"child: exit 1", "parent: fork child"}),
       "/scenario/setup/1", 0, "'exit 1' cannot return before this call does", ""},
      {"SetupThatLoops", good().setup({"watcher: kevent loop"}).thread("more", {"exit"}),
       "/scenario/threads/watcher/0", 0, "nothing can follow kevent loop", ""},
      {"SetupThatLoopsAtTheEnd",
       ScenarioText()
           .thread("watcher", {})
           .thread("more", {"exit"})
           .setup({"watcher: kevent loop"}),
       "/scenario/setup/0", 0, "kevent loop does not return", ""},
      {"AwaitsWhatItForks",
       ScenarioText()
           .thread("parent", {"await child.exit", "fork child"})
           .thread("child", {"exit"}),
       "/scenario/threads/parent/0", 0, "'child.exit' cannot return before this call does", ""},
      {"SetupThatAwaits", good().setup({"watcher: await parent.1"}), "/scenario/setup/0", 9,
       "the setup runs in its order: nothing in it awaits", ""},
  };
}

std::vector<Bad> of_kqueues_and_words() {
  const std::string here = "/scenario/threads/more/0";
  return {
      {"KqueueOfAnotherProcess", with_call("close kq"), here, 6,
       "kqueue kq belongs to another process", ""},
      {"EventsOfAnotherProcess", with_call("kevent wait"), here, 7,
       "kqueue kq belongs to process watcher, and kqueues are not inherited by fork(2)", ""},
      {"WhichKqueue", good().kqueue("kq1", "watcher").kqueue("kq2", "watcher"),
       "/scenario/threads/watcher/0", 23,
       "there are several kqueues: say which one with 'on KQUEUE'", ""},
      {"TooManyWords", with_call("fork child now"), here, 11, "'now' is one word too many",
       "; the call ends before it"},
      {"TooManyWordsOfAChange", with_own_kqueue("kevent add proc parent exit onshot"),
       "/scenario/threads/watcher/0", 28,
       "'onshot' is one word too many; here may follow: oneshot, dispatch, udata, on",
       "; did you mean oneshot?"},
      {"TooManyWordsBehindAnOption", with_own_kqueue("kevent modify proc parent exit oneshot now"),
       "/scenario/threads/watcher/0", 39,
       "'now' is one word too many; here may follow: dispatch, udata, on", ""},
      {"TooManyWordsOfADelete", with_own_kqueue("kevent delete proc parent exit"),
       "/scenario/threads/watcher/0", 26, "'exit' is one word too many; here may follow: on", ""},
      {"TooManyWordsOfAWait", with_own_kqueue("kevent wait pol"), "/scenario/threads/watcher/0", 12,
       "'pol' is one word too many; here may follow: a number of events, poll, timeout, on",
       "; did you mean poll?"},
      {"TooFewWords", with_call("kevent add proc"), here, 15,
       "'kevent add proc' ends where process is expected", ""},
      {"NoWords", with_call("  "), here, 2, "'  ' ends where system call of netbsd is expected",
       ""},
      {"NoneAndANote", with_call("kevent add proc parent none,exit"), here, 23,
       "'none' stands alone: no event of the process", ""},
      {"WaitForNoProcess", with_call("wait4 chlid"), here, 6,
       "'chlid' is no process; allowed: ", "; did you mean child?"},
      {"TooManyWordsOfAWait4", with_call("wait4 child now"), here, 12,
       "'now' is one word too many; here may follow: nohang", ""},
      {"NoteTwice", with_call("kevent add proc parent exit,exit"), here, 23, "exit is there twice",
       ""},
      {"StatusTooLarge", with_call("exit 256"), here, 5, "'256' is no exit status from 0 to 255",
       ""},
      {"StatusNegative", with_call("exit -1"), here, 5, "'-1' is no exit status from 0 to 255", ""},
      {"StatusHuge", with_call("exit 99999999999999999999"), here, 5,
       "'99999999999999999999' is no", ""},
      {"TooManyEvents", with_call("kevent wait 9"), here, 12,
       "'9' is no number of events from 1 to 7", ""},
      {"NoEvents", with_call("kevent wait 0"), here, 12, "'0' is no number of events from 1 to 7",
       ""},
      {"LoopWithTimeout", with_call("kevent loop poll"), here, 12, "'kevent loop' waits for ever",
       ""},
      {"UdataOfTheKernel", with_call("kevent add proc parent exit udata lwp(more)"), here, 34,
       "a name for udata has no ( ) .", ""},
      {"UdataThatIsNotPrintable", with_call("kevent add proc parent exit udata \x1b[31m"), here, 34,
       "a name for udata has no ( ) . and no control characters", ""},
  };
}

std::vector<Bad> of_the_whole() {
  ScenarioText crowd;
  for (int i = 0; i < 17; ++i)
    crowd = crowd.thread("t" + std::to_string(i), {"kevent wait"});
  std::vector<std::string> names; // of udata: one more than there may be
  for (int i = 0; i < 15; ++i)
    names.push_back("kevent modify proc parent exit udata u" + std::to_string(i));
  return {
      {"NoThreads", ScenarioText(), "/scenario/threads", 0, "a scenario needs at least one thread",
       ""},
      {"TooManyThreads", crowd, "/scenario/threads", 0, "at most 16 threads are supported", ""},
      {"TooManyCalls", // with those of good(), whose threads come first
       good()
           .thread("more", std::vector<std::string>(50, "kevent wait poll"))
           .thread("yet_more", std::vector<std::string>(47, "kevent wait poll")),
       "/scenario/threads/yet_more/46", 0, "at most 100 calls are supported", ""},
      {"TooManyUdata", ScenarioText().thread("parent", names), "/scenario/threads/parent/14", 37,
       "at most 14 names for udata are supported", ""},
      {"ThreadTwice", good().thread("child", {}), "/scenario/threads/child", 0,
       "thread child is there twice", ""},
      {"ProcessTwice", good().process("a", {"watcher"}).process("a", {"child"}),
       "/scenario/processes/a", 0, "process a is there twice", ""},
      {"ThreadInTwoProcesses", good().process("a", {"watcher"}).process("b", {"watcher"}),
       "/scenario/processes/b/0", 0, "thread watcher belongs to process a already", ""},
      {"ThreadOfTheNameOfAProcess", good().process("parent", {"watcher"}),
       "/scenario/threads/parent", 0, "thread parent belongs to no process", ""},
      {"ProcessWithoutThreads", good().process("a", {}), "/scenario/processes/a", 0,
       "process a has no threads", ""},
      {"KqueueTwice", good().kqueue("kq", "watcher").kqueue("kq", "watcher"),
       "/scenario/kqueues/kq", 0, "kqueue kq is there twice", ""},
      {"PropertyTwice", good().property("leak").property("leak"), "/properties/1", 0,
       "property leak is there twice", ""},
      {"NameWithBlanks", good().thread("a b", {}), "/scenario/threads/a b", 0,
       "the name of a thread consists of letters, digits, - and _", ""},
      {"TooFewKnotes", good().bound("knotes", 2), "/bounds/knotes", 0,
       "knotes must be from 3 to 24: a tracked fork needs 3 knotes at once", ""},
      {"TooManyKnotes", good().bound("knotes", 25), "/bounds/knotes", 0,
       "knotes must be from 3 to 24", ""},
      {"TooFewProcs", good().bound("procs", 2), "/bounds/procs", 0,
       "procs must be from 3 to 24: the processes that exist at the start and one that is forked",
       ""},
      {"NegativeProcs", good().bound("procs", -1), "/bounds/procs", 0, "procs must be from 3 to 24",
       ""},
  };
}

std::vector<Bad> of_patches() {
  const auto inserted = [](const std::string& text) {
    return good().before("fork1.set_SACTIVE", text);
  };
  const std::string here = "/patches/0/insert";
  return {
      {"NoOperand", inserted("mutex_enter"), here, 0, "mutex_enter takes 1 operand, not 0", ""},
      {"NoPlace", inserted("set 1, 2"), here, 0, "", ""},
      {"WrongType", inserted("set p2.p_stat, KN_QUEUED"), here, 15, "", ""},
      {"NoCondition", inserted("check p2"), here, 5, "", ""},
      {"MutexPrimitiveOnARwlock", inserted("mutex_enter kqueue_filter_lock"), here, 0,
       "mutex_enter: kqueue_filter_lock is no adaptive mutex or spin mutex", ""},
      {"MutexPrimitiveOnACondition", inserted("mutex_exit p1.p_waitcv"), here, 0,
       "mutex_exit: parent.l_proc.p_waitcv is no adaptive mutex or spin mutex", ""},
      {"RwlockPrimitiveOnAMutex", inserted("rw_exit proc_lock"), here, 0,
       "rw_exit: proc_lock is no rwlock", ""},
      {"BroadcastOnAMutex", inserted("cv_broadcast proc_lock"), here, 0,
       "cv_broadcast: proc_lock is no condition variable", ""},
      {"SleepOnAMutex", inserted("cv_wait proc_lock, proc_lock"), here, 0,
       "cv_wait: proc_lock is no condition variable", ""},
      {"TryOnACondition", inserted("mutex_tryenter p1.p_waitcv, true"), here, 0,
       "mutex_tryenter: parent.l_proc.p_waitcv is no adaptive mutex or spin mutex", ""},
      {"ResultThatIsNoPlace", inserted("mutex_tryenter proc_lock, true"), here, 0, "", ""},
      {"ActivateNoKnote", inserted("knote_activate p1"), here, 0, "knote_activate: ", ""},
  };
}

std::vector<Bad> all_of_them() {
  std::vector<Bad> all;
  for (const auto& some : {of_names(), of_calls(), of_their_order(), of_kqueues_and_words(),
                           of_the_whole(), of_patches()})
    all.insert(all.end(), some.begin(), some.end());
  return all;
}

class BadScenario : public testing::TestWithParam<Bad> {};

TEST_P(BadScenario, IsRefusedWithItsPlace) {
  const Bad& bad = GetParam();
  try {
    systems::build(bad.scenario.scenario());
    FAIL() << "it was accepted";
  } catch (const systems::ScenarioError& error) {
    const std::string message = error.what();
    SCOPED_TRACE(message);
    EXPECT_EQ(error.pointer(), bad.pointer);
    EXPECT_EQ(error.offset(), bad.offset);
    EXPECT_FALSE(message.empty());
    EXPECT_TRUE(message.starts_with(bad.message)) << "expected: " << bad.message;
    EXPECT_TRUE(message.ends_with(bad.ending)) << "expected at the end: " << bad.ending;
  }
}

INSTANTIATE_TEST_SUITE_P(Scenario, BadScenario, testing::ValuesIn(all_of_them()),
                         [](const testing::TestParamInfo<Bad>& info) { return info.param.name; });

TEST(GoodScenario, IsAccepted) { EXPECT_TRUE(check(good()).holds()) << check(good()).verdict(); }

} // namespace
} // namespace interlock::tests
