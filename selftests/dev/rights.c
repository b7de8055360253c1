// SPDX-License-Identifier: GPL-2.0-only
/* Who may: names by their modes, owners, groups and privileges, each by itself. */
#include <sys/fsuid.h>

#include "kselftest_harness.h"
#include "../dev/device.h"
#include "../dev/namespaces.h"

#define OWNER	1000
#define GROUP	2000
#define OTHER	3000

#define LEN(array)	(sizeof(array) / sizeof((array)[0]))

/* What a child ends with. */
enum { MAY = 7, MAY_NOT };

FIXTURE(rights) {
	int device;
};

FIXTURE_SETUP(rights)
{
	self->device = device_open();
	ASSERT_LE(0, self->device);
}

FIXTURE_TEARDOWN(rights)
{
	unlink_named(self->device, "rights");
	close(self->device);
}

static int create_as(int device, const char *name, __u32 mode)
{
	struct quartet_create args = mutex_args();

	args.name = address(name);
	args.name_len = strlen(name);
	args.mode = mode;
	return ioctl(device, QUARTET_CREATE, &args);
}

/* In a child: the owner makes the name, which stays. */
static int make(int device, __u32 mode)
{
	pid_t child = fork();

	if (!child) {
		if (!become(OWNER, GROUP))
			_exit(1);
		_exit(create_as(device, "rights", mode) < 0 ? 2 : MAY);
	}
	return wait_for(child);
}

static unsigned int listed(int device)
{
	struct quartet_list args = { .size = sizeof(args) };

	return ioctl(device, QUARTET_LIST, &args) ? ~0U : args.count;
}

/* OPEN and LIST have one rule. */
static int may_open(int device, uid_t uid, gid_t gid)
{
	pid_t child = fork();

	if (!child) {
		if (!become(uid, gid))
			_exit(1);
		if (open_named(device, "rights") >= 0)
			_exit(listed(device) == 1 ? MAY : 2);
		_exit(errno == EACCES && !listed(device) ? MAY_NOT : 3);
	}
	return wait_for(child);
}

static int may_unlink(int device, uid_t uid, gid_t gid)
{
	pid_t child = fork();

	if (!child) {
		if (!become(uid, gid))
			_exit(1);
		if (!unlink_named(device, "rights"))
			_exit(MAY);
		_exit(errno == EPERM ? MAY_NOT : 2);
	}
	return wait_for(child);
}

/* Both bits, of the first class that the caller is of. */
TEST_F(rights, each_bit)
{
	__u32 mode;

	for (mode = 1; mode <= 0777; mode++) {
		/* What is told by one bit of each class is told by all of them. */
		if ((mode & 0111) && mode % 5)
			continue;
		ASSERT_EQ(MAY, make(self->device, mode));
		EXPECT_EQ((mode & 0600) == 0600 ? MAY : MAY_NOT,
			  may_open(self->device, OWNER, GROUP));
		EXPECT_EQ((mode & 0060) == 0060 ? MAY : MAY_NOT,
			  may_open(self->device, OTHER, GROUP));
		EXPECT_EQ((mode & 0006) == 0006 ? MAY : MAY_NOT,
			  may_open(self->device, OTHER, OTHER));
		ASSERT_EQ(0, unlink_named(self->device, "rights"));
	}
}

TEST_F(rights, mode_0)
{
	struct quartet_entry entry;
	struct quartet_list list = {
		.size = sizeof(list), .entries = address(&entry), .room = 1,
	};

	ASSERT_EQ(MAY, make(self->device, 0));
	ASSERT_EQ(0, ioctl(self->device, QUARTET_LIST, &list));
	EXPECT_EQ(0600, entry.mode);
	EXPECT_EQ(MAY, may_open(self->device, OWNER, GROUP));
	EXPECT_EQ(MAY_NOT, may_open(self->device, OTHER, GROUP));
	EXPECT_EQ(MAY_NOT, may_open(self->device, OTHER, OTHER));
}

TEST_F(rights, unlink)
{
	ASSERT_EQ(MAY, make(self->device, 0777));
	EXPECT_EQ(MAY_NOT, may_unlink(self->device, OTHER, GROUP));
	EXPECT_EQ(MAY_NOT, may_unlink(self->device, OTHER, OTHER));
	EXPECT_EQ(MAY, may_unlink(self->device, OWNER, OTHER));
	EXPECT_REFUSED(ENOENT, unlink_named(self->device, "rights"));
}

/* A supplementary group is as good. */
TEST_F(rights, supplementary_group)
{
	gid_t group = GROUP;
	pid_t child;

	ASSERT_EQ(MAY, make(self->device, 0660));
	child = fork();
	if (!child) {
		if (setgroups(1, &group) || setgid(OTHER) || setuid(OTHER))
			_exit(1);
		_exit(open_named(self->device, "rights") < 0 ? 2 : MAY);
	}
	EXPECT_EQ(MAY, wait_for(child));
}

/* A server that takes a client's filesystem user makes, and opens, what the client would. */
TEST_F(rights, filesystem_user)
{
	struct quartet_entry entry;
	struct quartet_list list = {
		.size = sizeof(list), .entries = address(&entry), .room = 1,
	};
	pid_t child = fork();

	if (!child) {
		setfsgid(GROUP);
		setfsuid(OWNER);
		_exit(create_as(self->device, "rights", 0660) < 0 ? 1 : MAY);
	}
	ASSERT_EQ(MAY, wait_for(child));
	ASSERT_EQ(0, ioctl(self->device, QUARTET_LIST, &list));
	EXPECT_EQ(OWNER, entry.uid);
	EXPECT_EQ(MAY, may_open(self->device, OWNER, OTHER));
	EXPECT_EQ(MAY, may_open(self->device, OTHER, GROUP));
	child = fork();
	if (!child) {
		setgroups(0, NULL);
		setfsgid(OTHER);
		setfsuid(OTHER);
		if (!WAS_REFUSED(EACCES, open_named(self->device, "rights")))
			_exit(1);
		if (!WAS_REFUSED(EPERM, unlink_named(self->device, "rights")))
			_exit(2);
		if (listed(self->device))
			_exit(3);
		setfsuid(OWNER);
		if (open_named(self->device, "rights") < 0)
			_exit(4);
		_exit(unlink_named(self->device, "rights") ? 5 : MAY);
	}
	EXPECT_EQ(MAY, wait_for(child));
}

/* All privileges in a user namespace of one's own, which has no say over these names. */
static int as_root_of_a_namespace(int device, int flags)
{
	int err;

	if (!become(OTHER, OTHER))
		return 1;
	err = enter_namespaces(CLONE_NEWUSER | flags);
	if (err)
		return err;
	if (listed(device))
		return 3;
	if (flags)
		return WAS_REFUSED(ENOENT, open_named(device, "rights")) ? MAY_NOT : 4;
	if (!WAS_REFUSED(EACCES, open_named(device, "rights")))
		return 5;
	if (!WAS_REFUSED(EPERM, unlink_named(device, "rights")))
		return 6;
	return MAY_NOT;
}

TEST_F(rights, of_another_user_namespace)
{
	static const int flags[] = { 0, CLONE_NEWNET };
	size_t i;

	ASSERT_EQ(MAY, make(self->device, 0600));
	for (i = 0; i < LEN(flags); i++) {
		pid_t child = fork();
		int status;

		if (!child)
			_exit(as_root_of_a_namespace(self->device, flags[i]));
		status = wait_for(child);
		if (status == NO_NAMESPACES)
			SKIP(return, "no user namespaces");
		EXPECT_EQ(MAY_NOT, status);
	}
}

/* In a network namespace of its own, its root may what root may outside. */
static int as_root_of_its_names(int device)
{
	int err;

	if (!become(OTHER, OTHER))
		return 1;
	err = enter_namespaces(CLONE_NEWUSER | CLONE_NEWNET);
	if (err)
		return err;
	if (create_as(device, "rights", 0400) < 0)
		return 3;
	/* The mode says no, and CAP_DAC_OVERRIDE yes. */
	if (open_named(device, "rights") < 0)
		return 4;
	if (listed(device) != 1)
		return 5;
	/* Without privileges, in a namespace below, it says no. */
	if (unshare(CLONE_NEWUSER))
		return 6;
	if (!WAS_REFUSED(EACCES, open_named(device, "rights")))
		return 8;
	return listed(device) ? 9 : MAY;
}

TEST_F(rights, of_its_own_namespace)
{
	pid_t child = fork();
	int status;

	if (!child)
		_exit(as_root_of_its_names(self->device));
	status = wait_for(child);
	if (status == NO_NAMESPACES)
		SKIP(return, "no user namespaces");
	EXPECT_EQ(MAY, status);
}

TEST_HARNESS_MAIN
