// SPDX-License-Identifier: GPL-2.0-only
/* Who inherits a lock: children, daemons, programs that are executed, threads. */
#include <spawn.h>
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

/*
 * A cron job takes the lock, starts a helper in the background, and ends. The next run of the job
 * gets the lock at once, although the helper still has the descriptor.
 * Reported of flock: ceph/ceph-qa-suite #583.
 */
TEST_F(lock, cron_job_leaves_a_helper_behind)
{
	pid_t job = start();

	if (!job) {
		if (mutex_lock(self->mine, 0, NULL))
			_exit(1);
		if (!start())
			for (;;)
				pause();
		_exit(0);
	}
	ASSERT_EQ(0, wait_for(job));
	EXPECT_DIED(job, self->other);
}

/*
 * A program takes the lock, then turns into a daemon by a fork. The lock ends with the process that
 * asked; the daemon is told so by its next command, and nobody believes that it has the lock.
 * Reported of fcntl locks: zeromq/zbroker #74.
 */
TEST_F(lock, daemonise_after_locking)
{
	pid_t launcher = start();

	if (!launcher) {
		if (mutex_lock(self->mine, 0, NULL))
			_exit(1);
		daemonise();
		shared[0] = is_mine(self->mine) ? 1 : 2;
		shared[1] = WAS_REFUSED(EPERM, mutex_unlock(self->mine)) ? 1 : 2;
		_exit(0);
	}
	ASSERT_EQ(0, wait_for(launcher));
	EXPECT_TRUE(SOON(shared[1]));
	EXPECT_EQ(2, shared[0]);
	EXPECT_EQ(1, shared[1]);
	EXPECT_DIED(launcher, self->other);
}

/*
 * A program forks first, and its daemon takes the lock. The end of the launcher changes nothing,
 * and the lock is held until the daemon dies.
 * Reported of pid files: thesharp/daemonize #15.
 */
TEST_F(lock, daemonise_before_locking)
{
	pid_t launcher = start();

	if (!launcher) {
		daemonise();
		shared[1] = mutex_lock(self->mine, 0, NULL);
		shared[0] = getpid();
		for (;;)
			pause();
	}
	ASSERT_EQ(0, wait_for(launcher));
	ASSERT_TRUE(SOON(shared[0]));
	EXPECT_EQ(0, shared[1]);
	EXPECT_REFUSED(EAGAIN, mutex_lock(self->other, QUARTET_TRY, NULL));
	EXPECT_EQ(-SIGKILL, kill_and_wait(shared[0]));
	EXPECT_DIED(shared[0], self->other);
}

/*
 * A daemon takes the lock, and then closes all descriptors that it does not know, as daemons do.
 * Its handle was the last, so the lock ends while the daemon lives, and the next one is told.
 * Reported of python-daemon: seb-m/pyinotify #140, bmc/daemonize #34.
 */
TEST_F(lock, daemon_closes_all_descriptors)
{
	pid_t daemon = start();

	if (!daemon) {
		if (mutex_lock(clone_handle(self->other), 0, NULL))
			_exit(1);
		syscall(SYS_close_range, 3, ~0U, 0);
		shared[0] = 1;
		for (;;)
			pause();
	}
	ASSERT_TRUE(SOON(shared[0]));
	EXPECT_DIED(daemon, self->other);
}

/*
 * The owner starts many helpers, which inherit the handle and exit. None of them asked for the
 * lock, so none of them takes it along.
 * Reported of fcntl locks: greenplum-db/gpdb #10328.
 */
TEST_F(lock, helpers_exit)
{
	int i;

	ASSERT_EQ(0, mutex_lock(self->mine, 0, NULL));
	for (i = 0; i < 50; i++) {
		if (!start())
			exit(0);
		wait(NULL);
	}
	EXPECT_TRUE(is_mine(self->mine));
	EXPECT_REFUSED(EAGAIN, mutex_lock(self->other, QUARTET_TRY, NULL));
	EXPECT_EQ(0, mutex_unlock(self->mine));
}

/*
 * The owner runs a command by system(). The command does not see the handle, and the owner still
 * has the lock afterwards.
 * Reported of lock files: containers/storage #59, SerenityOS/serenity #9059.
 */
TEST_F(lock, command_by_system)
{
	char command[64];

	ASSERT_EQ(0, mutex_lock(self->mine, 0, NULL));
	snprintf(command, sizeof(command), "test ! -e /proc/self/fd/%d", self->mine);
	EXPECT_EQ(0, system(command));
	EXPECT_TRUE(is_mine(self->mine));
}

extern char **environ;

/* A shell that runs the command; with the handle as descriptor 9, if there is one. */
static pid_t spawn(const char *command, int handle)
{
	char *const argv[] = { "sh", "-c", (char *)command, NULL };
	posix_spawn_file_actions_t actions;
	pid_t child = -1;

	posix_spawn_file_actions_init(&actions);
	if (handle >= 0)
		posix_spawn_file_actions_adddup2(&actions, handle, 9);
	if (posix_spawnp(&child, "sh", &actions, NULL, argv, environ))
		child = -1;
	posix_spawn_file_actions_destroy(&actions);
	return child;
}

/*
 * The owner starts a program by posix_spawn(). The program has no handle, and its end leaves the
 * lock alone.
 * Reported of lock files: stellar/stellar-core #1681.
 */
TEST_F(lock, program_by_posix_spawn)
{
	char command[64];

	ASSERT_EQ(0, mutex_lock(self->mine, 0, NULL));
	snprintf(command, sizeof(command), "test ! -e /proc/self/fd/%d", self->mine);
	EXPECT_EQ(0, wait_for(spawn(command, -1)));
	EXPECT_TRUE(is_mine(self->mine));
}

/*
 * The owner passes the handle to a program on purpose, as descriptor 9, and closes its own. The
 * handle lives on there, and so does the lock, until the owner ends.
 * Reported of lock files: BOINC/boinc #4246.
 */
TEST_F(lock, handle_passed_by_posix_spawn)
{
	pid_t owner = start();

	if (!owner) {
		if (mutex_lock(self->mine, 0, NULL))
			_exit(1);
		shared[1] = spawn("sleep 100", self->mine);
		close(self->mine);
		shared[0] = 1;
		for (;;)
			pause();
	}
	close(self->mine);
	ASSERT_TRUE(SOON(shared[0]));
	ASSERT_LT(0, shared[1]);
	EXPECT_REFUSED(EAGAIN, mutex_lock(self->other, QUARTET_TRY, NULL));
	EXPECT_EQ(owner, mutex_state(self->other).owner_pid);
	EXPECT_EQ(-SIGKILL, kill_and_wait(owner));
	EXPECT_DIED(owner, self->other);
	kill_and_wait(shared[1]);
}

/*
 * The owner runs another program in its own place by exec. Handles are closed on exec; this was the
 * last descriptor, so the lock ends, although the process lives.
 * Reported of fcntl locks: BOINC/boinc #4246, danjacques/gofslock #9.
 */
TEST_F(lock, exec_ends_the_lock)
{
	pid_t owner = start();

	if (!owner) {
		if (mutex_lock(clone_handle(self->other), 0, NULL))
			_exit(1);
		shared[0] = 1;
		execlp("sleep", "sleep", "100", NULL);
		_exit(1);
	}
	ASSERT_TRUE(SOON(shared[0]));
	ASSERT_TRUE(SOON(!is_held(self->other)));
	EXPECT_EQ(0, kill(owner, 0));
	EXPECT_DIED(owner, self->other);
	EXPECT_EQ(-SIGKILL, kill_and_wait(owner));
}

/*
 * The owner lets the handle be inherited, and runs another program in its own place. It is the same
 * process, so it keeps the lock until it dies.
 * Reported of fcntl locks: danjacques/gofslock #9.
 */
TEST_F(lock, exec_keeps_what_is_inherited)
{
	pid_t owner = start();

	if (!owner) {
		int handle = clone_handle(self->other);

		if (mutex_lock(handle, 0, NULL) || fcntl(handle, F_SETFD, 0))
			_exit(1);
		shared[0] = 1;
		execlp("sleep", "sleep", "100", NULL);
		_exit(1);
	}
	ASSERT_TRUE(SOON(shared[0]));
	usleep(50000);
	EXPECT_REFUSED(EAGAIN, mutex_lock(self->other, QUARTET_TRY, NULL));
	EXPECT_EQ(owner, mutex_state(self->other).owner_pid);
	EXPECT_EQ(-SIGKILL, kill_and_wait(owner));
	EXPECT_DIED(owner, self->other);
}

/*
 * A worker asks by the handle of its parent, and runs another program, which has no handle. The
 * lock is held as long as the worker's process lives, and no longer.
 * Reported of flock: brooklyncentral/clocker #382.
 */
TEST_F(lock, exec_of_a_worker_that_asked)
{
	pid_t worker = start();

	if (!worker) {
		if (mutex_lock(self->mine, 0, NULL))
			_exit(1);
		shared[0] = 1;
		execlp("sleep", "sleep", "100", NULL);
		_exit(1);
	}
	ASSERT_TRUE(SOON(shared[0]));
	usleep(50000);
	EXPECT_REFUSED(EAGAIN, mutex_lock(self->other, QUARTET_TRY, NULL));
	EXPECT_EQ(-SIGKILL, kill_and_wait(worker));
	EXPECT_DIED(worker, self->other);
}

static void *lock_in_thread(void *handle)
{
	mutex_lock(*(int *)handle, 0, NULL);
	return NULL;
}

/*
 * One thread waits for the lock while another runs exec. The wait is over with its thread: nobody
 * is left in the queue, and the lock goes to who comes next.
 * Reported of fcntl locks: gramineproject/gramine #836.
 */
TEST_F(lock, exec_while_a_thread_waits)
{
	pid_t child;

	ASSERT_EQ(0, mutex_lock(self->mine, 0, NULL));
	child = start();
	if (!child) {
		pthread_t thread;

		pthread_create(&thread, NULL, lock_in_thread, &self->other);
		if (!mutex_awaits(self->mine, 1))
			_exit(1);
		shared[0] = 1;
		execlp("sleep", "sleep", "100", NULL);
		_exit(1);
	}
	ASSERT_TRUE(SOON(shared[0]));
	EXPECT_TRUE(SOON(!mutex_state(self->mine).waiters));
	EXPECT_EQ(0, mutex_unlock(self->mine));
	EXPECT_EQ(0, mutex_lock(self->other, QUARTET_TRY, NULL));
	EXPECT_EQ(-SIGKILL, kill_and_wait(child));
}

/*
 * The owner makes a child by vfork(), which shares its memory and ends at once. The owner keeps the
 * lock.
 * Reported of spawning: ziglang/zig #1620.
 */
TEST_F(lock, vfork_child_exits)
{
	pid_t child;

	ASSERT_EQ(0, mutex_lock(self->mine, 0, NULL));
	child = vfork();
	if (!child)
		_exit(0);
	EXPECT_EQ(0, wait_for(child));
	EXPECT_TRUE(is_mine(self->mine));
	EXPECT_EQ(0, mutex_unlock(self->mine));
}

/* Asks with nothing on the stack that a child of vfork() would spoil. */
static struct quartet_lock vfork_args = { .size = sizeof(vfork_args) };

/*
 * A child made by vfork() takes the lock, and ends. It was another process, though with its
 * parent's memory: the lock ends with it.
 * Reported of spawning: ziglang/zig #1620.
 */
TEST_F(lock, vfork_child_takes_the_lock)
{
	pid_t child = vfork();

	if (!child)
		_exit(ioctl(self->mine, QUARTET_LOCK, &vfork_args));
	ASSERT_EQ(0, wait_for(child));
	EXPECT_FALSE(is_mine(self->mine));
	EXPECT_DIED(child, self->other);
}

/*
 * A thread of a pool takes the lock, and ends; another thread unlocks later. The process is the
 * owner, so the lock stays.
 * Reported of filelock: tox-dev/filelock #230.
 */
TEST_F(lock, thread_that_asked_ends)
{
	pthread_t thread;

	ASSERT_EQ(0, pthread_create(&thread, NULL, lock_in_thread, &self->mine));
	ASSERT_EQ(0, pthread_join(thread, NULL));
	EXPECT_TRUE(is_mine(self->mine));
	EXPECT_REFUSED(EAGAIN, mutex_lock(self->other, QUARTET_TRY, NULL));
	EXPECT_EQ(0, mutex_unlock(self->mine));
}

static void *outlive(void *unused)
{
	shared[0] = 1;
	for (;;)
		pause();
	return NULL;
}

/*
 * The main thread takes the lock and ends by pthread_exit(), while other threads go on. The lock is
 * the process's: it is kept until the last thread is gone.
 * Reported of robust mutexes: boostorg/interprocess #65.
 */
TEST_F(lock, main_thread_ends)
{
	pid_t child = start();

	if (!child) {
		pthread_t thread;

		if (mutex_lock(self->mine, 0, NULL) ||
		    pthread_create(&thread, NULL, outlive, NULL))
			_exit(1);
		pthread_exit(NULL);
	}
	ASSERT_TRUE(SOON(shared[0]));
	ASSERT_TRUE(SOON(state_of(child) == 'Z'));
	EXPECT_REFUSED(EAGAIN, mutex_lock(self->other, QUARTET_TRY, NULL));
	EXPECT_EQ(-SIGKILL, kill_and_wait(child));
	EXPECT_DIED(child, self->other);
}

static max_align_t stack[4096];

static int pause_in_clone(void *unused)
{
	for (;;)
		pause();
	return 0;
}

/*
 * Two processes share one table of descriptors; one asks, and the other ends. The owner keeps the
 * lock.
 * Reported of shared tables: Tencent/MMKV #261.
 */
TEST_F(lock, partner_in_descriptors_ends)
{
	pid_t partner = clone(pause_in_clone, stack + 4096, CLONE_FILES | SIGCHLD, NULL);

	ASSERT_LT(0, partner);
	ASSERT_EQ(0, mutex_lock(self->mine, 0, NULL));
	EXPECT_EQ(-SIGKILL, kill_and_wait(partner));
	EXPECT_TRUE(is_mine(self->mine));
	EXPECT_EQ(0, mutex_unlock(self->mine));
}

static int lock_in_clone(void *handle)
{
	return mutex_lock(*(int *)handle, 0, NULL);
}

/*
 * Two processes share one table of descriptors; one asks, and ends. Its lock ends with it, though
 * the table lives on in its partner.
 * Reported of shared tables: Tencent/MMKV #261.
 */
TEST_F(lock, asker_of_shared_descriptors_ends)
{
	pid_t asker = clone(lock_in_clone, stack + 4096, CLONE_FILES | SIGCHLD,
			    &self->mine);

	ASSERT_LT(0, asker);
	EXPECT_EQ(0, wait_for(asker));
	EXPECT_FALSE(is_mine(self->mine));
	EXPECT_DIED(asker, self->other);
}

/*
 * A forked child runs its parent's cleanup, and unlocks what the parent still holds. A handle is
 * one owner, whoever uses it: the lock is free, no death is told, and the parent hears of it.
 * Reported of filelock: tox-dev/filelock #634.
 */
TEST_F(lock, child_runs_its_parents_cleanup)
{
	struct quartet_lock args;
	pid_t child;

	ASSERT_EQ(0, mutex_lock(self->mine, 0, NULL));
	child = start();
	if (!child)
		_exit(mutex_unlock(self->mine));
	EXPECT_EQ(0, wait_for(child));
	EXPECT_REFUSED(EPERM, mutex_unlock(self->mine));
	EXPECT_EQ(0, mutex_lock(self->other, QUARTET_TRY, &args));
	EXPECT_EQ(0, args.result);
}

TEST_HARNESS_MAIN
