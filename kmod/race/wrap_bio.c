// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bios: what was done before one is submitted comes before its driver and its end, and what the
 * driver did before it ended one comes before bi_end_io, and who waits for that.
 */
#include <linux/bio.h>
#include <linux/blkdev.h>

#include "callbacks.h"
#include "interpose.h"
#include "irq.h"
#include "wrap.h"

/* Who has only submitted it, like others that submit it again, is not ordered after its end. */
static const void *end_of(const struct bio *bio)
{
	return (const char *)bio + 1;
}

/* Once it has been called, the bio may be gone. */
static unsigned long run_end(const struct race_call *call)
{
	race_interrupt_begin(_THIS_IP_);
	race_acquire(call->arg[0], "start of bi_end_io", _THIS_IP_);
	race_acquire(end_of(call->arg[0]), "start of bi_end_io", _THIS_IP_);
	race_call(call);
	race_interrupt_end(_THIS_IP_);
	return 0;
}

static void submit(struct bio *bio, const char *what, unsigned long pc)
{
	if (race_is_of_module(bio->bi_end_io))
		bio->bi_end_io = race_callback(bio->bi_end_io, run_end);
	race_release(bio, what, pc);
}

RACE_WRAP(void, submit_bio, struct bio *bio)
{
	submit(bio, "submit_bio", _RET_IP_);
	submit_bio(bio);
}

RACE_WRAP(void, submit_bio_noacct, struct bio *bio)
{
	submit(bio, "submit_bio_noacct", _RET_IP_);
	submit_bio_noacct(bio);
}

RACE_WRAP(int, submit_bio_wait, struct bio *bio)
{
	int err;

	race_release(bio, "submit_bio_wait", _RET_IP_);
	err = submit_bio_wait(bio);
	race_acquire(end_of(bio), "submit_bio_wait", _RET_IP_);
	return err;
}

RACE_WRAP(void, bio_endio, struct bio *bio)
{
	race_release(end_of(bio), "bio_endio", _RET_IP_);
	bio_endio(bio);
}
