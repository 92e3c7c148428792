// Flags that are set by addition: right as long as they were clear.
#define FAULT wrong_flags
#include "faulty.inc"
#define do_bit_or do_add
#include "harness/x86_64/dispatch_table.inc"
