// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs that have lost a lock, leaked memory, or stopped the kernel: each must come out right,
 * RUNS times in a row.
 */
#include <sys/syscall.h>

#include "kselftest_harness.h"
#include "story.h"

FIXTURE(old) {
	int runs;
};

FIXTURE_SETUP(old)
{
	const char *runs = getenv("RUNS");

	self->runs = runs ? atoi(runs) : 1;
	story_begin();
}

FIXTURE_TEARDOWN(old)
{
	story_end();
}

/* A run that hangs ends the test; many runs take their time. */
#define STORY(name) \
	static void name ## _once(struct __test_metadata *_metadata); \
	TEST_F_TIMEOUT(old, name, 900) \
	{ \
		int run; \
		\
		for (run = 0; run < self->runs && _metadata->passed; run++) { \
			alarm(20); \
			memset((void *)shared, 0, 4096); \
			name ## _once(_metadata); \
			alarm(0); \
		} \
	} \
	static void name ## _once(struct __test_metadata *_metadata)

#define QUEUED	(-529)		/* what the kernel calls -EIOCBQUEUED */

static struct quartet_create small_memo(enum quartet_engine engine)
{
	struct quartet_create args = memo_args();

	args.engine = engine;
	args.capacity = 9;
	args.bytes = 1 << 16;
	args.key_max = 1024;
	args.value_max = 8;
	args.err_ttl_ns = QUARTET_FOR_EVER;
	return args;
}

/* Leads, and answers with a number that is no error: which answer is refused, each time? */
static bool leads_badly(int memo, __u32 flags, bool forgets)
{
	int handle = clone_handle(memo);
	struct answer answer;
	bool good = true;

	if (!memo_get(handle, flags, "k", &answer) &&
	    answer.args.what == QUARTET_ANSWER_LEAD)
		good = WAS_REFUSED(EINVAL, memo_fail(handle, answer.args.token, QUEUED));
	if (forgets)
		memo_forget(handle, "k");
	close(handle);
	return good;
}

/*
 * One program leads and fails with a number of the kernel's own, and another one asks for the same
 * key, asynchronously. The number is refused, and the kernel lives.
 * Reported of error codes: TykTechnologies/tyk #2323.
 */
STORY(panic)
{
	int memo = new_object(small_memo(QUARTET_ENGINE_RCU)), i;
	pid_t child = start();
	bool good = true;

	for (i = 0; i < 300 && good; i++)
		good = leads_badly(memo, child ? QUARTET_ASYNC : QUARTET_TRY, !child);
	if (!child)
		_exit(!good);
	EXPECT_TRUE(good);
	EXPECT_EQ(0, wait_for(child));
	close(memo);
}

/* What the kernel has allocated in small pieces and cannot reclaim, in KiB. */
static long unreclaimable(void)
{
	FILE *file = fopen("/proc/meminfo", "re");
	char key[64];
	long value, found = -1;

	while (file && fscanf(file, "%63s %ld%*[^\n]", key, &value) == 2)
		if (!strcmp(key, "SUnreclaim:"))
			found = value;
	if (file)
		fclose(file);
	return found;
}

/* Fails for a thousand keys of a kilobyte each, in every way, and forgets them. */
static bool fail_for_many(int memo)
{
	char key[1001];
	bool good = true;
	int i;

	memset(key, 'k', sizeof(key));
	key[sizeof(key) - 1] = 0;
	for (i = 0; i < 1000 && good; i++) {
		struct answer answer;
		__u64 token;

		key[0] = 'a' + i / 100;
		key[1] = '0' + i / 10 % 10;
		key[2] = '0' + i % 10;
		token = memo_lead(memo, 0, key);
		good = token && WAS_REFUSED(EINVAL, memo_fail(memo, token, QUEUED)) &&
		       WAS_REFUSED(EINVAL, memo_fail(memo, token, -512)) &&
		       !memo_fail(memo, token, -511) &&
		       !memo_get(memo, 0, key, &answer) &&
		       answer.args.what == QUARTET_ANSWER_ERROR && answer.args.error == -511 &&
		       !memo_forget(memo, key);
	}
	return good;
}

/*
 * A program's computations fail with numbers of all kinds, for a thousand keys. When it closes its
 * table no memory is left over, in any engine.
 * Reported of leaks: ros2/rmw_cyclonedds #471.
 */
STORY(leak)
{
	enum quartet_engine engine;

	for (engine = QUARTET_ENGINE_RCU; engine <= QUARTET_ENGINE_MONITOR; engine++) {
		int memo = new_object(small_memo(engine));
		long before = unreclaimable();

		EXPECT_TRUE(fail_for_many(memo));
		close(memo);
		/* The thousand take more than two megabytes. */
		EXPECT_TRUE(SOON(unreclaimable() < before + 1024));
	}
}

/*
 * A computation fails because its server shuts down, with just that error. Those who wait get it as
 * the result, not as an error of their call.
 * Reported of error results: golang/go #33519.
 */
STORY(shutdown)
{
	int memo = new_object(small_memo(QUARTET_ENGINE_RCU)), other = clone_handle(memo);
	__u64 token = memo_lead(memo, 0, "k");
	pid_t child = start();

	if (!child) {
		struct answer answer;

		if (memo_get(other, 0, "k", &answer))
			_exit(1);
		_exit(answer.args.what != QUARTET_ANSWER_JOINED ||
		      answer.args.error != -ESHUTDOWN);
	}
	ASSERT_TRUE(SOON(memo_state(memo).waiters == 1));
	EXPECT_EQ(0, memo_fail(memo, token, -ESHUTDOWN));
	EXPECT_EQ(0, wait_for(child));
	close(memo);
	close(other);
}

static max_align_t stack[4096];

static int pause_in_clone(void *unused)
{
	for (;;)
		pause();
	return 0;
}

/*
 * A program takes a lock while it shares its descriptors with a partner, and stops sharing them.
 * The partner's end is none of its business.
 * Reported of shared tables: Tencent/MMKV #261.
 */
STORY(unshare)
{
	pid_t partner = clone(pause_in_clone, stack + 4096, CLONE_FILES | SIGCHLD, NULL);
	int handle = new_object(mutex_args()), other = clone_handle(handle);

	ASSERT_EQ(0, mutex_lock(handle, 0, NULL));
	ASSERT_EQ(0, unshare(CLONE_FILES));
	EXPECT_EQ(-SIGKILL, kill_and_wait(partner));
	EXPECT_TRUE(is_mine(handle));
	EXPECT_REFUSED(EAGAIN, mutex_lock(other, QUARTET_TRY, NULL));
	EXPECT_EQ(0, mutex_unlock(handle));
	close(handle);
	close(other);
}

/* A process asks, leaves the handle to its daemon, closes it, and exits when it is told to. */
static pid_t ask_and_leave(int handle, __u32 flags)
{
	pid_t asker = start(), daemon;
	int i;

	if (asker)
		return asker;
	if (mutex_lock(handle, flags, NULL))
		_exit(1);
	daemon = start();
	if (daemon) {
		close(handle);
		shared[0] = daemon;
		while (!shared[1])
			usleep(500);
		_exit(0);
	}
	while (!shared[2])
		usleep(500);
	for (i = 0; i < 30 && is_mine(handle); i++) {
		if (!start())
			_exit(0);
		wait(NULL);
	}
	shared[3] = is_mine(handle) ? 1 : 2;
	_exit(0);
}

/*
 * A launcher takes the lock, and leaves the handle to its daemon, which starts helpers. The lock
 * ends exactly with the launcher, and no helper has to do with it.
 * Reported of daemons: thesharp/daemonize #15.
 */
STORY(stale)
{
	int handle = new_object(mutex_args()), other = clone_handle(handle);
	pid_t asker = ask_and_leave(handle, 0);

	ASSERT_TRUE(SOON(shared[0]));
	EXPECT_TRUE(is_mine(handle));
	shared[1] = 1;
	ASSERT_EQ(0, wait_for(asker));
	EXPECT_FALSE(is_mine(handle));
	EXPECT_DIED(asker, other);
	shared[2] = 1;
	EXPECT_TRUE(SOON(shared[3] == 2));
	EXPECT_EQ(0, wait_for_any());
	close(handle);
	close(other);
}

/*
 * The same with BY_HANDLE. The daemon keeps the lock, whoever exits.
 * Reported of daemons: thesharp/daemonize #15.
 */
STORY(stale_by_handle)
{
	int handle = new_object(mutex_args()), other = clone_handle(handle);
	pid_t asker = ask_and_leave(handle, QUARTET_BY_HANDLE);

	ASSERT_TRUE(SOON(shared[0]));
	shared[1] = 1;
	ASSERT_EQ(0, wait_for(asker));
	EXPECT_TRUE(is_mine(handle));
	shared[2] = 1;
	EXPECT_TRUE(SOON(shared[3] == 1));
	EXPECT_EQ(0, wait_for_any());
	EXPECT_REFUSED(EAGAIN, mutex_lock(other, QUARTET_TRY, NULL));
	EXPECT_EQ(0, mutex_unlock(handle));
	close(handle);
	close(other);
}

/*
 * A worker asks by its parent's handle, closes its own descriptor, works, and exits. The lock ends
 * when it exits: not when it closes, and not when others exit later.
 * Reported of forked workers: asmvik/skhd #83.
 */
STORY(asker_gone)
{
	int handle = new_object(mutex_args()), other = clone_handle(handle);
	pid_t asker = start();

	if (!asker) {
		if (mutex_lock(handle, 0, NULL))
			_exit(1);
		close(handle);
		close(other);
		shared[0] = 1;
		while (!shared[1])
			usleep(500);
		_exit(0);
	}
	ASSERT_TRUE(SOON(shared[0]));
	EXPECT_REFUSED(EAGAIN, mutex_lock(other, QUARTET_TRY, NULL));
	shared[1] = 1;
	ASSERT_EQ(0, wait_for(asker));
	EXPECT_DIED(asker, other);
	EXPECT_REFUSED(EPERM, mutex_unlock(handle));
	close(handle);
	close(other);
}

/*
 * The same with a buffer, and with a computation. When the worker has exited the buffer is free and
 * zeroed, and the next one computes.
 * Reported of forked workers: eclipse-iceoryx/iceoryx #1936, golang/go #67087.
 */
STORY(asker_gone_pool_memo)
{
	int pool = new_object(pool_args(1)), memo = new_object(small_memo(QUARTET_ENGINE_RCU));
	char *slots = pool_map(pool);
	struct answer answer;
	pid_t asker = start();
	__u32 slot;

	if (!asker) {
		char *own = pool_map(pool);

		if (pool_get(pool, 0, &slot) || !memo_lead(memo, 0, "k"))
			_exit(1);
		strcpy(own, "secret");
		close(pool);
		close(memo);
		shared[0] = 1;
		while (!shared[1])
			usleep(500);
		_exit(0);
	}
	ASSERT_TRUE(SOON(shared[0]));
	EXPECT_EQ(1, pool_state(pool).mine);
	EXPECT_EQ(1, memo_state(memo).leads);
	EXPECT_STREQ("secret", slots);
	shared[1] = 1;
	ASSERT_EQ(0, wait_for(asker));
	EXPECT_EQ(1, pool_state(pool).free);
	EXPECT_STREQ("", slots);
	EXPECT_EQ(0, pool_get(pool, QUARTET_TRY, &slot));
	EXPECT_EQ(0, memo_get(memo, QUARTET_TRY, "k", &answer));
	EXPECT_EQ(QUARTET_ANSWER_LEAD, answer.args.what);
	munmap(slots, pool_state(pool).map_len);
	close(pool);
	close(memo);
}

TEST_HARNESS_MAIN
