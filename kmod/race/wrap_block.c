// SPDX-License-Identifier: GPL-2.0-only
/*
 * Block devices: what was done before one is added comes before who uses it, and who used it is out
 * once it is deleted: the queue is frozen for that. Its openings and closings have a mutex.
 */
#include <linux/blkdev.h>

#include "compat.h"
#include "interpose.h"
#include "modules.h"
#include "thread.h"
#include "wrap.h"

/* What users release has a clock of its own: they are not ordered with each other. */
static const void *uses_of(const struct gendisk *disk)
{
	return (const char *)&disk->open_mutex + 1;
}

static unsigned long run_change(struct gendisk *disk, const struct race_call *call)
{
	unsigned long result;

	race_lock(&disk->open_mutex, "open_mutex of the disk", _THIS_IP_);
	result = race_method(call);
	race_unlock(&disk->open_mutex, "open_mutex of the disk", _THIS_IP_);
	return result;
}

static unsigned long run_open(const struct race_call *call)
{
	return run_change(race_opened_disk(call->arg[0]), call);
}

static unsigned long run_release(const struct race_call *call)
{
	race_acquire(uses_of(call->arg[0]), "release of the disk", _THIS_IP_);
	return run_change(call->arg[0], call);
}

static unsigned long run_ioctl(const struct race_call *call)
{
	struct gendisk *disk = ((struct block_device *)call->arg[0])->bd_disk;
	unsigned long result;

	race_acquire(&disk->open_mutex, "use of the disk", _THIS_IP_);
	result = race_method(call);
	race_release(uses_of(disk), "end of the disk's use", _THIS_IP_);
	return result;
}

/* After who has submitted the bio, who may be another one: by a queue, or a work. */
static unsigned long run_submit_bio(const struct race_call *call)
{
	race_acquire(call->arg[0], "submission of the bio", _THIS_IP_);
	return race_method(call);
}

static const struct race_slot slots[] = {
	RACE_SLOT(block_device_operations, submit_bio, run_submit_bio),
	RACE_SLOT(block_device_operations, open, run_open),
	RACE_SLOT(block_device_operations, release, run_release),
	RACE_SLOT(block_device_operations, ioctl, run_ioctl),
	RACE_SLOT(block_device_operations, compat_ioctl, run_ioctl),
	RACE_SLOT(block_device_operations, getgeo, race_method),
	RACE_SLOT(block_device_operations, check_events, race_method),
	RACE_SLOT(block_device_operations, set_read_only, race_method),
	RACE_SLOT(block_device_operations, poll_bio, race_method),
	RACE_SLOT(block_device_operations, swap_slot_free_notify, race_method),
	RACE_SLOT(block_device_operations, free_disk, race_method),
#ifdef RACE_RW_PAGE
	RACE_SLOT(block_device_operations, rw_page, race_method),
#endif
};

RACE_WRAP(int, device_add_disk, struct device *parent, struct gendisk *disk,
	  const struct attribute_group **groups)
{
	race_interpose(disk->fops, slots, _RET_IP_);
	race_publish("device_add_disk", _RET_IP_);
	return device_add_disk(parent, disk, groups);
}

RACE_WRAP(void, del_gendisk, struct gendisk *disk)
{
	const bool has_requests = queue_is_mq(disk->queue);

	del_gendisk(disk);
	race_methods_over("del_gendisk", _RET_IP_);
	if (has_requests)
		race_after_all();	/* their methods are not seen */
}
