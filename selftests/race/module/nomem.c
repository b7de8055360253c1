// SPDX-License-Identifier: GPL-2.0-only
/*
 * Has the nth allocation of pages by a module fail, as stock kernels do not inject faults, and all
 * after it: insmod may try twice. The kernel's own are not meant.
 */
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/version.h>

static int nth;		/* from here; 0 for none */
module_param(nth, int, 0600);

static bool is_of_module(const struct pt_regs *regs)
{
	unsigned long caller = *(unsigned long *)regs->sp;

	return caller >= MODULES_VADDR && caller < MODULES_END;
}

static void *nothing(void)
{
	return NULL;
}

/* To go on elsewhere, as if that had been called. */
static int count(struct kprobe *probe, struct pt_regs *regs)
{
	if (!nth || !is_of_module(regs))
		return 0;
	if (nth > 1) {
		nth--;
		return 0;
	}
	regs->ip = (unsigned long)nothing;
	return 1;
}

/* Where there is one a probe is no jump, which could not go on elsewhere. */
static void stay_a_breakpoint(struct kprobe *probe, struct pt_regs *regs, unsigned long flags)
{
}

/* By other names since 6.10. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 10, 0)
#define NAME(name)	#name
#else
#define NAME(name)	#name "_noprof"
#endif

#define PROBE(name) \
	{ .symbol_name = NAME(name), .pre_handler = count, .post_handler = stay_a_breakpoint }

static struct kprobe arrays = PROBE(vcalloc), ranges = PROBE(vmalloc);
static struct kprobe *probes[] = { &arrays, &ranges };

static int __init nomem_init(void)
{
	return register_kprobes(probes, ARRAY_SIZE(probes));
}
module_init(nomem_init);

static void __exit nomem_exit(void)
{
	unregister_kprobes(probes, ARRAY_SIZE(probes));
}
module_exit(nomem_exit);

MODULE_DESCRIPTION("allocations of modules that fail");
MODULE_LICENSE("GPL");
