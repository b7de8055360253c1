// SPDX-License-Identifier: GPL-2.0-only
/*
 * How long until the next one runs: after `kill -9` of who has the lock, or leads a computation; and
 * how often a contended lock changes hands between processes. Rows are CSV.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <quartet.h>

#include "locks.h"

#define MOST	100000
#define SEC	1000000000ULL

/**
 * struct shared - between the processes of a run
 * @held: the victim has it
 * @waiting: the survivor is about to ask
 * @got: ns, when the survivor had it, or 0
 * @stop: the end
 * @locks: taken
 * @waits: of each, in ns
 */
struct shared {
	int held;
	int waiting;
	unsigned long long got;
	int stop;
	unsigned int locks;
	unsigned long long waits[MOST];
};

static struct shared *shared;
static struct quartet_memo *memo;

static unsigned long long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * SEC + time.tv_nsec;
}

static void die(const char *what)
{
	fprintf(stderr, "processes: %s\n", what);
	exit(1);
}

static void await(const int *word)
{
	while (!__atomic_load_n(word, __ATOMIC_ACQUIRE))
		usleep(100);
}

static int compare(const void *a, const void *b)
{
	const unsigned long long *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void print_waits(const char *what, const char *name, unsigned int n, double per_s)
{
	qsort(shared->waits, n, sizeof(shared->waits[0]), compare);
	printf("%s,%s,%u,%.0f,%llu,%llu,%llu\n", what, name, n, per_s, shared->waits[n / 2],
	       shared->waits[n - 1 - n / 100], shared->waits[n - 1]);
	fflush(stdout);
}

/* To have and to hold. */
static void victim(const struct shared_lock *lock)
{
	lock->attach();
	if (lock->lock() < 0)
		_exit(1);
	__atomic_store_n(&shared->held, 1, __ATOMIC_RELEASE);
	for (;;)
		pause();
}

static void survivor(const struct shared_lock *lock)
{
	lock->attach();
	await(&shared->held);
	__atomic_store_n(&shared->waiting, 1, __ATOMIC_RELEASE);
	if (lock->lock() < 0)
		_exit(1);
	__atomic_store_n(&shared->got, now(), __ATOMIC_RELEASE);
	lock->unlock();
	_exit(0);
}

/* The same with a computation, of which the next one becomes the leader. */
static void lead(int survives)
{
	struct quartet_memo_query query = { .key = "key", .key_len = 3 };
	struct quartet_memo *own;

	if (quartet_memo_clone(&own, memo))
		_exit(1);
	if (survives) {
		await(&shared->held);
		__atomic_store_n(&shared->waiting, 1, __ATOMIC_RELEASE);
	}
	if (quartet_memo_get(own, &query) || query.what != QUARTET_ANSWER_LEAD)
		_exit(1);
	if (survives) {
		__atomic_store_n(&shared->got, now(), __ATOMIC_RELEASE);
		_exit(0);
	}
	__atomic_store_n(&shared->held, 1, __ATOMIC_RELEASE);
	for (;;)
		pause();
}

static pid_t start(const struct shared_lock *lock, int survives)
{
	pid_t child = fork();

	if (child)
		return child;
	if (!lock)
		lead(survives);
	if (survives)
		survivor(lock);
	victim(lock);
	_exit(1);
}

/* From the signal to the survivor with the lock. */
static unsigned long long death_once(const struct shared_lock *lock)
{
	unsigned long long killed;
	pid_t dying, surviving;
	int status;

	shared->held = 0;
	shared->waiting = 0;
	shared->got = 0;
	dying = start(lock, 0);
	surviving = start(lock, 1);
	await(&shared->waiting);
	usleep(2000);
	killed = now();
	kill(dying, SIGKILL);
	waitpid(dying, &status, 0);
	waitpid(surviving, &status, 0);
	if (status || !shared->got)
		die("the survivor does not get it");
	return shared->got - killed;
}

static void deaths(const struct shared_lock *lock, unsigned int times)
{
	unsigned int i;

	if (lock && lock->create())
		die(lock->name);
	for (i = 0; i < times; i++)
		shared->waits[i] = death_once(lock);
	if (lock)
		lock->destroy();
	print_waits("death", lock ? lock->name : "quartet-memo", times, 0);
}

static void contend(const struct shared_lock *lock)
{
	unsigned long long since;
	unsigned int n;

	lock->attach();
	while (!__atomic_load_n(&shared->stop, __ATOMIC_RELAXED)) {
		since = now();
		if (lock->lock() < 0)
			_exit(1);
		n = shared->locks++;
		if (n < MOST)
			shared->waits[n] = now() - since;
		lock->unlock();
	}
	_exit(0);
}

static void handoffs(const struct shared_lock *lock, unsigned int processes, unsigned int ms)
{
	unsigned int i, n;
	int status;

	if (lock->create())
		die(lock->name);
	shared->stop = 0;
	shared->locks = 0;
	for (i = 0; i < processes; i++)
		if (!fork())
			contend(lock);
	usleep(ms * 1000);
	__atomic_store_n(&shared->stop, 1, __ATOMIC_RELAXED);
	for (i = 0; i < processes; i++)
		if (wait(&status) < 0 || status)
			die("a process fails");
	lock->destroy();
	n = shared->locks < MOST ? shared->locks : MOST;
	print_waits("handoff", lock->name, n, shared->locks * 1000.0 / ms);
}

int main(int argc, char **argv)
{
	struct quartet_memo_params params = {
		.capacity = 1, .bytes = 4096, .key_max = 3, .value_max = 1,
	};
	unsigned int times = argc > 1 ? atoi(argv[1]) : 1000, rounds = argc > 2 ? atoi(argv[2]) : 5;
	unsigned int round;
	int i;

	if (!times || times > MOST || argc > 3)
		die("usage: processes [DEATHS [ROUNDS]]");
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (shared == MAP_FAILED || quartet_memo_create(&memo, NULL, &params))
		die("no /dev/quartet");
	printf("what,lock,number,per_s,p50_ns,p99_ns,max_ns\n");
	for (i = 0; i < 2; i++)
		deaths(&shared_locks[i], times);
	deaths(NULL, times);
	for (round = 0; round < rounds; round++)
		for (i = 0; i < shared_locks_number; i++)
			handoffs(&shared_locks[round % 2 ? shared_locks_number - 1 - i : i], 2, 1000);
	return 0;
}
