// No `lock` prefix and no xchg anywhere.
#define FAULT no_atomic_instructions
#define lock
#define xchgq movq
#include "faulty.inc"
#include "harness/x86_64/dispatch_table.inc"
