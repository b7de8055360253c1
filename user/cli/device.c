// SPDX-License-Identifier: GPL-2.0-only
/* Opens the torture device, or says what it takes. */
#include <err.h>
#include <errno.h>
#include <fcntl.h>

#include "device.h"
#include "quartet.h"

#define DEVICE	"/dev/quartet_torture"

int device_open(void)
{
	int fd = open(DEVICE, O_RDWR | O_CLOEXEC);

	if (fd >= 0)
		return fd;
	if (errno == ENOENT || errno == ENODEV || errno == ENXIO)
		errx(EXIT_CANNOT_RUN, DEVICE ": %m: is quartet_torture loaded?");
	if (errno == EACCES || errno == EPERM)
		errx(EXIT_CANNOT_RUN, DEVICE ": %m: only root may use it");
	err(EXIT_CANNOT_RUN, DEVICE);
}
