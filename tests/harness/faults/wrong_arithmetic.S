// Subtraction the wrong way round.
#define FAULT wrong_arithmetic
#include "faulty.inc"

faulty_subtract:
        take    %rcx
        subq    -8(%r13), %rcx
        replace %rcx
        next

#define do_subtract faulty_subtract
#include "harness/x86_64/dispatch_table.inc"
