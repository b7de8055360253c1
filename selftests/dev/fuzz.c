// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random commands with half-random arguments, by processes that share objects and are killed: the
 * kernel survives, and nothing is left in the end. FUZZ_SECONDS, FUZZ_SEED in the environment.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>

#include "kselftest_harness.h"
#include "../dev/device.h"

#define PROCESSES	4
#define HANDLES		12
#define NAMES		3

static const unsigned long commands[] = {
	QUARTET_INFO, QUARTET_CREATE, QUARTET_OPEN, QUARTET_UNLINK, QUARTET_LIST, QUARTET_CLONE,
	QUARTET_CANCEL, QUARTET_LOCK, QUARTET_UNLOCK, QUARTET_CONSISTENT, QUARTET_MUTEX_STATE,
	QUARTET_POOL_GET, QUARTET_POOL_PUT, QUARTET_POOL_GIVE, QUARTET_POOL_STATE,
	QUARTET_MEMO_GET, QUARTET_MEMO_FULFIL, QUARTET_MEMO_ABANDON, QUARTET_MEMO_FORGET,
	QUARTET_MEMO_CLEAR, QUARTET_MEMO_STATE,
};

#define COMMANDS	(sizeof(commands) / sizeof(commands[0]))

static const char *const names[NAMES] = { "fuzz-a", "fuzz-b", "fuzz-c" };
static unsigned int state;	/* of this process's choices */
static char memory[4096];

static unsigned int choose(unsigned int n)
{
	return (unsigned int)rand_r(&state) % n;
}

/* Mostly what a sane caller would have there, so that there is a way in. */
static __u64 word(void)
{
	switch (choose(8)) {
	case 0:
		return (__u64)rand_r(&state) << 33 ^ rand_r(&state);
	case 1:
		return address(memory + choose(sizeof(memory)));
	case 2:
		return ~0ULL >> choose(64);
	default:
		return choose(4);
	}
}

static void fill(__u64 *args, size_t words)
{
	size_t i;

	for (i = 0; i < words; i++)
		args[i] = choose(3) ? word() : (__u64)choose(300) << 32 | choose(8);
}

static struct quartet_create some_object(void)
{
	struct quartet_create kinds[] = { mutex_args(), pool_args(2), memo_args() };
	struct quartet_create args = kinds[choose(3)];

	args.err_ttl_ns = args.kind == QUARTET_KIND_MEMO ? choose(2) * MSEC : 0;
	args.engine = args.kind == QUARTET_KIND_MEMO ? choose(3) : 0;
	return args;
}

static int any_handle(int device)
{
	switch (choose(4)) {
	case 0:
		return create(device, some_object());
	case 1:
		return create_named(device, some_object(), names[choose(NAMES)]);
	case 2:
		return unlink_named(device, names[choose(NAMES)]);
	default:
		return open_named(device, names[choose(NAMES)]);
	}
}

/* A command whose arguments are sound, but for the token that it makes up. */
static void give_sound(int handle)
{
	struct quartet_memo_get get = {
		.size = sizeof(get), .flags = choose(8) & ~QUARTET_DEADLINE,
		.key = address("abc"), .key_len = 1 + choose(3),
		.value = address(memory), .value_size = sizeof(memory),
	};
	struct quartet_memo_fulfil fulfil = {
		.size = sizeof(fulfil), .value = address(memory), .value_len = choose(5000),
	};
	struct quartet_pool_get pool = { .size = sizeof(pool), .flags = 1 << choose(2) };
	struct quartet_pool_put put = { .size = sizeof(put) };
	struct quartet_lock lock;

	if (!mutex_lock(handle, 1 << choose(2), &lock) && choose(2))
		grant_command(handle, choose(2) ? QUARTET_UNLOCK : QUARTET_CONSISTENT, 0);
	if (!ioctl(handle, QUARTET_POOL_GET, &pool) && choose(2)) {
		put.slot = pool.slot;
		ioctl(handle, QUARTET_POOL_PUT, &put);
	}
	if (!ioctl(handle, QUARTET_MEMO_GET, &get) && choose(2)) {
		fulfil.token = get.token;
		ioctl(handle, QUARTET_MEMO_FULFIL, &fulfil);
	}
}

static void give_any(int device, int handle)
{
	__u64 args[16];
	__u32 size[] = { 16, 24, 32, 40, 64, 72, 88, 104 };

	fill(args, 16);
	if (choose(8))
		args[0] = size[choose(8)] | (choose(2) ? 0 : (__u64)choose(32) << 32);
	ioctl(choose(6) ? handle : device, commands[choose(COMMANDS)],
	      choose(16) ? (void *)args : (void *)word());
}

static void fuzz_once(int device, int *handle)
{
	void *map;

	switch (choose(8)) {
	case 0:
		close(*handle);
		*handle = any_handle(device);
		break;
	case 1:
		fcntl(*handle, F_SETFL, O_NONBLOCK);
		(void)!read(*handle, memory, choose(sizeof(memory)));
		break;
	case 2:
		map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, *handle, 0);
		if (map != MAP_FAILED && choose(2))
			munmap(map, 4096);
		break;
	case 3:
		give_sound(*handle);
		break;
	default:
		give_any(device, *handle);
	}
}

/* Until it is killed. Now and then a signal ends what it is blocked in. */
static void fuzz(unsigned int seed)
{
	struct itimerval often = { .it_interval.tv_usec = 3000, .it_value.tv_usec = 3000 };
	struct sigaction action = { .sa_handler = on_alarm };
	int device = device_open(), handles[HANDLES];
	int i;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	state = seed;
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
	for (i = 0; i < HANDLES; i++)
		handles[i] = any_handle(device);
	for (;;)
		fuzz_once(device, &handles[choose(HANDLES)]);
}

static pid_t start_fuzz(unsigned int seed)
{
	pid_t child = fork();

	if (!child)
		fuzz(seed);
	return child;
}

static unsigned int number_of(const char *variable, unsigned int otherwise)
{
	return getenv(variable) ? strtoul(getenv(variable), NULL, 0) : otherwise;
}

FIXTURE(fuzz) {
	int device;
};

FIXTURE_SETUP(fuzz)
{
	self->device = device_open();
	ASSERT_LE(0, self->device);
}

FIXTURE_TEARDOWN(fuzz)
{
	close(self->device);
}

TEST_F_TIMEOUT(fuzz, nothing_is_left, 900)
{
	unsigned int seconds = number_of("FUZZ_SECONDS", 3);
	unsigned int seed = number_of("FUZZ_SEED", getpid() ^ now_ns(CLOCK_REALTIME));
	__u64 end = now_ns(CLOCK_MONOTONIC) + seconds * 1000 * MSEC;
	struct quartet_info info = { .size = sizeof(info) };
	pid_t children[PROCESSES];
	unsigned int i, started = 0;

	TH_LOG("%u seconds, FUZZ_SEED=%u", seconds, seed);
	for (i = 0; i < PROCESSES; i++)
		children[i] = start_fuzz(seed + started++);
	while (now_ns(CLOCK_MONOTONIC) < end) {
		usleep(20000);
		i = started % PROCESSES;
		EXPECT_EQ(-SIGKILL, kill_and_wait(children[i]));
		children[i] = start_fuzz(seed + started++);
	}
	for (i = 0; i < PROCESSES; i++)
		EXPECT_EQ(-SIGKILL, kill_and_wait(children[i]));
	for (i = 0; i < NAMES; i++)
		unlink_named(self->device, names[i]);
	ASSERT_EQ(0, ioctl(self->device, QUARTET_INFO, &info));
	EXPECT_EQ(0, info.used_objects);
	EXPECT_EQ(0, info.used_handles);
	EXPECT_EQ(0, info.used_bytes);
}

TEST_HARNESS_MAIN
