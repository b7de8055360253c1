/* SPDX-License-Identifier: GPL-2.0-only */
/* What stories of users need besides objects: other processes, and patience that ends. */
#ifndef SELFTESTS_STORY_H
#define SELFTESTS_STORY_H

#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>

#include "../dev/device.h"

/* A wait of a story fails after five seconds; a process of it ends after twenty. */
#define SOON(condition) ({ \
	bool _done = false; \
	int _i; \
	for (_i = 0; _i < 5000 && !_done; _i++) { \
		_done = (condition); \
		if (!_done) \
			usleep(1000); \
	} \
	_done; \
})

/* Words that all processes of a story see. */
static volatile int *shared;

/* Orphans of the story become children of the test, which ends them. */
static inline void story_begin(void)
{
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

/* The harness gives each test a process group. */
static inline void story_end(void)
{
	signal(SIGTERM, SIG_IGN);
	kill(0, SIGTERM);
	kill(0, SIGCONT);
	while (wait(NULL) > 0)
		;
	munmap((void *)shared, 4096);
}

/* Another process of the story: 0 in it. */
static inline pid_t start(void)
{
	pid_t child = fork();

	if (!child) {
		signal(SIGTERM, SIG_DFL);
		alarm(20);
	}
	return child;
}

/* Ends the calling process; the daemon goes on in another session once that is gone. */
static inline void daemonise(void)
{
	pid_t launcher = getpid();

	if (start())
		_exit(0);
	setsid();
	while (getppid() == launcher)
		usleep(1000);
}

/* As wait_for(), of the next that ends; -1000 if there is none. */
static inline int wait_for_any(void)
{
	siginfo_t info = { };

	if (waitid(P_ALL, 0, &info, WEXITED | WNOWAIT))
		return -1000;
	return wait_for(info.si_pid);
}

/* The letter that ps shows, or 0. */
static inline char state_of(pid_t process)
{
	char path[32], line[256] = "", *end;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", process);
	file = fopen(path, "re");
	if (!file)
		return 0;
	end = fgets(line, sizeof(line), file) ? strrchr(line, ')') : NULL;
	fclose(file);
	return end && end[1] ? end[2] : 0;
}

/* Names of objects are the story's own: tests do not run at the same time. */
static inline int new_object(struct quartet_create args)
{
	int device = device_open();
	int handle = create(device, args);

	close(device);
	return handle;
}

static inline bool is_mine(int handle)
{
	return mutex_state(handle).state & QUARTET_MUTEX_MINE;
}

static inline bool is_held(int handle)
{
	return mutex_state(handle).state & QUARTET_MUTEX_HELD;
}

/* Locks by the handle and keeps it until it is killed; returns when it has it. */
static inline pid_t holder(int handle, __u32 flags)
{
	pid_t child = start();

	if (!child) {
		if (mutex_lock(handle, flags, NULL))
			_exit(1);
		for (;;)
			pause();
	}
	if (!SOON(is_held(handle)))
		return -1;
	return child;
}

/* Waits for the lock, and exits with 0 when it has it, or with the error. */
static inline pid_t waiter(int handle, __u32 flags)
{
	pid_t child = start();

	if (!child)
		_exit(mutex_lock(handle, flags, NULL) ? errno : 0);
	return child;
}

/* The next one gets the lock now, and is told that @dead died with it. */
#define EXPECT_DIED(dead, handle) do { \
	struct quartet_lock _args; \
	EXPECT_EQ(0, mutex_lock(handle, QUARTET_TRY, &_args)); \
	EXPECT_EQ(QUARTET_OWNER_DIED, _args.result); \
	EXPECT_EQ(dead, _args.dead_pid); \
} while (0)

struct answer {
	struct quartet_memo_get args;
	char value[64];
};

static inline int memo_get(int handle, __u32 flags, const char *key, struct answer *answer)
{
	answer->args = (struct quartet_memo_get){
		.size = sizeof(answer->args), .flags = flags,
		.key = address(key), .key_len = strlen(key),
		.value = address(answer->value), .value_size = sizeof(answer->value),
	};
	return ioctl(handle, QUARTET_MEMO_GET, &answer->args);
}

/* Leads the computation of the key: its token, or 0. */
static inline __u64 memo_lead(int handle, __u32 flags, const char *key)
{
	struct answer answer;

	if (memo_get(handle, flags, key, &answer) || answer.args.what != QUARTET_ANSWER_LEAD)
		return 0;
	return answer.args.token;
}

static inline int memo_fulfil(int handle, __u64 token, const char *value)
{
	struct quartet_memo_fulfil args = {
		.size = sizeof(args), .token = token,
		.value = address(value), .value_len = strlen(value) + 1,
	};

	return ioctl(handle, QUARTET_MEMO_FULFIL, &args);
}

static inline int memo_fail(int handle, __u64 token, int error)
{
	struct quartet_memo_fulfil args = {
		.size = sizeof(args), .token = token, .error = error,
	};

	return ioctl(handle, QUARTET_MEMO_FULFIL, &args);
}

static inline int memo_forget(int handle, const char *key)
{
	struct quartet_memo_forget args = {
		.size = sizeof(args), .key = address(key), .key_len = strlen(key),
	};

	return ioctl(handle, QUARTET_MEMO_FORGET, &args);
}

static inline struct quartet_memo_info memo_state(int handle)
{
	struct quartet_memo_info args = { .size = sizeof(args) };

	if (ioctl(handle, QUARTET_MEMO_STATE, &args))
		memset(&args, 0xff, sizeof(args));
	return args;
}

static inline int pool_get(int handle, __u32 flags, __u32 *slot)
{
	struct quartet_pool_get args = { .size = sizeof(args), .flags = flags };
	int err = ioctl(handle, QUARTET_POOL_GET, &args);

	*slot = args.slot;
	return err;
}

static inline int pool_put(int handle, __u32 slot)
{
	struct quartet_pool_put args = { .size = sizeof(args), .slot = slot };

	return ioctl(handle, QUARTET_POOL_PUT, &args);
}

static inline int pool_give(int handle, __u32 slot, int to)
{
	struct quartet_pool_put args = { .size = sizeof(args), .slot = slot, .fd = to };

	return ioctl(handle, QUARTET_POOL_GIVE, &args);
}

static inline struct quartet_pool_info pool_state(int handle)
{
	struct quartet_pool_info args = { .size = sizeof(args) };

	if (ioctl(handle, QUARTET_POOL_STATE, &args))
		memset(&args, 0xff, sizeof(args));
	return args;
}

static inline char *pool_map(int handle)
{
	char *slots = mmap(NULL, pool_state(handle).map_len, PROT_READ | PROT_WRITE, MAP_SHARED,
			   handle, 0);

	return slots == MAP_FAILED ? NULL : slots;
}

#endif /* SELFTESTS_STORY_H */
