// SPDX-License-Identifier: GPL-2.0-only
/* Handles that are closed under threads which wait by them: what these are granted dies at once. */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "quartet.h"
#include "stress.h"

struct waiter {
	enum stress_kind kind;
	int fd;
};

static void lock(int fd)
{
	struct quartet_lock args = { .size = sizeof(args) };

	ioctl(fd, QUARTET_LOCK, &args);
}

static void get_slot(int fd)
{
	struct quartet_pool_get args = { .size = sizeof(args) };

	ioctl(fd, QUARTET_POOL_GET, &args);
}

static void get_value(int fd)
{
	__u64 key = 1;
	struct quartet_memo_get args = {
		.size = sizeof(args), .key = (uintptr_t)&key, .key_len = sizeof(key),
	};

	ioctl(fd, QUARTET_MEMO_GET, &args);
}

static void *ask(void *arg)
{
	static void (*const asks[])(int fd) = {
		[STRESS_MUTEX] = lock, [STRESS_POOL] = get_slot, [STRESS_MEMO] = get_value,
	};
	const struct waiter *waiter = arg;

	asks[waiter->kind](waiter->fd);
	return NULL;
}

static int object_of(const struct stress *stress, enum stress_kind kind)
{
	switch (kind) {
	case STRESS_MUTEX:
		return quartet_mutex_fd(stress->mutex[0]);
	case STRESS_POOL:
		return quartet_pool_fd(stress->pool);
	default:
		return quartet_memo_fd(stress->memo[0]);
	}
}

/* The number stays taken: nobody else's handle may get it while the thread may still use it. */
static void close_under(pthread_t thread, int fd)
{
	int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (nothing < 0)
		err(EXIT_CANNOT_RUN, "/dev/null");
	dup3(nothing, fd, O_CLOEXEC);
	close(nothing);
	while (pthread_tryjoin_np(thread, NULL) == EBUSY) {
		pthread_kill(thread, STRESS_SIGNAL);
		usleep(500);
	}
	close(fd);
}

/* It gets no answer: what is granted then nobody hears of. */
static struct history_record invoke(struct stress *stress, enum history_op op,
				    enum stress_kind kind, __u64 holder, int fd)
{
	struct history_record call = {
		.op = op, .kind = kind, .handle = fd, .process = check_life_of(holder), .slot = -1,
	};

	history_invoke(&stress->check->history, &call);
	return call;
}

void stress_close_in_wait(struct stress *stress, enum stress_kind kind, __u64 holder,
			  unsigned int us)
{
	static const enum history_op asks[] = {
		[STRESS_MUTEX] = HISTORY_LOCK, [STRESS_POOL] = HISTORY_GET,
		[STRESS_MEMO] = HISTORY_ASK,
	};
	struct history_record call;
	struct waiter waiter = { .kind = kind };
	pthread_t thread;

	waiter.fd = ioctl(object_of(stress, kind), QUARTET_CLONE, 0);
	stress_cloned(waiter.fd < 0 ? -errno : 0);
	check_dies(stress->check, NULL, holder);
	invoke(stress, asks[kind], kind, holder, waiter.fd);
	errno = pthread_create(&thread, NULL, ask, &waiter);
	/* No thread can be created while another one is in exec. */
	if (errno && check_is_gone(stress->check, holder))
		pause();
	if (errno)
		err(EXIT_CANNOT_RUN, "a worker has no thread");
	usleep(us);
	call = invoke(stress, HISTORY_CLOSE, kind, holder, waiter.fd);
	close_under(thread, waiter.fd);
	history_answer(&stress->check->history, &call, 0);
	check_count(stress->check, kind, COUNT_CLOSES);
}
