// SPDX-License-Identifier: GPL-2.0-only
/* Users, containers and programs that run into their limits, and what is left for the others. */
#include <grp.h>
#include <linux/capability.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "kselftest_harness.h"
#include "story.h"

#define LACKS	77

FIXTURE(user) {
	int device;
	struct quartet_info limits;
};

static struct quartet_info info(int device)
{
	struct quartet_info args = { .size = sizeof(args) };

	if (ioctl(device, QUARTET_INFO, &args))
		memset(&args, 0xff, sizeof(args));
	return args;
}

FIXTURE_SETUP(user)
{
	struct rlimit files = { 1 << 16, 1 << 16 };

	story_begin();
	self->device = device_open();
	ASSERT_LE(0, self->device);
	self->limits = info(self->device);
	setrlimit(RLIMIT_NOFILE, &files);
}

FIXTURE_TEARDOWN(user)
{
	close(self->device);
	story_end();
}

static void become(uid_t user)
{
	if (setgroups(0, NULL) || setresgid(user, user, user) || setresuid(user, user, user))
		_exit(98);
	prctl(PR_SET_DUMPABLE, 1);
}

/* Uid 0 as it is in a container of the common kind: not above the limits. */
static void become_container_root(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct sets[2];

	syscall(SYS_capget, &header, sets);
	sets[0].effective &= ~(1U << CAP_SYS_RESOURCE);
	sets[0].permitted &= ~(1U << CAP_SYS_RESOURCE);
	if (syscall(SYS_capset, &header, sets))
		_exit(98);
}

/* Handles until there are no more: how many, or -1 if that was for another reason. */
static int take_handles(int device)
{
	int first = create(device, mutex_args()), n;

	if (first < 0)
		return errno == EDQUOT ? 0 : -1;
	for (n = 1; clone_handle(first) >= 0; n++)
		;
	return errno == EDQUOT ? n : -1;
}

/*
 * A program leaks handles until its user has no more. The next one is refused; when the program has
 * closed them, all can be had again.
 * Reported of leaked descriptors: ahoward/lockfile #11, LMDB in frappe/mail #559.
 */
TEST_F(user, takes_all_handles_and_closes_them)
{
	pid_t child = start();

	if (!child) {
		int i, n, again;

		become(1000);
		n = take_handles(self->device);
		if (n <= 0 || info(self->device).used_handles != self->limits.user_handles)
			_exit(1);
		for (i = self->device + 1; i <= self->device + n; i++)
			close(i);
		if (info(self->device).used_handles)
			_exit(2);
		again = take_handles(self->device);
		_exit(again != n);
	}
	EXPECT_EQ(0, wait_for(child));
}

/*
 * A program that has taken all handles of its user is killed. The next program of that user has
 * them all.
 * Reported of leaked places: LMDB in atlassian-labs/atlaspack #594.
 */
TEST_F(user, is_killed_with_all_handles)
{
	int run;

	for (run = 0; run < 2; run++) {
		pid_t child = start();

		if (!child) {
			become(1000);
			shared[run] = take_handles(self->device);
			kill(getpid(), SIGKILL);
		}
		ASSERT_EQ(-SIGKILL, wait_for(child));
	}
	EXPECT_EQ(self->limits.user_handles, shared[0]);
	EXPECT_EQ(shared[0], shared[1]);
}

/*
 * One user has taken all of its handles. Another user does not notice.
 * Reported of shared limits: systemd/systemd #17992.
 */
TEST_F(user, leaves_other_users_alone)
{
	pid_t greedy = start(), other;

	if (!greedy) {
		become(1000);
		shared[0] = take_handles(self->device);
		for (;;)
			pause();
	}
	ASSERT_TRUE(SOON(shared[0]));
	other = start();
	if (!other) {
		become(1001);
		_exit(create(self->device, mutex_args()) < 0);
	}
	EXPECT_EQ(0, wait_for(other));
	EXPECT_EQ(-SIGKILL, kill_and_wait(greedy));
}

/*
 * A user creates objects until there are no more for it. Each that ends makes room for another, and
 * one with a name ends when that is unlinked.
 * Reported of leftovers: eclipse-iceoryx/iceoryx2 #1584.
 */
TEST_F(user, creates_all_objects)
{
	pid_t child = start();

	if (!child) {
		int named, last = -1, n = 1, handle;

		become(1000);
		named = create_named(self->device, mutex_args(), "kept");
		while ((handle = create(self->device, mutex_args())) >= 0) {
			last = handle;
			n++;
		}
		if (errno != EDQUOT || n != self->limits.user_objects)
			_exit(1);
		close(last);
		last = create(self->device, mutex_args());
		if (last < 0 || !WAS_REFUSED(EDQUOT, create(self->device, mutex_args())))
			_exit(2);
		close(named);
		if (!WAS_REFUSED(EDQUOT, create(self->device, mutex_args())))
			_exit(3);
		if (unlink_named(self->device, "kept"))
			_exit(4);
		_exit(create(self->device, mutex_args()) < 0 ? 5 : 0);
	}
	EXPECT_EQ(0, wait_for(child));
	unlink_named(self->device, "kept");
}

/*
 * A user's pools take all the bytes that it may have. When one of them is closed and unmapped there
 * is room for another.
 * Reported of full pools: eclipse-iceoryx/iceoryx #2344.
 */
TEST_F(user, takes_all_bytes)
{
	struct quartet_create args = pool_args(8);
	pid_t child = start();

	args.slot_size = 1 << 20;
	if (!child) {
		int last = -1, handle;
		char *slots;

		become(1000);
		while ((handle = create(self->device, args)) >= 0)
			last = handle;
		if (errno != EDQUOT || last < 0)
			_exit(1);
		slots = pool_map(last);
		close(last);
		if (!slots || !WAS_REFUSED(EDQUOT, create(self->device, args)))
			_exit(2);
		munmap(slots, 8 << 20);
		_exit(create(self->device, args) < 0 ? 3 : 0);
	}
	EXPECT_EQ(0, wait_for(child));
}

/* In a user and a network namespace of its own, takes all handles, and keeps them. */
static pid_t greedy_container(int device, int number)
{
	pid_t child = start();

	if (!child) {
		become(1000);
		if (unshare(CLONE_NEWUSER | CLONE_NEWNET))
			shared[number] = -LACKS;
		else
			shared[number] = take_handles(device) + 1;
		for (;;)
			pause();
	}
	return SOON(shared[number]) ? child : -1;
}

/*
 * A user whose container has taken everything makes another container, with namespaces of its own,
 * and hopes for more there. There is none.
 * Reported of shared limits: NixOS/nixops #890.
 */
TEST_F(user, hopes_for_new_namespaces)
{
	pid_t first = greedy_container(self->device, 0);
	pid_t second = greedy_container(self->device, 1);

	ASSERT_LT(0, first);
	ASSERT_LT(0, second);
	if (shared[0] == -LACKS)
		SKIP(return, "no user namespaces");
	EXPECT_EQ(self->limits.user_handles + 1, shared[0]);
	EXPECT_EQ(1, shared[1]);
	EXPECT_EQ(-SIGKILL, kill_and_wait(first));
	EXPECT_EQ(-SIGKILL, kill_and_wait(second));
}

/*
 * Root of one container takes all handles that it may have. Root of another container, and of the
 * host, still get theirs: that they are all uid 0 is no reason.
 * Reported of shared limits: NixOS/nixpkgs #36214, containerd/containerd #10309.
 */
TEST_F(user, is_root_of_one_container)
{
	pid_t greedy = start(), other;

	if (!greedy) {
		if (unshare(CLONE_NEWNET)) {
			shared[0] = -1;
			_exit(LACKS);
		}
		become_container_root();
		shared[0] = take_handles(self->device);
		for (;;)
			pause();
	}
	ASSERT_TRUE(SOON(shared[0]));
	if (shared[0] < 0)
		SKIP(return, "no network namespaces");
	EXPECT_EQ(self->limits.user_handles, shared[0]);
	other = start();
	if (!other) {
		become_container_root();
		if (create(self->device, mutex_args()) < 0)
			_exit(1);
		if (unshare(CLONE_NEWNET))
			_exit(2);
		_exit(create(self->device, mutex_args()) < 0 ? 3 : 0);
	}
	EXPECT_EQ(0, wait_for(other));
	EXPECT_EQ(-SIGKILL, kill_and_wait(greedy));
}

/*
 * A program has no descriptors left. What it asks for is refused with EMFILE, nothing is counted
 * for it, and the handles that it has work on.
 * Reported of descriptor limits: NousResearch/hermes-agent #87658, harlowja/fasteners #39.
 */
TEST_F(user, has_no_descriptors_left)
{
	pid_t child = start();

	if (!child) {
		int handle = create_named(self->device, mutex_args(), "few"), i;
		struct quartet_info before = info(self->device);
		struct rlimit files = { handle + 1, handle + 1 };

		setrlimit(RLIMIT_NOFILE, &files);
		for (i = 0; i < 100; i++)
			if (!WAS_REFUSED(EMFILE, create(self->device, mutex_args())) ||
			    !WAS_REFUSED(EMFILE, create(self->device, pool_args(4))) ||
			    !WAS_REFUSED(EMFILE, create_named(self->device, memo_args(), "more")) ||
			    !WAS_REFUSED(EMFILE, clone_handle(handle)) ||
			    !WAS_REFUSED(EMFILE, open_named(self->device, "few")))
				_exit(1);
		if (info(self->device).used_handles != before.used_handles ||
		    info(self->device).used_objects != before.used_objects ||
		    info(self->device).used_bytes != before.used_bytes)
			_exit(2);
		if (!WAS_REFUSED(ENOENT, unlink_named(self->device, "more")))
			_exit(3);
		_exit(mutex_lock(handle, 0, NULL) || mutex_unlock(handle));
	}
	EXPECT_EQ(0, wait_for(child));
	EXPECT_EQ(0, unlink_named(self->device, "few"));
}

/*
 * A hundred clients are started at once, and each counts twenty times under the lock. No count is
 * lost.
 * Reported of lost updates: symonsoft/ilock #11, cashapp/hermit #423.
 */
TEST_F(user, starts_a_hundred_clients)
{
	int handle = new_object(mutex_args()), i, n;

	for (n = 0; n < 100; n++) {
		int own;

		if (start())
			continue;
		own = clone_handle(handle);
		for (i = 0; i < 20; i++) {
			int seen;

			if (mutex_lock(own, 0, NULL))
				_exit(1);
			seen = shared[0];
			sched_yield();
			shared[0] = seen + 1;
			if (mutex_unlock(own))
				_exit(2);
		}
		_exit(0);
	}
	for (n = 0; n < 100; n++)
		EXPECT_EQ(0, wait_for_any());
	EXPECT_EQ(2000, shared[0]);
	EXPECT_EQ(0, mutex_state(handle).state);
	close(handle);
}

TEST_HARNESS_MAIN
