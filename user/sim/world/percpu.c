// SPDX-License-Identifier: GPL-2.0-only
/* Per-CPU data: each CPU's copy of the program's section, and of what is allocated. */
#include <linux/percpu.h>

#include "world.h"

#define UNIT_BYTES	(64 * 1024)

/* Empty in a program without per-CPU variables, and then the linker makes none. */
extern char __start_sim_percpu[] __weak;
extern char __stop_sim_percpu[] __weak;

static char units[NR_CPUS][UNIT_BYTES] __aligned(4096);
static size_t used;
long sim_percpu_offset[NR_CPUS];
unsigned int sim_cpus = NR_CPUS;

void sim_want_cpus(unsigned int n)
{
	sim_cpus = n;
	sim_current->cpu = n - 1;
}

void sim_percpu_reset(void)
{
	size_t section = __stop_sim_percpu - __start_sim_percpu;
	int cpu;

	if (section > UNIT_BYTES)
		sim_fail("more per-CPU data than %d bytes", UNIT_BYTES);
	sim_want_cpus(NR_CPUS);
	used = (section + 63) & ~63UL;
	for (cpu = 0; cpu < NR_CPUS; cpu++) {
		sim_percpu_offset[cpu] = units[cpu] - __start_sim_percpu;
		memcpy(units[cpu], __start_sim_percpu, section);
	}
}

/* Never given out again before the next reset. */
void *sim_alloc_percpu(size_t size)
{
	size_t at = __atomic_fetch_add(&used, (size + 63) & ~63UL, __ATOMIC_RELAXED);
	int cpu;

	if (at + size > UNIT_BYTES)
		return NULL;
	for (cpu = 0; cpu < NR_CPUS; cpu++)
		memset(units[cpu] + at, 0, size);
	return __start_sim_percpu + at;
}

void free_percpu(void *ptr)
{
	(void)ptr;
}
