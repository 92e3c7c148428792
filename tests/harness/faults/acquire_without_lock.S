// acquire without the `lock` prefix: atomic for interrupts, not for another core.
#define FAULT acquire_without_lock
#include "faulty.inc"

faulty_acquire:
        operands %rsi
        movq    (%rsi), %rdi
        movq    8(%rsi), %r8
        movq    THREAD_SPIN_LIMIT(%r15), %r9
1:      xorl    %eax, %eax
        cmpxchgq %r8, (%rdi)
        je      2f
        decq    %r9
        jz      leave_lock_held
        call    interlock_relax
        testq   %rax, %rax
        jnz     leave_stopped
        jmp     1b
2:      next

#define do_acquire faulty_acquire
#include "harness/x86_64/dispatch_table.inc"
