// A step runs whether its guard holds or not.
#define FAULT guard_ignored
#include "faulty.inc"

faulty_unless:
        take    %rdx
        next

#define do_unless faulty_unless
#include "harness/x86_64/dispatch_table.inc"
