/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The mutex of kmod/lock/mutex_core.c and quartet/mutex_core.h. What has a name there has the same
 * here; README says what is kept, what is dropped, and why several steps may be taken as one.
 *
 * Chosen by -D:
 *
 *	FORMS_0, FORMS_1, FORMS_2	what each thread may call, of the forms below; 0: no thread
 *	ROUNDS		how many calls each thread makes; without it, for ever
 *	STARVE		starve_ns, of the kinds below
 *	BUG_...		a seeded bug, which the checker must find
 */

/* state */
#define LOCKED		1
#define WAITERS		2
#define STARVING	4

/* Forms */
#define LOCK		1	/* quartet_mutex_core_lock_slow(), uninterruptible, no deadline */
#define TIMED		2	/* the same with a deadline or a signal, which may never come */
#define TRYLOCK		4
#define CALLBACK	8	/* quartet_mutex_core_enqueue(), and perhaps _cancel() */

/* STARVE */
#define ANY	0	/* has_starved() says what it likes: all that follow, and more */
#define FINITE	1	/* at some time, for a head that stays the head */
#define ALWAYS	2	/* starve_ns is 0 */
#define NEVER	3

#define THREADS	3
#define NOBODY	THREADS

/* struct quartet_mutex_core */
byte state;
byte owner = NOBODY;
chan waiters = [THREADS] of { byte };
#define EMPTY		(len(waiters) == 0)

/* struct quartet_mutex_waiter, of which a thread has at most one */
bool callback[THREADS];		/* .task is NULL */
bool granted[THREADS];
bool woken[THREADS];

bool asleep[THREADS];		/* the task is not TASK_RUNNING */
bool called[THREADS];		/* .wake() has been */

/* Ghosts */
byte holders;
byte ended;
bool starved;			/* FINITE: the head */

#ifdef ROUNDS
#define ROUNDS_LEFT	(forms != 0 && round < ROUNDS)
#define next_round()	round++
#define queue_up()	skip
#define unqueue()	skip

bool wait_lock;

inline raw_spin_lock()
{
	atomic { !wait_lock -> wait_lock = true }
}

inline raw_spin_drop()
{
	wait_lock = false
}
#else
#define ROUNDS_LEFT	(forms != 0)
#define next_round()	skip
#define queue_up()	queued = queued || me == 0
#define unqueue()	queued = queued && me != 0

/* Progress needs a wait_lock that is as fair as the kernel's, which is a line. */
chan wait_lock = [THREADS] of { byte };

inline raw_spin_lock()
{
	wait_lock!me;
	wait_lock?[eval(me)]
}

inline raw_spin_drop()
{
	wait_lock?eval(me)
}

bool queued;			/* thread 0 waits, since it queued */
#endif

/* And what holds whenever wait_lock is free. */
inline raw_spin_unlock()
{
	assert(!(state & WAITERS) == EMPTY);
	assert(!(state & STARVING) || ((state & LOCKED) && !EMPTY));
	if
	:: !(state & LOCKED) && !EMPTY ->
		waiters?<head>;
		/* It has a task, which is, or is about to be, awake to try. */
		assert(!callback[head] && (woken[head] || !asleep[head]));
		head = NOBODY
	:: else
	fi;
	raw_spin_drop()
}

/* Sets `late`. Only the head is ever asked about. */
inline has_starved()
{
	if
	:: STARVE == ALWAYS || STARVE == ANY -> late = true
	:: STARVE == NEVER || STARVE == ANY -> late = false
	:: STARVE == FINITE -> late = starved
	fi
}

/* Sets `taken`, as the next one does. */
inline quartet_mutex_core_lock_fast()
{
	atomic {
		if
		:: state == 0 -> state = LOCKED; owner = me; taken = true
		:: else -> taken = false
		fi
	}
}

inline quartet_mutex_core_trylock()
{
	atomic { seen = state; taken = false };
	do
	:: atomic { seen & (LOCKED | STARVING) -> seen = 0; break }
	:: atomic { !(seen & (LOCKED | STARVING)) ->
		if
#ifdef BUG_STORE
		:: true ->
#else
		:: state == seen ->
#endif
			state = seen | LOCKED;
			owner = me;
			taken = true;
			seen = 0;
			break
		:: state != seen -> seen = state
		fi
	   }
	od
}

inline core_append()
{
	granted[me] = false;
	woken[me] = false;
	if
	:: EMPTY -> starved = false
	:: else
	fi;
	waiters!me;
	queue_up();
#ifndef BUG_LATE_WAITERS
	state = state | WAITERS
#endif
}

/* The waiter is no more: what it was shall not tell one state from another. */
inline forget()
{
	callback[me] = false;
	granted[me] = false;
	woken[me] = false;
	unqueue()
}

/* Two operations on the word, two steps. */
inline core_remove(w)
{
	atomic {
		if
		:: waiters?[eval(w)] -> starved = false
		:: else
		fi;
		waiters??eval(w);
		if
		:: EMPTY -> state = state & ~STARVING
		:: else
		fi
	};
	atomic {
		if
		:: EMPTY -> state = state & ~WAITERS
		:: else
		fi
	}
}

/* Sets `wake_task`. */
inline wake_head()
{
	if
	:: woken[head]
	:: else ->
#ifdef BUG_REQUEUE
		core_remove(head);
#endif
		woken[head] = true;
		wake_task = head
	fi
}

/* Sets `wake_task` or `wake_callback`. */
inline hand_off()
{
	core_remove(head);
	atomic {
		if
		:: EMPTY
		:: !EMPTY && late -> state = state | STARVING
		:: !EMPTY && !late -> state = state & ~STARVING
		fi;
		granted[head] = true;
		owner = head;
		if
		:: callback[head] -> wake_callback = head
		:: else -> wake_task = head
		fi;
		head = NOBODY;
		late = false
	}
}

/* STARVING and the waiter are stable: wait_lock is held. */
#define must_hand_off	(callback[head] || late || (state & STARVING))

inline core_pass()
{
	atomic {
		raw_spin_lock();
		if
		:: EMPTY -> head = NOBODY
		:: !EMPTY -> waiters?<head>; has_starved()
		fi
	};
	if
	:: atomic { head != NOBODY && must_hand_off ->
#ifdef BUG_NO_HAND_OFF
		state = state & ~LOCKED; late = false; head = NOBODY }
#else
		skip };
	   hand_off()
#endif
	:: atomic { head == NOBODY || !must_hand_off ->
		state = state & ~LOCKED;
		if
		:: head == NOBODY
		:: else -> wake_head(); head = NOBODY
		fi
	   }
	fi
}

inline wake_up_later()
{
	atomic {
		if
		:: wake_callback != NOBODY -> called[wake_callback] = true; wake_callback = NOBODY
		:: wake_task != NOBODY -> asleep[wake_task] = false; wake_task = NOBODY
		:: else
		fi
	}
}

inline quartet_mutex_core_unlock_slow()
{
	core_pass();
	atomic { raw_spin_unlock() };
	wake_up_later()
}

inline quartet_mutex_core_unlock()
{
	if
	:: atomic { state == LOCKED -> holders--; owner = NOBODY; state = 0 }
	:: atomic { state != LOCKED -> holders--; owner = NOBODY };
	   quartet_mutex_core_unlock_slow()
	fi
}

/*
 * Looks that find the lock taken change nothing, so one at any time stands for a row of them; an
 * arrival that does not spin makes none.
 */
inline core_spin()
{
	if
	:: quartet_mutex_core_trylock()
	:: skip
	fi
}

#ifdef BUG_REQUEUE
#define left_line	woken[me]
#else
#define left_line	false
#endif

/* Sets `taken`. */
inline core_try()
{
	if
	:: atomic { granted[me] -> taken = true }
#ifdef BUG_REQUEUE
	:: atomic { left_line -> skip };
	   quartet_mutex_core_trylock();
	   if
	   :: taken
	   :: atomic { !taken -> core_append() }
	   fi
#endif
	:: atomic { !granted[me] && !left_line && !waiters?[eval(me)] -> taken = false }
	:: atomic { !granted[me] && waiters?[eval(me)] -> skip };
	   quartet_mutex_core_trylock();
	   if
	   :: taken -> core_remove(me)
	   :: atomic { !taken -> has_starved();
		if
		:: late -> state = state | STARVING; late = false
		:: else
		fi
	      }
	   fi
	fi
}

/* Sets `gone`: out of the queue, without the lock. */
inline core_give_up()
{
	if
#ifdef BUG_GIVE_UP_GRANTED
	:: atomic { granted[me] -> gone = true }
#else
	:: atomic { granted[me] -> gone = false }
#endif
	:: atomic { !granted[me] -> gone = true };
	   core_remove(me)
	fi
}

/* Sets `stop`: a deadline or a signal has come, and remains. */
inline must_stop()
{
	if
	:: can_stop -> stop = true
	:: !stop
	fi
}

/* schedule(), which a deadline or a signal may end too. */
inline core_sleep()
{
	if
	:: atomic { !asleep[me] -> skip }
	:: atomic { can_stop -> asleep[me] = false; stop = true }
	fi
}

/* Sets `taken`. */
inline core_wait()
{
	atomic {
		raw_spin_lock();
		core_append();
		if
		:: forms & LOCK
		:: forms & TIMED -> can_stop = true
		fi
	};
	do
	::
#ifdef BUG_GIVE_UP_UNTRIED
	   must_stop();
	   if
	   :: stop -> core_give_up(); break
	   :: else
	   fi;
#endif
	   core_try();
#ifdef BUG_LATE_WAITERS
	   if
	   :: !taken -> state = state | WAITERS
	   :: else
	   fi;
#endif
	   atomic {
		if
		:: taken -> break
		:: else -> must_stop()
		fi;
		if
		:: stop
		:: else -> woken[me] = false; asleep[me] = true; raw_spin_unlock()
		fi
	   };
	   if
	   :: stop -> core_give_up(); break
	   :: else -> core_sleep(); raw_spin_lock()
	   fi
	od;
	atomic { raw_spin_unlock(); forget(); can_stop = false; stop = false; gone = false }
}

inline quartet_mutex_core_lock_slow()
{
	core_spin();
	if
	:: taken
	:: else -> core_wait()
	fi
}

inline quartet_mutex_lock()
{
	quartet_mutex_core_lock_fast();
	if
	:: taken
	:: else -> quartet_mutex_core_lock_slow()
	fi
}

inline quartet_mutex_core_enqueue()
{
	atomic { raw_spin_lock(); callback[me] = true; core_append() };
	core_try();
#ifdef BUG_LATE_WAITERS
	if
	:: !taken -> state = state | WAITERS
	:: else
	fi;
#endif
	atomic { raw_spin_unlock() }
}

inline quartet_mutex_core_cancel()
{
	raw_spin_lock();
	core_give_up();
	atomic { raw_spin_unlock() }
}

/* Sets `taken`. The callback completes what its thread waits for. */
inline lock_by_callback()
{
	quartet_mutex_core_enqueue();
	if
	:: taken
	:: else ->
		if
		:: quartet_mutex_core_cancel()
		:: skip
		fi;
		if
		:: gone
		:: else -> atomic { called[me] -> called[me] = false; taken = true }
		fi
	fi;
	atomic { assert(!called[me]); forget(); gone = false }
}

proctype thread(byte me; byte forms)
{
	byte head = NOBODY, wake_task = NOBODY, wake_callback = NOBODY;
	byte seen, round;
	bool taken, late, can_stop, stop, gone;

	do
	:: ROUNDS_LEFT ->
		if
		:: forms & (LOCK | TIMED) -> quartet_mutex_lock()
		:: forms & TRYLOCK -> quartet_mutex_core_trylock()
		:: forms & CALLBACK -> lock_by_callback()
		fi;
		if
		:: atomic { taken ->
			holders++;
			assert(holders == 1 && owner == me && (state & LOCKED));
			taken = false
		   };
		   quartet_mutex_core_unlock()
		:: !taken
		fi;
		next_round()
	:: !ROUNDS_LEFT -> break
	od;
	atomic {
		ended++;
		assert(ended < THREADS || (state == 0 && owner == NOBODY && EMPTY))
	}
}

#if !defined(ROUNDS) && STARVE == FINITE
active proctype clock()
{
	do
	:: atomic { !EMPTY && !starved -> starved = true }
	od
}
#endif

init {
	atomic {
		run thread(0, FORMS_0);
		run thread(1, FORMS_1);
		run thread(2, FORMS_2)
	}
}

#ifndef ROUNDS
ltl served { [] (queued -> <> !queued) }
#endif
