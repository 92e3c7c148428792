// The schedule without any `lock` prefix.
#define interlock_run_thread interlock_schedule_turn_without_lock
#define lock
#include "harness/x86_64/schedule.S"
