// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pool, one step at a time: where an object goes, and who gets it next.
 *
 * Nobody else uses the pools here, and each case says on which CPU it is; so
 * what a get returns is known. A case leaves its task on the last CPU: who reads
 * the file, ends with it.
 */
#include <linux/cpu.h>
#include <linux/fs.h>
#include <linux/slab.h>

#include "kapi.h"
#include "pool.h"

static struct quartet_pool pool;
static void *objects[SOME];

static struct quartet_pool_state state(void)
{
	return state_of(&pool);
}

/* Another CPU than 0, on which all cases begin; 0 if there is none. */
static unsigned int second_cpu(void)
{
	unsigned int cpu = cpumask_next(0, cpu_online_mask);

	return cpu < nr_cpu_ids ? cpu : 0;
}

/* The shortest path; what works even with most bugs elsewhere. */
static const char *uncontended(void)
{
	void *object;

	move_to(0);
	EXPECT(!init_plain(&pool));
	object = quartet_pool_get(&pool, GFP_KERNEL);
	EXPECT(object);
	quartet_pool_put(&pool, object);
	EXPECT(quartet_pool_get(&pool, GFP_KERNEL) == object);
	quartet_pool_put(&pool, object);
	EXPECT(!quartet_pool_destroy(&pool));
	return NULL;
}

/* In no place but one, and counted once. */
static const char *counts(void)
{
	struct quartet_pool_state now;

	move_to(0);
	EXPECT(!init_plain(&pool));
	EXPECT(get_some(&pool, objects));
	now = state();
	EXPECT(now.allocated == SOME && !now.freed && !now.cached);
	EXPECT(now.stats.fresh == SOME && !now.stats.private && !now.stats.failed);
	put_some(&pool, objects);
	EXPECT(state().cached == SOME && state().stats.puts == SOME);
	EXPECT(get_some(&pool, objects));
	now = state();
	EXPECT(!now.cached && now.stats.fresh == SOME && now.allocated == SOME);
	EXPECT(now.stats.private == 1 && now.stats.shared == SOME - 1);
	put_some(&pool, objects);
	quartet_pool_put(&pool, NULL);
	EXPECT(state().cached == SOME);
	EXPECT(!quartet_pool_destroy(&pool));
	return NULL;
}

static const char *own_shared_newest_first(void)
{
	int i;

	move_to(0);
	EXPECT(!init_plain(&pool));
	EXPECT(get_some(&pool, objects));
	put_some(&pool, objects);
	EXPECT(quartet_pool_get(&pool, GFP_KERNEL) == objects[0]);
	for (i = SOME - 1; i > 0; i--)
		EXPECT(quartet_pool_get(&pool, GFP_KERNEL) == objects[i]);
	put_some(&pool, objects);
	EXPECT(!quartet_pool_destroy(&pool));
	return NULL;
}

static const char *private_is_not_stolen(void)
{
	void *object, *other;

	if (!second_cpu())
		return "skip: there is one CPU";
	move_to(0);
	EXPECT(!init_plain(&pool));
	object = quartet_pool_get(&pool, GFP_KERNEL);
	quartet_pool_put(&pool, object);
	move_to(second_cpu());
	other = quartet_pool_get(&pool, GFP_KERNEL);
	EXPECT(other && other != object && state().stats.fresh == 2);
	move_to(0);
	EXPECT(quartet_pool_get(&pool, GFP_KERNEL) == object);
	quartet_pool_put(&pool, object);
	quartet_pool_put(&pool, other);
	EXPECT(!quartet_pool_destroy(&pool));
	return NULL;
}

/* Half of three comes over, and then half of what is left. */
static const char *stolen_oldest_first(void)
{
	struct quartet_pool_stats stats;
	int i;

	if (!second_cpu())
		return "skip: there is one CPU";
	move_to(0);
	EXPECT(!init_plain(&pool));
	EXPECT(get_some(&pool, objects));
	put_some(&pool, objects);
	move_to(second_cpu());
	for (i = 1; i < SOME; i++)
		EXPECT(quartet_pool_get(&pool, GFP_KERNEL) == objects[i]);
	stats = state().stats;
	EXPECT(stats.near + stats.far == 2 && stats.shared == 1 && stats.fresh == SOME);
	EXPECT(private_of(&pool, 0, QUARTET_POOL_TASK) == objects[0]);
	for (i = 1; i < SOME; i++)
		quartet_pool_put(&pool, objects[i]);
	EXPECT(!quartet_pool_destroy(&pool));
	return NULL;
}

/* As an administrator does it; each writes to all shrinkers. */
static int shrink_all(void)
{
	struct file *file = filp_open("/proc/sys/vm/drop_caches", O_WRONLY, 0);
	loff_t at = 0;
	ssize_t written;

	if (IS_ERR(file))
		return PTR_ERR(file);
	written = kernel_write(file, "2", 1, &at);
	filp_close(file, NULL);
	return written == 1 ? 0 : -EIO;
}

/* The kernel finds the pool, and asks it for all that it has. */
static const char *pressure(void)
{
	move_to(0);
	EXPECT(!init_plain(&pool));
	EXPECT(get_some(&pool, objects));
	put_some(&pool, objects);
	EXPECT(!shrink_all());
	EXPECT(SOON(!private_of(&pool, 0, QUARTET_POOL_TASK)));
	EXPECT(!shrink_all());
	EXPECT(SOON(nothing_cached(&pool)));
	EXPECT(state().freed == SOME && state().stats.reclaimed == SOME);
	EXPECT(!quartet_pool_destroy(&pool));
	return NULL;
}

/* One scan takes nothing from those who go on using the pool. */
static const char *victims(void)
{
	move_to(0);
	EXPECT(!init_plain(&pool));
	EXPECT(get_some(&pool, objects));
	put_some(&pool, objects);
	EXPECT(!quartet_pool_scan(&pool));
	EXPECT(SOON(!private_of(&pool, 0, QUARTET_POOL_TASK)));
	EXPECT(state().cached == SOME);
	EXPECT(get_some(&pool, objects));
	EXPECT(state().stats.victim == SOME && state().stats.fresh == SOME);
	put_some(&pool, objects);
	EXPECT(!quartet_pool_destroy(&pool));
	return NULL;
}

static const char *two_scans(void)
{
	struct quartet_pool_state now;

	move_to(0);
	EXPECT(!init_plain(&pool));
	EXPECT(get_some(&pool, objects));
	quartet_pool_put(&pool, objects[0]);
	quartet_pool_put(&pool, objects[1]);
	EXPECT(!quartet_pool_scan(&pool));
	EXPECT(SOON(!private_of(&pool, 0, QUARTET_POOL_TASK)));
	EXPECT(quartet_pool_scan(&pool) == 2);
	now = state();
	EXPECT(!now.cached && now.allocated - now.freed == SOME - 2 && now.stats.reclaimed == 2);
	quartet_pool_put(&pool, objects[2]);
	quartet_pool_put(&pool, objects[3]);
	EXPECT(SOON(nothing_cached(&pool)));
	EXPECT(state().freed == SOME);
	EXPECT(!quartet_pool_destroy(&pool));
	return NULL;
}

static unsigned int constructed;

static void construct(void *object, void *data)
{
	constructed++;
	memset(object, *(u8 *)data, SIZE);
}

/* Once for each that comes from the allocator. */
static const char *constructor(void)
{
	struct quartet_pool_params params = plain();
	u8 pattern = 0x5a;
	int i;

	move_to(0);
	constructed = 0;
	params.ctor = construct;
	params.data = &pattern;
	EXPECT(!quartet_pool_init(&pool, &params));
	EXPECT(get_some(&pool, objects));
	EXPECT(constructed == SOME);
	for (i = 0; i < SOME; i++) {
		EXPECT(!memchr_inv(objects[i], pattern, SIZE));
		memset(objects[i], i, SIZE);
	}
	put_some(&pool, objects);
	EXPECT(get_some(&pool, objects));
	EXPECT(constructed == SOME && !memchr_inv(objects[0], 0, SIZE));
	put_some(&pool, objects);
	EXPECT(SOON(nothing_cached(&pool)));
	EXPECT(get_some(&pool, objects));
	EXPECT(constructed == 2 * SOME && !memchr_inv(objects[0], pattern, SIZE));
	put_some(&pool, objects);
	EXPECT(!quartet_pool_destroy(&pool));
	return NULL;
}

/* From the private slot, the ring, and the allocator, one by one and several. */
static const char *zeroed(void)
{
	void *object;
	int i, turn;

	move_to(0);
	EXPECT(!init_plain(&pool));
	for (turn = 0; turn < 2; turn++) {
		for (i = 0; i < SOME; i++) {
			objects[i] = quartet_pool_get(&pool, GFP_KERNEL | __GFP_ZERO);
			EXPECT(objects[i] && !memchr_inv(objects[i], 0, SIZE));
			memset(objects[i], 0xff, SIZE);
		}
		put_some(&pool, objects);
	}
	EXPECT(quartet_pool_get_bulk(&pool, GFP_KERNEL | __GFP_ZERO, objects, SOME) == SOME);
	for (i = 0; i < SOME; i++)
		EXPECT(!memchr_inv(objects[i], 0, SIZE));
	memset(objects[0], 0xff, SIZE);
	quartet_pool_put_bulk(&pool, objects, SOME);
	/* And now from the victims. */
	EXPECT(quartet_pool_scan(&pool) == 0);
	object = quartet_pool_get(&pool, GFP_KERNEL | __GFP_ZERO);
	EXPECT(object && !memchr_inv(object, 0, SIZE));
	quartet_pool_put(&pool, object);
	EXPECT(!quartet_pool_destroy(&pool));
	return NULL;
}

/* What the caller's allocator has given and got back. */
struct allocator {
	int given, returned;
};

static void *allocate(gfp_t gfp, void *data)
{
	struct allocator *allocator = data;

	allocator->given++;
	return kmalloc(SIZE, gfp);
}

static void release(void *object, void *data)
{
	struct allocator *allocator = data;

	allocator->returned++;
	kfree(object);
}

static struct quartet_pool_params allocated_by(struct allocator *allocator)
{
	struct quartet_pool_params params = plain();

	*allocator = (struct allocator){ };
	params.alloc = allocate;
	params.free = release;
	params.data = allocator;
	return params;
}

static const char *own_allocator(void)
{
	struct allocator allocator;
	struct quartet_pool_params params = allocated_by(&allocator);

	move_to(0);
	EXPECT(!quartet_pool_init(&pool, &params));
	EXPECT(get_some(&pool, objects));
	put_some(&pool, objects);
	EXPECT(get_some(&pool, objects));
	put_some(&pool, objects);
	EXPECT(allocator.given == SOME && !allocator.returned);
	EXPECT(!quartet_pool_destroy(&pool));
	EXPECT(allocator.returned == SOME);
	return NULL;
}

/* The number is reported, and they are still their user's. */
static const char *destroyed_with_some_out(void)
{
	struct allocator allocator;
	struct quartet_pool_params params = allocated_by(&allocator);
	int i;

	move_to(0);
	EXPECT(!quartet_pool_init(&pool, &params));
	EXPECT(get_some(&pool, objects));
	quartet_pool_put(&pool, objects[0]);
	EXPECT(quartet_pool_destroy(&pool) == SOME - 1);
	EXPECT(!quartet_pool_destroy(&pool));
	EXPECT(allocator.returned == 1);
	for (i = 1; i < SOME; i++)
		release(objects[i], &allocator);
	EXPECT(allocator.returned == allocator.given);
	return NULL;
}

#define BULK	40

static const char *bulk(void)
{
	static void *first[BULK], *second[BULK];
	int i;

	move_to(0);
	EXPECT(!init_plain(&pool));
	EXPECT(quartet_pool_get_bulk(&pool, GFP_KERNEL, first, BULK) == BULK);
	quartet_pool_put_bulk(&pool, first, BULK);
	EXPECT(state().cached == BULK && state().stats.puts == BULK);
	EXPECT(quartet_pool_get_bulk(&pool, GFP_KERNEL, second, BULK / 2) == BULK / 2);
	EXPECT(quartet_pool_get_bulk(&pool, GFP_KERNEL, second + BULK / 2, BULK / 2) == BULK / 2);
	for (i = 0; i < BULK; i++)
		EXPECT(second[i] == first[BULK - 1 - i]);
	EXPECT(state().allocated == BULK && state().stats.shared == BULK);
	quartet_pool_put_bulk(&pool, first, BULK);
	EXPECT(state().cached == BULK);
	EXPECT(!quartet_pool_destroy(&pool));
	return NULL;
}

/* None of several, of one and of none. */
static const char *bulk_of_none(void)
{
	void *untouched = &pool;
	int i;

	move_to(0);
	EXPECT(!init_plain(&pool));
	EXPECT(get_some(&pool, objects));
	for (i = 0; i <= SOME; i++) {
		EXPECT(!quartet_pool_get_bulk(&pool, GFP_KERNEL, &untouched, 0));
		quartet_pool_put_bulk(&pool, &objects[min(i, SOME - 1)], i < SOME);
		EXPECT(untouched == &pool && state().cached == min(i + 1, SOME));
	}
	EXPECT(!quartet_pool_destroy(&pool));
	return NULL;
}

/* Two in each ring, of which a CPU has two. */
static const char *max_cached(void)
{
	struct quartet_pool_params params = plain();

	move_to(0);
	params.max_cached = 4 * num_possible_cpus();
	EXPECT(!quartet_pool_init(&pool, &params));
	EXPECT(get_some(&pool, objects));
	put_some(&pool, objects);
	EXPECT(state().cached == 3 && state().stats.dropped == 1 && state().freed == 1);
	quartet_pool_scan(&pool);
	EXPECT(SOON(state().freed == 2));
	EXPECT(state().cached == 2);
	EXPECT(get_some(&pool, objects));
	EXPECT(state().stats.victim == 2);
	put_some(&pool, objects);
	EXPECT(state().cached == 3);
	EXPECT(!quartet_pool_destroy(&pool));
	return NULL;
}

static const char *offline_cpu_is_emptied(void)
{
	unsigned int cpu = second_cpu();
	struct quartet_pool_state now;
	void *object;
	int err;

	if (!cpu || !IS_ENABLED(CONFIG_HOTPLUG_CPU))
		return "skip: no CPU can go offline";
	EXPECT(!init_plain(&pool));
	move_to(cpu);
	EXPECT(get_some(&pool, objects));
	put_some(&pool, objects);
	move_to(0);
	object = quartet_pool_get(&pool, GFP_KERNEL);
	quartet_pool_put(&pool, object);
	err = remove_cpu(cpu);
	now = state();
	if (!err)
		err = add_cpu(cpu);
	EXPECT(!err);
	/* Of the two that came over, one is in our ring. */
	EXPECT(now.freed == SOME - 2 && now.stats.reclaimed == SOME - 2 && now.cached == 2);
	EXPECT(!private_of(&pool, cpu, QUARTET_POOL_TASK));
	EXPECT(!quartet_pool_destroy(&pool));
	return NULL;
}

#define CASE(function)	KAPI_CASE(pool, function)

struct kapi_case kapi_pool_cases[] = {
	CASE(uncontended),
	CASE(counts),
	CASE(own_shared_newest_first),
	CASE(private_is_not_stolen),
	CASE(stolen_oldest_first),
	CASE(victims),
	CASE(two_scans),
	CASE(pressure),
	CASE(constructor),
	CASE(zeroed),
	CASE(own_allocator),
	CASE(destroyed_with_some_out),
	CASE(bulk),
	CASE(bulk_of_none),
	CASE(max_cached),
	CASE(offline_cpu_is_emptied),
};

const int kapi_pool_number = ARRAY_SIZE(kapi_pool_cases);
