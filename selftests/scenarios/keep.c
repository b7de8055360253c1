// SPDX-License-Identifier: GPL-2.0-only
/* What is asked for with BY_HANDLE, and outlives the process that asked: daemons, above all. */
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

/*
 * A cron job wants its background helper to count as the job: it takes the lock BY_HANDLE, starts
 * the helper, and ends. The lock is held until the helper closes the handle.
 * Reported of flock: ceph/ceph-qa-suite #583, brooklyncentral/clocker #382.
 */
TEST_F(lock, cron_job_whose_helper_counts)
{
	pid_t job = start();

	if (!job) {
		int handle = clone_handle(self->other);

		if (mutex_lock(handle, QUARTET_BY_HANDLE, NULL))
			_exit(1);
		if (start())
			_exit(0);
		while (!shared[0])
			usleep(1000);
		close(handle);
		shared[1] = 1;
		for (;;)
			pause();
	}
	ASSERT_EQ(0, wait_for(job));
	EXPECT_REFUSED(EAGAIN, mutex_lock(self->other, QUARTET_TRY, NULL));
	shared[0] = 1;
	ASSERT_TRUE(SOON(shared[1]));
	EXPECT_DIED(job, self->other);
}

/*
 * A program takes the lock BY_HANDLE, so that it can say whether it runs already, and turns into a
 * daemon then. The daemon has the lock, unlocks it at its end, and nobody has died.
 * Reported of pid files: thesharp/daemonize #15, VividCortex/godaemon #15.
 */
TEST_F(lock, daemonise_after_locking)
{
	struct quartet_lock args;
	pid_t launcher = start();

	if (!launcher) {
		if (mutex_lock(self->mine, QUARTET_BY_HANDLE, NULL))
			_exit(1);
		daemonise();
		shared[0] = is_mine(self->mine) ? 1 : 2;
		while (!shared[1])
			usleep(1000);
		shared[2] = mutex_unlock(self->mine) ? 2 : 1;
		_exit(0);
	}
	ASSERT_EQ(0, wait_for(launcher));
	ASSERT_TRUE(SOON(shared[0]));
	EXPECT_EQ(1, shared[0]);
	EXPECT_REFUSED(EAGAIN, mutex_lock(self->other, QUARTET_TRY, NULL));
	shared[1] = 1;
	ASSERT_TRUE(SOON(shared[2]));
	EXPECT_EQ(1, shared[2]);
	EXPECT_EQ(0, mutex_lock(self->other, QUARTET_TRY, &args));
	EXPECT_EQ(0, args.result);
}

/*
 * The daemon that holds the lock BY_HANDLE is killed, with the only descriptor of its handle. That
 * was its last close, and the next one is told.
 * Reported of fcntl locks: zeromq/zbroker #74.
 */
TEST_F(lock, daemon_is_killed)
{
	pid_t launcher = start();

	if (!launcher) {
		if (mutex_lock(clone_handle(self->other), QUARTET_BY_HANDLE, NULL))
			_exit(1);
		daemonise();
		shared[0] = getpid();
		for (;;)
			pause();
	}
	ASSERT_EQ(0, wait_for(launcher));
	ASSERT_TRUE(SOON(shared[0]));
	EXPECT_REFUSED(EAGAIN, mutex_lock(self->other, QUARTET_TRY, NULL));
	EXPECT_EQ(-SIGKILL, kill_and_wait(shared[0]));
	EXPECT_EQ(QUARTET_MUTEX_INCONSISTENT, mutex_state(self->other).state);
	EXPECT_EQ(0, mutex_lock(self->other, QUARTET_TRY, NULL));
}

/*
 * The asker is killed, and others have descriptors of its handle. The lock stays with the handle.
 * Reported of forks: asmvik/skhd #83.
 */
TEST_F(lock, asker_is_killed)
{
	pid_t asker = holder(self->mine, QUARTET_BY_HANDLE);
	struct quartet_lock args;

	ASSERT_LT(0, asker);
	EXPECT_EQ(-SIGKILL, kill_and_wait(asker));
	EXPECT_TRUE(is_mine(self->mine));
	EXPECT_REFUSED(EAGAIN, mutex_lock(self->other, QUARTET_TRY, NULL));
	EXPECT_EQ(0, mutex_unlock(self->mine));
	EXPECT_EQ(0, mutex_lock(self->other, QUARTET_TRY, &args));
	EXPECT_EQ(0, args.result);
}

/*
 * A program asks BY_HANDLE and asynchronously, and ends; its daemon waits for the event. The
 * request is the handle's, and so is the lock.
 * Reported of daemons: bmc/daemonize #34.
 */
TEST_F(lock, request_outlives_the_asker)
{
	struct quartet_event event;
	pid_t asker;

	ASSERT_EQ(0, mutex_lock(self->other, 0, NULL));
	asker = start();
	if (!asker)
		_exit(!WAS_REFUSED(EINPROGRESS, mutex_lock(self->mine, QUARTET_ASYNC |
							   QUARTET_BY_HANDLE, NULL)));
	ASSERT_EQ(0, wait_for(asker));
	EXPECT_EQ(1, mutex_state(self->mine).waiters);
	EXPECT_EQ(0, mutex_unlock(self->other));
	ASSERT_TRUE(is_readable(self->mine, 5000));
	event = next_event(self->mine);
	EXPECT_EQ(0, event.error);
	EXPECT_TRUE(is_mine(self->mine));
}

/*
 * An owner BY_HANDLE runs another program in its own place. Its handle is closed on exec, which
 * ends the lock: the flag is about processes, not about descriptors.
 * Reported of fcntl locks: BOINC/boinc #4246.
 */
TEST_F(lock, exec_closes_the_handle)
{
	pid_t owner = start();

	if (!owner) {
		if (mutex_lock(clone_handle(self->other), QUARTET_BY_HANDLE, NULL))
			_exit(1);
		shared[0] = 1;
		execlp("sleep", "sleep", "100", NULL);
		_exit(1);
	}
	ASSERT_TRUE(SOON(shared[0]));
	EXPECT_TRUE(SOON(!is_held(self->other)));
	EXPECT_DIED(owner, self->other);
	EXPECT_EQ(-SIGKILL, kill_and_wait(owner));
}

/*
 * A launcher takes a buffer BY_HANDLE, fills it, and ends; its daemon has the buffer, as it is.
 * Reported of publishers: eclipse-iceoryx/iceoryx #1936.
 */
TEST_F(lock, buffer_outlives_its_asker)
{
	int pool = new_object(pool_args(1));
	char *slots = pool_map(pool);
	pid_t asker = start();
	__u32 slot;

	if (!asker) {
		char *own = pool_map(pool);

		if (!own || pool_get(pool, QUARTET_BY_HANDLE, &slot))
			_exit(1);
		strcpy(own, "kept");
		_exit(0);
	}
	ASSERT_EQ(0, wait_for(asker));
	EXPECT_EQ(1, pool_state(pool).mine);
	EXPECT_STREQ("kept", slots);
	EXPECT_EQ(0, pool_put(pool, 0));
	munmap(slots, pool_state(pool).map_len);
	close(pool);
}

/*
 * A launcher leads a computation BY_HANDLE, and ends; its daemon computes, and its result counts.
 * Reported of daemons: thesharp/daemonize #15.
 */
TEST_F(lock, computation_outlives_its_asker)
{
	int memo = new_object(memo_args()), other = clone_handle(memo);
	struct answer answer;
	pid_t asker = start();

	if (!asker) {
		__u64 token = memo_lead(memo, QUARTET_BY_HANDLE, "key");

		if (!token)
			_exit(1);
		daemonise();
		while (!shared[0])
			usleep(1000);
		shared[1] = memo_fulfil(memo, token, "value") ? 2 : 1;
		_exit(0);
	}
	ASSERT_EQ(0, wait_for(asker));
	EXPECT_REFUSED(EAGAIN, memo_get(other, QUARTET_TRY, "key", &answer));
	shared[0] = 1;
	ASSERT_TRUE(SOON(shared[1]));
	EXPECT_EQ(1, shared[1]);
	EXPECT_EQ(0, memo_get(other, QUARTET_TRY, "key", &answer));
	EXPECT_STREQ("value", answer.value);
	close(memo);
	close(other);
}

TEST_HARNESS_MAIN
