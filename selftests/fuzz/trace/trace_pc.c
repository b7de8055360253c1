// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which places of quartet.ko have been run, for the fuzzer; and what the fuzzer was doing, if the
 * kernel dies of it.
 *
 * With QUARTET_TRACE_PC=m, the compiler puts a call of __sanitizer_cov_trace_pc() before each basic
 * block of quartet.ko. It marks the place in a bitmap that the fuzzer maps. It delays now and then,
 * if the fuzzer wants that: so the windows of races are wider.
 *
 * Both modules are loaded by the lab only (lab boot --trace-pc). The kernel needs no KCOV.
 */
#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/panic_notifier.h>
#include <linux/processor.h>
#include <linux/vmalloc.h>

#include "trace_pc.h"

static struct trace_pc *trace;
static u32 choice;	/* the next delay; races on it only make it less predictable */

/* Called from everywhere in quartet.ko, also with raw locks held and interrupts off. */
static notrace void trace_delay(u32 one_in)
{
	u32 next = READ_ONCE(choice) * 1664525 + 1013904223;
	u32 spins;

	WRITE_ONCE(choice, next);
	if (next >> 8 & (one_in - 1))
		return;
	/* The fuzzer cannot hang the machine. */
	for (spins = min(READ_ONCE(trace->delay_spins), 1U << 16); spins; spins--)
		cpu_relax();
}

notrace void __sanitizer_cov_trace_pc(void);
notrace void __sanitizer_cov_trace_pc(void)
{
	unsigned long at = _RET_IP_ & ((1UL << TRACE_PC_BITS) - 1);
	u32 one_in = READ_ONCE(trace->delay_one_in);

	if (!test_bit(at, trace->seen) && !test_and_set_bit(at, trace->seen))
		atomic_inc((atomic_t *)&trace->seen_count);
	if (one_in)
		trace_delay(one_in);
}
EXPORT_SYMBOL_GPL(__sanitizer_cov_trace_pc);

static int trace_mmap(struct file *file, struct vm_area_struct *vma)
{
	return remap_vmalloc_range(vma, trace, vma->vm_pgoff);
}

static const struct file_operations trace_fops = {
	.owner = THIS_MODULE,
	.mmap = trace_mmap,
	.llseek = noop_llseek,
};

static struct miscdevice trace_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "quartet_trace_pc",
	.mode = 0600,
	.fops = &trace_fops,
};

static int trace_panicked(struct notifier_block *block, unsigned long event, void *message)
{
	int i;

	for (i = 0; i < TRACE_PC_LINES; i++)
		if (trace->lines[i][0])
			pr_emerg("fuzz: %.*s\n", TRACE_PC_WIDTH, trace->lines[i]);
	return NOTIFY_DONE;
}

/* A user-mode kernel's own ends the process, and nobody is called after it. */
static struct notifier_block trace_notifier = {
	.notifier_call = trace_panicked,
	.priority = INT_MAX,
};

static int __init trace_init(void)
{
	int err;

	trace = vmalloc_user(sizeof(*trace));
	if (!trace)
		return -ENOMEM;
	err = misc_register(&trace_device);
	if (err)
		vfree(trace);
	else
		atomic_notifier_chain_register(&panic_notifier_list, &trace_notifier);
	return err;
}
module_init(trace_init);

static void __exit trace_exit(void)
{
	atomic_notifier_chain_unregister(&panic_notifier_list, &trace_notifier);
	misc_deregister(&trace_device);
	vfree(trace);
}
module_exit(trace_exit);

MODULE_DESCRIPTION("Places of quartet.ko that were run, for its fuzzer");
MODULE_LICENSE("GPL");
