// SPDX-License-Identifier: GPL-2.0-only
/*
 * What pools can be made of, what they cannot, and what is done wrong with them:
 * parameters, bounded pools, debugging, the end of a pool, and too little memory.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include <quartet/pool.h>

#include "kapi.h"

#define SIZE	100
#define SLOTS	5

static struct quartet_pool pool;

static struct quartet_pool_params plain(void)
{
	return (struct quartet_pool_params){ .name = "kapi", .size = SIZE };
}

static void *allocate(gfp_t gfp, void *data)
{
	return kmalloc(SIZE, gfp);
}

static void release(void *object, void *data)
{
	kfree(object);
}

static void construct(void *object, void *data)
{
	memset(object, 0x5a, SIZE);
	if (data)
		++*(int *)data;
}

static int init_named(struct quartet_pool *named, const char *name)
{
	struct quartet_pool_params params = plain();

	params.name = name;
	return quartet_pool_init(named, &params);
}

static const char *names(void)
{
	static struct quartet_pool one, two;
	char name[] = "kapi";

	EXPECT(init_named(&one, NULL) == -EINVAL);
	EXPECT(init_named(&one, "") == -EINVAL);
	EXPECT(init_named(&one, "two words") == -EINVAL);
	EXPECT(init_named(&one, "bell\a") == -EINVAL);
	EXPECT(init_named(&one, "a-name-of-thirty-two-characters!") == -EINVAL);
	EXPECT(!init_named(&one, "a-name-of-31-characters-exactly"));
	EXPECT(!quartet_pool_destroy(&one));
	EXPECT(!init_named(&one, name));
	name[0] = 'K';
	EXPECT(init_named(&two, "kapi") == -EEXIST);
	EXPECT(!quartet_pool_destroy(&two));
	EXPECT(!quartet_pool_destroy(&one));
	EXPECT(!init_named(&two, "kapi"));
	EXPECT(!quartet_pool_destroy(&two));
	return NULL;
}

/* Refused, and nothing left behind: the name is free. */
static bool is_refused(struct quartet_pool_params params)
{
	return quartet_pool_init(&pool, &params) == -EINVAL && !quartet_pool_destroy(&pool) &&
	       !init_named(&pool, "kapi") && !quartet_pool_destroy(&pool);
}

static const char *parameters(void)
{
#define WITH(...)	((struct quartet_pool_params){ .name = "kapi", __VA_ARGS__ })
	EXPECT(is_refused(WITH(.size = 0)));
	EXPECT(is_refused(WITH(.size = QUARTET_POOL_MAX_SIZE + 1)));
	EXPECT(is_refused(WITH(.size = SIZE, .align = 24)));
	EXPECT(is_refused(WITH(.size = SIZE, .align = 2 * PAGE_SIZE)));
	EXPECT(is_refused(WITH(.size = SIZE, .alloc = allocate)));
	EXPECT(is_refused(WITH(.size = SIZE, .free = release)));
	EXPECT(is_refused(WITH(.size = SIZE, .flags = BIT(1))));
	EXPECT(is_refused(WITH(.size = SIZE, .bounded = SLOTS, .max_cached = 64)));
	EXPECT(is_refused(WITH(.size = SIZE, .bounded = SLOTS, .alloc = allocate,
			       .free = release)));
#undef WITH
	return NULL;
}

/* Gets one that is aligned, and writes to all of it. */
static const char *try_size(size_t size, size_t align)
{
	struct quartet_pool_params params = { .name = "kapi", .size = size, .align = align };
	void *object;

	EXPECT(!quartet_pool_init(&pool, &params));
	object = quartet_pool_get(&pool, GFP_KERNEL);
	EXPECT(object && IS_ALIGNED((unsigned long)object, align ?: sizeof(void *)));
	memset(object, 0xff, size);
	quartet_pool_put(&pool, object);
	EXPECT(!quartet_pool_destroy(&pool));
	return NULL;
}

static const char *sizes(void)
{
	const char *wrong = try_size(1, 0) ?: try_size(1, 1) ?: try_size(SIZE, 256) ?:
			    try_size(1, PAGE_SIZE) ?: try_size(2 * PAGE_SIZE + 1, PAGE_SIZE);

	return wrong ?: try_size(QUARTET_POOL_MAX_SIZE, 0);
}

/* Of a pool that is no more: reported, once of each, and nothing more. */
static const char *use_after_destroy(void)
{
	int object;

	EXPECT(!init_named(&pool, "kapi"));
	EXPECT(!quartet_pool_destroy(&pool));
	pr_info("quartet-expect: begin a get from a pool that was destroyed\n");
	EXPECT(!quartet_pool_get(&pool, GFP_KERNEL));
	pr_info("quartet-expect: end\n");
	pr_info("quartet-expect: begin a put to a pool that was destroyed\n");
	quartet_pool_put(&pool, &object);
	pr_info("quartet-expect: end\n");
	EXPECT(!quartet_pool_scan(&pool));
	EXPECT(!quartet_pool_destroy(&pool));
	return NULL;
}

/* Puts @object, which is reported. */
static void put_wrong(void *object, const char *report)
{
	pr_info("quartet-expect: begin %s\n", report);
	quartet_pool_put(&pool, object);
	pr_info("quartet-expect: end\n");
}

static u64 free_slots(void)
{
	struct quartet_pool_state state;

	quartet_pool_read(&pool, &state);
	return state.cached;
}

/* All slots, each once, inside of the memory. */
static const char *get_slots(void **slots, void *memory, size_t stride)
{
	unsigned long seen = 0;
	int i;

	for (i = 0; i < SLOTS; i++) {
		slots[i] = quartet_pool_get(&pool, GFP_KERNEL);
		EXPECT(slots[i] && (slots[i] - memory) % stride == 0);
		seen |= BIT((slots[i] - memory) / stride);
	}
	EXPECT(seen == GENMASK(SLOTS - 1, 0));
	EXPECT(!quartet_pool_get(&pool, GFP_KERNEL) && !free_slots());
	return NULL;
}

static const char *bounded(void)
{
	struct quartet_pool_params params = plain();
	int constructed = 0, i;
	void *slots[SLOTS], *memory;
	const char *wrong;
	size_t stride;

	params.bounded = SLOTS;
	params.align = 64;
	params.ctor = construct;
	params.data = &constructed;
	EXPECT(!quartet_pool_init(&pool, &params));
	memory = quartet_pool_slots(&pool, &stride);
	EXPECT(PAGE_ALIGNED(memory) && stride == 128 && constructed == SLOTS);
	wrong = get_slots(slots, memory, stride);
	if (wrong)
		return wrong;
	for (i = 0; i < SLOTS; i++)
		EXPECT(!memchr_inv(slots[i], 0x5a, SIZE));
	quartet_pool_put_bulk(&pool, slots, SLOTS);
	EXPECT(free_slots() == SLOTS && !quartet_pool_scan(&pool));
	EXPECT(quartet_pool_get_bulk(&pool, GFP_KERNEL, slots, SLOTS) == SLOTS);
	quartet_pool_put(&pool, slots[0]);
	EXPECT(quartet_pool_destroy(&pool) == SLOTS - 1);
	EXPECT(constructed == SLOTS);
	return NULL;
}

static const char *bounded_foreign_put(void)
{
	struct quartet_pool_params params = plain();
	size_t stride;
	void *slot;

	params.bounded = SLOTS;
	EXPECT(!quartet_pool_init(&pool, &params));
	slot = quartet_pool_get(&pool, GFP_KERNEL | __GFP_ZERO);
	EXPECT(slot && !memchr_inv(slot, 0, SIZE));
	quartet_pool_slots(&pool, &stride);
	put_wrong(&params, "is put to a pool that has not given it out");
	put_wrong(slot + 1, "is put to a pool that has not given it out");
	put_wrong(slot + SLOTS * stride, "is put to a pool that has not given it out");
	EXPECT(free_slots() == SLOTS - 1);
	quartet_pool_put(&pool, slot);
	put_wrong(slot, "is put to a pool that has not given it out");
	quartet_pool_put(&pool, NULL);
	EXPECT(free_slots() == SLOTS);
	EXPECT(!quartet_pool_destroy(&pool));
	EXPECT(!init_named(&pool, "kapi"));
	EXPECT(!quartet_pool_slots(&pool, &stride));
	EXPECT(!quartet_pool_destroy(&pool));
	return NULL;
}

/* Takes objects again, and says whether @written is what has been reported of one. */
static const char *get_two(void **one, void **two, bool written)
{
	if (written)
		pr_info("quartet-expect: begin was written to after it was put\n");
	*one = quartet_pool_get(&pool, GFP_KERNEL);
	*two = quartet_pool_get(&pool, GFP_KERNEL);
	if (written)
		pr_info("quartet-expect: end\n");
	EXPECT(*one && *two && *one != *two);
	return NULL;
}

/* Each mistake once: it is reported, and the pool is none the worse for it. */
static const char *make_mistakes(const struct quartet_pool_params *params, u64 total)
{
	void *one, *two;
	const char *wrong;
	int foreign;

	EXPECT(!quartet_pool_init(&pool, params));
	wrong = get_two(&one, &two, false);
	if (wrong)
		return wrong;
	memset(one, 1, SIZE);
	memset(two, 2, SIZE);
	put_wrong(&foreign, "is put, which is none of its objects");
	quartet_pool_put(&pool, one);
	put_wrong(one, "is put twice");
	quartet_pool_put(&pool, two);
	EXPECT(free_slots() == total);
	wrong = get_two(&one, &two, false);
	if (wrong)
		return wrong;
	quartet_pool_put(&pool, one);
	quartet_pool_put(&pool, two);
	((u8 *)two)[SIZE - 1]++;
	wrong = get_two(&one, &two, true);
	if (wrong)
		return wrong;
	quartet_pool_put(&pool, one);
	quartet_pool_put(&pool, two);
	EXPECT(free_slots() == total);
	EXPECT(!quartet_pool_destroy(&pool));
	return NULL;
}

static const char *debug(void)
{
	struct quartet_pool_params params = plain();

	params.flags = QUARTET_POOL_DEBUG;
	return make_mistakes(&params, 2);
}

static const char *debug_constructed(void)
{
	struct quartet_pool_params params = plain();

	params.flags = QUARTET_POOL_DEBUG;
	params.ctor = construct;
	params.alloc = allocate;
	params.free = release;
	return make_mistakes(&params, 2);
}

static const char *debug_bounded(void)
{
	struct quartet_pool_params params = plain();

	params.flags = QUARTET_POOL_DEBUG;
	params.bounded = SLOTS;
	return make_mistakes(&params, SLOTS);
}

static const char *debug_some_out(void)
{
	struct quartet_pool_params params = plain();
	void *object;

	params.flags = QUARTET_POOL_DEBUG;
	params.alloc = allocate;
	params.free = release;
	EXPECT(!quartet_pool_init(&pool, &params));
	object = quartet_pool_get(&pool, GFP_KERNEL);
	EXPECT(object);
	EXPECT(quartet_pool_destroy(&pool) == 1);
	kfree(object);
	return NULL;
}

#ifdef CONFIG_FAULT_INJECTION

#define MOST_ALLOCATIONS	1000

/* Makes a pool, and uses it once, with the @n-th allocation failing. True if it came to that. */
static bool fails_at(const struct quartet_pool_params *params, unsigned int n, int *err)
{
	bool reached;

	current->fail_nth = n;
	*err = quartet_pool_init(&pool, params);
	if (!*err)
		quartet_pool_put(&pool, quartet_pool_get(&pool, GFP_KERNEL));
	reached = !current->fail_nth;
	current->fail_nth = 0;
	if (!*err && quartet_pool_destroy(&pool))
		*err = -EBUSY;
	return reached;
}

static const char *fail_all(struct quartet_pool_params params)
{
	unsigned int n, failed = 0;
	int err;

	for (n = 1; n < MOST_ALLOCATIONS && fails_at(&params, n, &err); n++) {
		EXPECT(!err || err == -ENOMEM);
		failed += !!err;
		EXPECT(!init_named(&pool, "kapi"));
		EXPECT(!quartet_pool_destroy(&pool));
	}
	EXPECT(n < MOST_ALLOCATIONS && failed && !err);
	return NULL;
}

/* One object, and nothing that could fail. */
static void *allocate_one(gfp_t gfp, void *data)
{
	static unsigned long one[SIZE / sizeof(long) + 1];

	++*(int *)data;
	return one;
}

static void release_one(void *object, void *data)
{
	--*(int *)data;
}

/* No memory for the record of an object: that goes back to its allocator. */
static const char *fail_record(void)
{
	struct quartet_pool_params params = plain();
	bool reached;
	void *object;
	int out = 0;

	params.flags = QUARTET_POOL_DEBUG;
	params.alloc = allocate_one;
	params.free = release_one;
	params.data = &out;
	EXPECT(!quartet_pool_init(&pool, &params));
	current->fail_nth = 1;
	object = quartet_pool_get(&pool, GFP_KERNEL);
	reached = !current->fail_nth;
	current->fail_nth = 0;
	EXPECT(reached && !object && !out);
	object = quartet_pool_get(&pool, GFP_KERNEL);
	EXPECT(object && out == 1);
	quartet_pool_put(&pool, object);
	EXPECT(!quartet_pool_destroy(&pool) && !out);
	return NULL;
}

static const char *out_of_memory(void)
{
	struct quartet_pool_params params = plain(), debugged = plain(), slots = plain();
	struct quartet_pool_params own = plain(), all = plain();

	if (!IS_ENABLED(CONFIG_FAILSLAB))
		return "skip: this kernel does not inject faults";
	debugged.flags = QUARTET_POOL_DEBUG;
	slots.bounded = SLOTS;
	own.alloc = allocate;
	own.free = release;
	all.bounded = SLOTS;
	all.flags = QUARTET_POOL_DEBUG;
	all.ctor = construct;
	return fail_all(params) ?: fail_all(debugged) ?: fail_all(slots) ?: fail_all(own) ?:
	       fail_all(all) ?: fail_record();
}

#else

static const char *out_of_memory(void)
{
	return "skip: this kernel does not inject faults";
}

#endif

#define CASE(function)	KAPI_CASE(pool, function)

struct kapi_case kapi_pool_kinds_cases[] = {
	CASE(names),
	CASE(parameters),
	CASE(sizes),
	CASE(use_after_destroy),
	CASE(bounded),
	CASE(bounded_foreign_put),
	CASE(debug),
	CASE(debug_constructed),
	CASE(debug_bounded),
	CASE(debug_some_out),
	CASE(out_of_memory),
};

const int kapi_pool_kinds_number = ARRAY_SIZE(kapi_pool_kinds_cases);
