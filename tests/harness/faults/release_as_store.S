// A lock given back by a plain store: no barrier, so that a load behind it may pass it.
#define FAULT release_as_store
#include "faulty.inc"

faulty_exchange:
        operands %rsi
        movq    (%rsi), %rdi
        movq    8(%rsi), %rdx
        movq    %rdx, (%rdi)
        next

#define do_exchange faulty_exchange
#include "harness/x86_64/dispatch_table.inc"
