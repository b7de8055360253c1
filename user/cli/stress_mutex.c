// SPDX-License-Identifier: GPL-2.0-only
/* Stress of mutexes: one holds, the next one is told of a death, tokens grow. */
#include <errno.h>

#include "stress.h"

static int mutex_create(struct stress *stress)
{
	/* One that is fast, and one that is strictly in order. */
	static const struct quartet_mutex_params params[MUTEXES] = {
		{ .starve_ns = QUARTET_STARVE_MS }, { .starve_ns = QUARTET_STARVE_FIFO },
	};
	int i, err = 0;

	for (i = 0; i < MUTEXES && !err; i++)
		err = quartet_mutex_create(&stress->mutex[i], NULL, &params[i]);
	return err;
}

static int mutex_open(struct stress_thread *thread)
{
	int i, err = 0;

	for (i = 0; i < MUTEXES && !err; i++)
		err = quartet_mutex_clone(&thread->mutex[i], thread->stress->mutex[i]);
	return err;
}

/* Another handle, and the old one closed with whatever it has, or waits for. */
static void reopen(struct stress_thread *thread, int i)
{
	struct quartet_mutex *old = thread->mutex[i];
	struct history_record call;

	atomic_fetch_or(&thread->shared->closed, 1U << i);
	atomic_fetch_add(&thread->check->mutex[i].crossed, 1);
	check_count(thread->check, STRESS_MUTEX, COUNT_CLOSES);
	stress_cloned(quartet_mutex_clone(&thread->mutex[i], old));
	call = stress_invoke(thread, HISTORY_CLOSE, STRESS_MUTEX, i, quartet_mutex_fd(old), 0);
	quartet_mutex_close(old);
	history_answer(&thread->check->history, &call, 0);
}

static int lock_async(struct stress_thread *thread, int i, struct quartet_mutex_grant *grant)
{
	struct quartet_mutex *mutex = thread->mutex[i];
	struct timespec deadline;
	clockid_t clock = stress_deadline(thread, &deadline);
	bool timed = stress_one_in(thread, 2);
	struct quartet_event event;
	int err = quartet_mutex_lock_async(mutex, clock, timed ? &deadline : NULL, grant);

	if (err != -EINPROGRESS)
		return err;
	if (!stress_await(thread, quartet_mutex_fd(mutex), &event, NULL, 0)) {
		check_dies(thread->check, NULL, thread->holder);
		reopen(thread, i);
		return -EAGAIN;
	}
	*grant = (struct quartet_mutex_grant){ .token = event.token };
	return event.error ?: (int)event.result;
}

static int lock_by(struct stress_thread *thread, int i, enum stress_form form,
		   struct quartet_mutex_grant *grant)
{
	struct quartet_mutex *mutex = thread->mutex[i];
	struct timespec deadline;
	clockid_t clock;

	switch (form) {
	case FORM_TRY:
		return quartet_mutex_trylock(mutex, grant);
	case FORM_TIMED:
		clock = stress_deadline(thread, &deadline);
		return quartet_mutex_timedlock(mutex, clock, &deadline, grant);
	case FORM_ASYNC:
		return lock_async(thread, i, grant);
	default:
		return quartet_mutex_lock(mutex, grant);
	}
}

static struct history_record invoke_lock(struct stress_thread *thread, int i,
					 enum stress_form form)
{
	struct history_record call = stress_call(thread, HISTORY_LOCK, STRESS_MUTEX, i,
						 quartet_mutex_fd(thread->mutex[i]));

	call.said = form == FORM_TRY ? SAID_TRY : SAID_NOTHING;
	history_invoke(&thread->check->history, &call);
	return call;
}

static void answer_lock(struct stress_thread *thread, struct history_record *call, int result,
			const struct quartet_mutex_grant *grant)
{
	call->said = result == QUARTET_OWNER_DIED ? SAID_DIED : SAID_NOTHING;
	if (result >= 0) {
		call->token = grant->token;
		call->pid = grant->dead_pid;
	}
	history_answer(&thread->check->history, call, result);
}

/* A handle that was closed meanwhile has no answer. */
static int lock(struct stress_thread *thread, int i, struct quartet_mutex_grant *grant)
{
	const struct quartet_mutex *asked = thread->mutex[i];
	enum stress_form form = stress_choose_form(thread);
	struct history_record call = invoke_lock(thread, i, form);
	int result = lock_by(thread, i, form, grant);

	if (asked == thread->mutex[i])
		answer_lock(thread, &call, result, grant);
	return result;
}

static void check_grant(struct stress_thread *thread, int i,
			const struct quartet_mutex_grant *grant, bool died)
{
	struct check_mutex *mutex = &thread->check->mutex[i];
	__u64 before = atomic_exchange(&mutex->token, grant->token);

	check_enter(thread->check, STRESS_MUTEX, &mutex->holder, thread->holder, died);
	if (before >= grant->token)
		check_fail(thread->check, STRESS_MUTEX, "mutex: token %llu after %llu",
			   grant->token, before);
	if (died && grant->dead_pid && !check_may_have_died(thread->check, grant->dead_pid))
		check_fail(thread->check, STRESS_MUTEX, "mutex: told that %d died, which lives",
			   grant->dead_pid);
}

static void repair(struct stress_thread *thread, int i, __u64 token)
{
	struct quartet_mutex *mutex = thread->mutex[i];
	struct history_record call;

	check_count(thread->check, STRESS_MUTEX, COUNT_DEATHS);
	stress_dally(thread);
	call = stress_invoke(thread, HISTORY_CONSISTENT, STRESS_MUTEX, i, quartet_mutex_fd(mutex),
			     token);
	stress_done(thread, &call, "consistent", quartet_mutex_consistent(mutex, token));
}

static void leave(struct stress_thread *thread, int i, __u64 token)
{
	struct quartet_mutex *mutex = thread->mutex[i];
	struct history_record call;

	check_leave(thread->check, STRESS_MUTEX, &thread->check->mutex[i].holder, thread->holder);
	call = stress_invoke(thread, HISTORY_UNLOCK, STRESS_MUTEX, i, quartet_mutex_fd(mutex),
			     token);
	stress_done(thread, &call, "unlock",
		    quartet_mutex_unlock(mutex, stress_one_in(thread, 2) ? token : 0));
}

/* May anybody hold it, and ask for the other one? */
static bool is_crossed(struct stress_thread *thread, unsigned int i)
{
	const struct stress *stress = thread->stress;
	struct check_thread *other;
	unsigned int process, n;

	for (process = 0; process < stress->processes; process++) {
		for (n = 0; n < stress->threads; n++) {
			other = &thread->check->thread[process][n];
			if (atomic_load(&other->crosses) == i + 1 ||
			    atomic_load(&other->closed) & 1U << i)
				return true;
		}
	}
	return false;
}

/* Only the right grant, EDEADLK or a death can end this: a stop and its end do not. */
static int lock_undisturbed(struct stress_thread *thread, int i, struct quartet_mutex_grant *grant)
{
	sigset_t signal;
	int result;

	sigemptyset(&signal);
	sigaddset(&signal, STRESS_SIGNAL);
	pthread_sigmask(SIG_BLOCK, &signal, NULL);
	do {
		result = quartet_mutex_lock(thread->mutex[i], grant);
	} while (result == -EINTR);
	pthread_sigmask(SIG_UNBLOCK, &signal, NULL);
	return result;
}

/* While it holds @i, which all can see. Who cheats says -EDEADLK without asking. */
static int lock_crossing(struct stress_thread *thread, int i, struct quartet_mutex_grant *grant)
{
	bool cheats = thread->stress->busted && stress_one_in(thread, 8);
	struct history_record call = invoke_lock(thread, !i, FORM_PLAIN);
	int result;

	atomic_store(&thread->shared->crosses, i + 1);
	atomic_fetch_add(&thread->check->mutex[i].crossed, 1);
	result = cheats ? -EDEADLK : lock_undisturbed(thread, !i, grant);
	atomic_store(&thread->shared->crosses, 0);
	answer_lock(thread, &call, result, grant);
	return result;
}

/* -EDEADLK is true only if somebody has crossed the other way, before or meanwhile. */
static int lock_other(struct stress_thread *thread, int i, struct quartet_mutex_grant *grant)
{
	atomic_uint *crossed = &thread->check->mutex[!i].crossed;
	unsigned int before = atomic_load(crossed);
	bool is_cycle = is_crossed(thread, !i);
	int result = lock_crossing(thread, i, grant);

	if (result != -EDEADLK)
		return result;
	check_count(thread->check, STRESS_MUTEX, COUNT_DEADLOCKS);
	if (!is_cycle && atomic_load(crossed) == before)
		check_fail(thread->check, STRESS_MUTEX, "mutex: told of a deadlock that is none");
	return result;
}

static void hold_other(struct stress_thread *thread, int i,
		       const struct quartet_mutex_grant *grant, bool died)
{
	check_count(thread->check, STRESS_MUTEX, COUNT_GRANTS);
	check_grant(thread, i, grant, died);
	if (died)
		repair(thread, i, grant->token);
	stress_dally(thread);
	leave(thread, i, grant->token);
}

/* Others do so in the other order: some of them cannot have both. */
static void cross(struct stress_thread *thread, int i)
{
	struct quartet_mutex_grant grant;
	__u64 start = stress_now();
	int result = lock_other(thread, i, &grant);

	check_waited(thread->check, STRESS_MUTEX, stress_now() - start);
	if (result >= 0)
		hold_other(thread, !i, &grant, result == QUARTET_OWNER_DIED);
	/* A cancel may have been on its way since the handle asked for something else. */
	else if (result != -EDEADLK && result != -ECANCELED)
		stress_expect(thread, STRESS_MUTEX, "asking for both", result);
}

static void hold(struct stress_thread *thread, int i, const struct quartet_mutex_grant *grant,
		 bool died)
{
	atomic_ullong *word = &thread->check->mutex[i].holder;

	check_grant(thread, i, grant, died);
	if (died)
		repair(thread, i, grant->token);
	stress_dally(thread);
	if (stress_one_in(thread, 8))
		cross(thread, i);
	if (stress_may_die(thread))
		stress_die(thread, quartet_mutex_fd(thread->mutex[i]));
	if (stress_one_in(thread, 256)) {
		check_dies(thread->check, word, thread->holder);
		reopen(thread, i);
		return;
	}
	leave(thread, i, grant->token);
}

/* Comes in without being asked. */
static void intrude(struct stress_thread *thread, int i)
{
	atomic_ullong *word = &thread->check->mutex[i].holder;

	check_enter(thread->check, STRESS_MUTEX, word, thread->holder, true);
	stress_dally(thread);
	check_leave(thread->check, STRESS_MUTEX, word, thread->holder);
}

static void mutex_step(struct stress_thread *thread)
{
	int result, i = stress_random(&thread->state, MUTEXES);
	struct quartet_mutex_grant grant;
	__u64 start = stress_now();

	if (thread->stress->busted && stress_one_in(thread, 8)) {
		intrude(thread, i);
		return;
	}
	atomic_store(&thread->asks, quartet_mutex_fd(thread->mutex[i]));
	result = lock(thread, i, &grant);
	atomic_store(&thread->asks, -1);
	check_waited(thread->check, STRESS_MUTEX, stress_now() - start);
	if (result < 0) {
		stress_refused(thread, STRESS_MUTEX, result);
		return;
	}
	check_count(thread->check, STRESS_MUTEX, COUNT_GRANTS);
	hold(thread, i, &grant, result == QUARTET_OWNER_DIED);
}

static void mutex_finish(struct stress *stress)
{
	struct quartet_mutex_info info;
	int i, err;

	for (i = 0; i < MUTEXES; i++) {
		err = quartet_mutex_state(stress->mutex[i], &info);
		if (err || info.waiters || info.handles != 1 ||
		    info.state & ~QUARTET_MUTEX_INCONSISTENT)
			check_fail(stress->check, STRESS_MUTEX,
				   "mutex: in the end state %#x, %u waiters, %u handles",
				   info.state, info.waiters, info.handles);
	}
}

const struct stress_subject stress_mutex = {
	.create = mutex_create,
	.open = mutex_open,
	.step = mutex_step,
	.finish = mutex_finish,
};
