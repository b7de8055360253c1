// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>

#include "command.h"

#define NSEC_PER_SEC	1000000000LL

/* What the ioctl returns, or a negative errno. */
int libquartet_command(int fd, unsigned long command, void *args)
{
	int result = ioctl(fd, command, args);

	return result < 0 ? -errno : result;
}

/* More than any limit of the device's stays more than it. */
__u32 libquartet_clamp(size_t n)
{
	return n < UINT32_MAX ? n : UINT32_MAX;
}

static void set_name(const char *name, __u64 *pointer, __u32 *len)
{
	*pointer = libquartet_address(name);
	*len = strnlen(name, PATH_MAX);
}

/* The new handle's descriptor. */
int libquartet_create(const struct quartet_device *device, struct quartet_create *args,
		      const char *name, mode_t mode)
{
	args->size = sizeof(*args);
	args->mode = mode;
	if (name)
		set_name(name, &args->name, &args->name_len);
	return libquartet_device_command(device, QUARTET_CREATE, args);
}

int libquartet_open(const struct quartet_device *device, enum quartet_object_kind kind,
		    const char *name)
{
	struct quartet_open args = { .size = sizeof(args), .kind = kind };

	set_name(name, &args.name, &args.name_len);
	return libquartet_device_command(device, QUARTET_OPEN, &args);
}

/* What the device cannot express is as far away as it can. */
static __u64 nanoseconds(const struct timespec *time)
{
	if (time->tv_sec < 0)
		return 0;
	if (time->tv_sec >= INT64_MAX / NSEC_PER_SEC)
		return INT64_MAX;
	return time->tv_sec * NSEC_PER_SEC + time->tv_nsec;
}

/* Sets what a command that may wait is told of its deadline; without one, nothing. */
int libquartet_deadline(clockid_t clock, const struct timespec *deadline, __u32 *flags,
			__u64 *deadline_ns, __u32 *clock_number)
{
	if (!deadline)
		return 0;
	if (deadline->tv_nsec < 0 || deadline->tv_nsec >= NSEC_PER_SEC)
		return -EINVAL;
	*flags |= QUARTET_DEADLINE;
	*deadline_ns = nanoseconds(deadline);
	*clock_number = clock;
	return 0;
}
