// SPDX-License-Identifier: GPL-2.0-only
/*
 * Out of memory, at each allocation of each command in turn: -ENOMEM, nothing is charged or kept,
 * and the next try works. What would leak is found by the lab afterwards.
 */
#include "kselftest_harness.h"
#include "../dev/device.h"
#include "../dev/kinds.h"
#include "../torture/fault.h"

FIXTURE(failslab) {
	int device;
	int memo;
	int mutex;
	int nth;
};

static int create_and_close(int device, struct quartet_create args)
{
	int handle = create_named(device, args, "failslab");

	if (handle < 0)
		return -1;
	close(handle);
	return unlink_named(device, "failslab");
}

static int create_mutex(int device, int mutex, int memo)
{
	return create_and_close(device, mutex_args());
}

static int create_pool(int device, int mutex, int memo)
{
	return create_and_close(device, pool_args(8));
}

static int create_memo(int device, int mutex, int memo)
{
	return create_and_close(device, memo_args());
}

static int create_monitor(int device, int mutex, int memo)
{
	struct quartet_create args = memo_args();

	args.engine = QUARTET_ENGINE_MONITOR;
	return create_and_close(device, args);
}

static int create_locked(int device, int mutex, int memo)
{
	struct quartet_create args = memo_args();

	args.engine = QUARTET_ENGINE_LOCK;
	return create_and_close(device, args);
}

static int clone_and_close(int device, int mutex, int memo)
{
	int handle = clone_handle(mutex);

	return handle < 0 ? -1 : close(handle);
}

static int list_names(int device, int mutex, int memo)
{
	struct quartet_entry entry;
	struct quartet_list args = {
		.size = sizeof(args), .entries = address(&entry), .room = 1,
	};

	return ioctl(device, QUARTET_LIST, &args);
}

static int compute(int memo, __u32 flags)
{
	char value[8];
	struct quartet_memo_get get = {
		.size = sizeof(get), .flags = flags, .key = address("key"), .key_len = 3,
		.value = address(value), .value_size = sizeof(value),
	};
	struct quartet_memo_fulfil fulfil = {
		.size = sizeof(fulfil), .value = address("value"), .value_len = 5,
	};
	struct quartet_memo_forget forget = {
		.size = sizeof(forget), .key = address("key"), .key_len = 3,
	};

	if (ioctl(memo, QUARTET_MEMO_GET, &get))
		return -1;
	fulfil.token = get.token;
	/* A value is there if the call before could not forget it. */
	if (get.what == QUARTET_ANSWER_LEAD && ioctl(memo, QUARTET_MEMO_FULFIL, &fulfil)) {
		grant_command(memo, QUARTET_MEMO_ABANDON, get.token);
		errno = ENOMEM;
		return -1;
	}
	return ioctl(memo, QUARTET_MEMO_FORGET, &forget);
}

static int compute_now(int device, int mutex, int memo)
{
	return compute(memo, 0);
}

static int compute_later(int device, int mutex, int memo)
{
	return compute(memo, QUARTET_ASYNC);
}

static int map_pool(int device, int mutex, int memo)
{
	int pool = create(device, pool_args(1));
	void *slots;

	if (pool < 0)
		return -1;
	slots = mmap(NULL, 4096, PROT_READ, MAP_SHARED, pool, 0);
	close(pool);
	return slots == MAP_FAILED ? -1 : munmap(slots, 4096);
}

FIXTURE_VARIANT(failslab) {
	int (*call)(int device, int mutex, int memo);
};

FIXTURE_VARIANT_ADD(failslab, create_mutex) { .call = create_mutex };
FIXTURE_VARIANT_ADD(failslab, create_pool) { .call = create_pool };
FIXTURE_VARIANT_ADD(failslab, create_memo) { .call = create_memo };
FIXTURE_VARIANT_ADD(failslab, create_monitor) { .call = create_monitor };
FIXTURE_VARIANT_ADD(failslab, create_locked) { .call = create_locked };
FIXTURE_VARIANT_ADD(failslab, clone) { .call = clone_and_close };
FIXTURE_VARIANT_ADD(failslab, list) { .call = list_names };
FIXTURE_VARIANT_ADD(failslab, memo_get) { .call = compute_now };
FIXTURE_VARIANT_ADD(failslab, memo_get_async) { .call = compute_later };
FIXTURE_VARIANT_ADD(failslab, mmap) { .call = map_pool };

FIXTURE_SETUP(failslab)
{
	self->device = device_open();
	ASSERT_LE(0, self->device);
	self->mutex = create_named(self->device, mutex_args(), "mutex");
	self->memo = create(self->device, memo_args());
	ASSERT_LE(0, self->memo);
	self->nth = fault_open();
}

FIXTURE_TEARDOWN(failslab)
{
	unlink_named(self->device, "mutex");
	close(self->nth);
	close(self->memo);
	close(self->mutex);
	close(self->device);
}

static struct quartet_info info(int device)
{
	struct quartet_info info = { .size = sizeof(info) };

	if (ioctl(device, QUARTET_INFO, &info))
		memset(&info, 0xff, sizeof(info));
	return info;
}

TEST_F_TIMEOUT(failslab, every_allocation, 120)
{
	struct quartet_info before = info(self->device), after;
	int n, err, error, reached, failed = 0;

	if (self->nth < 0)
		SKIP(return, "this kernel does not inject faults");
	for (n = 1; n < MOST; n++) {
		ASSERT_EQ(0, fail_nth(self->nth, n));
		err = variant->call(self->device, self->mutex, self->memo);
		error = errno;
		reached = !left(self->nth);
		ASSERT_EQ(0, fail_nth(self->nth, 0));
		if (!reached)
			break;
		failed += !!err;
		if (err)
			EXPECT_EQ(ENOMEM, error) TH_LOG("allocation %d", n);
		unlink_named(self->device, "failslab");
		after = info(self->device);
		EXPECT_EQ(0, memcmp(&before, &after, sizeof(before))) TH_LOG("allocation %d", n);
		EXPECT_EQ(0, variant->call(self->device, self->mutex, self->memo))
			TH_LOG("after allocation %d", n);
	}
	EXPECT_LT(n, MOST);
	EXPECT_LT(0, failed);
}

/*
 * What a process asks for first, when the kernel begins to remember it; by a handle of its own, of
 * an object of its own, so that nothing is there yet.
 */
FIXTURE(first) {
	int device;
};

static int ask_slot(int handle, __u32 flags)
{
	struct quartet_pool_get args = { .size = sizeof(args), .flags = flags };

	return ioctl(handle, QUARTET_POOL_GET, &args);
}

static const struct kind kind_unmapped = {
	.args = kind_slot_args, .ask = ask_slot, .holds = kind_has_slot,
};

/* The slot that another handle has given is this process's when it reads of it. */
static int read_given(int handle, __u32 flags)
{
	struct quartet_event event;

	return read(handle, &event, sizeof(event)) == sizeof(event) ? 0 : -1;
}

static const struct kind kind_given = {
	.args = kind_slot_args, .ask = read_given, .holds = kind_has_slot,
};

static int give_slot(int handle)
{
	struct quartet_pool_put give = { .size = sizeof(give), .fd = handle };
	int giver = clone_handle(handle);
	int err = ask_slot(giver, 0) ?: ioctl(giver, QUARTET_POOL_GIVE, &give);

	close(giver);
	return err;
}

/* The clone is charged to its user, who has nothing else. */
static int ask_clone(int handle, __u32 flags)
{
	return clone_handle(handle) < 0 ? -1 : 0;
}

static const struct kind kind_charged = {
	.args = mutex_args, .ask = ask_clone, .holds = kind_unlocked,
};

FIXTURE_VARIANT(first) {
	const struct kind *kind;
	bool given;
	uid_t uid;
	int unshared;
};

FIXTURE_VARIANT_ADD(first, lock) { .kind = &kind_of_mutex };
FIXTURE_VARIANT_ADD(first, slot) { .kind = &kind_unmapped };
FIXTURE_VARIANT_ADD(first, lead) { .kind = &kind_of_memo };
FIXTURE_VARIANT_ADD(first, given) { .kind = &kind_given, .given = true };
FIXTURE_VARIANT_ADD(first, clone) { .kind = &kind_charged, .uid = 4242 };
/* Charged twice: to the user, and to the owner of the namespace. */
FIXTURE_VARIANT_ADD(first, clone_in_namespace) {
	.kind = &kind_charged, .uid = 4242, .unshared = CLONE_NEWUSER,
};

FIXTURE_SETUP(first)
{
	self->device = device_open();
	ASSERT_LE(0, self->device);
}

FIXTURE_TEARDOWN(first)
{
	close(self->device);
}

enum outcome { GRANTED, REFUSED, NOT_REACHED, WRONG };

/* In a new process: with the @n-th allocation failing, and after a refusal once more. */
static enum outcome ask_first(const struct kind *kind, int nth, int handle, int n)
{
	enum outcome outcome = GRANTED;
	int err, error, reached;

	if (fail_nth(nth, n))
		return WRONG;
	err = kind->ask(handle, 0);
	error = errno;
	reached = !left(nth);
	if (fail_nth(nth, 0))
		return WRONG;
	if (err) {
		outcome = REFUSED;
		if (error != ENOMEM || kind->ask(handle, 0))
			return WRONG;
	}
	if (!kind->holds(handle))
		return WRONG;
	return reached ? outcome : NOT_REACHED;
}

TEST_F_TIMEOUT(first, every_allocation, 120)
{
	struct quartet_info before = info(self->device), after;
	int n, outcome = GRANTED, refused = 0, nth = fault_open();

	if (nth < 0)
		SKIP(return, "this kernel does not inject faults");
	close(nth);
	for (n = 1; n < MOST && outcome != NOT_REACHED; n++) {
		int handle = create(self->device, variant->kind->args());
		pid_t child;

		ASSERT_LE(0, handle);
		if (variant->given)
			ASSERT_EQ(0, give_slot(handle));
		child = fork();
		if (!child) {
			nth = fault_open();
			if (setresuid(variant->uid, variant->uid, variant->uid) ||
			    (variant->unshared && unshare(variant->unshared)))
				_exit(WRONG);
			_exit(ask_first(variant->kind, nth, handle, n));
		}
		outcome = wait_for(child);
		ASSERT_NE(WRONG, outcome) TH_LOG("allocation %d", n);
		refused += outcome == REFUSED;
		close(handle);
		after = info(self->device);
		EXPECT_EQ(0, memcmp(&before, &after, sizeof(before))) TH_LOG("allocation %d", n);
	}
	EXPECT_EQ(NOT_REACHED, outcome);
	EXPECT_LT(0, refused);
}

TEST_HARNESS_MAIN
