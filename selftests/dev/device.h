/* SPDX-License-Identifier: GPL-2.0-only */
/* /dev/quartet for tests: objects and handles with sane arguments, children that die. */
#ifndef SELFTESTS_DEVICE_H
#define SELFTESTS_DEVICE_H

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/quartet.h>

#define MSEC	1000000ULL

/* Leaves the calling test's step with the errno that a command must give. */
#define EXPECT_REFUSED(error, command) do { \
	EXPECT_EQ(-1, command); \
	EXPECT_EQ(error, errno); \
} while (0)

/* The same where there is no test to leave: in a child, or another thread. */
#define WAS_REFUSED(error, command)	((command) == -1 && errno == (error))

static inline int device_open(void)
{
	return open("/dev/quartet", O_RDWR | O_CLOEXEC);
}

static inline __u64 address(const void *pointer)
{
	return (unsigned long)pointer;
}

static inline struct quartet_create mutex_args(void)
{
	return (struct quartet_create){
		.size = sizeof(struct quartet_create), .kind = QUARTET_KIND_MUTEX,
	};
}

static inline struct quartet_create pool_args(__u32 slots)
{
	return (struct quartet_create){
		.size = sizeof(struct quartet_create), .kind = QUARTET_KIND_POOL,
		.slots = slots, .slot_size = 256,
	};
}

static inline struct quartet_create memo_args(void)
{
	return (struct quartet_create){
		.size = sizeof(struct quartet_create), .kind = QUARTET_KIND_MEMO,
		.capacity = 64, .bytes = 1 << 20, .key_max = 64, .value_max = 4096,
		.ttl_ns = QUARTET_FOR_EVER,
	};
}

static inline int create(int device, struct quartet_create args)
{
	return ioctl(device, QUARTET_CREATE, &args);
}

static inline int create_named(int device, struct quartet_create args, const char *name)
{
	args.name = address(name);
	args.name_len = strlen(name);
	args.mode = 0600;
	return ioctl(device, QUARTET_CREATE, &args);
}

static inline int open_named(int device, const char *name)
{
	struct quartet_open args = {
		.size = sizeof(args), .name = address(name), .name_len = strlen(name),
	};

	return ioctl(device, QUARTET_OPEN, &args);
}

static inline int unlink_named(int device, const char *name)
{
	struct quartet_unlink args = {
		.size = sizeof(args), .name = address(name), .name_len = strlen(name),
	};

	return ioctl(device, QUARTET_UNLINK, &args);
}

static inline int clone_handle(int handle)
{
	return ioctl(handle, QUARTET_CLONE, 0);
}

static inline __u64 now_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

static inline __u64 in_ms(__u64 ms)
{
	return now_ns(CLOCK_MONOTONIC) + ms * MSEC;
}

static inline int mutex_lock(int handle, __u32 flags, struct quartet_lock *args)
{
	struct quartet_lock own;

	args = args ?: &own;
	*args = (struct quartet_lock){ .size = sizeof(*args), .flags = flags };
	return ioctl(handle, QUARTET_LOCK, args);
}

static inline int mutex_lock_until(int handle, __u32 flags, __u64 deadline_ns)
{
	struct quartet_lock args = {
		.size = sizeof(args), .flags = flags | QUARTET_DEADLINE,
		.deadline_ns = deadline_ns, .clock = QUARTET_CLOCK_MONOTONIC,
	};

	return ioctl(handle, QUARTET_LOCK, &args);
}

static inline int grant_command(int handle, unsigned long command, __u64 token)
{
	struct quartet_grant args = { .size = sizeof(args), .token = token };

	return ioctl(handle, command, &args);
}

static inline int mutex_unlock(int handle)
{
	return grant_command(handle, QUARTET_UNLOCK, 0);
}

static inline struct quartet_mutex_info mutex_state(int handle)
{
	struct quartet_mutex_info args = { .size = sizeof(args) };

	if (ioctl(handle, QUARTET_MUTEX_STATE, &args))
		memset(&args, 0xff, sizeof(args));
	return args;
}

/* Until @n wait, or for a second. */
static inline bool mutex_awaits(int handle, unsigned int n)
{
	int i;

	for (i = 0; i < 1000 && mutex_state(handle).waiters != n; i++)
		usleep(1000);
	return mutex_state(handle).waiters == n;
}

static inline struct quartet_event next_event(int handle)
{
	struct quartet_event event = { };

	if (read(handle, &event, sizeof(event)) < (ssize_t)sizeof(event))
		event.error = -errno;
	return event;
}

static inline bool is_readable(int handle, int ms)
{
	struct pollfd poll_args = { .fd = handle, .events = POLLIN };

	return poll(&poll_args, 1, ms) == 1 && poll_args.revents & POLLIN;
}

static inline void on_alarm(int number)
{
}

/* Interrupts what this thread is in then. */
static inline void alarm_in_ms(unsigned int ms)
{
	struct sigaction action = { .sa_handler = on_alarm };
	struct itimerval timer = { .it_value.tv_usec = ms * 1000 };

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
}

/* Its status; a signal is -1 for SIGHUP and so on. */
static inline int wait_for(pid_t child)
{
	int status;

	if (waitpid(child, &status, 0) != child)
		return -1000;
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static inline int kill_and_wait(pid_t child)
{
	kill(child, SIGKILL);
	return wait_for(child);
}

#endif /* SELFTESTS_DEVICE_H */
