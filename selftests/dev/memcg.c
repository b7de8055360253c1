// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory groups pay for what their processes make the device allocate, until it is freed; and one
 * that has no more is told so, instead of losing a process.
 */
#include <stdio.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "kselftest_harness.h"
#include "../dev/device.h"

#define ROOT	"/tmp/memcg"
#define GROUP	ROOT "/group"
#define MIB	(1024L * 1024)
/* The kernel charges in batches of 64 pages a CPU, of which we use one; and tests need some too. */
#define SLACK	(MIB / 2)
#define HANDLES	4000
/* How long to wait for what the kernel does later. kfree_rcu() of 6.12 lets things lie for 5 s. */
#define LATER_MS	30000

FIXTURE(memcg) {
	int device;
	long before;
};

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t written = write(fd, text, strlen(text));

	close(fd);
	return written == strlen(text) ? 0 : -1;
}

/* What the file has under that name; with none, its only number; -1 if it has neither. */
static long number_in(const char *path, const char *name)
{
	FILE *file = fopen(path, "re");
	char key[64];
	long value = -1, read;

	if (file && !name && fscanf(file, "%ld", &read) == 1)
		value = read;
	while (file && name && fscanf(file, "%63s %ld", key, &read) == 2)
		if (!strcmp(key, name))
			value = read;
	if (file)
		fclose(file);
	return value;
}

static long charged(void)
{
	return number_in(GROUP "/memory.current", NULL);
}

/* Some is freed after a grace period, and in batches. */
static bool is_uncharged(long before)
{
	int i;

	for (i = 0; i < LATER_MS && charged() > before + SLACK; i++)
		usleep(1000);
	return charged() <= before + SLACK;
}

static void stay_on_one_cpu(void)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(0, &cpus);
	sched_setaffinity(0, sizeof(cpus), &cpus);
}

/* From now on it pays for what this process allocates. */
static bool enter_group(void)
{
	mkdir(ROOT, 0700);
	if (mount("none", ROOT, "cgroup2", 0, NULL))
		return false;
	if (write_file(ROOT "/cgroup.subtree_control", "+memory"))
		return false;
	mkdir(GROUP, 0700);
	return !write_file(GROUP "/cgroup.procs", "0");
}

FIXTURE_SETUP(memcg)
{
	if (!enter_group())
		SKIP(return, "this kernel has no memory groups");
	stay_on_one_cpu();
	self->device = device_open();
	ASSERT_LE(0, self->device);
	/* What is allocated once for all is not to be measured. */
	close(create(self->device, pool_args(1)));
	close(create(self->device, memo_args()));
	self->before = charged();
	ASSERT_LE(0, self->before);
}

FIXTURE_TEARDOWN(memcg)
{
	close(self->device);
	write_file(ROOT "/cgroup.procs", "0");
	rmdir(GROUP);
	umount(ROOT);
}

static int create_slots(int device, __u32 slots, __u32 slot_size)
{
	struct quartet_create args = pool_args(slots);

	args.slot_size = slot_size;
	return create(device, args);
}

TEST_F(memcg, slots)
{
	int pool = create_slots(self->device, 1024, 4096);

	ASSERT_LE(0, pool);
	EXPECT_LE(self->before + 4 * MIB, charged());
	EXPECT_GT(self->before + 4 * MIB + SLACK, charged());
	close(pool);
	EXPECT_TRUE(is_uncharged(self->before));
}

/* Who maps them pays no second time, and the group pays until they are unmapped. */
TEST_F(memcg, mapped_slots)
{
	int pool = create_slots(self->device, 1024, 4096);
	char *slots = mmap(NULL, 4 * MIB, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, pool,
			   0);

	ASSERT_NE(MAP_FAILED, slots);
	memset(slots, 1, 4 * MIB);
	close(pool);
	EXPECT_LE(self->before + 4 * MIB, charged());
	EXPECT_GT(self->before + 4 * MIB + SLACK, charged());
	EXPECT_EQ(0, munmap(slots, 4 * MIB));
	EXPECT_TRUE(is_uncharged(self->before));
}

/* Its token, or 0. */
static __u64 lead(int memo, __u32 key)
{
	struct quartet_memo_get get = {
		.size = sizeof(get), .key = address(&key), .key_len = sizeof(key),
	};

	return ioctl(memo, QUARTET_MEMO_GET, &get) ? 0 : get.token;
}

static int fulfil(int memo, __u64 token, const void *value, __u32 len)
{
	struct quartet_memo_fulfil args = {
		.size = sizeof(args), .token = token, .value = address(value), .value_len = len,
	};

	return ioctl(memo, QUARTET_MEMO_FULFIL, &args);
}

static int compute(int memo, __u32 key, const void *value, __u32 len)
{
	__u64 token = lead(memo, key);

	return token ? fulfil(memo, token, value, len) : -1;
}

static __u32 leads_of(int memo)
{
	struct quartet_memo_info args = { .size = sizeof(args) };

	return ioctl(memo, QUARTET_MEMO_STATE, &args) ? -1 : args.leads;
}

static int create_values(int device)
{
	struct quartet_create args = memo_args();

	args.capacity = 256;
	args.bytes = 16 * MIB;
	args.value_max = MIB / 8;
	return create(device, args);
}

TEST_F(memcg, values)
{
	static char value[MIB / 8];
	int memo = create_values(self->device);
	__u32 key;

	ASSERT_LE(0, memo);
	for (key = 0; key < 32; key++)
		ASSERT_EQ(0, compute(memo, key, value, sizeof(value)));
	EXPECT_LE(self->before + 4 * MIB, charged());
	close(memo);
	EXPECT_TRUE(is_uncharged(self->before));
}

/* Its buckets, which are there before any value is: half a MiB. */
TEST_F(memcg, tables)
{
	struct quartet_create args = memo_args();
	int i, memo[8];

	args.engine = QUARTET_ENGINE_LOCK;
	args.capacity = 65536;
	for (i = 0; i < 8; i++) {
		memo[i] = create(self->device, args);
		ASSERT_LE(0, memo[i]);
	}
	EXPECT_LE(self->before + 4 * MIB, charged());
	for (i = 0; i < 8; i++)
		close(memo[i]);
	EXPECT_TRUE(is_uncharged(self->before));
}

/* What it is charged more for @n descriptors, which are then closed. */
static long charge_of(int (*another)(int of), int of, int n)
{
	long before = charged(), after;
	int fd, first = another(of);

	for (fd = first; fd < first + n - 1 && another(of) >= 0; fd++)
		;
	after = charged();
	close_range(first, fd, 0);
	return fd != first + n - 1 ? -fd : is_uncharged(before) ? after - before : -1;
}

static int open_null(int unused)
{
	return open("/dev/null", O_RDWR | O_CLOEXEC);
}

/* The kernel's part of them is the same for any file. */
TEST_F(memcg, handles)
{
	struct rlimit limit = { HANDLES + 100, HANDLES + 100 };
	int mutex = create(self->device, mutex_args());
	long of_files, of_handles;

	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));
	/* The table of descriptors, which grows once. */
	ASSERT_LE(0, dup2(mutex, HANDLES + 99));
	of_files = charge_of(open_null, 0, HANDLES);
	of_handles = charge_of(clone_handle, mutex, HANDLES);
	EXPECT_LT(0, of_files);
	EXPECT_LE(of_files + SLACK, of_handles);
	close(mutex);
}

/* The kernel may free a moment later what did not fit: until it does, as little fits. */
static int create_soon(int device)
{
	int i, pool = -1;

	for (i = 0; i < LATER_MS && pool < 0; i++) {
		usleep(1000);
		pool = create_slots(device, 1024, 4096);
	}
	return pool;
}

static int compute_soon(int memo, void *value, __u32 len)
{
	int i, err = -1;

	for (i = 0; i < LATER_MS && err; i++) {
		usleep(1000);
		err = compute(memo, 5000 + i, value, len);
	}
	return err;
}

static bool is_filled(int memo, const void *value, __u32 len)
{
	__u32 key = 0;

	while (key < 128 && !compute(memo, key, value, len))
		key++;
	return key < 128 && errno == ENOMEM;
}

/*
 * As much as there is: it is refused, and then it fits again. What a refused command has
 * allocated by then, the kernel may free later. Which step went wrong, or 0.
 */
static int fill_group(int device)
{
	static char value[MIB / 8];
	int pool, memo = create_values(device);

	if (!WAS_REFUSED(ENOMEM, create_slots(device, 8192, 4096)))
		return 1;
	pool = create_soon(device);
	if (pool < 0)
		return 2;
	if (!is_filled(memo, value, sizeof(value)))
		return 3;
	/* That there was none was the result. */
	if (leads_of(memo))
		return 4;
	close(pool);
	return compute_soon(memo, value, sizeof(value)) ? 5 : 0;
}

/* By a child, which has all the pages that it touches. What is killed would be the child. */
TEST_F(memcg, full_group)
{
	pid_t child;

	ASSERT_EQ(0, write_file(GROUP "/memory.max", "16777216"));
	ASSERT_EQ(0, write_file(ROOT "/cgroup.procs", "0"));
	child = fork();
	if (!child) {
		if (write_file(GROUP "/cgroup.procs", "0") || mlockall(MCL_CURRENT))
			_exit(100);
		_exit(fill_group(self->device));
	}
	EXPECT_EQ(0, wait_for(child));
	EXPECT_EQ(0, number_in(GROUP "/memory.events", "oom_kill"));
}

TEST_HARNESS_MAIN
