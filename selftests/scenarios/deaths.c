// SPDX-License-Identifier: GPL-2.0-only
/* Workers that die, in every way, with what they had; and those who come after them. */
#include <sys/resource.h>
#include <sys/syscall.h>

#include "kselftest_harness.h"
#include "story.h"

FIXTURE(lock) {
	int mine;
	int other;
};

FIXTURE_SETUP(lock)
{
	story_begin();
	self->mine = new_object(mutex_args());
	ASSERT_LE(0, self->mine);
	self->other = clone_handle(self->mine);
	ASSERT_LE(0, self->other);
}

FIXTURE_TEARDOWN(lock)
{
	close(self->mine);
	close(self->other);
	story_end();
}

/* Repairs what @token's grant was told of, and unlocks. */
static int repair(int handle, __u64 token)
{
	return grant_command(handle, QUARTET_CONSISTENT, token) ?:
	       grant_command(handle, QUARTET_UNLOCK, token);
}

/*
 * The kernel kills a worker that is in its critical section, for want of memory. Those who wait do
 * not wait for ever: the first has the lock, and knows who died.
 * Reported of multiprocessing.Lock: python/cpython #88304, birdnet-team/birdnet #73.
 */
TEST_F(lock, worker_killed_in_its_critical_section)
{
	pid_t worker = holder(self->mine, 0);
	pid_t next;

	ASSERT_LT(0, worker);
	next = start();
	if (!next) {
		struct quartet_lock args;

		if (mutex_lock(self->other, 0, &args))
			_exit(1);
		_exit(args.result != QUARTET_OWNER_DIED || args.dead_pid != worker ||
		      repair(self->other, args.token));
	}
	ASSERT_TRUE(mutex_awaits(self->mine, 1));
	EXPECT_EQ(-SIGKILL, kill_and_wait(worker));
	EXPECT_EQ(0, wait_for(next));
	EXPECT_EQ(0, mutex_state(self->mine).state);
}

static void die_by_segv(void)
{
	raise(SIGSEGV);
}

static void die_by_stack(void)
{
	struct rlimit limit = { 0 };

	setrlimit(RLIMIT_CORE, &limit);
	abort();
}

static void die_by_cpu_limit(void)
{
	struct rlimit limit = { 1, 1 };

	setrlimit(RLIMIT_CPU, &limit);
	for (;;)
		;
}

static void die_by_alarm(void)
{
	signal(SIGALRM, SIG_DFL);
	raise(SIGALRM);
}

static void die_by_pipe(void)
{
	int ends[2];

	if (!pipe(ends)) {
		close(ends[0]);
		if (write(ends[1], "", 1))
			_exit(1);
	}
}

static void die_by_exit(void)
{
	exit(0);
}

/*
 * Workers die of a segmentation fault, an assertion, the limit of CPU time, an alarm, a closed
 * pipe, or they return from main() without unlocking. Each of these deaths is told to the next one.
 * Reported of lock files: samschott/maestral #146, buytenh/ivykis #23.
 */
TEST_F(lock, every_way_to_crash)
{
	static void (*const ways[6])(void) = {
		die_by_segv, die_by_stack, die_by_cpu_limit, die_by_alarm, die_by_pipe,
		die_by_exit,
	};
	int i;

	for (i = 0; i < 6; i++) {
		pid_t worker = start();

		if (!worker) {
			if (!mutex_lock(self->mine, 0, NULL))
				ways[i]();
			_exit(99);
		}
		EXPECT_NE(99, wait_for(worker));
		EXPECT_DIED(worker, self->other);
		EXPECT_EQ(0, repair(self->other, mutex_state(self->other).token));
	}
}

/*
 * A supervisor restarts a worker that crashes in its critical section, again and again. Each new
 * worker is told of the one before, repairs, and the lock never stays behind.
 * Reported of restart loops: siutsin/otaru #3169, CroatianMeteorNetwork/RMS #935.
 */
TEST_F(lock, crash_loop)
{
	int last = 0, i;

	for (i = 0; i < 100; i++) {
		pid_t worker = start();

		if (!worker) {
			struct quartet_lock args;

			if (mutex_lock(self->mine, 0, &args) || args.dead_pid != last)
				_exit(1);
			if (last && grant_command(self->mine, QUARTET_CONSISTENT, args.token))
				_exit(2);
			kill(getpid(), SIGKILL);
		}
		ASSERT_EQ(-SIGKILL, wait_for(worker));
		last = worker;
	}
	EXPECT_DIED(last, self->other);
}

/*
 * The one who repairs dies while it does so. The next one is told again, of that death; only when
 * somebody has said that all is consistent, nobody is told any more.
 * Reported of robust mutexes: eclipse-iceoryx/iceoryx #330.
 */
TEST_F(lock, repairer_dies_too)
{
	pid_t first = holder(self->mine, 0), second;
	struct quartet_lock args;

	ASSERT_EQ(-SIGKILL, kill_and_wait(first));
	second = holder(self->mine, 0);
	ASSERT_EQ(-SIGKILL, kill_and_wait(second));
	ASSERT_EQ(0, mutex_lock(self->other, QUARTET_TRY, &args));
	EXPECT_EQ(QUARTET_OWNER_DIED, args.result);
	EXPECT_EQ(second, args.dead_pid);
	EXPECT_EQ(0, repair(self->other, args.token));
	EXPECT_EQ(0, mutex_lock(self->other, QUARTET_TRY, &args));
	EXPECT_EQ(0, args.result);
	EXPECT_EQ(0, args.dead_pid);
	EXPECT_EQ(0, args.dead_ns);
}

/*
 * The next owner does not look at what it is told, and unlocks as ever. The mutex is of no use from
 * then on, and all who wait for it are told so, at once.
 * Reported of robust mutexes: boostorg/interprocess #187, sysrepo/sysrepo #2768.
 */
TEST_F(lock, nobody_repairs)
{
	pid_t dead = holder(self->mine, 0), waiters[4];
	int i;

	ASSERT_EQ(-SIGKILL, kill_and_wait(dead));
	ASSERT_EQ(0, mutex_lock(self->mine, 0, NULL));
	for (i = 0; i < 4; i++)
		waiters[i] = waiter(clone_handle(self->other), 0);
	ASSERT_TRUE(mutex_awaits(self->mine, 4));
	EXPECT_EQ(0, mutex_unlock(self->mine));
	for (i = 0; i < 4; i++)
		EXPECT_EQ(ENOTRECOVERABLE, wait_for(waiters[i]));
	EXPECT_REFUSED(ENOTRECOVERABLE, mutex_lock(self->other, 0, NULL));
	EXPECT_REFUSED(ENOTRECOVERABLE, mutex_lock(self->other, QUARTET_TRY, NULL));
	EXPECT_EQ(QUARTET_MUTEX_UNRECOVERABLE, mutex_state(self->other).state &
		  (QUARTET_MUTEX_UNRECOVERABLE | QUARTET_MUTEX_HELD));
}

/*
 * A service's lock has become unrecoverable. The service unlinks the name and creates it anew:
 * those who open it then have a good one.
 * Reported of robust mutexes: boostorg/interprocess #67.
 */
TEST_F(lock, new_mutex_for_an_unrecoverable_one)
{
	int device = device_open(), old, fresh, opened;
	pid_t dead;

	old = create_named(device, mutex_args(), "service");
	dead = holder(old, 0);
	ASSERT_EQ(-SIGKILL, kill_and_wait(dead));
	ASSERT_EQ(0, mutex_lock(old, 0, NULL));
	ASSERT_EQ(0, mutex_unlock(old));
	EXPECT_EQ(0, unlink_named(device, "service"));
	fresh = create_named(device, mutex_args(), "service");
	opened = open_named(device, "service");
	EXPECT_EQ(0, mutex_lock(opened, 0, NULL));
	EXPECT_TRUE(is_held(fresh));
	EXPECT_REFUSED(ENOTRECOVERABLE, mutex_lock(old, 0, NULL));
	EXPECT_EQ(0, unlink_named(device, "service"));
	close(old);
	close(fresh);
	close(opened);
	close(device);
}

/*
 * A supervisor waits for its worker to end, and takes over. By the time that wait() returns the
 * lock is there, at the first try, each time.
 * Reported of filelock: tox-dev/filelock #115.
 */
TEST_F(lock, free_when_the_worker_is_reaped)
{
	int i;

	for (i = 0; i < 100; i++) {
		pid_t worker = holder(self->mine, 0);
		struct quartet_lock args;

		ASSERT_EQ(-SIGKILL, kill_and_wait(worker));
		ASSERT_EQ(0, mutex_lock(self->other, QUARTET_TRY, &args));
		ASSERT_EQ(worker, args.dead_pid);
		ASSERT_EQ(0, repair(self->other, args.token));
	}
}

/*
 * A parent never reaps its dead worker, which stays a zombie. A zombie holds no lock.
 * Reported of zombies: cocoindex-io/cocoindex-code #129.
 */
TEST_F(lock, zombie_holds_nothing)
{
	pid_t worker = holder(self->mine, 0);
	siginfo_t info;

	kill(worker, SIGKILL);
	ASSERT_EQ(0, waitid(P_PID, worker, &info, WEXITED | WNOWAIT));
	EXPECT_EQ('Z', state_of(worker));
	EXPECT_DIED(worker, self->other);
	EXPECT_EQ(-SIGKILL, wait_for(worker));
}

/*
 * A whole process group is killed: the owner, and half of those who wait. One of the others gets
 * the lock, and then each of them in turn.
 * Reported of killed groups: joblib/loky #360.
 */
TEST_F(lock, whole_group_is_killed)
{
	pid_t group = start(), survivors[3];
	int i;

	if (!group) {
		setpgid(0, 0);
		for (i = 0; i < 3; i++)
			if (!start())
				_exit(mutex_lock(clone_handle(self->mine), 0, NULL));
		if (mutex_lock(self->mine, 0, NULL))
			_exit(1);
		for (;;)
			pause();
	}
	ASSERT_TRUE(SOON(is_held(self->other)));
	for (i = 0; i < 3; i++) {
		survivors[i] = start();
		if (!survivors[i]) {
			int handle = clone_handle(self->other);
			struct quartet_lock args;

			if (mutex_lock(handle, 0, &args))
				_exit(1);
			if (args.result)
				_exit(repair(handle, args.token));
			_exit(mutex_unlock(handle));
		}
	}
	ASSERT_TRUE(SOON(mutex_state(self->other).waiters >= 3));
	kill(-group, SIGKILL);
	for (i = 0; i < 3; i++)
		EXPECT_EQ(0, wait_for(survivors[i]));
	EXPECT_TRUE(SOON(!mutex_state(self->other).waiters));
}

/*
 * Those who wait are killed, one after the other; the owner never notices, and nobody is left in
 * the queue.
 * Reported of asyncio locks: python/cpython #1031, agronholm/anyio #387.
 */
TEST_F(lock, waiters_are_killed)
{
	pid_t waiters[8];
	int i;

	ASSERT_EQ(0, mutex_lock(self->mine, 0, NULL));
	for (i = 0; i < 8; i++)
		waiters[i] = waiter(clone_handle(self->other), 0);
	ASSERT_TRUE(mutex_awaits(self->mine, 8));
	for (i = 0; i < 8; i += 2)
		EXPECT_EQ(-SIGKILL, kill_and_wait(waiters[i]));
	EXPECT_EQ(4, mutex_state(self->mine).waiters);
	EXPECT_EQ(0, mutex_unlock(self->mine));
	for (i = 1; i < 8; i += 2)
		EXPECT_EQ(0, wait_for(waiters[i]));
	EXPECT_EQ(0, mutex_state(self->mine).waiters);
}

/*
 * Each of a hundred clients takes the lock and dies with it, all at the same time. There is never
 * a grant to two of them, each grant says which death came before, and at the end it is free.
 * Reported of killed workers: noxdafox/pebble #97.
 */
TEST_F(lock, fork_bomb_of_dying_clients)
{
	int i, died = 0;

	for (i = 0; i < 100; i++) {
		struct quartet_lock args;

		if (start())
			continue;
		/* A handle each: who holds it counts itself in and is killed. */
		if (mutex_lock(clone_handle(self->mine), 0, &args))
			_exit(1);
		if (shared[0] && shared[0] != args.dead_pid)
			shared[1]++;
		shared[0] = getpid();
		shared[2]++;
		kill(getpid(), SIGKILL);
	}
	for (i = 0; i < 100; i++) {
		int status;

		ASSERT_LT(0, wait(&status));
		died += WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
	}
	EXPECT_EQ(100, died);
	EXPECT_EQ(100, shared[2]);
	EXPECT_EQ(0, shared[1]);
	EXPECT_DIED(shared[0], self->other);
}

/*
 * An owner that was thought dead comes back, after another has had the lock. What it wants to do
 * with its old token is refused, and the storage knows by the token which write is the newer one.
 * Reported of Redis locks: laravel/framework #26213, redis/redis-py #3847.
 */
TEST_F(lock, old_token_is_refused)
{
	struct quartet_lock old, new;

	ASSERT_EQ(0, mutex_lock(self->mine, 0, &old));
	ASSERT_EQ(0, mutex_unlock(self->mine));
	ASSERT_EQ(0, mutex_lock(self->other, 0, &new));
	EXPECT_LT(old.token, new.token);
	EXPECT_REFUSED(EPERM, grant_command(self->mine, QUARTET_UNLOCK, old.token));
	EXPECT_REFUSED(EPERM, grant_command(self->mine, QUARTET_UNLOCK, new.token));
	EXPECT_REFUSED(ESTALE, grant_command(self->other, QUARTET_UNLOCK, old.token));
	EXPECT_TRUE(is_mine(self->other));
	EXPECT_EQ(0, grant_command(self->other, QUARTET_UNLOCK, new.token));
}

TEST_HARNESS_MAIN
