// SPDX-License-Identifier: GPL-2.0-only
/*
 * What has to be as at the start before each schedule: the heap, and the data
 * of the code under test, the cases and the world, which lies in one section.
 */
#include <linux/slab.h>
#include <stdio.h>
#include <stdlib.h>

#include "../world/world.h"
#include "explore.h"

#define ARENA_BYTES	(256 * 1024)
#define GRANULE		64UL

extern char __start_sim_data[], __stop_sim_data[];

static char arena[ARENA_BYTES] __aligned(64);
static u16 sizes[ARENA_BYTES / GRANULE];	/* of what begins there, in granules */
static bool freed[ARENA_BYTES / GRANULE];
static char *kept;
static size_t used;
static long allocated, failing;

void arena_keep(void)
{
	size_t size = __stop_sim_data - __start_sim_data;

	kept = malloc(size);
	if (!kept)
		exit(2);
	memcpy(kept, __start_sim_data, size);
}

void arena_reset(void)
{
	memcpy(__start_sim_data, kept, __stop_sim_data - __start_sim_data);
	memset(freed, 0, used / GRANULE);
	used = 0;
	allocated = 0;
	failing = -1;
}

/* From the start of the arena on, so that addresses are the same in each schedule. */
void *sim_alloc(size_t size)
{
	void *p = arena + used;

	if (failing >= 0 && failing-- == 0)
		return NULL;
	used += (size + GRANULE - 1) & ~(GRANULE - 1);
	if (used > sizeof(arena)) {
		fprintf(stderr, "explore: more than %d bytes allocated\n", ARENA_BYTES);
		exit(2);
	}
	sizes[((char *)p - arena) / GRANULE] = (arena + used - (char *)p) / GRANULE;
	allocated++;
	return memset(p, 0, size);
}

static size_t granule_of(const volatile void *p)
{
	return ((const volatile char *)p - arena) / GRANULE;
}

/* Nobody gets it again: what still reads it reads poison, or is found by arena_check(). */
void sim_free(const void *p)
{
	if (!p)
		return;
	if (freed[granule_of(p)])
		sim_fail("assertion: memory is freed twice");
	memset(&freed[granule_of(p)], true, sizes[granule_of(p)]);
	memset((void *)p, 0x6b, sizeof(u64));
	allocated--;
}

void arena_check(const struct sim_site *site, const volatile void *p)
{
	if ((char *)p >= arena && (char *)p < arena + used && freed[granule_of(p)])
		sim_fail("assertion: %s:%d: %s(%s) of memory that is freed", site->file, site->line,
			 site->op, site->what);
}

long sim_allocated(void)
{
	return allocated;
}

void sim_fail_allocation(long n)
{
	failing = n;
}
