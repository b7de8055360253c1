/* SPDX-License-Identifier: GPL-2.0-only */
/* What there is of the device's: counters that are 0 when nobody uses it. */
#ifndef QUARTET_DEV_LIVE_H
#define QUARTET_DEV_LIVE_H

#include <quartet/debugfs.h>

extern struct quartet_live live_objects;
extern struct quartet_live live_handles;
extern struct quartet_live live_names;
extern struct quartet_live live_mappings;
extern struct quartet_live live_shares;

void live_init(void);
void live_exit(void);

#endif /* QUARTET_DEV_LIVE_H */
