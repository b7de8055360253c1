// SPDX-License-Identifier: GPL-2.0-only
/*
 * The last close of a memo waits for readers, some 50 ms. A process of its own does that, or
 * most of a run would be spent there.
 */
#include <sys/socket.h>

#include "fuzz.h"

static int undertaker;

static noreturn void bury(int socket)
{
	char object;
	int fd;

	while ((fd = receive_handle(socket, &object, 0)) >= 0)
		close(fd);
	_exit(0);
}

/* Not a child: those are waited for in each round. */
void undertaker_start(void)
{
	int ends[2];
	pid_t child;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return;
	undertaker = ends[0];
	child = fork();
	if (!child) {
		close(ends[0]);
		if (!fork())
			bury(ends[1]);
		_exit(0);
	}
	close(ends[1]);
	wait_for(child);
}

void undertaker_close(const int *handles, int n)
{
	int i;

	for (i = 0; i < n; i++) {
		pass_handle(undertaker, handles[i], 0, 0);
		close(handles[i]);
	}
}
