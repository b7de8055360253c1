// SPDX-License-Identifier: GPL-2.0-only
/*
 * The engine of Go's second design: a thread owns the table, and is asked.
 *
 * It answers out of the table and nothing else: who computes, who waits and who copies a value
 * are others, so that it blocks on nobody. A question is on the stack of who asks, who
 * waits for the answer whatever signals come: it is not long.
 */
#include <linux/kthread.h>
#include <linux/llist.h>
#include <linux/sched/task.h>

#include "table.h"

struct monitor {
	struct task_struct *thread;
	struct llist_head questions;
	struct memo_table table;
	bool busted;
};

enum verb {
	FIND,
	INSERT,
	REMOVE,
};

/**
 * struct question - something asked of the monitor
 * @node: among the monitor's questions
 * @verb: what
 * @key: to find
 * @entry: to insert or remove; and the answer
 * @asker: sleeps
 * @answered: written last, by the monitor
 */
struct question {
	struct llist_node node;
	enum verb verb;
	const struct memo_key *key;
	struct memo_entry *entry;
	struct task_struct *asker;
	bool answered;
};

static void answer(struct monitor *monitor, struct question *question)
{
	struct task_struct *asker = get_task_struct(question->asker);

	switch (question->verb) {
	case FIND:
		question->entry = memo_table_find(&monitor->table, question->key);
		break;
	case INSERT:
		question->entry = memo_table_insert(&monitor->table, question->entry,
						    monitor->busted);
		break;
	case REMOVE:
		memo_table_remove(&monitor->table, question->entry);
		break;
	}
	/* A: matches the acquire of ask(); then the question is gone (litmus: memo-ask) */
	smp_store_release(&question->answered, true);
	wake_up_process(asker);
	put_task_struct(asker);
}

static int monitor_thread(void *data)
{
	struct monitor *monitor = data;
	struct question *question, *next;
	struct llist_node *batch;

	while (!kthread_should_stop()) {
		set_current_state(TASK_IDLE);
		if (llist_empty(&monitor->questions) && !kthread_should_stop())
			schedule();
		__set_current_state(TASK_RUNNING);
		batch = llist_reverse_order(llist_del_all(&monitor->questions));
		llist_for_each_entry_safe(question, next, batch, node)
			answer(monitor, question);
		cond_resched();
	}
	return 0;
}

static struct memo_entry *ask(struct quartet_memo_body *body, struct question *question)
{
	struct monitor *monitor = body->engine_data;

	question->asker = current;
	if (llist_add(&question->node, &monitor->questions))
		wake_up_process(monitor->thread);
	for (;;) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		/* A: what the answer says is there */
		if (smp_load_acquire(&question->answered))
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	return question->entry;
}

static struct memo_entry *monitor_find(struct quartet_memo_body *body, const struct memo_key *key)
{
	struct question question = { .verb = FIND, .key = key };

	return ask(body, &question);
}

static struct memo_entry *monitor_insert(struct quartet_memo_body *body, struct memo_entry *entry)
{
	struct question question = { .verb = INSERT, .entry = entry };

	return ask(body, &question);
}

static void monitor_remove(struct quartet_memo_body *body, struct memo_entry *entry)
{
	struct question question = { .verb = REMOVE, .entry = entry };

	ask(body, &question);
}

static int monitor_init(struct quartet_memo_body *body)
{
	struct monitor *monitor = kzalloc(sizeof(*monitor), body->params.gfp);
	int err;

	if (!monitor)
		return -ENOMEM;
	init_llist_head(&monitor->questions);
	monitor->busted = body->params.flags & QUARTET_MEMO_BUSTED;
	err = memo_table_init(&monitor->table, body->params.capacity, body->params.gfp);
	if (err)
		goto no_table;
	monitor->thread = kthread_run(monitor_thread, monitor, "quartet_memo");
	if (IS_ERR(monitor->thread)) {
		err = PTR_ERR(monitor->thread);
		goto no_thread;
	}
	body->engine_data = monitor;
	return 0;

no_thread:
	memo_table_exit(&monitor->table);
no_table:
	kfree(monitor);
	return err;
}

static void monitor_exit(struct quartet_memo_body *body)
{
	struct monitor *monitor = body->engine_data;

	kthread_stop(monitor->thread);
	memo_table_exit(&monitor->table);
	kfree(monitor);
}

const struct memo_engine memo_monitor_engine = {
	.init = monitor_init,
	.exit = monitor_exit,
	.find = monitor_find,
	.insert = monitor_insert,
	.remove = monitor_remove,
};
