/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Per-CPU data: a section of the program, of which each CPU has a copy; an
 * address in the section plus a CPU's offset is the address in its copy. A
 * CPU is a thread, so nobody else runs on it: what relies on that is not put to
 * the test here.
 */
#ifndef SIM_PERCPU_H
#define SIM_PERCPU_H

#include <linux/smp.h>

extern long sim_percpu_offset[NR_CPUS];

#define DEFINE_PER_CPU(type, name) \
	__section("sim_percpu") __used __typeof__(type) name
#define DEFINE_PER_CPU_ALIGNED(type, name) \
	DEFINE_PER_CPU(type, name) __aligned(64)
#define DEFINE_PER_CPU_SHARED_ALIGNED(type, name)	DEFINE_PER_CPU_ALIGNED(type, name)
#define DECLARE_PER_CPU(type, name)	extern __typeof__(type) name

/* Through an empty instruction, as the compiler knows what lies at a variable's own address. */
#define per_cpu_ptr(ptr, cpu) ({ \
	char *sim_address; \
	\
	__asm__("" : "=r" (sim_address) : "0" (ptr)); \
	(__typeof__(*(ptr)) *)(sim_address + sim_percpu_offset[cpu]); })
#define per_cpu(name, cpu)	(*per_cpu_ptr(&(name), cpu))
#define this_cpu_ptr(ptr)	per_cpu_ptr(ptr, smp_processor_id())
#define raw_cpu_ptr(ptr)	this_cpu_ptr(ptr)
#define this_cpu_add(pcp, n)	((void)(*this_cpu_ptr(&(pcp)) += (n)))
#define this_cpu_inc(pcp)	this_cpu_add(pcp, 1)
#define raw_cpu_add(pcp, n)	this_cpu_add(pcp, n)
#define raw_cpu_inc(pcp)	this_cpu_add(pcp, 1)
#define this_cpu_read(pcp)	(*this_cpu_ptr(&(pcp)))
#define raw_cpu_read(pcp)	this_cpu_read(pcp)
#define this_cpu_write(pcp, v)	((void)(*this_cpu_ptr(&(pcp)) = (v)))

void *sim_alloc_percpu(size_t size);
void free_percpu(void *ptr);
#define alloc_percpu(type)	((type *)sim_alloc_percpu(sizeof(type)))
#define alloc_percpu_gfp(type, gfp)	((void)(gfp), alloc_percpu(type))

#endif /* SIM_PERCPU_H */
