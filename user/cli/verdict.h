/* SPDX-License-Identifier: GPL-2.0-only */
/* What a run proves. */
#ifndef VERDICT_H
#define VERDICT_H

#include <stdbool.h>

#include "run.h"

struct verdict {
	const char *word;
	bool good;
	__u32 never;	/* events within reach that were not seen: 1 << event */
	__u32 missing;	/* those of them that make the verdict bad */
};

struct verdict verdict_of(const struct run *run, __u32 required);

#endif /* VERDICT_H */
