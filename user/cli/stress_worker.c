// SPDX-License-Identifier: GPL-2.0-only
/* A worker: its threads ask, hold and leave; its main thread disturbs them. */
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "quartet.h"
#include "stress.h"

#define MSEC		1000000ULL

struct stress_worker {
	struct stress *stress;
	struct stress_thread thread[THREADS_MAX];
	__u64 state;
};

static void ignore(int number)
{
	(void)number;
}

enum stress_form stress_choose_form(struct stress_thread *thread)
{
	static const enum stress_form forms[] = {
		FORM_PLAIN, FORM_PLAIN, FORM_PLAIN, FORM_TRY, FORM_TIMED, FORM_TIMED,
		FORM_ASYNC, FORM_ASYNC,
	};

	return forms[stress_random(&thread->state, sizeof(forms) / sizeof(*forms))];
}

clockid_t stress_deadline(struct stress_thread *thread, struct timespec *deadline)
{
	clockid_t clock = stress_one_in(thread, 2) ? CLOCK_REALTIME : CLOCK_MONOTONIC;
	long later = stress_random(&thread->state, 2 * MSEC);

	clock_gettime(clock, deadline);
	deadline->tv_nsec += later;
	if (deadline->tv_nsec >= 1000 * (long)MSEC) {
		deadline->tv_nsec -= 1000 * MSEC;
		deadline->tv_sec++;
	}
	return clock;
}

void stress_dally(struct stress_thread *thread)
{
	unsigned int what = stress_random(&thread->state, 32);

	if (!what)
		usleep(stress_random(&thread->state, 300));
	else if (what < 4)
		sched_yield();
}

bool stress_await(struct stress_thread *thread, int fd, struct quartet_event *event, void *value,
		  size_t size)
{
	struct pollfd waits = { .fd = fd, .events = POLLIN };
	unsigned int what = stress_random(&thread->state, 8);
	int err;

	if (what < 4)
		poll(&waits, 1, stress_random(&thread->state, 3));
	if (what == 0)
		return false;
	if (what < 4)
		quartet_cancel(fd);
	do {
		err = quartet_event_read(fd, event, value, size);
	} while (err == -EINTR);
	/* Its request is told of, whatever happens. */
	if (err)
		*event = (struct quartet_event){ .error = err == -ECANCELED ? -EIO : err };
	return true;
}

void stress_refused(struct stress_thread *thread, enum stress_kind kind, int error)
{
	switch (error) {
	case -EAGAIN:
		break;
	case -ETIMEDOUT:
		check_count(thread->check, kind, COUNT_TIMEOUTS);
		break;
	case -EINTR:
		check_count(thread->check, kind, COUNT_SIGNALS);
		break;
	case -ECANCELED:
		check_count(thread->check, kind, COUNT_CANCELS);
		break;
	default:
		if (error != -EDEADLK || !check_closes(thread->check, thread->holder))
			stress_expect(thread, kind, "asking", error);
	}
}

void stress_expect(struct stress_thread *thread, enum stress_kind kind, const char *what,
		   int result)
{
	if (result)
		check_fail(thread->check, kind, "%s: %s: %s", stress_names[kind], what,
			   strerror(-result));
}

void stress_cloned(int error)
{
	if (error)
		errx(EXIT_CANNOT_RUN, "a worker has no handle: %s", strerror(-error));
}

struct history_record stress_call(const struct stress_thread *thread, enum history_op op,
				  enum stress_kind kind, unsigned int index, int handle)
{
	return (struct history_record){
		.op = op, .kind = kind, .index = index, .handle = handle, .key = -1, .slot = -1,
		.process = check_life_of(thread->holder),
	};
}

struct history_record stress_invoke(const struct stress_thread *thread, enum history_op op,
				    enum stress_kind kind, unsigned int index, int handle,
				    __u64 token)
{
	struct history_record call = stress_call(thread, op, kind, index, handle);

	call.token = token;
	history_invoke(&thread->check->history, &call);
	return call;
}

void stress_done(struct stress_thread *thread, struct history_record *call, const char *what,
		 int result)
{
	history_answer(&thread->check->history, call, result);
	stress_expect(thread, call->kind, what, result);
}

/* Of the kinds that are stressed. */
static enum stress_kind choose_kind(const struct stress *stress, __u64 *state)
{
	enum stress_kind kind;

	do {
		kind = stress_random(state, STRESS_KINDS);
	} while (!stress->kinds[kind]);
	return kind;
}

static void *live(void *arg)
{
	struct stress_thread *thread = arg;
	enum stress_kind kind;
	sigset_t mask;

	sigfillset(&mask);
	sigdelset(&mask, STRESS_SIGNAL);
	pthread_sigmask(SIG_SETMASK, &mask, NULL);
	while (!atomic_load(&thread->check->stop)) {
		kind = choose_kind(thread->stress, &thread->state);
		atomic_store(&thread->shared->kind, kind + 1);
		stress_subjects[kind]->step(thread);
		atomic_store(&thread->shared->kind, 0);
		check_count(thread->check, kind, COUNT_OPERATIONS);
	}
	return NULL;
}

/* Has all descriptors of the worker, and may outlive it. */
static void fork_keeper(struct stress_worker *worker)
{
	pid_t keeper;

	stress_invoke(&worker->thread[0], HISTORY_FORK, STRESS_MUTEX, 0, -1, 0);
	keeper = fork();
	if (keeper)
		return;
	usleep(stress_random(&worker->state, 5000));
	_exit(0);
}

/* While it lasts the handle is not closed, even if the thread closes it. */
static void cancel(const struct stress_thread *thread)
{
	int fd = atomic_load(&thread->asks);
	struct history_record call = stress_invoke(thread, HISTORY_CANCEL, 0, 0, fd, 0);

	quartet_cancel(fd);
	history_answer(&thread->check->history, &call, 0);
}

static void disturb(struct stress_worker *worker)
{
	unsigned int which = stress_random(&worker->state, worker->stress->threads);
	struct stress_thread *thread = &worker->thread[which];

	switch (stress_random(&worker->state, 64)) {
	case 0:
		fork_keeper(worker);
		break;
	case 1:
		stress_close_in_wait(worker->stress, choose_kind(worker->stress, &worker->state),
				     thread->holder, stress_random(&worker->state, 2000));
		break;
	case 2 ... 31:
		cancel(thread);
		break;
	default:
		pthread_kill(thread->thread, STRESS_SIGNAL);
	}
}

static void start(struct stress_thread *thread)
{
	enum stress_kind kind;

	for (kind = 0; kind < STRESS_KINDS; kind++)
		if (thread->stress->kinds[kind])
			stress_cloned(stress_subjects[kind]->open(thread));
	atomic_store(&thread->asks, -1);
	errno = pthread_create(&thread->thread, NULL, live, thread);
	if (errno)
		err(EXIT_CANNOT_RUN, "a worker has no thread");
}

void stress_work(struct stress *stress, unsigned int index, unsigned int incarnation,
		 unsigned int life)
{
	static struct stress_worker worker;
	struct sigaction action = { .sa_handler = ignore };
	unsigned int i;

	/* Nobody but the worker waits for its keepers, until it dies. */
	signal(SIGCHLD, SIG_IGN);
	sigaction(STRESS_SIGNAL, &action, NULL);
	worker.stress = stress;
	worker.state = stress_seed(stress->seed, index, incarnation, THREADS_MAX);
	for (i = 0; i < stress->threads; i++) {
		worker.thread[i] = (struct stress_thread){
			.stress = stress, .check = stress->check,
			.shared = &stress->check->thread[index][i],
			.holder = check_holder(life, i),
			.state = stress_seed(stress->seed, index, incarnation, i),
		};
		start(&worker.thread[i]);
	}
	while (!atomic_load(&stress->check->stop)) {
		usleep(stress_random(&worker.state, 2000));
		disturb(&worker);
	}
	for (i = 0; i < stress->threads; i++)
		pthread_join(worker.thread[i].thread, NULL);
}
