/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory never gets short by itself: cases call what a shrinker would. */
#ifndef SIM_SHRINKER_H
#define SIM_SHRINKER_H

#include <limits.h>
#include <linux/slab.h>

#define SHRINK_STOP	(~0UL)
#define SHRINK_EMPTY	(~0UL - 1)
#define DEFAULT_SEEKS	2

struct shrink_control { unsigned long nr_to_scan; };

struct shrinker {
	unsigned long (*count_objects)(struct shrinker *shrinker, struct shrink_control *control);
	unsigned long (*scan_objects)(struct shrinker *shrinker, struct shrink_control *control);
	long batch;
	int seeks;
	void *private_data;
};

#define shrinker_alloc(flags, ...)	kzalloc(sizeof(struct shrinker), 0)
#define shrinker_register(shrinker)	((void)(shrinker))
#define shrinker_free(shrinker)		kfree(shrinker)

#endif /* SIM_SHRINKER_H */
