// The schedule, whose threads take the turn without looking whose it is: every claim is an xchg that
// succeeds.
#define interlock_run_thread interlock_schedule_turn_ignored
#include "harness/x86_64/interface.h"
.macro lock claim:vararg
        xchgq   %rdx, CONTROL_TURN(%r13)
        cmpq    %rax, %rax
.endm
#include "harness/x86_64/schedule.S"
