/* SPDX-License-Identifier: GPL-2.0-only */
/* What the device allows to each object: module parameters. */
#ifndef QUARTET_DEV_LIMITS_H
#define QUARTET_DEV_LIMITS_H

#include <linux/gfp.h>
#include <linux/types.h>

struct quartet_info;

/*
 * What the device allocates with: charged to the memory group of who asks. A group that is full is
 * told so, which a caller can bear, and loses none of its processes; nor is it worth a warning.
 */
#define LIMITS_GFP	(GFP_KERNEL_ACCOUNT | __GFP_RETRY_MAYFAIL | __GFP_NOWARN)

unsigned int limits_name_max(void);
unsigned int limits_key_max(void);
unsigned int limits_value_max(void);
unsigned int limits_slot_max(void);
unsigned int limits_slots(void);
unsigned int limits_handle_leads(void);
void limits_tell(struct quartet_info *info);

#endif /* QUARTET_DEV_LIMITS_H */
