// SPDX-License-Identifier: GPL-2.0-only
/* Opens quartet's devices and files, or says in one line what is wrong, and what mends it. */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <quartet.h>
#include <stdio.h>
#include <stdlib.h>
#include <stdnoreturn.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "device.h"
#include "quartet.h"

#define DEBUGFS	"/sys/kernel/debug"

struct device {
	const char *path;
	const char *module;
};

static const struct device objects = { "/dev/quartet", "quartet" };
static const struct device torturer = { "/dev/quartet_torture", "quartet_torture" };

static int module_loaded(const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/module/%s", name);
	return !access(path, F_OK);
}

static noreturn void device_missing(const struct device *device)
{
	if (module_loaded(device->module))
		errx(EXIT_CANNOT_RUN, "%s: not in this /dev, but %s is loaded", device->path,
		     device->module);
	errx(EXIT_CANNOT_RUN, "%s: not there: %s is not loaded; as root: modprobe %s",
	     device->path, device->module, device->module);
}

/* Not getgrgid(), which takes shared libraries even in a static program. */
static const char *group_name(gid_t gid, char *name, size_t size)
{
	FILE *groups = fopen("/etc/group", "re");
	struct group *group;

	snprintf(name, size, "%u", gid);
	while (groups && (group = fgetgrent(groups))) {
		if (group->gr_gid == gid) {
			snprintf(name, size, "%s", group->gr_name);
			break;
		}
	}
	if (groups)
		fclose(groups);
	return name;
}

static noreturn void device_forbidden(const struct device *device)
{
	struct stat node;
	char name[64];

	if (stat(device->path, &node) || !node.st_gid || (node.st_mode & 0060) != 0060)
		errx(EXIT_CANNOT_RUN, "%s: only root may use it", device->path);
	errx(EXIT_CANNOT_RUN, "%s: only root and group %s may use it", device->path,
	     group_name(node.st_gid, name, sizeof(name)));
}

static noreturn void device_refuse(const struct device *device, int error)
{
	switch (error) {
	case ENOENT:
	case ENODEV:
	case ENXIO:
		device_missing(device);
	case EACCES:
	case EPERM:
		device_forbidden(device);
	case ENOTTY:
	case EINVAL:
	case E2BIG:
		errx(EXIT_CANNOT_RUN,
		     "%s: the loaded module is of another version than this command", device->path);
	}
	errx(EXIT_CANNOT_RUN, "%s: %s", device->path, strerror(error));
}

int device_open(void)
{
	int fd = open(torturer.path, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		device_refuse(&torturer, errno);
	return fd;
}

void device_check(void)
{
	struct quartet_device *device;
	struct quartet_info info;
	int err = quartet_device_open(&device, objects.path);

	if (err)
		device_refuse(&objects, -err);
	err = quartet_device_info(device, &info);
	quartet_device_close(device);
	if (err)
		device_refuse(&objects, -err);
}

void device_debugfs_refuse(const char *path)
{
	if (errno == ENOENT && access(DEBUGFS "/.", X_OK) == 0)
		errx(EXIT_CANNOT_RUN,
		     "%s: not there: debugfs is not mounted; as root: mount -t debugfs none %s",
		     path, DEBUGFS);
	if (errno == EACCES || errno == EPERM)
		errx(EXIT_CANNOT_RUN, "%s: only root may use it", path);
	err(EXIT_CANNOT_RUN, "%s", path);
}
