// SPDX-License-Identifier: GPL-2.0-only
/*
 * CREATE is refused for each reason that Documentation/uapi.rst lists, and for no more than that:
 * what is just within its bounds is created. A row of the page is a test here, by its name.
 */
#include "kselftest_harness.h"
#include "../dev/device.h"

#define ROW(row)	TEST_F(refused_create, row)

FIXTURE(refused_create) {
	int device;
	struct quartet_info info;
	struct quartet_create mutex;
	struct quartet_create pool;
	struct quartet_create memo;
};

FIXTURE_SETUP(refused_create)
{
	self->info.size = sizeof(self->info);
	self->device = device_open();
	ASSERT_LE(0, self->device);
	ASSERT_EQ(0, ioctl(self->device, QUARTET_INFO, &self->info));
	self->mutex = mutex_args();
	self->pool = pool_args(2);
	self->memo = memo_args();
}

/* What was refused is not charged for either. */
FIXTURE_TEARDOWN(refused_create)
{
	struct quartet_info info = { .size = sizeof(info) };

	EXPECT_EQ(0, ioctl(self->device, QUARTET_INFO, &info));
	EXPECT_EQ(self->info.used_objects, info.used_objects);
	EXPECT_EQ(self->info.used_bytes, info.used_bytes);
	close(self->device);
}

/* 0 or an errno; with a value in one field. */
#define TRIED(args, field, number) ({ \
	struct quartet_create tried_args = args; \
	int tried; \
	\
	tried_args.field = number; \
	tried = create(self->device, tried_args); \
	if (tried >= 0) \
		close(tried); \
	tried < 0 ? errno : 0; })

#define EXPECT_FINE(args, field, number)	EXPECT_EQ(0, TRIED(args, field, number))
#define EXPECT_INVALID(args, field, number)	EXPECT_EQ(EINVAL, TRIED(args, field, number))

ROW(flags)
{
	EXPECT_FINE(self->mutex, flags, QUARTET_NO_DETECT);
	EXPECT_FINE(self->memo, flags, QUARTET_NO_DETECT);
	EXPECT_INVALID(self->pool, flags, QUARTET_NO_DETECT);
}

ROW(kind)
{
	EXPECT_INVALID(self->mutex, kind, QUARTET_KIND_ANY);
	EXPECT_INVALID(self->mutex, kind, QUARTET_KIND_MEMO + 1);
	EXPECT_INVALID(self->mutex, kind, ~0U);
}

ROW(mode)
{
	struct quartet_create named = self->mutex;

	EXPECT_INVALID(self->mutex, mode, 0600);
	named.name = address("mode");
	named.name_len = 4;
	EXPECT_INVALID(named, mode, 01000);
	EXPECT_INVALID(named, mode, 0100600);
	EXPECT_FINE(named, mode, 0777);
	EXPECT_EQ(0, unlink_named(self->device, "mode"));
}

ROW(name_len)
{
	static const char *const bad[] = { "a b", "a/b", "a\tb", "a\x7f", "\xc3\xa4", "a\0b" };
	char name[QUARTET_NAME_LEN + 2] = "";
	struct quartet_create named = self->mutex;
	int i;

	EXPECT_INVALID(self->mutex, name_len, 1);
	memset(name, 'n', QUARTET_NAME_LEN + 1);
	named.name = address(name);
	EXPECT_INVALID(named, name_len, 0);
	EXPECT_INVALID(named, name_len, self->info.name_max + 1);
	EXPECT_FINE(named, name_len, self->info.name_max);
	name[self->info.name_max] = 0;
	EXPECT_EQ(0, unlink_named(self->device, name));
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		named.name = address(bad[i]);
		EXPECT_INVALID(named, name_len, i < 3 || i == 5 ? 3 : 2);
	}
}

ROW(slots)
{
	EXPECT_INVALID(self->pool, slots, 0);
	EXPECT_INVALID(self->pool, slots, (1U << 16) + 1);
	EXPECT_INVALID(self->pool, slots, ~0U);
	self->pool.slot_size = 8;
	EXPECT_FINE(self->pool, slots, 1U << 16);
}

ROW(slot_size)
{
	EXPECT_INVALID(self->pool, slot_size, 0);
	EXPECT_INVALID(self->pool, slot_size, self->info.slot_max + 1);
	EXPECT_FINE(self->pool, slot_size, self->info.slot_max);
}

ROW(engine)
{
	EXPECT_FINE(self->memo, engine, QUARTET_ENGINE_MONITOR);
	EXPECT_INVALID(self->memo, engine, QUARTET_ENGINE_MONITOR + 1);
	EXPECT_INVALID(self->memo, engine, ~0U);
}

ROW(capacity)
{
	EXPECT_INVALID(self->memo, capacity, 0);
	EXPECT_INVALID(self->memo, capacity, (unsigned long long)(~0UL >> 1) + 1);
	EXPECT_INVALID(self->memo, capacity, ~0ULL);
	EXPECT_FINE(self->memo, capacity, 1);
}

ROW(bytes)
{
	EXPECT_INVALID(self->memo, bytes, 0);
	EXPECT_FINE(self->memo, bytes, 1);
}

ROW(func)
{
	EXPECT_INVALID(self->memo, func, address("function"));
	EXPECT_INVALID(self->memo, func_len, 8);
	self->memo.func_len = 3;
	EXPECT_INVALID(self->memo, func, address("a b"));
	self->memo.func_len = QUARTET_NAME_LEN + 1;
	EXPECT_INVALID(self->memo, func, address("fffffffffffffffffffffffffffffffff"));
}

ROW(key_max)
{
	EXPECT_INVALID(self->memo, key_max, 0);
	EXPECT_INVALID(self->memo, key_max, self->info.key_max + 1);
	EXPECT_FINE(self->memo, key_max, self->info.key_max);
}

ROW(value_max)
{
	EXPECT_INVALID(self->memo, value_max, self->info.value_max + 1);
	EXPECT_FINE(self->memo, value_max, self->info.value_max);
	EXPECT_FINE(self->memo, value_max, 0);
}

ROW(refresh_percent)
{
	/* There is no last part of what ends at once, or never. */
	EXPECT_INVALID(self->memo, refresh_percent, 10);
	self->memo.ttl_ns = 0;
	EXPECT_INVALID(self->memo, refresh_percent, 10);
	self->memo.ttl_ns = 1000 * MSEC;
	EXPECT_FINE(self->memo, refresh_percent, 99);
	EXPECT_INVALID(self->memo, refresh_percent, 100);
	self->memo.engine = QUARTET_ENGINE_LOCK;
	EXPECT_FINE(self->memo, refresh_percent, 0);
	EXPECT_INVALID(self->memo, refresh_percent, 1);
	self->memo.engine = QUARTET_ENGINE_MONITOR;
	EXPECT_INVALID(self->memo, refresh_percent, 1);
}

ROW(another)
{
	EXPECT_INVALID(self->pool, starve_ns, 1);
	EXPECT_INVALID(self->memo, starve_ns, 1);
	EXPECT_INVALID(self->mutex, slots, 1);
	EXPECT_INVALID(self->mutex, slot_size, 1);
	EXPECT_INVALID(self->memo, slots, 1);
	EXPECT_INVALID(self->memo, slot_size, 1);
	EXPECT_INVALID(self->mutex, engine, QUARTET_ENGINE_LOCK);
	EXPECT_INVALID(self->mutex, capacity, 1);
	EXPECT_INVALID(self->pool, bytes, 1);
	EXPECT_INVALID(self->pool, ttl_ns, 1);
	EXPECT_INVALID(self->mutex, err_ttl_ns, 1);
	EXPECT_INVALID(self->mutex, func, address("function"));
	EXPECT_INVALID(self->pool, func_len, 1);
	EXPECT_INVALID(self->pool, key_max, 1);
	EXPECT_INVALID(self->mutex, value_max, 1);
	EXPECT_INVALID(self->pool, refresh_percent, 1);
}

TEST_HARNESS_MAIN
