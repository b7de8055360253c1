/* SPDX-License-Identifier: GPL-2.0-only */
/* Children that become other users, and root of namespaces. */
#ifndef SELFTESTS_NAMESPACES_H
#define SELFTESTS_NAMESPACES_H

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/capability.h>

/* What a child ends with where there are no namespaces. */
#define NO_NAMESPACES	77

/* A process that has changed its user may not write to its own files of /proc otherwise. */
static inline bool become(uid_t uid, gid_t gid)
{
	return !setgroups(0, NULL) && !setgid(gid) && !setuid(uid) && !prctl(PR_SET_DUMPABLE, 1);
}

/* From here on the calling process's quota is for it, too. */
static inline bool drop_resource(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &header, data))
		return false;
	data[0].effective &= ~(1U << CAP_SYS_RESOURCE);
	return !syscall(SYS_capset, &header, data);
}

static inline bool write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	bool done = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	close(fd);
	return done;
}

/* In a fresh user namespace: its user and group 0 are what the caller was outside. */
static inline bool map_root(uid_t uid, gid_t gid)
{
	char uids[32], gids[32];

	snprintf(uids, sizeof(uids), "0 %u 1", uid);
	snprintf(gids, sizeof(gids), "0 %u 1", gid);
	return write_text("/proc/self/setgroups", "deny") &&
	       write_text("/proc/self/uid_map", uids) &&
	       write_text("/proc/self/gid_map", gids);
}

/* A parameter of the module. */
static inline void set_limit(const char *name, const char *value)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/module/quartet/parameters/%s", name);
	if (!write_text(path, value))
		perror(path);
}

/* 0, or what the child ends with. */
static inline int enter_namespaces(int flags)
{
	uid_t uid = getuid();
	gid_t gid = getgid();

	if (unshare(flags))
		return errno == EINVAL ? NO_NAMESPACES : 70;
	return !(flags & CLONE_NEWUSER) || map_root(uid, gid) ? 0 : 71;
}

#endif /* SELFTESTS_NAMESPACES_H */
