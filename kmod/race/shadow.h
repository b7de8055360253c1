/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is remembered of memory: the last accesses to each eight bytes of it.
 *
 * Only what instrumented modules own is watched: their variables, and what they have allocated.
 * Other memory is used by code that is not seen, and so is what orders its uses.
 */
#ifndef QUARTET_RACE_SHADOW_H
#define QUARTET_RACE_SHADOW_H

#include <linux/types.h>

#include "clock.h"

struct race_thread;

/* How something is accessed. */
enum race_how {
	RACE_READ	= 0,
	RACE_WRITE	= 1,	/* or read and written */
	RACE_MARKED	= 2,	/* atomic, or volatile: no race with another such */
	RACE_FREE	= 4,	/* the end of the memory, which is also a write */
};

/*
 * An access, as it is remembered; 0 is none.
 *
 *	 0-21  epoch      22-28  slot      29-36  which of the eight bytes
 *	37-38  how        40-63  context, with where the access is
 */
typedef u64 race_cell;

#define RACE_CELL_SLOT		RACE_EPOCH_BITS
#define RACE_CELL_MASK		29
#define RACE_CELL_HOW		37
#define RACE_CELL_CONTEXT	40

static inline u32 race_cell_epoch(race_cell cell)
{
	return cell & RACE_EPOCH_MAX;
}

static inline u32 race_cell_slot(race_cell cell)
{
	return cell >> RACE_CELL_SLOT & 127;
}

static inline u32 race_cell_mask(race_cell cell)
{
	return cell >> RACE_CELL_MASK & 0xff;
}

static inline unsigned int race_cell_how(race_cell cell)
{
	return cell >> RACE_CELL_HOW & 3;
}

static inline u32 race_cell_context(race_cell cell)
{
	return cell >> RACE_CELL_CONTEXT;
}

/* An access by the thread, at @pc within what it is in: checked, and remembered. */
void race_shadow_access(struct race_thread *thread, unsigned long addr, size_t size,
			unsigned int how, unsigned long pc);

/* The same by the caller, in any context; one that is marked may order, too. */
void race_access(const void *addr, size_t size, unsigned int how, unsigned long pc);

/* Memory becomes a module's, as if the thread had written it, if there is one. */
void race_shadow_own(struct race_thread *thread, unsigned long addr, size_t size,
		     unsigned long pc);
void race_shadow_disown(unsigned long addr, size_t size);
/* There is a clock for this address. */
void race_shadow_orders(unsigned long addr);

int race_shadow_init(void);
void race_shadow_exit(void);

#endif /* QUARTET_RACE_SHADOW_H */
