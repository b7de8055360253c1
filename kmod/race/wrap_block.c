// SPDX-License-Identifier: GPL-2.0-only
/*
 * Block devices: what was done before one is added comes before who uses it, and who used it is out
 * once it is deleted: the queue is frozen for that.
 */
#include <linux/blkdev.h>

#include "modules.h"
#include "thread.h"
#include "wrap.h"

RACE_WRAP(int, device_add_disk, struct device *parent, struct gendisk *disk,
	  const struct attribute_group **groups)
{
	race_publish("device_add_disk", _RET_IP_);
	return device_add_disk(parent, disk, groups);
}

RACE_WRAP(void, del_gendisk, struct gendisk *disk)
{
	del_gendisk(disk);
	race_after_all();
}
