// What the assembly and the C++ of the harness agree on: the micro-operations, the outcomes of a
// micro program, what is counted, and the offsets of the structures of harness/machine.hpp.  Read by both.
#pragma once

// The micro-operations, in the order of their codes.  `target` and `value` are the operands inside
// the operation; the other operands are on the operand stack of the thread, written [bottom .. top].
// `position` is an index into that stack from its bottom.
#define INTERLOCK_MICRO_OPERATIONS(X)                                                              \
  /* operands */                                                                                   \
  X(literal)         /* [] -> [value] */                                                           \
  X(address)         /* [] -> [address of the byte `value` of the memory] */                       \
  X(object)          /* [reference] -> [address of that object of pool `value`] */                 \
  X(require_allocated) /* [address] -> same; leaves when the word `value` bytes behind it is 0 */  \
  X(member)          /* [address] -> [address + value] */                                          \
  X(load)            /* [address] -> [the word there] */                                           \
  X(peek)            /* [address] -> [address, the word there] */                                  \
  X(copy)            /* [] -> [the operand at position `target`] */                                \
  /* lists: a word with the size, then the elements */                                             \
  X(require_list)    /* [list] -> same; leaves when its size is not within 0..value */             \
  X(list_front)      /* [list] -> [first element or 0] */                                          \
  X(list_back)       /* [list] -> [last element or 0] */                                           \
  X(list_next)       /* [list, element] -> [the element behind it or 0]; must be on the list */    \
  X(list_has)        /* [list, element] -> [1 when it is on the list, else 0] */                   \
  /* pools */                                                                                      \
  X(first_free)      /* [] -> [lowest free object of pool `value`, or 0] */                        \
  X(is_allocated)    /* [reference] -> [1 when it is an allocated object of pool `value`] */       \
  /* logic and arithmetic */                                                                       \
  X(logical_not)     /* [a] -> [a == 0] */                                                         \
  X(equal)           /* [a, b] -> [a == b] */                                                      \
  X(not_equal)       /* [a, b] -> [a != b] */                                                      \
  X(less)            /* [a, b] -> [a < b], signed */                                               \
  X(less_equal)      /* [a, b] -> [a <= b], signed */                                              \
  X(add)             /* [a, b] -> [a + b] */                                                       \
  X(subtract)        /* [a, b] -> [a - b] */                                                       \
  X(bit_or)          /* [a, b] -> [a | b] */                                                       \
  X(bit_and)         /* [a, b] -> [a & b] */                                                       \
  X(bit_clear)       /* [a, b] -> [a & ~b] */                                                      \
  /* control */                                                                                    \
  X(jump)            /* go on at operation `target` */                                             \
  X(jump_if_false)   /* [a] -> []; go on at operation `target` when a is 0 */                      \
  X(jump_if_true)    /* [a] -> []; go on at operation `target` when a is not 0 */                  \
  X(unless)          /* [a] -> []; leave with outcome `target` when a is 0 */                      \
  X(leave)           /* leave with outcome `target` */                                             \
  X(answer)          /* [a] -> leave with outcome taken; a is what was found */                    \
  X(at_least)        /* leaves when the operand at position `target` is below `value` */           \
  X(at_most)         /* leaves when the operand at position `target` is above `value` */           \
  /* changes of memory; their operands begin at position `target` and stay there */                \
  X(store)           /* [address, word]: plain store */                                            \
  X(exchange)        /* [address, word]: xchg; gives a lock back */                                \
  X(acquire)         /* [address, word]: spins with lock cmpxchg, 0 -> word; takes a lock */       \
  X(change_bits)     /* [address, old, new]: lock cmpxchg loop over the bits that differ */        \
  X(push_front)      /* [list, element]; `value` is the list's capacity */                         \
  X(push_back)       /* [list, element]; `value` is the list's capacity */                         \
  X(insert_before)   /* [list, element, position]; `value` is the list's capacity */               \
  X(remove)          /* [list, element]: no change when it is not there */                         \
  X(clear)           /* [list] */                                                                  \
  /* what a blocked thread does */                                                                 \
  X(try_lock)        /* [address, expected, word] -> []; one lock cmpxchg; leaves on success */    \
  X(try_wake)        /* [address, bit] -> []; leaves when the bit is clear */                      \
  X(spin)            /* pause, count the attempt, yield now and then; leaves when told to stop */

// Why a micro program ended.
#define INTERLOCK_OUTCOMES(X)                                                                      \
  X(taken, 0)            /* it ran to its end */                                                   \
  X(elsewhere, 1)        /* the program counter in memory is not the step's */                     \
  X(path_false, 2)       /* a test before the step goes the other way */                           \
  X(guard_false, 3)      /* the step is not enabled */                                             \
  X(check_failed, 4)     /* a condition of the step does not hold */                               \
  X(null_dereference, 5) /* a reference that is used is 0 */                                       \
  X(use_after_free, 6)   /* the `allocated` word of an object that is used is 0 */                 \
  X(not_on_list, 7)      /* the element whose neighbour is wanted is not on the list */            \
  X(bounds, 8)           /* a value that is stored leaves its range, or a list is full */          \
  X(outside, 9)          /* a reference or a list size in memory that no state can have */         \
  X(lock_held, 10)       /* lock cmpxchg did not get the lock within the limit of attempts */      \
  X(enabled, 11)         /* a thread that should be blocked could go on */                         \
  X(stopped, 12)         /* the controlling thread raised the stop word */                         \
  X(not_run, 13)         /* never returned: what a record says before its step runs */

// What a thread counts, each beside the instruction itself, before it runs; of a lock cmpxchg also
// whether it failed, by the flag that it leaves.
#define INTERLOCK_COUNTS(X)                                                                        \
  X(acquire, 0)             /* lock cmpxchg of a lock that a step takes ... */                     \
  X(acquire_failed, 1)      /* ... which found a holder ... */                                     \
  X(acquire_again, 2)       /* ... or, failing as well, the thread itself */                       \
  X(release, 3)             /* xchg that gives a lock back */                                      \
  X(change_bits, 4)         /* lock cmpxchg of a set of readers or waiters ... */                  \
  X(change_bits_failed, 5)  /* ... which another thread changed meanwhile */                       \
  X(try_lock, 6)            /* lock cmpxchg of a blocked thread ... */                             \
  X(try_lock_failed, 7)     /* ... which found the lock held */                                    \
  X(try_wake, 8)            /* looks of a sleeping thread at its waiter bit */                     \
  X(claim_turn, 9)          /* lock cmpxchg of the turn word ... */                                \
  X(claim_turn_failed, 10)  /* ... which is another step's */                                      \
  X(hand_on_turn, 11)       /* xchg that hands the turn to the next step */                        \
  X(attempt, 12)            /* rounds of a blocked thread, whatever it waits for */               \
  X(spin, 13)               /* rounds of spin loops, those of blocked threads among them */
#define COUNTED 14

// MicroOperation: 16 bytes.
#define OPERATION_SHIFT 4
#define OPERATION_CODE 0
#define OPERATION_TARGET 4
#define OPERATION_VALUE 8

// PoolShape: 32 bytes.
#define POOL_SHIFT 5
#define POOL_BASE 0
#define POOL_STRIDE 8
#define POOL_COUNT 16
#define POOL_ALLOCATED 24

// ThreadBlock.
#define THREAD_MEMORY 0
#define THREAD_MEMORY_WORDS 8
#define THREAD_POOLS 16
#define THREAD_FRAME 24
#define THREAD_CONTROL 32
#define THREAD_SPIN_LIMIT 40
#define THREAD_DETAIL 48
#define THREAD_FOUND 56
#define THREAD_STEPS 64
#define THREAD_STEPS_END 72
#define THREAD_ATTEMPT 80
#define THREAD_LAST_TURN 88
#define THREAD_OUTCOME 96
#define THREAD_REAL_THREAD 104
#define THREAD_SPINS_ON 112
#define THREAD_COUNTS 120

// ControlBlock: the two words have a cache line each.
#define CONTROL_TURN 0
#define CONTROL_STOP 64

// StepRecord: 56 bytes.
#define STEP_NUMBER 0
#define STEP_PROGRAM 8
#define STEP_SNAPSHOT 16
#define STEP_OUTCOME 24
#define STEP_DETAIL 32
#define STEP_FOUND 40
#define STEP_REAL_THREAD 48
#define STEP_SIZE 56
