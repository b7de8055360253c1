// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs a case: write its name to /sys/kernel/debug/quartet_race_cases/alone, or to unrelated, where
 * the threads also synchronise between the two accesses, but not with each other, and share a CPU.
 */
#include <linux/cpumask.h>
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/fs_struct.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "case.h"
#include "order.h"

struct shared shared;

static const struct {
	const char *name;
	const struct race_case *race;
} cases[] = {
#define ENTRY(name)	{ #name, &race_case_##name },
	RACY_CASES(ENTRY)
	CORRECT_CASES(ENTRY)
	WORDS_CASES(ENTRY)
#undef ENTRY
};

static struct dentry *directory;
static DEFINE_MUTEX(running);
static const struct race_case *current_case;	/* under running */
static bool with_unrelated;			/* the same */

/* A set of its own for each thread. */
static struct unrelated {
	spinlock_t lock;	/* nothing */
	struct mutex mutex;	/* nothing */
	atomic_t atomic;
	struct completion done;
	int flags[16];	/* so many that a detector with little room forgets others */
} unrelated[2];

static void synchronise(struct unrelated *with)
{
	int i;

	spin_lock(&with->lock);
	spin_unlock(&with->lock);
	mutex_lock(&with->mutex);
	mutex_unlock(&with->mutex);
	atomic_inc_return(&with->atomic);
	complete(&with->done);
	wait_for_completion(&with->done);
	for (i = 0; i < ARRAY_SIZE(with->flags); i++) {
		smp_store_release(&with->flags[i], 1);
		smp_load_acquire(&with->flags[i]);
	}
}

static int first_thread(void *data)
{
	current_case->first();
	if (with_unrelated)
		synchronise(&unrelated[0]);
	order_reach(1);
	order_wait_stop();
	return 0;
}

static int second_thread(void *data)
{
	order_is_there();
	order_wait(1);
	if (with_unrelated)
		synchronise(&unrelated[1]);
	current_case->second();
	order_reach(2);
	order_wait_stop();
	return 0;
}

static void set_up(void)
{
	int i;

	memset(&shared, 0, sizeof(shared));
	get_fs_root(current->fs, &shared.root);
	spin_lock_init(&shared.lock);
	spin_lock_init(&shared.other_lock);
	raw_spin_lock_init(&shared.raw);
	rwlock_init(&shared.rwlock);
	mutex_init(&shared.mutex);
	mutex_init(&shared.other_mutex);
	init_rwsem(&shared.rwsem);
	sema_init(&shared.semaphore, 1);
	init_waitqueue_head(&shared.queue);
	init_completion(&shared.done);
	init_completion(&shared.other_done);
	for (i = 0; i < 2; i++) {
		spin_lock_init(&unrelated[i].lock);
		mutex_init(&unrelated[i].mutex);
		init_completion(&unrelated[i].done);
	}
	order_reset();
}

/* On one CPU they get each other's memory, and turn the same interrupts off. */
static struct task_struct *start(int (*function)(void *data), const char *name)
{
	struct task_struct *thread = kthread_create(function, NULL, "%s", name);

	if (IS_ERR(thread))
		return thread;
	if (with_unrelated)
		kthread_bind(thread, cpumask_first(cpu_online_mask));
	wake_up_process(thread);
	return thread;
}

static int run_threads(void)
{
	struct task_struct *first, *second;

	first = start(first_thread, "first");
	if (IS_ERR(first))
		return PTR_ERR(first);
	second = start(second_thread, "second");
	if (IS_ERR(second)) {
		order_is_there();
	} else {
		order_wait(2);
		kthread_stop(second);
	}
	order_wait(1);
	kthread_stop(first);
	return PTR_ERR_OR_ZERO(second);
}

static int run(const struct race_case *race, bool unrelated_too)
{
	int err;

	current_case = race;
	with_unrelated = unrelated_too;
	set_up();
	err = run_threads();
	path_put(&shared.root);
	return err;
}

static const struct race_case *find(const char *name)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		if (!strcmp(cases[i].name, name))
			return cases[i].race;
	return NULL;
}

/* The file's own data says whether unrelated synchronisation takes place. */
static ssize_t run_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	const struct race_case *race;
	char name[64];
	int err;

	if (count >= sizeof(name))
		return -ENAMETOOLONG;
	if (copy_from_user(name, buf, count))
		return -EFAULT;
	name[count] = 0;
	race = find(strim(name));
	if (!race)
		return -ENOENT;
	mutex_lock(&running);
	err = run(race, file->private_data);
	mutex_unlock(&running);
	return err ?: count;
}

static const struct file_operations run_fops = {
	.owner = THIS_MODULE, .open = simple_open, .write = run_write,
};

static int __init cases_init(void)
{
	directory = debugfs_create_dir("quartet_race_cases", NULL);
	debugfs_create_file("alone", 0200, directory, NULL, &run_fops);
	debugfs_create_file("unrelated", 0200, directory, (void *)1, &run_fops);
	return 0;
}
module_init(cases_init);

static void __exit cases_exit(void)
{
	debugfs_remove(directory);
}
module_exit(cases_exit);

MODULE_DESCRIPTION("pairs of accesses that race, and that do not");
MODULE_LICENSE("GPL");
