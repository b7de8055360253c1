// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tight loops, the worst that a race detector can be given: what a turn of each costs is in
 * /sys/kernel/debug/quartet_race_loops, in ticks of the time stamp counter for TURNS turns.
 */
#include <linux/debugfs.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timex.h>

#define TURNS	1024
#define ROUNDS	8

struct node {
	struct list_head link;
	int value;
};

static int *array;		/* TURNS of them */
static struct node *nodes;	/* the same */
static LIST_HEAD(list);
static int variable;
static DEFINE_SPINLOCK(lock);
static DEFINE_MUTEX(running);	/* one reader at a time has all of these */
static struct dentry *file;

static noinline int array_read(void)
{
	int i, sum = 0;

	for (i = 0; i < TURNS; i++)
		sum += array[i];
	return sum;
}

static noinline int array_write(void)
{
	int *a = array, i;

	for (i = 0; i < TURNS; i++)
		a[i] = i;
	return 0;
}

/* Without the barrier there would be one access after the loop. */
static noinline int add(void)
{
	int i;

	for (i = 0; i < TURNS; i++) {
		variable += i;
		barrier();
	}
	return 0;
}

static noinline int list_walk(void)
{
	struct node *node;
	int sum = 0;

	list_for_each_entry(node, &list, link)
		sum += node->value;
	return sum;
}

static noinline int lock_inc(void)
{
	int i;

	for (i = 0; i < TURNS; i++) {
		spin_lock(&lock);
		variable++;
		spin_unlock(&lock);
	}
	return 0;
}

static noinline void store(int value)
{
	WRITE_ONCE(variable, value);
}

static noinline void plain_store(int value)
{
	variable = value;
}

static noinline int call_store(void)
{
	int i;

	for (i = 0; i < TURNS; i++)
		plain_store(i);
	return 0;
}

/* Marked accesses, which may order. */
static noinline int call_mark(void)
{
	int i;

	for (i = 0; i < TURNS; i++)
		store(i);
	return 0;
}

static const struct {
	const char *name;
	int (*run)(void);
} loops[] = {
	{ "array read", array_read },
	{ "array write", array_write },
	{ "x += i", add },
	{ "list walk", list_walk },
	{ "lock + increment", lock_inc },
	{ "call + store", call_store },
	{ "call + marked store", call_mark },
};

/* The fewest: an interrupt can only add, and the first round is the one that is remembered. */
static u64 ticks_of(int (*run)(void))
{
	u64 fewest = U64_MAX, start;
	int round;

	for (round = 0; round < ROUNDS; round++) {
		start = get_cycles();
		run();
		fewest = min(fewest, get_cycles() - start);
	}
	return fewest;
}

static int loops_show(struct seq_file *seq, void *data)
{
	int i;

	mutex_lock(&running);
	for (i = 0; i < ARRAY_SIZE(loops); i++)
		seq_printf(seq, "\"%s\",%llu\n", loops[i].name, ticks_of(loops[i].run));
	mutex_unlock(&running);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(loops);

static int __init loops_init(void)
{
	int i;

	array = kcalloc(TURNS, sizeof(*array), GFP_KERNEL);
	nodes = kcalloc(TURNS, sizeof(*nodes), GFP_KERNEL);
	if (!array || !nodes) {
		kfree(array);
		kfree(nodes);
		return -ENOMEM;
	}
	for (i = 0; i < TURNS; i++)
		list_add_tail(&nodes[i].link, &list);
	file = debugfs_create_file("quartet_race_loops", 0400, NULL, NULL, &loops_fops);
	return 0;
}
module_init(loops_init);

static void __exit loops_exit(void)
{
	debugfs_remove(file);
	kfree(array);
	kfree(nodes);
}
module_exit(loops_exit);

MODULE_DESCRIPTION("tight loops, for what it costs to watch them");
MODULE_LICENSE("GPL");
