/* SPDX-License-Identifier: GPL-2.0-only */
/* What a run on a spinlock proves. */
#ifndef VERDICT_H
#define VERDICT_H

#include <stdbool.h>
#include <linux/quartet_torture.h>

struct verdict {
	const char *word;
	bool good;
	__u32 never;	/* state transitions within reach that were not taken: 1 << transition */
	__u32 missing;	/* those of them that make the verdict bad */
};

/* The transitions that such a run can take; one that needs luck to take counts too. */
__u32 verdict_reachable(__u32 kind, __u32 flags, __u32 threads);

struct verdict verdict_of(const struct quartet_torture_spin *run, __u32 required);

#endif /* VERDICT_H */
