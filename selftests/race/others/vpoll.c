// SPDX-License-Identifier: GPL-2.0-only
/* Processes set events of one vpoll, and wait for them; others open and close their own. */
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>

#include "crowd.h"

#define ROUNDS		300
#define ADD_EVENTS	_IO('^', 1)
#define DEL_EVENTS	_IO('^', 2)
#define SET_EVENTS	_IO('^', 3)

static int vpoll;

static int open_one(void)
{
	int fd = open("/dev/vpoll", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		err(1, "/dev/vpoll");
	return fd;
}

static void set(int i)
{
	static const unsigned long commands[] = { ADD_EVENTS, DEL_EVENTS, SET_EVENTS };

	if (ioctl(vpoll, commands[i % 3], EPOLLIN | (i & 4 ? EPOLLOUT : 0)) < 0)
		err(1, "ioctl");
}

static void wait_for_events(int i)
{
	struct pollfd wanted = { .fd = vpoll, .events = POLLIN | POLLOUT };

	poll(&wanted, 1, i & 1);
}

static void wait_anew(int i)
{
	struct epoll_event event = { .events = EPOLLIN };
	int own = open_one(), set = epoll_create1(0);

	epoll_ctl(set, EPOLL_CTL_ADD, own, &event);
	epoll_ctl(set, EPOLL_CTL_ADD, vpoll, &event);
	epoll_wait(set, &event, 1, i & 1);
	close(own);
	close(set);
}

static void work(int number)
{
	static void (*const kinds[])(int) = { set, wait_for_events, wait_anew };
	int i;

	for (i = 0; i < ROUNDS; i++)
		kinds[number % 3](i + number);
}

int main(void)
{
	vpoll = open_one();
	crowd(6, work);
	return 0;
}
