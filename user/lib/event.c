// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"

static int read_all(int fd, void *buffer, size_t size)
{
	ssize_t len = read(fd, buffer, size);

	if (len < 0)
		return -errno;
	/* Not a handle, then. */
	return len < (ssize_t)sizeof(struct quartet_event) ? -EINVAL : 0;
}

/* They come in one piece, which readv() would take apart. */
static int read_with_value(int fd, struct quartet_event *event, void *value, size_t size)
{
	char *buffer;
	int err;

	if (size > PTRDIFF_MAX - sizeof(*event))
		return -EINVAL;
	buffer = malloc(sizeof(*event) + size);
	if (!buffer)
		return -ENOMEM;
	err = read_all(fd, buffer, sizeof(*event) + size);
	if (!err) {
		memcpy(event, buffer, sizeof(*event));
		if (event->what == QUARTET_EVENT_MEMO && !event->error)
			memcpy(value, buffer + sizeof(*event),
			       event->result < size ? event->result : size);
	}
	free(buffer);
	return err;
}

int quartet_event_read(int fd, struct quartet_event *event, void *value, size_t size)
{
	return size ? read_with_value(fd, event, value, size) :
		      read_all(fd, event, sizeof(*event));
}

int quartet_cancel(int fd)
{
	return libquartet_command(fd, QUARTET_CANCEL, NULL);
}
