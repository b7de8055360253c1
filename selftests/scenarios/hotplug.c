// SPDX-License-Identifier: GPL-2.0-only
/* CPUs that go and come back while programs lock, share buffers, and compute. */
#include "kselftest_harness.h"
#include "story.h"

#define LOCKERS	16
#define ROUNDS	4

static int set_online(int cpu, const char *text)
{
	char path[64];
	int fd;
	ssize_t written;

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/online", cpu);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	written = write(fd, text, 1);
	close(fd);
	return written == 1 ? 0 : -1;
}

/* Counts under the lock, and uses a buffer and a result each time, until it is told to stop. */
static void work(int mutex, int pool, int memo)
{
	while (!shared[1]) {
		struct answer answer;
		__u32 slot;

		if (mutex_lock(mutex, 0, NULL))
			_exit(1);
		shared[0]++;
		if (mutex_unlock(mutex) || pool_get(pool, 0, &slot) || pool_put(pool, slot))
			_exit(2);
		if (memo_get(memo, 0, "key", &answer))
			_exit(3);
		if (answer.args.what == QUARTET_ANSWER_LEAD &&
		    memo_fulfil(memo, answer.args.token, "value"))
			_exit(4);
		__atomic_fetch_add(&shared[2], 1, __ATOMIC_SEQ_CST);
	}
	_exit(0);
}

FIXTURE(cpus) {
	int mutex;
	int pool;
	int memo;
};

FIXTURE_SETUP(cpus)
{
	story_begin();
	self->mutex = new_object(mutex_args());
	self->pool = new_object(pool_args(4));
	self->memo = new_object(memo_args());
	ASSERT_LE(0, self->mutex);
	ASSERT_LE(0, self->pool);
	ASSERT_LE(0, self->memo);
}

FIXTURE_TEARDOWN(cpus)
{
	close(self->mutex);
	close(self->pool);
	close(self->memo);
	story_end();
}

/*
 * An operator takes CPUs away and gives them back, while sixteen programs lock, share buffers, and
 * get results. No count is lost, and nobody hangs.
 * Reported of hotplug: linux-test-project/ltp #251, ColinIanKing/stress-ng #16.
 */
TEST_F_TIMEOUT(cpus, come_and_go, 120)
{
	int cpus = sysconf(_SC_NPROCESSORS_CONF), round, i, before;

	if (access("/sys/devices/system/cpu/cpu1/online", W_OK))
		SKIP(return, "no CPU hotplug");
	for (i = 0; i < LOCKERS; i++)
		if (!start()) {
			alarm(100);
			work(clone_handle(self->mutex), clone_handle(self->pool),
			     clone_handle(self->memo));
		}
	for (round = 0; round < ROUNDS; round++) {
		before = shared[0];
		for (i = 1; i < cpus; i++)
			EXPECT_EQ(0, set_online(i, "0"));
		EXPECT_TRUE(SOON(shared[0] > before));
		for (i = 1; i < cpus; i++)
			EXPECT_EQ(0, set_online(i, "1"));
	}
	shared[1] = 1;
	for (i = 0; i < LOCKERS; i++)
		EXPECT_EQ(0, wait_for_any());
	EXPECT_EQ(shared[2], shared[0]);
	EXPECT_EQ(0, mutex_state(self->mutex).state);
	EXPECT_EQ(4, pool_state(self->pool).free);
}

TEST_HARNESS_MAIN
