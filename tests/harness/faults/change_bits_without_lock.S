// change_bits without the `lock` prefix: the bits of another thread can get lost.
#define FAULT change_bits_without_lock
#include "faulty.inc"

faulty_change_bits:
        operands %rsi
        movq    (%rsi), %rdi
        movq    8(%rsi), %r8
        movq    16(%rsi), %r9
        xorq    %r9, %r8
        andq    %r8, %r9
        notq    %r8
1:      movq    (%rdi), %rax
        movq    %rax, %rdx
        andq    %r8, %rdx
        orq     %r9, %rdx
        cmpxchgq %rdx, (%rdi)
        jne     1b
        next

#define do_change_bits faulty_change_bits
#include "harness/x86_64/dispatch_table.inc"
