/* SPDX-License-Identifier: GPL-2.0-only */
/* What the device allows: module parameters, and what each user has of it. */
#ifndef QUARTET_DEV_LIMITS_H
#define QUARTET_DEV_LIMITS_H

#include <linux/gfp.h>
#include <linux/types.h>
#include <linux/uidgid.h>

struct quartet_info;

/*
 * What the device allocates with: charged to the memory group of who asks. A group that is full is
 * told so, which a caller can bear, and loses none of its processes; nor is it worth a warning.
 */
#define LIMITS_GFP	(GFP_KERNEL_ACCOUNT | __GFP_RETRY_MAYFAIL | __GFP_NOWARN)

/**
 * struct limits_user - what a user has
 * @list: of all that have anything, under the lock of limits.c, as is all here
 * @uid: who
 * @refs: objects, handles and commands under way
 * @objects: created
 * @handles: open
 * @bytes: that the objects may take
 */
struct limits_user {
	struct list_head list;
	kuid_t uid;
	unsigned int refs;
	unsigned int objects;
	unsigned int handles;
	u64 bytes;
};

struct limits_user *limits_user_get(void);
void limits_user_put(struct limits_user *user);
int limits_charge_object(struct limits_user *user, u64 bytes);
void limits_uncharge_object(struct limits_user *user, u64 bytes);
int limits_charge_handle(struct limits_user *user);
void limits_uncharge_handle(struct limits_user *user);

unsigned int limits_name_max(void);
unsigned int limits_key_max(void);
unsigned int limits_value_max(void);
unsigned int limits_slot_max(void);
unsigned int limits_slots(void);
unsigned int limits_handle_leads(void);
unsigned int limits_objects(void);
void limits_tell(struct quartet_info *info);

#endif /* QUARTET_DEV_LIMITS_H */
