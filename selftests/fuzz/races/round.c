// SPDX-License-Identifier: GPL-2.0-only
/*
 * One round: objects, workers that are killed, and then what must be true once all of them have
 * been reaped: nobody holds anything, and with the last handles everything goes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "fuzz.h"

struct shared *shared;
const char *const names[NAMES] = { "fuzz-a", "fuzz-b", "fuzz-c" };
int device, sockets[2];

static int objects[OBJECTS];
static pid_t workers[WORKERS];

static bool make_objects(void)
{
	int i;

	for (i = 0; i < OBJECTS; i++) {
		objects[i] = create(device, setup.objects[i]);
		if (objects[i] < 0) {
			fault("cannot create object %d: errno %d", i, errno);
			return false;
		}
	}
	return !socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, sockets);
}

static void begin(const struct plan *plan, unsigned int round)
{
	plan_decode(plan);
	memset(shared, 0, sizeof(*shared));
	record_plan(plan, round);
	record_start();
	trace->delay_spins = setup.delay_spins;
	trace->delay_one_in = setup.delay_one_in;
}

static void start_worker(const struct plan *plan, int i)
{
	workers[i] = fork();
	if (!workers[i]) {
		setpgid(0, i ? workers[0] : 0);
		processes_forget();
		record_start();
		hands_init(objects);
		worker_run(plan->programs[i]);
		_exit(0);
	}
	setpgid(workers[i], workers[0]);
}

/* Those that have ended; false if none is left. */
static bool reap(int options)
{
	pid_t gone;
	int i;

	while ((gone = waitpid(-1, NULL, options)) > 0)
		for (i = 0; i < WORKERS; i++)
			if (workers[i] == gone)
				workers[i] = 0;
	return !gone;
}

static void kill_due(__u64 start)
{
	__u64 us = (now_ns(CLOCK_MONOTONIC) - start) / 1000;
	int i;

	for (i = 0; i < WORKERS; i++)
		if (setup.kill_us[i] && us >= setup.kill_us[i] && workers[i] > 0) {
			kill(workers[i], SIGKILL);
			setup.kill_us[i] = 0;
		}
}

static void let_run(void)
{
	__u64 start = now_ns(CLOCK_MONOTONIC), end = start + setup.ms * MSEC;

	while (now_ns(CLOCK_MONOTONIC) < end && !shared->stop && reap(WNOHANG)) {
		kill_due(start);
		usleep(500);
	}
}

/* The group outlives its first process. What is forked meanwhile is killed the next time. */
static void kill_all(pid_t group)
{
	__atomic_store_n(&shared->stop, 1, __ATOMIC_RELEASE);
	do
		kill(-group, SIGKILL);
	while (reap(WNOHANG) && !usleep(100));
}

/* All that asked have been reaped, and that is when their grants have ended at the latest. */
static void check_mutex(int handle, int i)
{
	struct quartet_mutex_info info = mutex_state(handle);

	if (info.waiters)
		fault("%u wait for mutex %d, and none lives", info.waiters, i);
	/* Of no use any more: who asked is refused from a work. */
	if (info.state & QUARTET_MUTEX_UNRECOVERABLE)
		return;
	if (info.state & QUARTET_MUTEX_HELD)
		fault("mutex %d is held by nobody who lives: pid %d, %.16s, grant %llu", i,
		      info.owner_pid, info.owner_comm, (unsigned long long)info.token);
}

static void check_pool(int handle)
{
	struct quartet_pool_info info = { .size = sizeof(info) };

	if (ioctl(handle, QUARTET_POOL_STATE, &info))
		fault("no state of the pool: errno %d", errno);
	else if (info.waiters)
		fault("%u wait for a slot, and none lives", info.waiters);
	/* What was given and not read is the handle's. */
	else if (info.free != info.slots && !shared->given)
		fault("%u of %u slots are free, and nobody lives", info.free, info.slots);
}

/* A key whose leader has died has another one at once: this one. */
static void check_key(int handle, const char *key)
{
	struct quartet_memo_get get = {
		.size = sizeof(get), .flags = QUARTET_TRY, .key = address(key), .key_len = 1,
	};

	if (ioctl(handle, QUARTET_MEMO_GET, &get) && errno == EAGAIN)
		fault("key %c has a leader, and none lives", *key);
	else if (get.what == QUARTET_ANSWER_LEAD)
		grant_command(handle, QUARTET_MEMO_ABANDON, get.token);
}

static void check_memo(int handle)
{
	struct quartet_memo_info info = { .size = sizeof(info) };

	if (ioctl(handle, QUARTET_MEMO_STATE, &info))
		fault("no state of the memo: errno %d", errno);
	else if (info.waiters)
		fault("%u wait for a value, and none lives", info.waiters);
	check_key(handle, "a");
	check_key(handle, "b");
}

static void check_objects(const int *handles)
{
	check_mutex(handles[MUTEX], MUTEX);
	check_mutex(handles[MUTEX2], MUTEX2);
	check_pool(handles[POOL]);
	check_memo(handles[MEMO]);
}

/* A handle that nobody has asked by, to look with. */
static void watch_objects(int *watches)
{
	int i;

	for (i = 0; i < OBJECTS; i++) {
		watches[i] = clone_handle(objects[i]);
		if (watches[i] < 0)
			fault("cannot clone handle %d: errno %d", i, errno);
	}
}

static void close_all(const int *handles, int n)
{
	int i;

	for (i = 0; i < n; i++)
		close(handles[i]);
}

/* What is in use of what is counted: all of it goes with the handles, the last one a bit later. */
void check_nothing_left(void)
{
	struct quartet_info info = { };
	int i;

	for (i = 0; i < 5000; i++) {
		info.size = sizeof(info);
		if (ioctl(device, QUARTET_INFO, &info))
			break;
		if (!info.used_objects && !info.used_handles && !info.used_bytes)
			return;
		usleep(1000);
	}
	fault("left are %u objects, %u handles, %llu bytes", info.used_objects,
	      info.used_handles, (unsigned long long)info.used_bytes);
}

static void end(void)
{
	int watches[OBJECTS], i;

	watch_objects(watches);
	if (!shared->failed && !shared->by_handle && !setup.by_handle)
		check_objects(watches);
	close_all(objects, OBJECTS);
	close_all(sockets, 2);
	shared->given = false;
	if (!shared->failed)
		check_objects(watches);
	undertaker_close(watches, OBJECTS);
	for (i = 0; i < NAMES; i++)
		unlink_named(device, names[i]);
}

/* Whether all was as it must be. */
bool round_run(const struct plan *plan)
{
	static unsigned int round;
	pid_t group;
	int i;

	begin(plan, round++);
	if (!make_objects())
		return false;
	for (i = 0; i < WORKERS; i++)
		start_worker(plan, i);
	group = workers[0];
	let_run();
	kill_all(group);
	trace->delay_one_in = 0;
	end();
	if (!shared->failed && round % 16 == 0)
		check_nothing_left();
	return !shared->failed;
}
