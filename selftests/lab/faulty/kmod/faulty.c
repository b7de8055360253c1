// SPDX-License-Identifier: GPL-2.0-only
/* A module that goes wrong on demand, to show that the lab notices: see ../../deaths. */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/slab.h>

static struct kmem_cache *objects;
static struct dentry *dir;
static u32 live;

static void warn(void)
{
	WARN(1, "seeded warning\n");
}

static void oops(void)
{
	WRITE_ONCE(*(int *)NULL, 1);
}

static void spin(void)
{
	preempt_disable();
	for (;;)
		cpu_relax();
}

static void spin_irqs_off(void)
{
	local_irq_disable();
	for (;;)
		cpu_relax();
}

static void hang(void)
{
	set_current_state(TASK_UNINTERRUPTIBLE);
	schedule();
}

static void leak_object(void)
{
	WARN_ON(!kmem_cache_alloc(objects, GFP_KERNEL));
}

static void leak_count(void)
{
	live++;
}

static void leak_reference(void)
{
	__module_get(THIS_MODULE);
}

static const struct {
	const char *name;
	void (*commit)(void);
} faults[] = {
	{ "warn", warn },
	{ "oops", oops },
	{ "spin", spin },
	{ "spin-irqs-off", spin_irqs_off },
	{ "hang", hang },
	{ "leak-object", leak_object },
	{ "leak-count", leak_count },
	{ "leak-reference", leak_reference },
};

static int fault_set(const char *name, const struct kernel_param *kp)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(faults); i++) {
		if (sysfs_streq(name, faults[i].name)) {
			faults[i].commit();
			return 0;
		}
	}
	return -EINVAL;
}

static const struct kernel_param_ops fault_ops = { .set = fault_set };
module_param_cb(fault, &fault_ops, NULL, 0200);
MODULE_PARM_DESC(fault, "the fault to commit, at once");

static int live_show(struct seq_file *file, void *unused)
{
	seq_printf(file, "objects %u\n", live);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(live);

static int __init faulty_init(void)
{
	objects = kmem_cache_create("quartet_faulty", 64, 0, 0, NULL);
	if (!objects)
		return -ENOMEM;
	dir = debugfs_create_dir("quartet", NULL);
	debugfs_create_file("live", 0444, dir, NULL, &live_fops);
	return 0;
}

static void __exit faulty_exit(void)
{
	debugfs_remove(dir);
	kmem_cache_destroy(objects);
}

module_init(faulty_init);
module_exit(faulty_exit);
MODULE_DESCRIPTION("Goes wrong on demand");
MODULE_LICENSE("GPL");
