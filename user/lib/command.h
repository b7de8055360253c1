/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands as functions: negative errno, deadlines, the device that need not be named. */
#ifndef LIBQUARTET_COMMAND_H
#define LIBQUARTET_COMMAND_H

#include "quartet.h"

/* What a static program sees of the library is its prefix, too. */
int libquartet_command(int fd, unsigned long command, void *args);
int libquartet_device_command(const struct quartet_device *device, unsigned long command,
			      void *args);
int libquartet_create(const struct quartet_device *device, struct quartet_create *args,
		      const char *name, mode_t mode);
int libquartet_open(const struct quartet_device *device, enum quartet_object_kind kind,
		    const char *name);
int libquartet_deadline(clockid_t clock, const struct timespec *deadline, __u32 *flags,
			__u64 *deadline_ns, __u32 *clock_number);
__u32 libquartet_clamp(size_t n);

static inline __u64 libquartet_address(const void *pointer)
{
	return (unsigned long)pointer;
}

#endif /* LIBQUARTET_COMMAND_H */
