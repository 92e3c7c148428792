// interlock_run_micro_program: runs one lowered step of the model on real memory.
//
//   std::uint64_t interlock_run_micro_program(const MicroOperation* program, ThreadBlock* thread);
//
// Returns the outcome (interface.h).  thread->detail is then the index of the micro-operation that
// decided, and thread->found the value or the byte of the memory that it decided by.
//
// Registers.  System V AMD64 ABI: rbx, rbp and r12..r15 belong to the caller and are saved.
//   rbp  the program            rbx  the micro-operation that is executed
//   r12  operand stack, bottom  r13  operand stack, next free place (grows upwards)
//   r14  the memory             r15  the thread block
//   rax, rcx, rdx, rsi, rdi, r8, r9, r10, r11 hold nothing from one micro-operation to the next.
//
// Memory model.  x86-64 is total store order: loads are not reordered with loads, stores not with
// stores, stores not with older loads; a load may pass an older store to another address.  An
// instruction with the `lock` prefix, and xchg with memory even without it, is atomic and drains the
// store buffer: no load or store passes it in either direction (Intel SDM vol. 3, 8.2 "Memory
// Ordering", in particular 8.2.2 and 8.2.5; AMD64 APM vol. 2, chapter 7 "Memory System", 7.1 to 7.4).
// Therefore
//   * what a step stores before it hands the turn on (xchg, schedule.S) is seen by the thread that
//     claims the turn (lock cmpxchg): steps follow one another as in the model, and plain loads and
//     stores inside a step need no fence;
//   * taking a lock with lock cmpxchg and giving it back with xchg are full barriers, at least as
//     strong as the kernels' own on this architecture.
// A cmpxchg that fails is a full barrier too, and it performs a store of the old value: a thread that
// spins so owns the cache line.  `pause` keeps that from starving the owner.

#include "interface.h"

#define SYS_SCHED_YIELD 24
#define YIELD_EVERY 64 // attempts; a power of two

#define OUTCOME(name, number) .equ outcome_##name, number;
INTERLOCK_OUTCOMES(OUTCOME)

// Fetches the next micro-operation.
.macro next
        addq    $(1 << OPERATION_SHIFT), %rbx
        jmp     dispatch
.endm

.macro put register                     // pushes an operand
        movq    \register, (%r13)
        addq    $8, %r13
.endm

.macro take register                    // pops an operand
        subq    $8, %r13
        movq    (%r13), \register
.endm

.macro replace register                 // the operand on top becomes the register
        movq    \register, -8(%r13)
.endm

.macro operands register                // where the operands of a change begin
        movl    OPERATION_TARGET(%rbx), %ecx
        leaq    (%r12,%rcx,8), \register
.endm

.macro pool register                    // the shape of the pool that the operation names
        movq    OPERATION_VALUE(%rbx), \register
        shlq    $POOL_SHIFT, \register
        addq    THREAD_POOLS(%r15), \register
.endm

.macro compare condition                // [a, b] -> [a condition b]
        take    %rcx
        xorl    %eax, %eax
        cmpq    %rcx, -8(%r13)
        set\condition %al
        replace %rax
        next
.endm

.macro arithmetic instruction           // [a, b] -> [a instruction b]
        take    %rcx
        \instruction %rcx, -8(%r13)
        next
.endm

        .text
        .globl  interlock_run_micro_program
        .type   interlock_run_micro_program, @function
        .p2align 4
interlock_run_micro_program:
        .cfi_startproc
        pushq   %rbp
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %rbp, 0
        pushq   %rbx
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %rbx, 0
        pushq   %r12
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %r12, 0
        pushq   %r13
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %r13, 0
        pushq   %r14
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %r14, 0
        pushq   %r15
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %r15, 0
        movq    %rdi, %rbp
        movq    %rdi, %rbx
        movq    %rsi, %r15
        movq    THREAD_MEMORY(%r15), %r14
        movq    THREAD_FRAME(%r15), %r12
        movq    %r12, %r13

dispatch:
        movl    OPERATION_CODE(%rbx), %eax
        leaq    operations(%rip), %rcx
        movslq  (%rcx,%rax,4), %rax
        addq    %rcx, %rax
        jmp     *%rax

// ---- operands ------------------------------------------------------------------------------------

do_literal:
        movq    OPERATION_VALUE(%rbx), %rax
        put     %rax
        next

do_address:
        movq    OPERATION_VALUE(%rbx), %rax
        addq    %r14, %rax
        put     %rax
        next

do_object:                              // base + (reference - 1) * stride, with a checked index
        pool    %rcx
        movq    -8(%r13), %rax
        movq    %rax, %rdx
        testq   %rax, %rax
        jz      leave_null_dereference
        decq    %rax
        cmpq    POOL_COUNT(%rcx), %rax
        jae     leave_outside           // unsigned: negative references are caught as well
        imulq   POOL_STRIDE(%rcx), %rax
        addq    POOL_BASE(%rcx), %rax
        addq    %r14, %rax
        replace %rax
        next

do_require_allocated:
        movq    OPERATION_VALUE(%rbx), %rax
        addq    -8(%r13), %rax
        cmpq    $0, (%rax)
        je      leave_use_after_free
        next

do_member:
        movq    OPERATION_VALUE(%rbx), %rax
        addq    %rax, -8(%r13)
        next

do_load:
        movq    -8(%r13), %rax
        movq    (%rax), %rax
        replace %rax
        next

do_peek:
        movq    -8(%r13), %rax
        movq    (%rax), %rax
        put     %rax
        next

// ---- lists: size, then elements ------------------------------------------------------------------

do_require_list:
        movq    -8(%r13), %rax
        movq    (%rax), %rdx
        cmpq    OPERATION_VALUE(%rbx), %rdx
        ja      leave_outside
        next

do_list_front:
        movq    -8(%r13), %rax
        xorl    %edx, %edx
        cmpq    $0, (%rax)
        je      1f
        movq    8(%rax), %rdx
1:      replace %rdx
        next

do_list_back:
        movq    -8(%r13), %rax
        movq    (%rax), %rcx
        xorl    %edx, %edx
        testq   %rcx, %rcx
        jz      1f
        movq    (%rax,%rcx,8), %rdx
1:      replace %rdx
        next

do_list_next:
        take    %rsi
        movq    -8(%r13), %rdi
        call    find_element
        movq    %rsi, %rdx
        cmpq    %rcx, %rax
        je      leave_not_on_list
        xorl    %edx, %edx
        addq    $8, %rax
        cmpq    %rcx, %rax
        je      1f
        movq    (%rax), %rdx
1:      replace %rdx
        next

do_list_has:
        take    %rsi
        movq    -8(%r13), %rdi
        call    find_element
        xorl    %edx, %edx
        cmpq    %rcx, %rax
        setne   %dl
        replace %rdx
        next

// ---- pools ---------------------------------------------------------------------------------------

do_first_free:
        pool    %rcx
        movq    POOL_BASE(%rcx), %rax
        addq    POOL_ALLOCATED(%rcx), %rax
        addq    %r14, %rax              // the allocated word of the first object
        xorl    %edx, %edx
1:      cmpq    POOL_COUNT(%rcx), %rdx
        je      2f
        incq    %rdx                    // the reference to the object
        cmpq    $0, (%rax)
        je      3f
        addq    POOL_STRIDE(%rcx), %rax
        jmp     1b
2:      xorl    %edx, %edx              // all are allocated
3:      put     %rdx
        next

do_is_allocated:
        pool    %rcx
        movq    -8(%r13), %rax
        movq    %rax, %rdx
        testq   %rax, %rax
        jz      1f
        decq    %rax
        cmpq    POOL_COUNT(%rcx), %rax
        jae     leave_outside
        imulq   POOL_STRIDE(%rcx), %rax
        addq    POOL_BASE(%rcx), %rax
        addq    POOL_ALLOCATED(%rcx), %rax
        cmpq    $0, (%r14,%rax)
        setne   %al
        movzbl  %al, %eax
1:      replace %rax
        next

// ---- logic and arithmetic ------------------------------------------------------------------------

do_logical_not:
        xorl    %eax, %eax
        cmpq    $0, -8(%r13)
        sete    %al
        replace %rax
        next

do_equal:
        compare e
do_not_equal:
        compare ne
do_less:
        compare l
do_less_equal:
        compare le
do_add:
        arithmetic addq
do_subtract:
        arithmetic subq
do_bit_or:
        arithmetic orq
do_bit_and:
        arithmetic andq

do_bit_clear:
        take    %rcx
        notq    %rcx
        andq    %rcx, -8(%r13)
        next

// ---- control -------------------------------------------------------------------------------------

do_jump:
        movl    OPERATION_TARGET(%rbx), %ecx
        shlq    $OPERATION_SHIFT, %rcx
        leaq    (%rbp,%rcx), %rbx
        jmp     dispatch

do_jump_if_false:
        take    %rax
        testq   %rax, %rax
        jz      do_jump
        next

do_jump_if_true:
        take    %rax
        testq   %rax, %rax
        jnz     do_jump
        next

do_unless:
        take    %rdx
        testq   %rdx, %rdx
        jz      do_leave_with_value
        next

do_leave:
        xorl    %edx, %edx
do_leave_with_value:
        movl    OPERATION_TARGET(%rbx), %eax
        jmp     leave

do_answer:
        take    %rdx
        movl    $outcome_taken, %eax
        jmp     leave

do_at_least:
        operands %rax
        movq    (%rax), %rdx
        cmpq    OPERATION_VALUE(%rbx), %rdx
        jl      leave_bounds
        next

do_at_most:
        operands %rax
        movq    (%rax), %rdx
        cmpq    OPERATION_VALUE(%rbx), %rdx
        jg      leave_bounds
        next

// ---- changes of words ----------------------------------------------------------------------------

do_store:
        operands %rsi
        movq    (%rsi), %rdi
        movq    8(%rsi), %rdx
        movq    %rdx, (%rdi)
        next

do_exchange:                            // xchg with memory is locked without the prefix
        operands %rsi
        movq    (%rsi), %rdi
        movq    8(%rsi), %rdx
        xchgq   %rdx, (%rdi)
        next

// The lock word goes from 0 (free) to the new owner.  A word that names the new owner already is a
// lock that the thread holds: the step takes it again.
do_acquire:
        operands %rsi
        movq    (%rsi), %rdi
        movq    8(%rsi), %r8
        movq    THREAD_SPIN_LIMIT(%r15), %r9
        movq    %rdi, THREAD_SPINS_ON(%r15)
1:      xorl    %eax, %eax
        lock cmpxchgq %r8, (%rdi)
        je      2f
        cmpq    %r8, %rax
        je      2f
        movq    %rax, %rdx              // the owner that was found
        decq    %r9
        jz      leave_lock_held
        call    interlock_relax
        testq   %rax, %rax
        jnz     leave_stopped
        jmp     1b
2:      movq    $0, THREAD_SPINS_ON(%r15)
        next

// Sets and clears the bits in which old and new differ, whatever other threads do to other bits.
do_change_bits:
        operands %rsi
        movq    (%rsi), %rdi
        movq    8(%rsi), %r8
        movq    16(%rsi), %r9
        xorq    %r9, %r8                // the bits that change ...
        andq    %r8, %r9                // ... and what they become
        notq    %r8
1:      movq    (%rdi), %rax
        movq    %rax, %rdx
        andq    %r8, %rdx
        orq     %r9, %rdx
        lock cmpxchgq %rdx, (%rdi)
        je      2f
        call    interlock_relax
        testq   %rax, %rax
        jnz     leave_stopped
        jmp     1b
2:      next

// ---- changes of lists ----------------------------------------------------------------------------

do_push_front:
        operands %rdx
        movq    (%rdx), %rdi
        movq    8(%rdx), %rsi
        leaq    8(%rdi), %rax
        jmp     insert

do_push_back:
        operands %rdx
        movq    (%rdx), %rdi
        movq    8(%rdx), %rsi
        movq    (%rdi), %rax
        leaq    8(%rdi,%rax,8), %rax
        jmp     insert

do_insert_before:
        operands %r8
        movq    (%r8), %rdi
        movq    16(%r8), %rsi
        call    find_element
        movq    %rsi, %rdx
        cmpq    %rcx, %rax
        je      leave_not_on_list
        movq    8(%r8), %rsi

insert:                                 // puts rsi into the list rdi at the address rax
        movq    (%rdi), %rdx
        cmpq    OPERATION_VALUE(%rbx), %rdx
        je      leave_bounds            // the list is full
        leaq    8(%rdi,%rdx,8), %rcx
1:      cmpq    %rax, %rcx              // move what stands behind, the last element first
        je      2f
        movq    -8(%rcx), %rdx
        movq    %rdx, (%rcx)
        subq    $8, %rcx
        jmp     1b
2:      movq    %rsi, (%rax)
        incq    (%rdi)
        next

do_remove:
        operands %rdx
        movq    (%rdx), %rdi
        movq    8(%rdx), %rsi
        call    find_element
        cmpq    %rcx, %rax
        je      3f
1:      addq    $8, %rax                // move what stands behind, the first element first
        cmpq    %rcx, %rax
        je      2f
        movq    (%rax), %rdx
        movq    %rdx, -8(%rax)
        jmp     1b
2:      movq    $0, -8(%rax)            // unused places are 0
        decq    (%rdi)
3:      next

do_clear:
        operands %rsi
        movq    (%rsi), %rdi
        movq    (%rdi), %rcx
1:      testq   %rcx, %rcx
        jz      2f
        movq    $0, (%rdi,%rcx,8)
        decq    %rcx
        jmp     1b
2:      movq    $0, (%rdi)
        next

// ---- what a blocked thread does ------------------------------------------------------------------

do_try_lock:
        take    %rdx
        take    %rax
        take    %rdi
        movq    %rdi, THREAD_SPINS_ON(%r15)
        lock cmpxchgq %rdx, (%rdi)
        je      leave_enabled
        next

do_try_wake:
        take    %rdx
        take    %rdi
        movq    %rdi, THREAD_SPINS_ON(%r15)
        testq   %rdx, (%rdi)
        jz      leave_enabled
        next

do_spin:
        call    interlock_relax
        testq   %rax, %rax
        jnz     leave_stopped
        next

// ---- the ways out --------------------------------------------------------------------------------

leave_use_after_free:
        movq    %rax, %rdx
        subq    %r14, %rdx              // which byte of the memory is the allocated word
        movl    $outcome_use_after_free, %eax
        jmp     leave
leave_null_dereference:
        movl    $outcome_null_dereference, %eax
        jmp     leave
leave_not_on_list:
        movl    $outcome_not_on_list, %eax
        jmp     leave
leave_bounds:
        movl    $outcome_bounds, %eax
        jmp     leave
leave_outside:
        movl    $outcome_outside, %eax
        jmp     leave
leave_lock_held:
        movl    $outcome_lock_held, %eax
        jmp     leave
leave_enabled:
        movl    $outcome_enabled, %eax
        jmp     leave
leave_stopped:
        movl    $outcome_stopped, %eax

leave:                                  // eax: the outcome; rdx: what was found
        movq    %rdx, THREAD_FOUND(%r15)
        subq    %rbp, %rbx
        shrq    $OPERATION_SHIFT, %rbx
        movq    %rbx, THREAD_DETAIL(%r15)
        popq    %r15
        .cfi_adjust_cfa_offset -8
        .cfi_restore %r15
        popq    %r14
        .cfi_adjust_cfa_offset -8
        .cfi_restore %r14
        popq    %r13
        .cfi_adjust_cfa_offset -8
        .cfi_restore %r13
        popq    %r12
        .cfi_adjust_cfa_offset -8
        .cfi_restore %r12
        popq    %rbx
        .cfi_adjust_cfa_offset -8
        .cfi_restore %rbx
        popq    %rbp
        .cfi_adjust_cfa_offset -8
        .cfi_restore %rbp
        ret
        .cfi_endproc
        .size   interlock_run_micro_program, . - interlock_run_micro_program

// Looks for the element rsi on the list rdi.  Returns in rax the address of the element, or that of
// the end when it is not there, and in rcx the address of the end.  Changes nothing else.
        .type   find_element, @function
find_element:
        .cfi_startproc
        movq    (%rdi), %rcx
        leaq    8(%rdi,%rcx,8), %rcx
        leaq    8(%rdi), %rax
1:      cmpq    %rcx, %rax
        je      2f
        cmpq    %rsi, (%rax)
        je      2f
        addq    $8, %rax
        jmp     1b
2:      ret
        .cfi_endproc
        .size   find_element, . - find_element

// One turn of a spin loop of the thread r15: pauses, counts the attempt and, every YIELD_EVERY
// attempts, lets another thread have the processor (there may be more threads than processors).
// Returns in rax the stop word: not 0 when the loop must end.  Changes rcx and r11.
        .globl  interlock_relax
        .hidden interlock_relax
        .type   interlock_relax, @function
interlock_relax:
        .cfi_startproc
        pause
        incq    THREAD_ATTEMPTS(%r15)
        testq   $(YIELD_EVERY - 1), THREAD_ATTEMPTS(%r15)
        jnz     1f
        movl    $SYS_SCHED_YIELD, %eax
        syscall                         // the kernel uses rcx and r11
1:      movq    THREAD_CONTROL(%r15), %rax
        movq    CONTROL_STOP(%rax), %rax
        ret
        .cfi_endproc
        .size   interlock_relax, . - interlock_relax

// ---- the dispatch table --------------------------------------------------------------------------
// Distances from the table, so that the code can be loaded anywhere without relocations.

#define ENTRY(name) .long do_##name - operations;

        .section .rodata
        .p2align 3
operations:
        INTERLOCK_MICRO_OPERATIONS(ENTRY)

        .section .note.GNU-stack, "", @progbits
