// SPDX-License-Identifier: GPL-2.0-only
/* What processes do to each other: how they begin, part, and end. */
#include <sched.h>
#include <stdlib.h>
#include <sys/syscall.h>

#include "fuzz.h"

#define CHILDREN	4

static pid_t children[CHILDREN];
static pthread_t thread;
static bool has_thread;

void processes_forget(void)
{
	memset(children, 0, sizeof(children));
	has_thread = false;
}

static bool may_start(void)
{
	return __atomic_load_n(&shared->processes, __ATOMIC_RELAXED) < setup.processes;
}

static void was_started(const struct step *step, pid_t child)
{
	children[step->a % CHILDREN] = child;
}

/* The child goes on with the rest of the program, or does nothing for a while. */
static noreturn void be_child(const struct step *step, bool same_files)
{
	hands_forked(same_files);
	processes_forget();
	record_start();
	if (step->b & 1)
		usleep(step->c * 8);
	if (step->b & 2)
		_exit(0);
	worker_child();
}

long do_fork(const struct step *step)
{
	pid_t child;

	if (!may_start())
		return SKIPPED;
	record("FORK");
	child = fork();
	if (!child)
		be_child(step, false);
	was_started(step, child);
	return child;
}

/* One table of descriptors, two processes. */
long do_clone_files(const struct step *step)
{
	pid_t child;

	if (!may_start())
		return SKIPPED;
	record("CLONE_FILES");
	child = syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0);
	if (!child)
		be_child(step, true);
	was_started(step, child);
	return child;
}

long do_unshare(const struct step *step)
{
	record("UNSHARE");
	return unshare(CLONE_FILES) ? -errno : 0;
}

/* Descriptors that are not kept are closed, and the process lives on. */
long do_exec(const struct step *step)
{
	struct hand *hand = &hands[step->a % HANDS];

	record("EXEC");
	if (step->b & 1)
		fcntl(hand->fd, F_SETFD, 0);
	execl("/bin/busybox", "sleep", step->b & 2 ? "0.002" : "0.02", NULL);
	_exit(127);
}

long do_exit(const struct step *step)
{
	record("EXIT %s", step->b & 1 ? "killed" : "");
	if (step->b & 1)
		kill(getpid(), SIGKILL);
	/* The thread that is left is the process. */
	if (has_thread && step->b & 2)
		syscall(SYS_exit, 0);
	_exit(0);
}

static pid_t *some_child(unsigned int n)
{
	int i;

	for (i = 0; i < CHILDREN; i++)
		if (children[(n + i) % CHILDREN] > 0)
			return &children[(n + i) % CHILDREN];
	return NULL;
}

long do_kill(const struct step *step)
{
	static const int signals[] = { SIGKILL, SIGKILL, SIGTERM, SIGSTOP, SIGCONT, SIGALRM };
	pid_t *child = some_child(step->a);
	int signal = signals[step->b % 6];

	if (!child)
		return SKIPPED;
	record("KILL %d %d", *child, signal);
	kill(*child, signal);
	if (signal == SIGKILL && step->c & 1) {
		waitpid(*child, NULL, 0);
		*child = 0;
	}
	return 0;
}

long do_wait(const struct step *step)
{
	pid_t *child = some_child(step->a), gone;

	if (!child)
		return SKIPPED;
	record("WAIT %d", *child);
	gone = waitpid(*child, NULL, step->b & 3 ? 0 : WNOHANG);
	if (gone == *child)
		*child = 0;
	return gone;
}

long do_sleep(const struct step *step)
{
	record("SLEEP");
	if (step->a & 1)
		usleep(step->b * 4);
	else
		sched_yield();
	return 0;
}

/* Now and then a signal ends what the process is blocked in, or does not. */
long do_alarm(const struct step *step)
{
	struct itimerval often = {
		.it_interval.tv_usec = 500 + step->a * 16, .it_value.tv_usec = 500 + step->c * 16,
	};
	struct sigaction action = {
		.sa_handler = on_alarm, .sa_flags = step->b & 1 ? SA_RESTART : 0,
	};

	record("ALARM");
	sigaction(SIGALRM, &action, NULL);
	return setitimer(ITIMER_REAL, &often, NULL);
}

/* Another thread waits by a handle, while this one goes on. Only where nobody keeps books. */
static void *wait_by_handle(void *argument)
{
	struct quartet_memo_get get = {
		.size = sizeof(get), .key = address("b"), .key_len = 1,
	};
	struct quartet_pool_get pool = { .size = sizeof(pool) };
	const struct hand *hand = argument;
	int fd = hand->fd;

	switch (hand->object) {
	case MUTEX:
	case MUTEX2:
		mutex_lock(fd, 0, NULL);
		break;
	case POOL:
		ioctl(fd, QUARTET_POOL_GET, &pool);
		break;
	default:
		ioctl(fd, QUARTET_MEMO_GET, &get);
	}
	next_event(fd);
	return NULL;
}

long do_thread(const struct step *step)
{
	struct hand *hand = &hands[step->a % HANDS];
	int err;

	if (!setup.wild || has_thread || hand->fd < 0)
		return SKIPPED;
	record("THREAD %d", hand->fd);
	err = pthread_create(&thread, NULL, wait_by_handle, hand);
	has_thread = !err;
	return -err;
}
