/* SPDX-License-Identifier: GPL-2.0-only */
/* Modules, as tests load them. */
#ifndef SELFTESTS_MODULE_H
#define SELFTESTS_MODULE_H

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* 0 or a negative errno. */
static inline int module_insert(const char *path, const char *parameters)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), err;

	if (fd < 0)
		return -errno;
	err = syscall(SYS_finit_module, fd, parameters, 0) ? -errno : 0;
	close(fd);
	return err;
}

/* 0, or -1 with errno. */
static inline int module_try_remove(const char *name)
{
	return syscall(SYS_delete_module, name, O_NONBLOCK);
}

/* What has closed its last handle may not have let go of the module yet. 0, or -1 with errno. */
static inline int module_remove(const char *name)
{
	int i, err = -1;

	for (i = 0; i < 1000 && err; i++) {
		err = module_try_remove(name);
		if (!err || errno != EAGAIN)
			break;
		usleep(10000);
	}
	return err;
}

#endif /* SELFTESTS_MODULE_H */
