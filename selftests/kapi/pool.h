/* SPDX-License-Identifier: GPL-2.0-only */
/* What cases of the pool have in common. */
#ifndef SELFTESTS_KAPI_POOL_H
#define SELFTESTS_KAPI_POOL_H

#include <linux/delay.h>
#include <linux/sched.h>

#include <quartet/pool.h>

#define SIZE	64

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

/* What work on this CPU brings about, with which we take turns. */
#define SOON(condition) ({ \
	int tries = 0; \
	bool so; \
\
	while (!(so = (condition)) && tries++ < 1000) \
		usleep_range(1000, 2000); \
	so; })

#endif /* SELFTESTS_KAPI_POOL_H */
