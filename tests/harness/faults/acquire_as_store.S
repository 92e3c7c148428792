// acquire that waits until the lock is free, and then takes it with a plain store.
#define FAULT acquire_as_store
#include "faulty.inc"

faulty_acquire:
        operands %rsi
        movq    (%rsi), %rdi
        movq    8(%rsi), %r8
        movq    THREAD_SPIN_LIMIT(%r15), %r9
1:      cmpq    $0, (%rdi)
        je      2f
        decq    %r9
        jz      leave_lock_held
        call    interlock_relax
        testq   %rax, %rax
        jnz     leave_stopped
        jmp     1b
2:      movq    %r8, (%rdi)
        next

#define do_acquire faulty_acquire
#include "harness/x86_64/dispatch_table.inc"
