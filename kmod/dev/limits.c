// SPDX-License-Identifier: GPL-2.0-only
/* What the device allows to each object: module parameters. quota.c has what it allows to users. */
#include <linux/minmax.h>
#include <linux/moduleparam.h>

#include <linux/quartet.h>
#include <quartet/memo.h>
#include <quartet/pool.h>

#include "limits.h"

static unsigned int name_max = QUARTET_NAME_LEN;
module_param(name_max, uint, 0644);
MODULE_PARM_DESC(name_max, "bytes of a name, up to 31");
static unsigned int key_max = 1024;
module_param(key_max, uint, 0644);
MODULE_PARM_DESC(key_max, "bytes of a memo's key, up to 4096");
static unsigned int value_max = 1U << 20;
module_param(value_max, uint, 0644);
MODULE_PARM_DESC(value_max, "bytes of a memo's value, up to 4 MiB");
static unsigned int slot_max = 1U << 20;
module_param(slot_max, uint, 0644);
MODULE_PARM_DESC(slot_max, "bytes of a pool's slot, up to 4 MiB");
static unsigned int pool_slots = 1U << 16;
module_param(pool_slots, uint, 0644);
MODULE_PARM_DESC(pool_slots, "slots of a pool: they are walked, under its lock, when a handle dies");
static unsigned int handle_leads = 256;
module_param(handle_leads, uint, 0644);
MODULE_PARM_DESC(handle_leads, "computations that a handle may lead at a time");

unsigned int limits_name_max(void)
{
	return min_t(unsigned int, READ_ONCE(name_max), QUARTET_NAME_LEN);
}

unsigned int limits_key_max(void)
{
	return min_t(unsigned long, READ_ONCE(key_max), QUARTET_MEMO_MAX_KEY);
}

unsigned int limits_value_max(void)
{
	return min_t(unsigned long, READ_ONCE(value_max), QUARTET_MEMO_MAX_VALUE);
}

unsigned int limits_slot_max(void)
{
	return min_t(unsigned long, READ_ONCE(slot_max), QUARTET_POOL_MAX_SIZE);
}

unsigned int limits_slots(void)
{
	return min_t(unsigned int, READ_ONCE(pool_slots), INT_MAX);
}

unsigned int limits_handle_leads(void)
{
	return READ_ONCE(handle_leads);
}

/* What is allowed to each object. */
void limits_tell(struct quartet_info *info)
{
	info->name_max = limits_name_max();
	info->key_max = limits_key_max();
	info->value_max = limits_value_max();
	info->slot_max = limits_slot_max();
}
