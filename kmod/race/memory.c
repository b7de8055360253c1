// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which memory is a module's.
 *
 * To free memory is to write it: whoever used it, and was not ordered before, is reported. Who uses
 * it afterwards is not looked at: it may have been allocated anew by code that is not seen.
 */
#include <linux/hash.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/vmalloc.h>

#include "context.h"
#include "counters.h"
#include "memory.h"
#include "shadow.h"

#define WAYS	8

static unsigned int allocations = 8192;
module_param(allocations, uint, 0444);
MODULE_PARM_DESC(allocations, "allocations that are watched at once (80 bytes each)");

/* By the address: WAYS in a row. Under the lock. */
static struct race_memory *table;
static unsigned int row_bits;
static DEFINE_RAW_SPINLOCK(memory_lock);

static struct race_memory *row_of(unsigned long addr)
{
	return &table[hash_long(addr, row_bits) * WAYS];
}

static struct race_memory *find(unsigned long addr, unsigned long wanted)
{
	struct race_memory *row = row_of(addr);
	int i;

	for (i = 0; i < WAYS; i++)
		if (row[i].addr == wanted)
			return &row[i];
	return NULL;
}

static bool record(const struct race_thread *thread, unsigned long addr, size_t size, u32 context)
{
	struct race_memory *memory;
	unsigned long flags;

	raw_spin_lock_irqsave(&memory_lock, flags);
	memory = find(addr, addr) ?: find(addr, 0);
	if (memory) {
		*memory = (struct race_memory){ .addr = addr, .size = size, .context = context };
		if (thread->slot)
			memory->who = thread->name;
	}
	raw_spin_unlock_irqrestore(&memory_lock, flags);
	if (!memory)
		race_count(RACE_NO_RECORD);
	return memory;
}

void race_memory_alloc(const void *addr, size_t size, unsigned long pc)
{
	struct race_thread *thread;
	u32 context = 0;

	if (ZERO_OR_NULL_PTR(addr))
		return;
	thread = race_thread_enter();
	if (!thread)
		return;
	if (thread->slot)
		context = race_context_child(thread->context, pc);
	if (record(thread, (unsigned long)addr, size, context))
		race_shadow_own(thread, (unsigned long)addr, size, pc);
	race_thread_leave(thread);
}

size_t race_memory_size(const void *addr)
{
	struct race_memory *memory;
	unsigned long flags;
	size_t size;

	if (ZERO_OR_NULL_PTR(addr))
		return 0;
	raw_spin_lock_irqsave(&memory_lock, flags);
	memory = find((unsigned long)addr, (unsigned long)addr);
	size = memory ? memory->size : 0;
	raw_spin_unlock_irqrestore(&memory_lock, flags);
	return size;
}

static void give_up(unsigned long addr, size_t size)
{
	struct race_memory *memory;
	unsigned long flags;

	race_shadow_disown(addr, size);
	raw_spin_lock_irqsave(&memory_lock, flags);
	memory = find(addr, addr);
	if (memory)
		memory->addr = 0;
	raw_spin_unlock_irqrestore(&memory_lock, flags);
}

void race_memory_free(const void *addr, unsigned long pc)
{
	struct race_thread *thread = race_thread_enter();
	size_t size;

	if (!thread)
		return;
	size = race_memory_size(addr);
	if (size) {
		race_shadow_access(thread, (unsigned long)addr, size, RACE_WRITE | RACE_FREE, pc);
		give_up((unsigned long)addr, size);
	}
	race_thread_leave(thread);
}

void race_memory_retire(const void *addr)
{
	size_t size = race_memory_size(addr);

	if (size)
		give_up((unsigned long)addr, size);
}

bool race_memory_is_shared(unsigned long addr)
{
	return virt_addr_valid((void *)addr) && page_count(virt_to_page((void *)addr)) > 1;
}

bool race_memory_find(unsigned long addr, struct race_memory *memory)
{
	unsigned long flags;
	unsigned int i;
	bool found = false;

	raw_spin_lock_irqsave(&memory_lock, flags);
	for (i = 0; i < WAYS << row_bits && !found; i++) {
		found = table[i].addr && addr - table[i].addr < table[i].size;
		if (found)
			*memory = table[i];
	}
	raw_spin_unlock_irqrestore(&memory_lock, flags);
	return found;
}

int race_memory_init(void)
{
	if (allocations < 2 * WAYS || allocations > 1 << 22) {
		pr_err("quartet_race: allocations=%u is not within %u and %u\n", allocations,
		       2 * WAYS, 1 << 22);
		return -EINVAL;
	}
	row_bits = ilog2(allocations / WAYS);
	table = vcalloc(WAYS << row_bits, sizeof(*table));
	return table ? 0 : -ENOMEM;
}

void race_memory_exit(void)
{
	vfree(table);
}
