// SPDX-License-Identifier: GPL-2.0-only
/*
 * Named mutexes: a row and a histogram of waits in debugfs, and a report when
 * a task exits that still owns one.
 *
 * Unnamed mutexes are on no list, so that only lockdep can tell for them.
 */
#include <linux/export.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include <quartet/mutex.h>

#include "../base/exit.h"
#include "../base/histogram.h"
#include "../base/name.h"
#include "mutex_named.h"
#include "wait_graph.h"

/*
 * The list changes with both held; the mutex suffices to read it, and so does the
 * raw lock for the probe, which runs with preemption off.
 */
static DEFINE_MUTEX(named_mutex);
static DEFINE_RAW_SPINLOCK(named_lock);
static LIST_HEAD(named_mutexes);

static bool is_taken(const char *name)
{
	const struct quartet_mutex *other;

	list_for_each_entry(other, &named_mutexes, named)
		if (!strcmp(other->name, name))
			return true;
	return false;
}

static int named_add(struct quartet_mutex *mutex)
{
	int err = 0;

	mutex_lock(&named_mutex);
	if (is_taken(mutex->name)) {
		err = -EEXIST;
	} else {
		raw_spin_lock(&named_lock);
		list_add_tail(&mutex->named, &named_mutexes);
		raw_spin_unlock(&named_lock);
	}
	mutex_unlock(&named_mutex);
	return err;
}

/**
 * quartet_mutex_name() - show a mutex in debugfs
 * @mutex: an initialised mutex that nobody uses yet
 * @name: up to 31 printable characters without spaces; it stays until
 *	quartet_mutex_unname()
 *
 * Context: task, may sleep.
 * Return: 0, -EINVAL for another kind of name, -EEXIST, -ENOMEM.
 */
int quartet_mutex_name(struct quartet_mutex *mutex, const char *name)
{
	u64 *hist;
	int err;

	if (!quartet_is_name(name))
		return -EINVAL;
	hist = kvcalloc(QUARTET_HIST_BUCKETS, sizeof(*hist), GFP_KERNEL);
	if (!hist)
		return -ENOMEM;
	mutex->name = name;
	mutex->core.wait_hist = hist;
	err = named_add(mutex);
	if (err) {
		mutex->name = NULL;
		mutex->core.wait_hist = NULL;
		kvfree(hist);
	}
	return err;
}
EXPORT_SYMBOL_GPL(quartet_mutex_name);

/**
 * quartet_mutex_unname() - the end of quartet_mutex_name()
 * @mutex: a named mutex that nobody uses any more
 *
 * Context: task, may sleep.
 */
void quartet_mutex_unname(struct quartet_mutex *mutex)
{
	mutex_lock(&named_mutex);
	raw_spin_lock(&named_lock);
	list_del(&mutex->named);
	raw_spin_unlock(&named_lock);
	mutex_unlock(&named_mutex);
	kvfree(mutex->core.wait_hist);
	mutex->core.wait_hist = NULL;
	mutex->name = NULL;
}
EXPORT_SYMBOL_GPL(quartet_mutex_unname);

/* One row a mutex; counters as they are, which need not be of one moment. */
int quartet_mutexes_show(struct seq_file *m, void *unused)
{
	const struct quartet_mutex *mutex;

	seq_puts(m, "name state");
#define QUARTET_MUTEX_STAT(name) seq_puts(m, " " #name);
	QUARTET_MUTEX_STATS(QUARTET_MUTEX_STAT)
#undef QUARTET_MUTEX_STAT
	seq_putc(m, '\n');
	mutex_lock(&named_mutex);
	list_for_each_entry(mutex, &named_mutexes, named) {
		seq_printf(m, "%s %#x", mutex->name, atomic_read(&mutex->core.state));
#define QUARTET_MUTEX_STAT(name) seq_printf(m, " %llu", READ_ONCE(mutex->core.stats.name));
		QUARTET_MUTEX_STATS(QUARTET_MUTEX_STAT)
#undef QUARTET_MUTEX_STAT
		seq_putc(m, '\n');
	}
	mutex_unlock(&named_mutex);
	seq_printf(m, "graph_truncated %llu\n", wait_graph_truncated());
	return 0;
}

/* One line a bucket that counted something. */
int quartet_mutex_waits_show(struct seq_file *m, void *unused)
{
	const struct quartet_mutex *mutex;
	int i;

	seq_puts(m, "name wait-ns-from count\n");
	mutex_lock(&named_mutex);
	list_for_each_entry(mutex, &named_mutexes, named)
		for (i = 0; i < QUARTET_HIST_BUCKETS; i++)
			if (mutex->core.wait_hist[i])
				seq_printf(m, "%s %llu %llu\n", mutex->name,
					   quartet_hist_floor(i), mutex->core.wait_hist[i]);
	mutex_unlock(&named_mutex);
	return 0;
}

/*
 * False if the task owns none. Of one that it owns: nobody may look whether this owner runs once
 * its memory is gone (litmus: mutex-owner-exits).
 */
static bool named_disown(const struct task_struct *task, char *name)
{
	struct quartet_mutex *mutex;
	bool owned = false;

	raw_spin_lock(&named_lock);
	list_for_each_entry(mutex, &named_mutexes, named) {
		if (READ_ONCE(mutex->core.owner) != task || !mutex->core.task_owned)
			continue;
		strscpy(name, mutex->name, QUARTET_NAME_CHARS);
		WRITE_ONCE(mutex->core.task_owned, false);
		owned = true;
		break;
	}
	raw_spin_unlock(&named_lock);
	return owned;
}

/* What is printed waits for the console, and so is printed without the lock. */
static void named_exits(struct task_struct *task, bool last)
{
	char name[QUARTET_NAME_CHARS];

	while (named_disown(task, name))
		WARN(1, "quartet: %s/%d exits and owns mutex %s\n", task->comm, task->pid, name);
}

static struct quartet_exit_watch named_watch = { .exits = named_exits };

int quartet_mutexes_init(void)
{
	return quartet_exit_watch(&named_watch);
}

void quartet_mutexes_exit(void)
{
	quartet_exit_unwatch(&named_watch);
}
