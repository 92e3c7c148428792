// try_lock that looks whether the lock is free, and then takes it with a plain store.
#define FAULT try_lock_without_cmpxchg
#include "faulty.inc"

faulty_try_lock:
        take    %rdx
        take    %rax
        take    %rdi
        cmpq    %rax, (%rdi)
        jne     1f
        movq    %rdx, (%rdi)
        jmp     leave_enabled
1:      next

#define do_try_lock faulty_try_lock
#include "harness/x86_64/dispatch_table.inc"
