// SPDX-License-Identifier: GPL-2.0-only
/* What there is of the device's: counters that are 0 when nobody uses it. */
#include "live.h"

struct quartet_live live_objects = { .name = "objects" };
struct quartet_live live_handles = { .name = "handles" };
struct quartet_live live_names = { .name = "names" };
struct quartet_live live_mappings = { .name = "mappings" };
struct quartet_live live_shares = { .name = "shares" };

void live_init(void)
{
	quartet_live_add(&live_objects);
	quartet_live_add(&live_handles);
	quartet_live_add(&live_names);
	quartet_live_add(&live_mappings);
	quartet_live_add(&live_shares);
}

/* Each that is not 0 is a leak, and warned of. */
void live_exit(void)
{
	quartet_live_remove(&live_shares);
	quartet_live_remove(&live_mappings);
	quartet_live_remove(&live_names);
	quartet_live_remove(&live_handles);
	quartet_live_remove(&live_objects);
}
