// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the device allows: module parameters, and what each user has of it.
 *
 * An object is charged to who created it until it ends, with all the bytes that it may ever take,
 * so that nothing that is done with it later can fail for a quota. A handle is charged to who
 * opened it, wherever it is sent.
 */
#include <linux/cred.h>
#include <linux/list.h>
#include <linux/minmax.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include <linux/quartet.h>
#include <quartet/memo.h>
#include <quartet/pool.h>

#include "limits.h"

static unsigned int user_objects = 256;
module_param(user_objects, uint, 0644);
MODULE_PARM_DESC(user_objects, "objects that a user may have created");
static unsigned int user_handles = 4096;
module_param(user_handles, uint, 0644);
MODULE_PARM_DESC(user_handles, "handles that a user may have");
static unsigned long user_bytes = 64UL << 20;
module_param(user_bytes, ulong, 0644);
MODULE_PARM_DESC(user_bytes, "bytes that a user's pools and memos may take");
static unsigned int all_objects = 4096;
module_param(all_objects, uint, 0644);
MODULE_PARM_DESC(all_objects, "objects that there may be");
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

static DEFINE_SPINLOCK(users_lock);	/* protects all below, and what struct limits_user says */
static LIST_HEAD(users);
static unsigned int objects;

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

/* How many there are. */
unsigned int limits_objects(void)
{
	return READ_ONCE(objects);
}

static struct limits_user *user_of(kuid_t uid)
{
	struct limits_user *user;

	list_for_each_entry(user, &users, list) {
		if (uid_eq(user->uid, uid)) {
			user->refs++;
			return user;
		}
	}
	return NULL;
}

/* The caller's, or NULL without memory. */
struct limits_user *limits_user_get(void)
{
	struct limits_user *fresh = kzalloc(sizeof(*fresh), LIMITS_GFP);
	struct limits_user *user;

	if (!fresh)
		return NULL;
	fresh->uid = current_euid();
	fresh->refs = 1;
	spin_lock(&users_lock);
	user = user_of(fresh->uid);
	if (!user)
		list_add(&fresh->list, &users);
	spin_unlock(&users_lock);
	if (user)
		kfree(fresh);
	return user ?: fresh;
}

void limits_user_put(struct limits_user *user)
{
	bool last;

	spin_lock(&users_lock);
	last = !--user->refs;
	if (last)
		list_del(&user->list);
	spin_unlock(&users_lock);
	if (last)
		kfree(user);
}

/* 0 with a reference kept; -EDQUOT for the user's share, -ENOSPC for everybody's. */
int limits_charge_object(struct limits_user *user, u64 bytes)
{
	int err = 0;

	spin_lock(&users_lock);
	if (objects >= all_objects) {
		err = -ENOSPC;
	} else if (user->objects >= user_objects || bytes > user_bytes ||
		   user->bytes > user_bytes - bytes) {
		err = -EDQUOT;
	} else {
		WRITE_ONCE(objects, objects + 1);
		user->objects++;
		user->bytes += bytes;
		user->refs++;
	}
	spin_unlock(&users_lock);
	return err;
}

void limits_uncharge_object(struct limits_user *user, u64 bytes)
{
	spin_lock(&users_lock);
	WRITE_ONCE(objects, objects - 1);
	user->objects--;
	user->bytes -= bytes;
	spin_unlock(&users_lock);
	limits_user_put(user);
}

/* 0 with a reference kept, or -EDQUOT. */
int limits_charge_handle(struct limits_user *user)
{
	int err = 0;

	spin_lock(&users_lock);
	if (user->handles >= user_handles) {
		err = -EDQUOT;
	} else {
		user->handles++;
		user->refs++;
	}
	spin_unlock(&users_lock);
	return err;
}

void limits_uncharge_handle(struct limits_user *user)
{
	spin_lock(&users_lock);
	user->handles--;
	spin_unlock(&users_lock);
	limits_user_put(user);
}

/* The limits, and what the caller's user has. */
void limits_tell(struct quartet_info *info)
{
	struct limits_user *user;

	info->name_max = limits_name_max();
	info->key_max = limits_key_max();
	info->value_max = limits_value_max();
	info->slot_max = limits_slot_max();
	info->user_objects = READ_ONCE(user_objects);
	info->user_handles = READ_ONCE(user_handles);
	info->user_bytes = READ_ONCE(user_bytes);
	info->used_objects = 0;
	info->used_handles = 0;
	info->used_bytes = 0;
	spin_lock(&users_lock);
	list_for_each_entry(user, &users, list) {
		if (uid_eq(user->uid, current_euid())) {
			info->used_objects = user->objects;
			info->used_handles = user->handles;
			info->used_bytes = user->bytes;
		}
	}
	spin_unlock(&users_lock);
}
