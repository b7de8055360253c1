/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What orders: an address has a clock, of all that was released there.
 *
 * Functions with a thread have it entered; the others enter, and may be called in any context.
 * @what names the function that synchronises, for reports.
 */
#ifndef QUARTET_RACE_SYNC_H
#define QUARTET_RACE_SYNC_H

#include "thread.h"

/* Not worth a word in reports, as the others with @what are. */
void race_sync_acquire(struct race_thread *thread, unsigned long addr);
/* A full or release barrier: what came before it is released by atomic writes that come after. */
void race_sync_fence(struct race_thread *thread);
/* An atomic access that is about to happen. */
void race_sync_atomic(struct race_thread *thread, unsigned long addr, bool write);
/* The same, which releases nothing. */
static inline void race_sync_later(struct race_thread *thread, unsigned long addr)
{
	if (!thread->slot)
		return;
	thread->pending = addr;
	thread->late = addr;
}

/* It has happened, and may have acquired. */
void race_sync_complete(struct race_thread *thread);

/* By the caller, at @pc. */
void race_acquire(const void *addr, const char *what, unsigned long pc);
void race_release(const void *addr, const char *what, unsigned long pc);
/* The same, of a lock that is then held, or has been. */
void race_lock(const void *addr, const char *what, unsigned long pc);
void race_unlock(const void *addr, const char *what, unsigned long pc);

/* A lock that readers share: they are ordered with writers, and not with each other. */
void race_write_lock(const void *addr, const char *what, unsigned long pc);
void race_read_unlock(const void *addr, const char *what, unsigned long pc);

/* There is order that is not seen: who synchronises is after all that anybody has done. */
extern bool race_all_ordered;

/* What was released in these eight bytes is forgotten: the memory is somebody else's next. */
void race_sync_forget(unsigned long granule);

int race_sync_init(void);
void race_sync_exit(void);

#endif /* QUARTET_RACE_SYNC_H */
