// interlock_run_thread: what each real thread of a scheduled replay does.
//
//   void interlock_run_thread(ThreadBlock* thread);
//
// The turn is a word that holds the number of the step that may run.  All threads spin on it; the one
// whose next step has that number claims it with lock cmpxchg (number -> number with bit 63 set), runs
// the step's micro program, copies the whole memory into the step's snapshot, and hands the turn on by
// an xchg of the next number.  So exactly one thread touches the memory at a time, and each step sees
// all that the steps before it stored (see "Memory model" in micro_program.S).
//
// A step that ends otherwise than `taken` ends the replay: its thread raises the stop word, which every
// spin loop polls.
//
// When all its steps are done, a thread that the model says is blocked waits until the whole schedule
// is done and then runs its `attempt` program: it tries its next step, again and again, until it is told
// to stop, or succeeds.
//
// Registers: rbx the record of the step, r12 the end of the records, r13 the control block, r15 the
// thread block (interlock_relax wants it there).

#include "interface.h"
#include "counts.inc"

#define CLAIMED_BIT 63
#define SYS_GETTID 186

#define OUTCOME(name, number) .equ outcome_##name, number;
INTERLOCK_OUTCOMES(OUTCOME)

        .text
        .globl  interlock_run_thread
        .type   interlock_run_thread, @function
        .p2align 4
interlock_run_thread:
        .cfi_startproc
        pushq   %rbx
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %rbx, 0
        pushq   %r12
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %r12, 0
        pushq   %r13
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %r13, 0
        pushq   %r15
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %r15, 0
        subq    $8, %rsp                // calls want the stack aligned to 16 bytes
        .cfi_adjust_cfa_offset 8
        movq    %rdi, %r15
        movq    THREAD_STEPS(%r15), %rbx
        movq    THREAD_STEPS_END(%r15), %r12
        movq    THREAD_CONTROL(%r15), %r13

next_step:
        cmpq    %r12, %rbx
        je      all_steps_done

claim_turn:
        movq    STEP_NUMBER(%rbx), %rax
        movq    %rax, %rdx
        btsq    $CLAIMED_BIT, %rdx
        count   claim_turn
        lock cmpxchgq %rdx, CONTROL_TURN(%r13)
        je      run_step
        count   claim_turn_failed
        call    interlock_relax
        testq   %rax, %rax
        jnz     finish
        jmp     claim_turn

run_step:
        movl    $SYS_GETTID, %eax       // whatever C++ believes about who runs this
        syscall
        movq    %rax, STEP_REAL_THREAD(%rbx)
        movq    STEP_PROGRAM(%rbx), %rdi
        movq    %r15, %rsi
        call    interlock_run_micro_program
        movq    THREAD_DETAIL(%r15), %rcx
        movq    THREAD_FOUND(%r15), %rdx
        movq    %rcx, STEP_DETAIL(%rbx)
        movq    %rdx, STEP_FOUND(%rbx)
        movq    %rax, STEP_OUTCOME(%rbx)
        cmpq    $outcome_taken, %rax
        jne     raise_stop

        movq    THREAD_MEMORY(%r15), %rsi
        movq    STEP_SNAPSHOT(%rbx), %rdi
        movq    THREAD_MEMORY_WORDS(%r15), %rcx
        rep movsq                       // the ABI keeps the direction flag clear

        movq    STEP_NUMBER(%rbx), %rax
        incq    %rax
        count   hand_on_turn
        xchgq   %rax, CONTROL_TURN(%r13)
        addq    $STEP_SIZE, %rbx
        jmp     next_step

all_steps_done:
        cmpq    $0, THREAD_ATTEMPT(%r15)
        je      finish
await_last_turn:                        // a cmpxchg that writes what is there: nobody owns this turn
        movq    THREAD_LAST_TURN(%r15), %rax
        movq    %rax, %rdx
        count   claim_turn
        lock cmpxchgq %rdx, CONTROL_TURN(%r13)
        je      attempt
        count   claim_turn_failed
        call    interlock_relax
        testq   %rax, %rax
        jnz     finish
        jmp     await_last_turn

attempt:
        movl    $SYS_GETTID, %eax
        syscall
        movq    %rax, THREAD_REAL_THREAD(%r15)
        movq    THREAD_ATTEMPT(%r15), %rdi
        movq    %r15, %rsi
        call    interlock_run_micro_program
        movq    %rax, THREAD_OUTCOME(%r15)
        cmpq    $outcome_stopped, %rax
        je      finish

raise_stop:
        movl    $1, %eax
        xchgq   %rax, CONTROL_STOP(%r13)

finish:
        addq    $8, %rsp
        .cfi_adjust_cfa_offset -8
        popq    %r15
        .cfi_adjust_cfa_offset -8
        .cfi_restore %r15
        popq    %r13
        .cfi_adjust_cfa_offset -8
        .cfi_restore %r13
        popq    %r12
        .cfi_adjust_cfa_offset -8
        .cfi_restore %r12
        popq    %rbx
        .cfi_adjust_cfa_offset -8
        .cfi_restore %rbx
        ret
        .cfi_endproc
        .size   interlock_run_thread, . - interlock_run_thread

        .section .note.GNU-stack, "", @progbits
