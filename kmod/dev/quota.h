/* SPDX-License-Identifier: GPL-2.0-only */
/* Who has how much of the device. */
#ifndef QUARTET_DEV_QUOTA_H
#define QUARTET_DEV_QUOTA_H

#include <linux/types.h>

struct quartet_info;
struct quota_share;

/**
 * struct quota_amount - what can be had
 * @objects: how many
 * @handles: how many
 * @bytes: that pools and memos may take
 */
struct quota_amount {
	unsigned int objects;
	unsigned int handles;
	u64 bytes;
};

/**
 * struct quota_charge - what somebody has, and which shares it is part of
 * @amount: what
 * @count: of @shares
 * @shares: with a reference each
 */
struct quota_charge {
	struct quota_amount amount;
	unsigned int count;
	struct quota_share *shares[];
};

struct quota_charge *quota_charge(const struct quota_amount *amount);
void quota_uncharge(struct quota_charge *charge);
unsigned int quota_objects(void);
void quota_tell(struct quartet_info *info);

#endif /* QUARTET_DEV_QUOTA_H */
