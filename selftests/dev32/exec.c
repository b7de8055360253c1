// SPDX-License-Identifier: GPL-2.0-only
/* Becomes a 32-bit test program, or skips it where the kernel runs none; a shell would read it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SKIPPED	4	/* kselftest's */

int main(int argc, char **argv)
{
	execv(argv[1], argv + 1);
	if (errno != ENOEXEC) {
		printf("1..1\nnot ok 1 %s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	printf("1..0 # SKIP this kernel runs no 32-bit programs\n");
	return SKIPPED;
}
