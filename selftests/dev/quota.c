// SPDX-License-Identifier: GPL-2.0-only
/* Whose share a handle is part of: users, network namespaces, user namespaces. */
#include "kselftest_harness.h"
#include "../dev/device.h"
#include "../dev/namespaces.h"

#define USER	1000
#define OTHER	3000
#define REMAPPED "100000"
#define MOST	6	/* handles that a share may have, for these tests */

/* What a child says when it has, or has not, got all that it wanted. */
enum { FULL = 'F', REFUSED = 'R' };

FIXTURE(quota) {
	int device;
	int handle;
	int done[2];	/* children that have filled their shares stay until this is closed */
	int said[2];	/* a byte from each */
};

FIXTURE_SETUP(quota)
{
	struct quartet_create args = mutex_args();

	self->device = device_open();
	ASSERT_LE(0, self->device);
	args.name = address("quota");
	args.name_len = 5;
	args.mode = 0666;
	self->handle = ioctl(self->device, QUARTET_CREATE, &args);
	ASSERT_LE(0, self->handle);
	ASSERT_EQ(0, pipe2(self->done, O_CLOEXEC));
	ASSERT_EQ(0, pipe2(self->said, O_CLOEXEC));
	set_limit("user_handles", "6");
}

/* What all had is given back. */
FIXTURE_TEARDOWN(quota)
{
	struct quartet_info info = { .size = sizeof(info) };

	set_limit("user_handles", "4096");
	close(self->done[0]);
	close(self->done[1]);
	while (wait(NULL) > 0)
		;
	EXPECT_EQ(0, unlink_named(self->device, "quota"));
	EXPECT_EQ(0, ioctl(self->device, QUARTET_INFO, &info));
	EXPECT_EQ(1, info.used_handles);
	EXPECT_EQ(1, info.used_objects);
	EXPECT_EQ(1, mutex_state(self->handle).handles);
	close(self->handle);
	close(self->device);
}

static char fill(int handle, int n)
{
	while (n--)
		if (clone_handle(handle) < 0)
			return errno == EDQUOT ? REFUSED : '?';
	return FULL;
}

static void say_and_stay(const int *said, const int *done, char what)
{
	close(done[1]);
	if (write(said[1], &what, 1) == 1)
		what = read(done[0], &what, 1);
	_exit(0);
}

/* What a child says that takes @n handles as @uid, @levels of namespaces below, and stays. */
#define TAKES(n, uid, flags, levels) ({ \
	char _what = '-'; \
	int _level; \
	pid_t _child = fork(); \
	if (!_child) { \
		if ((uid) ? !become(uid, uid) : !drop_resource()) \
			_what = 'u'; \
		for (_level = 0; _level < (levels) && _what == '-'; _level++) \
			if (enter_namespaces(flags)) \
				_what = 'n'; \
		if (_what == '-') \
			_what = fill(self->handle, n); \
		say_and_stay(self->said, self->done, _what); \
	} \
	ASSERT_EQ(1, read(self->said[0], &_what, 1)); \
	_what; \
})

TEST_F(quota, of_a_user)
{
	EXPECT_EQ(FULL, TAKES(MOST - 2, USER, 0, 0));
	EXPECT_EQ(REFUSED, TAKES(3, USER, 0, 0));
	EXPECT_EQ(FULL, TAKES(MOST, OTHER, 0, 0));
	EXPECT_EQ(REFUSED, TAKES(1, OTHER, 0, 0));
}

/* This process has one of root's already. */
TEST_F(quota, of_root)
{
	EXPECT_EQ(FULL, TAKES(MOST - 1, 0, 0, 0));
	EXPECT_EQ(REFUSED, TAKES(1, 0, 0, 0));
	/* With CAP_SYS_RESOURCE there is no share. */
	EXPECT_EQ(FULL, fill(self->handle, 2 * MOST));
	set_limit("all_handles", "6");
	EXPECT_REFUSED(ENOSPC, clone_handle(self->handle));
	set_limit("all_handles", "65536");
	closefrom(self->said[1] + 1);
}

/* Root of one container does not lock out root of another, nor that of the machine. */
TEST_F(quota, of_network_namespaces)
{
	EXPECT_EQ(FULL, TAKES(MOST, 0, CLONE_NEWNET, 1));
	EXPECT_EQ(FULL, TAKES(MOST, 0, CLONE_NEWNET, 1));
	EXPECT_EQ(FULL, TAKES(MOST - 1, 0, 0, 0));
	EXPECT_EQ(REFUSED, TAKES(1, 0, 0, 0));
	EXPECT_EQ(REFUSED, TAKES(MOST + 1, 0, CLONE_NEWNET, 1));
}

/* Whoever makes namespaces has no more by that. */
TEST_F(quota, of_user_namespaces)
{
	EXPECT_EQ(FULL, TAKES(MOST - 2, USER, CLONE_NEWUSER | CLONE_NEWNET, 1));
	EXPECT_EQ(REFUSED, TAKES(3, USER, CLONE_NEWUSER | CLONE_NEWNET, 1));
	EXPECT_EQ(REFUSED, TAKES(1, USER, CLONE_NEWUSER | CLONE_NEWNET, 2));
	EXPECT_EQ(REFUSED, TAKES(1, USER, CLONE_NEWUSER, 1));
	/* Outside, its share is another; and so are the shares of others. */
	EXPECT_EQ(FULL, TAKES(MOST, USER, 0, 0));
	EXPECT_EQ(FULL, TAKES(MOST, OTHER, CLONE_NEWUSER | CLONE_NEWNET, 1));
}

TEST_F(quota, far_below)
{
	EXPECT_EQ(FULL, TAKES(MOST, USER, CLONE_NEWUSER, 20));
	EXPECT_EQ(REFUSED, TAKES(1, USER, CLONE_NEWUSER | CLONE_NEWNET, 3));
}

/* A child in namespaces that root of the machine has made, with users of their own. */
#define TAKES_REMAPPED(n) ({ \
	int _ready[2], _mapped[2]; \
	char _what = '-', _path[64]; \
	pid_t _child; \
	ASSERT_EQ(0, pipe(_ready)); \
	ASSERT_EQ(0, pipe(_mapped)); \
	_child = fork(); \
	if (!_child) { \
		if (unshare(CLONE_NEWUSER | CLONE_NEWNET) || write(_ready[1], "r", 1) != 1 || \
		    read(_mapped[0], &_what, 1) != 1 || setgid(0) || setuid(0)) \
			_what = 'n'; \
		else \
			_what = fill(self->handle, n); \
		say_and_stay(self->said, self->done, _what); \
	} \
	ASSERT_EQ(1, read(_ready[0], &_what, 1)); \
	snprintf(_path, sizeof(_path), "/proc/%d/uid_map", _child); \
	ASSERT_TRUE(write_text(_path, "0 " REMAPPED " 1000")); \
	snprintf(_path, sizeof(_path), "/proc/%d/gid_map", _child); \
	ASSERT_TRUE(write_text(_path, "0 " REMAPPED " 1000")); \
	ASSERT_EQ(1, write(_mapped[1], "m", 1)); \
	ASSERT_EQ(1, read(self->said[0], &_what, 1)); \
	close(_ready[0]); \
	close(_ready[1]); \
	close(_mapped[0]); \
	close(_mapped[1]); \
	_what; \
})

TEST_F(quota, of_remapped_containers)
{
	EXPECT_EQ(FULL, TAKES_REMAPPED(MOST));
	EXPECT_EQ(FULL, TAKES_REMAPPED(MOST));
	EXPECT_EQ(REFUSED, TAKES_REMAPPED(MOST + 1));
	EXPECT_EQ(FULL, TAKES(MOST - 1, 0, 0, 0));
}

/* The filesystem user pays, and INFO tells of its share. */
TEST_F(quota, of_the_filesystem_user)
{
	struct quartet_info info = { .size = sizeof(info) };
	pid_t child = fork();
	char what;

	if (!child) {
		setfsuid(USER);
		what = drop_resource() ? fill(self->handle, MOST) : 'c';
		if (ioctl(self->device, QUARTET_INFO, &info) || info.used_handles != MOST)
			what = 'i';
		say_and_stay(self->said, self->done, what);
	}
	ASSERT_EQ(1, read(self->said[0], &what, 1));
	EXPECT_EQ(FULL, what);
	EXPECT_EQ(REFUSED, TAKES(1, USER, 0, 0));
	EXPECT_EQ(FULL, TAKES(MOST - 1, 0, 0, 0));
	ASSERT_EQ(0, ioctl(self->device, QUARTET_INFO, &info));
	EXPECT_EQ(MOST, info.used_handles);
}

/* Objects and their bytes are of the same shares. */
TEST_F(quota, of_objects)
{
	pid_t child;
	int i, status;

	for (i = 0; i < 2; i++) {
		set_limit(i ? "user_bytes" : "user_objects", i ? "2097152" : "2");
		child = fork();
		if (!child) {
			if (!become(USER, USER) ||
			    enter_namespaces(CLONE_NEWUSER | CLONE_NEWNET) ||
			    create(self->device, memo_args()) < 0)
				_exit(1);
			if (enter_namespaces(CLONE_NEWUSER | CLONE_NEWNET) ||
			    create(self->device, memo_args()) < 0)
				_exit(2);
			if (!WAS_REFUSED(EDQUOT, create(self->device, memo_args())))
				_exit(3);
			_exit(7);
		}
		status = wait_for(child);
		set_limit(i ? "user_bytes" : "user_objects", i ? "67108864" : "256");
		EXPECT_EQ(7, status);
	}
}

TEST_HARNESS_MAIN
