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
// store buffer: no load or store passes it in either direction (Intel SDM vol. 3, "Memory Ordering",
// 8.2 in most editions: 8.2.2, 8.2.3.9 and 8.2.5; AMD64 APM vol. 2, chapter 7 "Memory System").
// Therefore
//   * what a step stores before it hands the turn on (xchg, schedule.S) is seen by the thread that
//     claims the turn (lock cmpxchg): steps follow one another as in the model, and plain loads and
//     stores inside a step need no fence;
//   * taking a lock with lock cmpxchg and giving it back with xchg are full barriers, at least as
//     strong as the kernels' own on this architecture.
// A cmpxchg that fails is a full barrier too, and it performs a store of the old value: a thread that
// spins so owns the cache line.  `pause` keeps that from starving the owner.

#include "interface.h"
#include "counts.inc"

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

#include "lists.inc"
#include "words.inc"

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

// ---- the dispatch table --------------------------------------------------------------------------
// Distances from the table, so that the code can be loaded anywhere without relocations.

#define ENTRY(name) .long do_##name - operations;

        .section .rodata
        .p2align 3
operations:
        INTERLOCK_MICRO_OPERATIONS(ENTRY)

        .section .note.GNU-stack, "", @progbits
