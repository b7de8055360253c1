// SPDX-License-Identifier: GPL-2.0-only
/* dm create NAME SECTORS TARGET ARGUMENTS, dm remove NAME: a device of one target, /dev/dm-0. */
#include <err.h>
#include <fcntl.h>
#include <linux/dm-ioctl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

struct request {
	struct dm_ioctl head;
	struct dm_target_spec target;
	char arguments[1024];
};

static int control;

static void ask(unsigned long command, const char *name, struct request *request)
{
	request->head.version[0] = DM_VERSION_MAJOR;
	request->head.data_size = sizeof(*request);
	request->head.data_start = sizeof(request->head);
	snprintf(request->head.name, sizeof(request->head.name), "%s", name);
	if (ioctl(control, command, request))
		err(1, "%s: %lx", name, command);
}

static void simple(unsigned long command, const char *name)
{
	struct request request = { 0 };

	ask(command, name, &request);
}

static void load(char **argv)
{
	struct request request = { .head.target_count = 1 };

	request.target.length = strtoull(argv[1], NULL, 0);
	snprintf(request.target.target_type, sizeof(request.target.target_type), "%s", argv[2]);
	snprintf(request.arguments, sizeof(request.arguments), "%s", argv[3]);
	request.target.next = sizeof(request.target) + strlen(request.arguments) + 1;
	ask(DM_TABLE_LOAD, argv[0], &request);
}

/* A status takes the target's locks, as a monitor does. */
static void status(const char *name, int times)
{
	struct request request;

	while (times--) {
		memset(&request, 0, sizeof(request));
		ask(DM_TABLE_STATUS, name, &request);
	}
	puts(request.arguments);
}

int main(int argc, char **argv)
{
	control = open("/dev/mapper/control", O_RDWR | O_CLOEXEC);
	if (control < 0)
		err(1, "/dev/mapper/control");
	if (argc == 6 && !strcmp(argv[1], "create")) {
		simple(DM_DEV_CREATE, argv[2]);
		load(argv + 2);
		simple(DM_DEV_SUSPEND, argv[2]);	/* without its flag: resume */
	} else if (argc == 3 && !strcmp(argv[1], "remove")) {
		simple(DM_DEV_REMOVE, argv[2]);
	} else if (argc == 3 && !strcmp(argv[1], "status")) {
		status(argv[2], 20);
	} else {
		errx(2, "create NAME SECTORS TARGET ARGUMENTS, status NAME or remove NAME");
	}
	return 0;
}
