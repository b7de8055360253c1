// SPDX-License-Identifier: GPL-2.0-only
/* quartet_race.ko: a happens-before data race detector for modules that are built for it. */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>

#include "callbacks.h"
#include "context.h"
#include "memory.h"
#include "modules.h"
#include "report.h"
#include "shadow.h"
#include "suppress.h"
#include "sync.h"
#include "thread.h"

static struct dentry *directory;

static void start_showing(void)
{
	directory = debugfs_create_dir("quartet_race", NULL);
	race_suppress_init(directory);
	race_report_show(directory);
}

#ifdef CONFIG_KCSAN
#error "this kernel has a race detector, KCSAN, whose functions quartet_race would have to define"
#endif

static int __init start(void)
{
	int err;

	err = race_callbacks_init();
	if (err)
		return err;
	err = race_context_init();
	if (err)
		return err;
	err = race_sync_init();
	if (err)
		goto no_sync;
	err = race_shadow_init();
	if (err)
		goto no_shadow;
	err = race_memory_init();
	if (err)
		goto no_memory;
	err = race_thread_init();
	if (err)
		goto no_threads;
	err = race_report_init();
	if (err)
		goto no_threads;
	start_showing();
	err = race_modules_init();
	if (err)
		goto no_modules;
	return 0;

no_modules:
	debugfs_remove(directory);
	race_report_exit();
no_threads:
	race_memory_exit();
no_memory:
	race_shadow_exit();
no_shadow:
	race_sync_exit();
no_sync:
	race_context_exit();
	return err;
}

static int __init race_init(void)
{
	int err = start();

	if (err == -ENOMEM)
		pr_err("quartet_race: no memory for what its parameters ask for\n");
	return err;
}
module_init(race_init);

static void __exit race_exit(void)
{
	race_modules_exit();
	rcu_barrier();	/* kfree_rcu() of modules that have gone */
	debugfs_remove(directory);
	race_report_exit();
	race_memory_exit();
	race_shadow_exit();
	race_sync_exit();
	race_context_exit();
}
module_exit(race_exit);

MODULE_DESCRIPTION("happens-before data race detector for kernel modules");
MODULE_VERSION(QUARTET_VERSION);
MODULE_LICENSE("GPL");
