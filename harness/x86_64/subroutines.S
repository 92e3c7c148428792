// Subroutines of the micro programs and of the schedule.  They keep the registers that they do not name.

#include "interface.h"

#include "counts.inc"

#define SYS_SCHED_YIELD 24
#define YIELD_EVERY 64 // rounds; a power of two

        .text

// Looks for the element rsi on the list rdi.  Returns in rax the address of the element, or that of
// the end when it is not there, and in rcx the address of the end.  Changes nothing else.
        .globl  interlock_find_element
        .hidden interlock_find_element
        .type   interlock_find_element, @function
interlock_find_element:
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
        .size   interlock_find_element, . - interlock_find_element

// One round of a spin loop of the thread r15: pauses, counts the round and, every YIELD_EVERY
// rounds, lets another thread have the processor (there may be more threads than processors).
// Returns in rax the stop word: not 0 when the loop must end.  Changes rcx and r11.
        .globl  interlock_relax
        .hidden interlock_relax
        .type   interlock_relax, @function
interlock_relax:
        .cfi_startproc
        pause
        count   spin
        testq   $(YIELD_EVERY - 1), count_spin(%r15)
        jnz     1f
        movl    $SYS_SCHED_YIELD, %eax
        syscall                         // the kernel uses rcx and r11
1:      movq    THREAD_CONTROL(%r15), %rax
        movq    CONTROL_STOP(%rax), %rax
        ret
        .cfi_endproc
        .size   interlock_relax, . - interlock_relax

        .section .note.GNU-stack, "", @progbits
