/* SPDX-License-Identifier: GPL-2.0-only */
/* What cases of the pool have in common. */
#ifndef SELFTESTS_KAPI_POOL_H
#define SELFTESTS_KAPI_POOL_H

#include <linux/delay.h>
#include <linux/sched.h>

#include <quartet/pool.h>

#define SIZE	64
#define SOME	4

/* Parameters that leave all to the pool. */
static inline struct quartet_pool_params plain(void)
{
	return (struct quartet_pool_params){ .name = "kapi", .size = SIZE };
}

static inline struct quartet_pool_state state_of(struct quartet_pool *pool)
{
	struct quartet_pool_state state;

	quartet_pool_read(pool, &state);
	return state;
}

static inline void move_to(unsigned int cpu)
{
	set_cpus_allowed_ptr(current, cpumask_of(cpu));
}

static inline int init_plain(struct quartet_pool *pool)
{
	struct quartet_pool_params params = plain();

	return quartet_pool_init(pool, &params);
}

/* SOME of them, all different. */
static inline bool get_some(struct quartet_pool *pool, void **objects)
{
	int i, j;

	for (i = 0; i < SOME; i++) {
		objects[i] = quartet_pool_get(pool, GFP_KERNEL);
		for (j = 0; j < i; j++)
			if (objects[i] == objects[j])
				return false;
		if (!objects[i])
			return false;
	}
	return true;
}

static inline void put_some(struct quartet_pool *pool, void **objects)
{
	int i;

	for (i = 0; i < SOME; i++)
		quartet_pool_put(pool, objects[i]);
}

/* What was in private slots comes a scan later. */
static inline bool nothing_cached(struct quartet_pool *pool)
{
	quartet_pool_scan(pool);
	return !state_of(pool).cached;
}

static inline void *private_of(struct quartet_pool *pool, unsigned int cpu,
			       enum quartet_pool_context context)
{
	return READ_ONCE(per_cpu_ptr(pool->cpu, cpu)->private[context]);
}

/* What work on this CPU brings about, with which we take turns. */
#define SOON(condition) ({ \
	int tries = 0; \
	bool so; \
\
	while (!(so = (condition)) && tries++ < 1000) \
		usleep_range(1000, 2000); \
	so; })

#endif /* SELFTESTS_KAPI_POOL_H */
