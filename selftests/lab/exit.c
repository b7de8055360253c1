// SPDX-License-Identifier: GPL-2.0-only
/* lab-exit: end the guest and carry a status out, as text and, in QEMU, as its exit code. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/io.h>
#include <sys/reboot.h>
#include <unistd.h>

#define EXIT_PORT 0xf4	/* isa-debug-exit: QEMU leaves with (value << 1) | 1 */
#define EXIT_MAX 127

int main(int argc, char **argv)
{
	int status = argc > 1 ? atoi(argv[1]) : EXIT_MAX;
	int result = open("/dev/ttyS1", O_RDWR | O_NOCTTY);
	char go;

	/* The host answers when it has all of the kernel's log. */
	if (result < 0 || dprintf(result, "\036lab-exit %d\n", status) < 0 ||
	    read(result, &go, 1) != 1) {
		perror("lab-exit");
		return 1;
	}
	/* A user-mode kernel has no ports. */
	if (!ioperm(EXIT_PORT, 4, 1))
		outb(status < EXIT_MAX ? status : EXIT_MAX, EXIT_PORT);
	reboot(RB_POWER_OFF);
	perror("lab-exit");
	return 1;
}
