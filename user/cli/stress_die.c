// SPDX-License-Identifier: GPL-2.0-only
/* Workers that die with something held. Others have the handle then, and the grant ends. */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "stress.h"

#define HEIRS_MAX	16	/* that stay to the end */

/* Has all descriptors that the worker has now. Some stay until no worker is left. */
static void die_heir(struct stress_thread *thread)
{
	bool stays = stress_one_in(thread, 4) &&
		     atomic_fetch_add(&thread->check->heirs, 1) < HEIRS_MAX;
	unsigned int ms = stays ? 60000 : stress_random(&thread->state, 20);

	/* What another thread is closing now may be the heir's too. */
	stress_invoke(thread, HISTORY_FORK, STRESS_MUTEX, 0, -1, 0);
	if (fork())
		return;
	setsid();
	while (ms-- && !atomic_load(&thread->check->heirs_go))
		usleep(1000);
	_exit(0);
}

/* On its way in a socket, which only the heir has. */
static void die_send(int fd)
{
	char data = 0, control[CMSG_SPACE(sizeof(fd))] = { 0 };
	struct iovec byte = { .iov_base = &data, .iov_len = 1 };
	struct msghdr message = {
		.msg_iov = &byte, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
	int pair[2];

	rights->cmsg_level = SOL_SOCKET;
	rights->cmsg_type = SCM_RIGHTS;
	rights->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(rights), &fd, sizeof(fd));
	if (!socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		sendmsg(pair[0], &message, 0);
}

/* The program that comes keeps the handle, and ends. */
static void die_exec(int fd)
{
	int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);

	dup2(nothing, STDOUT_FILENO);
	fcntl(fd, F_SETFD, 0);
	execl("/proc/self/exe", "quartet", "--version", NULL);
}

static void die_tell(struct stress_thread *thread)
{
	unsigned int life = check_life_of(thread->holder);
	struct history_record record = {
		.op = HISTORY_DEATH, .process = life, .pid = getpid(), .handle = -1, .key = -1,
		.slot = -1,
	};

	atomic_store(&thread->check->life[life].killed, true);
	history_tell(&thread->check->history, HISTORY_INVOKE, &record);
}

void stress_die(struct stress_thread *thread, int fd)
{
	unsigned int how = stress_random(&thread->state, 5);

	die_tell(thread);
	if (how == 0)
		die_exec(fd);
	if (how == 1)
		die_send(fd);
	if (how > 1)
		die_heir(thread);
	if (how < 3)
		close(fd);
	if (how == 1)
		die_heir(thread);
	if (how == 4)
		_exit(0);	/* as who daemonises does */
	kill(getpid(), SIGKILL);
}

bool stress_may_die(struct stress_thread *thread)
{
	return thread->stress->kill_ns && !thread->stress->busted && stress_one_in(thread, 256) &&
	       !atomic_load(&thread->check->stop) &&
	       atomic_load(&thread->check->lives) < LIVES_MAX / 2;
}
