// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"

struct quartet_device {
	int fd;
};

static int open_device(const char *path)
{
	int fd = open(path ?: "/dev/quartet", O_RDWR | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int libquartet_device_command(const struct quartet_device *device, unsigned long command,
			      void *args)
{
	int fd = device ? device->fd : open_device(NULL);
	int result;

	if (fd < 0)
		return fd;
	result = libquartet_command(fd, command, args);
	if (!device)
		close(fd);
	return result;
}

int quartet_device_open(struct quartet_device **device, const char *path)
{
	int fd = open_device(path);

	if (fd < 0)
		return fd;
	*device = malloc(sizeof(**device));
	if (!*device) {
		close(fd);
		return -ENOMEM;
	}
	(*device)->fd = fd;
	return 0;
}

void quartet_device_close(struct quartet_device *device)
{
	if (!device)
		return;
	close(device->fd);
	free(device);
}

int quartet_device_info(struct quartet_device *device, struct quartet_info *info)
{
	*info = (struct quartet_info){ .size = sizeof(*info) };
	return libquartet_device_command(device, QUARTET_INFO, info);
}

int quartet_device_unlink(struct quartet_device *device, const char *name)
{
	struct quartet_unlink args = {
		.size = sizeof(args), .name = libquartet_address(name),
		.name_len = strnlen(name, PATH_MAX),
	};

	return libquartet_device_command(device, QUARTET_UNLINK, &args);
}

int quartet_device_list(struct quartet_device *device, struct quartet_entry *entries, size_t room)
{
	struct quartet_list args = {
		.size = sizeof(args), .entries = libquartet_address(entries),
		.room = libquartet_clamp(room),
	};
	int err = libquartet_device_command(device, QUARTET_LIST, &args);

	return err ?: (int)args.count;
}
