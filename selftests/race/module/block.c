// SPDX-License-Identifier: GPL-2.0-only
/* Cases of a block device: it counts what it is asked to do, and reads nothing. */
#include <linux/bio.h>
#include <linux/blkdev.h>
#include <linux/err.h>
#include <linux/version.h>
#include <linux/workqueue.h>

#include "case.h"
#include "order.h"

/* Marked: what hands it over orders nothing. */
static struct gendisk *shared_disk;
static struct bio bio;
static struct bio_vec vector;

static void count_and_end(struct work_struct *unused)
{
	shared.value++;
	bio_endio(&bio);
}

static DECLARE_WORK(end_work, count_and_end);

static void count(struct bio *submitted)
{
	shared.value++;
	bio_endio(submitted);
}

static void keep(struct bio *submitted)
{
}

static void end_later(struct bio *submitted)
{
	schedule_work(&end_work);
}

static const struct block_device_operations counts = {
	.owner = THIS_MODULE, .submit_bio = count,
};

static const struct block_device_operations keeps = {
	.owner = THIS_MODULE, .submit_bio = keep,
};

static const struct block_device_operations ends_later = {
	.owner = THIS_MODULE, .submit_bio = end_later,
};

/* A queue has limits since 6.9. */
static struct gendisk *allocate(void)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 9, 0)
	return blk_alloc_disk(NUMA_NO_NODE);
#else
	return blk_alloc_disk(NULL, NUMA_NO_NODE);
#endif
}

static void make_disk(const struct block_device_operations *ops)
{
	struct gendisk *disk = allocate();

	if (IS_ERR_OR_NULL(disk))
		return;
	strscpy(disk->disk_name, "race_case", sizeof(disk->disk_name));
	disk->fops = ops;
	disk->flags |= GENHD_FL_NO_PART;
	set_capacity(disk, PAGE_SIZE / SECTOR_SIZE);
	if (add_disk(disk))
		pr_err("no disk\n");
	WRITE_ONCE(shared_disk, disk);
}

static void delete_disk(void)
{
	del_gendisk(READ_ONCE(shared_disk));
	put_disk(READ_ONCE(shared_disk));
}

static void count_end(struct bio *ended)
{
	shared.value++;
}

static void end_unseen(struct bio *ended)
{
}

static void prepare(bio_end_io_t *end)
{
	bio_init(&bio, READ_ONCE(shared_disk)->part0, &vector, 1, REQ_OP_READ);
	__bio_add_page(&bio, ZERO_PAGE(0), SECTOR_SIZE, 0);
	bio.bi_end_io = end;
}

FIRST(disk_added)
{
	shared.value = 1;
	make_disk(&counts);
}

SECOND(disk_added)
{
	prepare(end_unseen);
	submit_bio(&bio);
	bio_uninit(&bio);
	delete_disk();
}
CASE(disk_added);

static void use_disk(void)
{
	make_disk(&counts);
	prepare(end_unseen);
	submit_bio(&bio);
	bio_uninit(&bio);
}

FIRST(disk_deleted)
{
	use_disk();
}

SECOND(disk_deleted)
{
	delete_disk();
	shared.value++;
}
CASE(disk_deleted);

FIRST(disk_there)
{
	use_disk();
}

SECOND(disk_there)
{
	shared.value++;
	delete_disk();
}
CASE(disk_there);

/* Who ends it has it from the driver, and so after its submission. */
static void submit_kept(void)
{
	make_disk(&keeps);
	prepare(count_end);
	shared.value = 1;
	submit_bio(&bio);
}

FIRST(bio_ended)
{
	submit_kept();
}

SECOND(bio_ended)
{
	bio_endio(&bio);
	bio_uninit(&bio);
	delete_disk();
}
CASE(bio_ended);

FIRST(bio_kept)
{
	submit_kept();
}

SECOND(bio_kept)
{
	shared.value++;
	bio_endio(&bio);
	bio_uninit(&bio);
	delete_disk();
}
CASE(bio_kept);

FIRST(bio_waited)
{
	make_disk(&ends_later);
}

SECOND(bio_waited)
{
	prepare(NULL);
	submit_bio_wait(&bio);
	shared.value++;
	bio_uninit(&bio);
	delete_disk();
}
CASE(bio_waited);

FIRST(bio_running)
{
	make_disk(&ends_later);
}

SECOND(bio_running)
{
	prepare(end_unseen);
	submit_bio(&bio);
	order_pause();
	shared.value++;
	flush_work(&end_work);
	bio_uninit(&bio);
	delete_disk();
}
CASE(bio_running);
