// SPDX-License-Identifier: GPL-2.0-only
/* What users of lock files do wrong, and what comes of it here. */
#include <grp.h>
#include <sys/stat.h>

#include "kselftest_harness.h"
#include "story.h"

#define NAME	"job"

FIXTURE(job) {
	int device;
	int mine;
	int other;
};

FIXTURE_SETUP(job)
{
	story_begin();
	self->device = device_open();
	ASSERT_LE(0, self->device);
	self->mine = create_named(self->device, mutex_args(), NAME);
	ASSERT_LE(0, self->mine);
	self->other = open_named(self->device, NAME);
	ASSERT_LE(0, self->other);
}

FIXTURE_TEARDOWN(job)
{
	unlink_named(self->device, NAME);
	close(self->mine);
	close(self->other);
	close(self->device);
	story_end();
}

static void become(uid_t user)
{
	if (setgroups(0, NULL) || setresgid(user, user, user) || setresuid(user, user, user))
		_exit(98);
}

/*
 * A program unlocks twice, by an explicit call and by its cleanup. The second one is refused, also
 * when another one has the lock by then.
 * Reported of double releases: harlowja/fasteners #130, amphp/redis #61.
 */
TEST_F(job, is_unlocked_twice)
{
	ASSERT_EQ(0, mutex_lock(self->mine, 0, NULL));
	EXPECT_EQ(0, mutex_unlock(self->mine));
	EXPECT_REFUSED(EPERM, mutex_unlock(self->mine));
	ASSERT_EQ(0, mutex_lock(self->other, 0, NULL));
	EXPECT_REFUSED(EPERM, mutex_unlock(self->mine));
	EXPECT_TRUE(is_mine(self->other));
}

/*
 * A process unlocks what another process has locked, by its own handle of the name. That is
 * refused, and the owner keeps its lock.
 * Reported of foreign releases: twentyhq/twenty #25661, nexspence/nexspence #223.
 */
TEST_F(job, is_unlocked_by_another)
{
	pid_t child;

	ASSERT_EQ(0, mutex_lock(self->mine, 0, NULL));
	child = start();
	if (!child)
		_exit(!WAS_REFUSED(EPERM, mutex_unlock(open_named(self->device, NAME))) ||
		      !WAS_REFUSED(EPERM, grant_command(self->other, QUARTET_UNLOCK,
							mutex_state(self->mine).token)));
	EXPECT_EQ(0, wait_for(child));
	EXPECT_TRUE(is_mine(self->mine));
	EXPECT_EQ(0, mutex_unlock(self->mine));
}

/*
 * A program locks, and one of its libraries opens the same name and locks again, in the same
 * thread. It is told of the deadlock, instead of waiting for itself.
 * Reported of filelock: tox-dev/filelock #315, tox-dev/filelock #282.
 */
TEST_F(job, is_locked_twice)
{
	ASSERT_EQ(0, mutex_lock(self->mine, 0, NULL));
	EXPECT_REFUSED(EDEADLK, mutex_lock(self->mine, 0, NULL));
	EXPECT_REFUSED(EDEADLK, mutex_lock(self->other, 0, NULL));
	EXPECT_REFUSED(EAGAIN, mutex_lock(self->other, QUARTET_TRY, NULL));
	EXPECT_EQ(0, mutex_unlock(self->mine));
	EXPECT_EQ(0, mutex_lock(self->other, 0, NULL));
}

static void *lock_in_thread(void *handle)
{
	return (void *)(long)(mutex_lock(*(int *)handle, 0, NULL) ? errno : 0);
}

/*
 * Two threads use one handle, as if it were a lock object. They are one owner: the second is told,
 * and does not get in.
 * Reported of filelock: tox-dev/filelock #261, portalocker in wolph/portalocker #72.
 */
TEST_F(job, is_locked_by_two_threads_of_one_handle)
{
	pthread_t thread;
	void *error;

	ASSERT_EQ(0, mutex_lock(self->mine, 0, NULL));
	ASSERT_EQ(0, pthread_create(&thread, NULL, lock_in_thread, &self->mine));
	ASSERT_EQ(0, pthread_join(thread, &error));
	EXPECT_EQ(EDEADLK, (long)error);
	ASSERT_EQ(0, pthread_create(&thread, NULL, lock_in_thread, &self->other));
	ASSERT_TRUE(mutex_awaits(self->mine, 1));
	EXPECT_REFUSED(EBUSY, mutex_lock(self->other, 0, NULL));
	EXPECT_EQ(0, mutex_unlock(self->mine));
	ASSERT_EQ(0, pthread_join(thread, &error));
	EXPECT_EQ(0, (long)error);
}

/*
 * Two programs take two locks in opposite order. One of them is refused, lets go of what it has,
 * and the other one gets on.
 * Reported of lock orders: frerich/clcache #217.
 */
TEST_F(job, takes_two_locks_the_other_way_round)
{
	int second = new_object(mutex_args());
	pid_t child;

	ASSERT_EQ(0, mutex_lock(self->mine, 0, NULL));
	child = start();
	if (!child) {
		if (mutex_lock(clone_handle(second), 0, NULL))
			_exit(1);
		shared[0] = 1;
		_exit(mutex_lock(self->other, 0, NULL) ? 2 : 0);
	}
	ASSERT_TRUE(SOON(shared[0]));
	ASSERT_TRUE(mutex_awaits(self->mine, 1));
	EXPECT_REFUSED(EDEADLK, mutex_lock(second, 0, NULL));
	EXPECT_EQ(0, mutex_unlock(self->mine));
	EXPECT_EQ(0, wait_for(child));
	close(second);
}

/*
 * A program removes the lock's name when it is done, as others remove lock files, while one waits.
 * That one gets the old lock; who creates the name anew has another one, and knows by the tokens.
 * Reported of filelock: tox-dev/filelock #574, tox-dev/filelock #27.
 */
TEST_F(job, is_removed_while_one_waits)
{
	struct quartet_lock args;
	pid_t waits;
	int fresh;

	ASSERT_EQ(0, mutex_lock(self->mine, 0, NULL));
	waits = waiter(self->other, 0);
	ASSERT_TRUE(mutex_awaits(self->mine, 1));
	EXPECT_EQ(0, unlink_named(self->device, NAME));
	EXPECT_REFUSED(ENOENT, open_named(self->device, NAME));
	fresh = create_named(self->device, mutex_args(), NAME);
	ASSERT_LE(0, fresh);
	EXPECT_EQ(0, mutex_lock(fresh, QUARTET_TRY, &args));
	EXPECT_LT(mutex_state(self->mine).token, args.token);
	EXPECT_EQ(0, mutex_unlock(self->mine));
	EXPECT_EQ(0, wait_for(waits));
	close(fresh);
}

/*
 * Twenty programs start at once, and each creates the lock if it is not there, else opens it. They
 * all have the same one.
 * Reported of start-up races: abrt/libreport #345, eclipse-iceoryx/iceoryx2 #1578.
 */
TEST_F(job, is_created_by_twenty)
{
	int i;

	ASSERT_EQ(0, unlink_named(self->device, NAME));
	for (i = 0; i < 20; i++) {
		int handle, seen;

		if (start())
			continue;
		handle = create_named(self->device, mutex_args(), NAME);
		if (handle < 0 && errno == EEXIST)
			handle = open_named(self->device, NAME);
		if (handle < 0 || mutex_lock(handle, 0, NULL))
			_exit(1);
		seen = shared[0];
		usleep(1000);
		shared[0] = seen + 1;
		_exit(mutex_unlock(handle));
	}
	for (i = 0; i < 20; i++)
		EXPECT_EQ(0, wait_for_any());
	EXPECT_EQ(20, shared[0]);
}

/*
 * A program crashes and leaves its lock's name behind. That is no stale lock file: the next one
 * opens the name, gets the lock at once, and is told.
 * Reported of stale lock files: ipfs/kubo #1537, Pasta-Devs/Marinara-Engine #5389.
 */
TEST_F(job, is_left_behind)
{
	pid_t child = start();

	if (!child) {
		if (mutex_lock(open_named(self->device, NAME), 0, NULL))
			_exit(1);
		abort();
	}
	EXPECT_EQ(-SIGABRT, wait_for(child));
	EXPECT_REFUSED(EEXIST, create_named(self->device, mutex_args(), NAME));
	EXPECT_DIED(child, open_named(self->device, NAME));
}

/* As create_named(), with that mode. */
static int create_with_mode(int device, const char *name, __u32 mode)
{
	struct quartet_create args = mutex_args();

	args.name = address(name);
	args.name_len = strlen(name);
	args.mode = mode;
	return ioctl(device, QUARTET_CREATE, &args);
}

/*
 * A program creates a name and does not think of a mode. Its own user can open it again, and nobody
 * else can.
 * Reported of modes: Tomas-M/xlunch #92.
 */
TEST_F(job, has_no_mode)
{
	pid_t child = start();

	if (!child) {
		become(1000);
		if (create_with_mode(self->device, "plain", 0) < 0)
			_exit(1);
		if (open_named(self->device, "plain") < 0)
			_exit(2);
		_exit(0);
	}
	EXPECT_EQ(0, wait_for(child));
	child = start();
	if (!child) {
		become(1001);
		_exit(!WAS_REFUSED(EACCES, open_named(self->device, "plain")) ||
		      !WAS_REFUSED(EPERM, unlink_named(self->device, "plain")));
	}
	EXPECT_EQ(0, wait_for(child));
	EXPECT_EQ(0, unlink_named(self->device, "plain"));
}

/*
 * Two users share a lock, and the first one creates it. Its mode is as it was asked for, so that
 * the second one can open it.
 * Reported of modes: huggingface/datasets #7900, astral-sh/uv #8032.
 */
TEST_F(job, is_shared_by_two_users)
{
	int shared_by_all = create_with_mode(self->device, "shared", 0666);
	pid_t child;

	ASSERT_LE(0, shared_by_all);
	ASSERT_EQ(0, mutex_lock(shared_by_all, 0, NULL));
	child = start();
	if (!child) {
		int handle;

		become(1000);
		handle = open_named(self->device, "shared");
		if (handle < 0 || !WAS_REFUSED(EAGAIN, mutex_lock(handle, QUARTET_TRY, NULL)))
			_exit(1);
		_exit(!WAS_REFUSED(EPERM, unlink_named(self->device, "shared")));
	}
	EXPECT_EQ(0, wait_for(child));
	EXPECT_EQ(0, unlink_named(self->device, "shared"));
	close(shared_by_all);
}

/*
 * A program mixes up its descriptors: it locks a pool, opens a name of another kind, and gives
 * commands to the device or to a file. Each time it is told.
 * Reported of mixed-up types: eclipse-iceoryx/iceoryx2 #1584.
 */
TEST_F(job, is_of_another_kind)
{
	struct quartet_open args = {
		.size = sizeof(args), .name = address(NAME), .name_len = strlen(NAME),
		.kind = QUARTET_KIND_MEMO,
	};
	int pool = new_object(pool_args(1)), null = open("/dev/null", O_RDWR | O_CLOEXEC);

	EXPECT_REFUSED(ENOTTY, mutex_lock(pool, 0, NULL));
	EXPECT_REFUSED(ENOTTY, mutex_lock(self->device, 0, NULL));
	EXPECT_REFUSED(ENOTTY, mutex_lock(null, 0, NULL));
	EXPECT_REFUSED(EBADF, mutex_lock(-1, 0, NULL));
	EXPECT_REFUSED(EPROTOTYPE, ioctl(self->device, QUARTET_OPEN, &args));
	EXPECT_REFUSED(EEXIST, create_named(self->device, pool_args(1), NAME));
	close(pool);
	close(null);
}

/*
 * A program checks that none of its handles leaks into the programs that it starts. Each is closed
 * on exec, however it came about.
 * Reported of leaked descriptors: mirage/index #394, containers/storage #59.
 */
TEST_F(job, is_closed_on_exec)
{
	int copy = clone_handle(self->mine);

	EXPECT_EQ(FD_CLOEXEC, fcntl(self->mine, F_GETFD));
	EXPECT_EQ(FD_CLOEXEC, fcntl(self->other, F_GETFD));
	EXPECT_EQ(FD_CLOEXEC, fcntl(copy, F_GETFD));
	close(copy);
}

/*
 * A program gives up after its timeout. It is in no queue any more, and the lock is free when the
 * owner unlocks: nobody has it by mistake.
 * Reported of timeouts: amphp/redis #61, r-lib/filelock #28.
 */
TEST_F(job, is_given_up)
{
	pid_t owner = holder(self->mine, 0);
	int i;

	for (i = 0; i < 5; i++)
		EXPECT_REFUSED(ETIMEDOUT, mutex_lock_until(self->other, 0, in_ms(10)));
	for (i = 0; i < 1000; i++)
		EXPECT_REFUSED(EAGAIN, mutex_lock(self->other, QUARTET_TRY, NULL));
	EXPECT_EQ(0, mutex_state(self->other).waiters);
	EXPECT_EQ(0, mutex_unlock(self->mine));
	EXPECT_EQ(0, mutex_state(self->other).state);
	EXPECT_EQ(-SIGKILL, kill_and_wait(owner));
	EXPECT_EQ(0, mutex_state(self->other).state);
}

/*
 * A program forgets to set its struct up, and passes zeros or garbage. It is refused, and nothing
 * is locked.
 * Reported of structs that are not set up: TritonDataCenter/illumos-joyent #181.
 */
TEST_F(job, is_asked_with_garbage)
{
	struct quartet_lock args = { };

	EXPECT_REFUSED(EINVAL, ioctl(self->mine, QUARTET_LOCK, &args));
	memset(&args, 0xa5, sizeof(args));
	EXPECT_EQ(-1, ioctl(self->mine, QUARTET_LOCK, &args));
	args = (struct quartet_lock){ .size = sizeof(args), .flags = 1U << 31 };
	EXPECT_REFUSED(EINVAL, ioctl(self->mine, QUARTET_LOCK, &args));
	args = (struct quartet_lock){ .size = sizeof(args), .deadline_ns = 1 };
	EXPECT_REFUSED(EINVAL, ioctl(self->mine, QUARTET_LOCK, &args));
	EXPECT_REFUSED(EFAULT, ioctl(self->mine, QUARTET_LOCK, NULL));
	EXPECT_EQ(0, mutex_state(self->mine).state);
}

TEST_HARNESS_MAIN
