/* SPDX-License-Identifier: GPL-2.0-only */
/* Functions whose races are known, and not to be reported. */
#ifndef QUARTET_RACE_SUPPRESS_H
#define QUARTET_RACE_SUPPRESS_H

#include <linux/types.h>

struct dentry;

/* One of the functions in the context is suppressed. Any context. */
bool race_is_suppressed(u32 context);
void race_suppress_init(struct dentry *directory);

#endif /* QUARTET_RACE_SUPPRESS_H */
