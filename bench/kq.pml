/* The benchmark specification of kq_spec.hpp for SPIN: the same states and the same steps.
 *
 *   spin -a -DTHREADS=4 -DKNOTES=2 kq.pml
 *   gcc -O2 -DSAFETY -DNOREDUCE -DMEMLIM=8192 -o pan pan.c && ./pan -m100000 -w22
 *
 * One d_step is one step.  KNOTES is 1 or 2.
 */
#ifndef THREADS
#define THREADS 4
#endif
#ifndef KNOTES
#define KNOTES 2
#endif

byte p_lock;  /* 0, or 1 + the thread that holds it */
byte kq_lock;
bit flux_wait;

/* A record, because SPIN hides a variable of its own that is never read, such as `activated`. */
typedef Knote {
	bit detached;
	bit activated;
	bit queued;
	bit scanning;
	bit will_detach;
	byte influx
};
Knote knote[KNOTES];

#define self (_pid + 1)
#define take(lock) (lock == 0) -> lock = self
#define going(k) (knote[k].detached || knote[k].will_detach)
#define passed_over(k) (going(k) || (knote[k].influx > 0 && !knote[k].scanning))

#if KNOTES == 1
#define nothing_queued (!knote[0].queued)
#define front 0
#else
#define nothing_queued (!knote[0].queued && !knote[1].queued)
#define front (knote[0].queued -> 0 : 1)
#endif

active [THREADS] proctype caller()
{
	byte kn;

pick:
	if
	:: d_step { take(p_lock) } -> goto fork_lock_kq
	:: d_step { take(kq_lock) } -> goto scan_front
	:: d_step { take(kq_lock); kn = 0 } -> goto delete_mark
#if KNOTES > 1
	:: d_step { take(kq_lock); kn = 1 } -> goto delete_mark
#endif
	fi;

fork_lock_kq: /* SPIN allows no jump to a d_step, but one to an if */
	if :: d_step { take(kq_lock) } fi;
	if
	:: d_step { passed_over(kn) -> kq_lock = 0 } -> goto fork_next
	:: d_step { !passed_over(kn) -> knote[kn].influx++ }
	fi;
	d_step { kq_lock = 0 };
	d_step { p_lock = 0 };
	d_step { take(kq_lock) };
	d_step { assert(!knote[kn].detached); knote[kn].activated = 1; knote[kn].queued = 1; kq_lock = 0 };
	d_step { take(p_lock) };
	d_step { take(kq_lock) };
	d_step { knote[kn].influx--; kq_lock = 0; flux_wait = 0 };
fork_next:
	if
	:: d_step { kn + 1 < KNOTES -> kn++ } -> goto fork_lock_kq
	:: d_step { kn + 1 == KNOTES -> p_lock = 0; kn = 0 } -> goto pick
	fi;

delete_mark:
	if
	:: d_step { going(kn) -> kq_lock = 0; kn = 0 } -> goto pick
	:: d_step { !going(kn) -> knote[kn].will_detach = 1 }
	fi;
delete_flux:
	if
	:: d_step { knote[kn].influx > 0 -> flux_wait = 1; kq_lock = 0 }
	:: d_step { knote[kn].influx == 0 -> knote[kn].influx = 1 } -> goto delete_unlock
	fi;
	d_step { (!flux_wait && kq_lock == 0) -> kq_lock = self } -> goto delete_flux;
delete_unlock:
	if :: d_step { kq_lock = 0 } fi;
	d_step { take(p_lock) };
	d_step { knote[kn].detached = 1; p_lock = 0 };
	d_step { take(kq_lock) };
	d_step {
		knote[kn].queued = 0; knote[kn].activated = 0; knote[kn].will_detach = 0; knote[kn].influx--;
		kq_lock = 0; flux_wait = 0
	};
	d_step { take(p_lock) };
	d_step { knote[kn].detached = 0; p_lock = 0; kn = 0 } -> goto pick;

scan_front:
	if
	:: d_step { nothing_queued -> kq_lock = 0 } -> goto pick
	:: d_step { (!nothing_queued && knote[front].influx > 0) -> flux_wait = 1; kq_lock = 0 }
	:: d_step {
		(!nothing_queued && knote[front].influx == 0) ->
			kn = front; knote[kn].queued = 0; knote[kn].scanning = 1; knote[kn].influx = 1
	   } -> goto scan_unlock
	fi;
	d_step { (!flux_wait && kq_lock == 0) -> kq_lock = self } -> goto scan_front;
scan_unlock:
	if :: d_step { kq_lock = 0 } fi;
	d_step { take(p_lock) };
	d_step { take(kq_lock) };
	d_step { assert(!knote[kn].detached); knote[kn].activated = 0; knote[kn].scanning = 0; knote[kn].influx-- };
	d_step { kq_lock = 0; flux_wait = 0 };
	d_step { p_lock = 0; kn = 0 } -> goto pick
}
