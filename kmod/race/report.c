// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is said of a race: Go's shape, and which synchronisation would have ordered the two.
 *
 * All is rendered when the race is found: what a report points to may be gone a moment later.
 */
#include <linux/debugfs.h>
#include <linux/hash.h>
#include <linux/kstrtox.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/panic.h>
#include <linux/seq_buf.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "context.h"
#include "counters.h"
#include "irq.h"
#include "memory.h"
#include "report.h"
#include "suppress.h"

#define TEXT_SIZE	(256 * 1024)
#define PAIRS_BITS	10
#define DEPTH_MAX	32

static bool panic_on_race;
module_param(panic_on_race, bool, 0644);
MODULE_PARM_DESC(panic_on_race, "panic when a race has been reported");

/* seq_buf_puts() is not exported everywhere. */
#define say(...)	seq_buf_printf(&text, __VA_ARGS__)

static bool log = true;
module_param(log, bool, 0644);
MODULE_PARM_DESC(log, "reports go to the kernel's log, and not only to debugfs");

static DEFINE_RAW_SPINLOCK(report_lock);
static struct seq_buf text;		/* all reports since the last reset; under report_lock */
static u64 pairs[1 << PAIRS_BITS];	/* of places that were reported; under report_lock */

static u64 pair_of(race_cell new, race_cell old)
{
	u32 a = race_context_pc(race_cell_context(new));
	u32 b = race_context_pc(race_cell_context(old));

	/* 0 is no pair: those whose places are not remembered are one. */
	return ((u64)max(a, b) << 32 | min(a, b)) ?: 1;
}

/* True if it was there, or there is no room: then nothing is reported any more. */
static bool is_old_pair(u64 pair)
{
	unsigned int i, at = hash_64(pair, PAIRS_BITS);

	for (i = 0; i < ARRAY_SIZE(pairs); i++, at = (at + 1) % ARRAY_SIZE(pairs)) {
		if (pairs[at] == pair)
			return true;
		if (!pairs[at]) {
			pairs[at] = pair;
			return false;
		}
	}
	return true;
}

static void print_place(u32 context)
{
	unsigned long pc = race_context_pc(context);

	rcu_read_lock();
	if (pc)
		say("  %pB\n", (void *)pc);
	else
		say("  %s\n", race_context_name(context) ?: "(gone)");
	rcu_read_unlock();
}

/* A wrapper that calls a module's function. */
static bool is_ours(u32 context)
{
	return within_module(race_context_pc(context), THIS_MODULE);
}

static void print_stack(u32 context)
{
	int depth;

	if (!context)
		say("  (not remembered)\n");
	for (depth = 0; context && depth < DEPTH_MAX; context = race_context_parent(context)) {
		if (is_ours(context))
			continue;
		print_place(context);
		depth++;
	}
}

static void print_name(const struct race_name *name)
{
	say(name->pid == RACE_INTERRUPTS ? "%s" : "%s/%d", name->comm, name->pid);
}

/* Of a thread that has left its slot to another one, nothing is known. */
static bool is_of(race_cell cell, const struct race_thread *thread)
{
	return race_cell_epoch(cell) >= thread->first;
}

static void print_who(race_cell cell)
{
	const struct race_thread *thread = &race_threads[race_cell_slot(cell)];

	if (is_of(cell, thread))
		print_name(&thread->name);
	else
		say("a thread that has ended");
}

static const char *verb(unsigned int how)
{
	static const char * const verbs[] = { "read", "write", "atomic read", "atomic write" };

	return how & RACE_FREE ? "free" : verbs[how & 3];
}

static void print_access(const char *which, race_cell cell, unsigned int how,
			 unsigned long granule)
{
	u32 mask = race_cell_mask(cell);

	say("%s %s of %u bytes at 0x%lx by ", which, verb(how), hweight32(mask),
	    granule + __ffs(mask));
	print_who(cell);
	say(":\n");
	print_stack(race_cell_context(cell));
}

/* The access is yet to come: what it reads, or overwrites. */
static void print_value(unsigned long addr, size_t size, unsigned int how)
{
	u64 value = 0;

	if (how & RACE_FREE || copy_from_kernel_nofault(&value, (void *)addr, size))
		return;
	say("  %s 0x%llx\n", how & RACE_WRITE ? "in place of" : "reads", value);
}

static void print_held(const struct race_thread *thread)
{
	unsigned int i;

	for (i = 0; i < thread->nheld; i++)
		say("  holds %ps\n", (void *)thread->held[i]);
}

/* Of the detector, and none of what the module synchronises by. */
static bool is_own_clock(unsigned long addr)
{
	return within_module(addr, THIS_MODULE) || race_irq_has(addr);
}

static void print_thread(race_cell cell)
{
	const struct race_thread *thread = &race_threads[race_cell_slot(cell)];

	if (!is_of(cell, thread))
		return;
	say("Thread ");
	print_name(&thread->name);
	if (thread->name.context) {
		say(" was created by %s/%d:\n", thread->name.parent, thread->name.parent_pid);
		print_stack(thread->name.context);
	} else {
		say(":\n");
	}
	print_held(thread);
	if (thread->last.what && !is_own_clock(thread->last.addr)) {
		say("  synchronised last by %s of %ps:\n", thread->last.what,
		    (void *)thread->last.addr);
		print_stack(race_place_context(READ_ONCE(thread->last.place)));
	}
}

static void print_missing(race_cell new, race_cell old)
{
	say("Missing: something that ");
	print_who(old);
	say(" releases after its access (unlock, store-release, complete...)\n  and ");
	print_who(new);
	say(" acquires before its own (lock, load-acquire, wait...)\n");
}

static void print_memory(unsigned long addr)
{
	struct race_memory memory;

	if (!race_memory_find(addr, &memory)) {
		say("Location: %ps\n", (void *)addr);
		return;
	}
	say("Location: byte %lu of %zu that were allocated by ", addr - memory.addr, memory.size);
	print_name(&memory.who);
	say(":\n");
	print_stack(memory.context);
}

static void print_race(unsigned long granule, race_cell new, race_cell old, unsigned int how)
{
	unsigned long pc = race_context_pc(race_cell_context(new));

	say("==================\n");
	say("WARNING: DATA RACE in %ps\n", (void *)(pc - 1));
	print_access("This", new, how, granule);
	print_value(granule + __ffs(race_cell_mask(new)), hweight32(race_cell_mask(new)), how);
	print_access("Previous", old, race_cell_how(old), granule);
	print_thread(new);
	print_thread(old);
	print_memory(granule + __ffs(race_cell_mask(new) & race_cell_mask(old)));
	print_missing(new, old);
	say("==================\n");
}

/* To the kernel's log, which takes a line at a time. */
static void log_from(size_t from)
{
	const char *line = text.buffer + from, *end = text.buffer + seq_buf_used(&text), *stop;

	for (; line < end; line = stop + 1) {
		stop = memchr(line, '\n', end - line) ?: end;
		pr_warn("%.*s\n", (int)(stop - line), line);
	}
}

/* Under report_lock: true if it is told now. */
static bool report(unsigned long granule, race_cell new, race_cell old, unsigned int how)
{
	size_t from = seq_buf_used(&text);

	/* First: what is not told is no old pair once its function is suppressed no more. */
	if (race_is_suppressed(race_cell_context(new)) ||
	    race_is_suppressed(race_cell_context(old))) {
		race_count(RACE_SUPPRESSED);
		return false;
	}
	if (is_old_pair(pair_of(new, old))) {
		race_count(RACE_REPEATED);
		return false;
	}
	race_count(RACE_RACES);
	print_race(granule, new, old, how);
	if (log)
		log_from(from);
	return true;
}

void race_report(unsigned long granule, race_cell new, race_cell old, unsigned int how)
{
	unsigned long flags;
	bool told;

	raw_spin_lock_irqsave(&report_lock, flags);
	told = report(granule, new, old, how);
	raw_spin_unlock_irqrestore(&report_lock, flags);
	if (told && panic_on_race)
		panic("quartet_race: data race\n");
}

static int races_show(struct seq_file *seq, void *data)
{
	char *copy = vmalloc(TEXT_SIZE);
	unsigned long flags;
	size_t len;

	if (!copy)
		return -ENOMEM;
	raw_spin_lock_irqsave(&report_lock, flags);
	len = seq_buf_used(&text);
	memcpy(copy, text.buffer, len);
	raw_spin_unlock_irqrestore(&report_lock, flags);
	seq_write(seq, copy, len);
	vfree(copy);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(races);

static int count_show(struct seq_file *seq, void *data)
{
#define SHOW(name, label, what) \
	seq_printf(seq, "%-16s %llu\n", label, race_counter_sum(RACE_##name));
	RACE_COUNTERS(SHOW)
#undef SHOW
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(count);

/* What was reported may be so once more. */
static ssize_t reset_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&report_lock, flags);
	seq_buf_clear(&text);
	memset(pairs, 0, sizeof(pairs));
	race_counters_clear();
	raw_spin_unlock_irqrestore(&report_lock, flags);
	return count;
}

static const struct file_operations reset_fops = {
	.owner = THIS_MODULE, .open = simple_open, .write = reset_write,
};

int race_report_init(void)
{
	char *buffer = vmalloc(TEXT_SIZE);

	if (!buffer)
		return -ENOMEM;
	seq_buf_init(&text, buffer, TEXT_SIZE);
	return 0;
}

void race_report_show(struct dentry *directory)
{
	debugfs_create_file("races", 0400, directory, NULL, &races_fops);
	debugfs_create_file("count", 0400, directory, NULL, &count_fops);
	debugfs_create_file("reset", 0200, directory, NULL, &reset_fops);
}

void race_report_exit(void)
{
	vfree(text.buffer);
}
