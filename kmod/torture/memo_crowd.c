// SPDX-License-Identifier: GPL-2.0-only
/*
 * A crowd that waits for a computation, of a memo table and of a bare completion: what it takes
 * until the last has what it waits for.
 *
 * All have one real-time priority, the leader too, so that on one CPU nobody runs before the
 * leader sleeps, and then each once, in the order in which they are woken.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/timex.h>

#include <linux/quartet_torture.h>
#include <quartet/memo.h>

#include "count.h"
#include "memo_crowd.h"
#include "memo_record.h"

struct crowd_member {
	struct task_struct *task;
	void (*wait)(void);	/* what it was called for; NULL once it is at it */
};

static struct {
	struct quartet_memo memo;
	struct memo_torture_key key;
	struct completion computed;
	struct crowd_member members[QUARTET_COUNT_FEW];
	atomic_t left;		/* who have not run yet */
	u64 ended;		/* ticks, when the last had */
	struct completion over;
} crowd;

static void wait_for_memo(void)
{
	struct memo_torture_value value;
	struct quartet_memo_how how = { };

	quartet_memo_get(&crowd.memo, &crowd.key, sizeof(crowd.key), &value, sizeof(value), &how);
}

static void wait_for_computed(void)
{
	wait_for_completion(&crowd.computed);
}

static void run_once(struct crowd_member *member)
{
	void (*wait)(void) = member->wait;

	WRITE_ONCE(member->wait, NULL);
	wait();
	if (!atomic_dec_and_test(&crowd.left))
		return;
	crowd.ended = get_cycles();
	COUNT_MARK(COUNT_END);
	complete(&crowd.over);
}

static int member_thread(void *data)
{
	struct crowd_member *member = data;

	sched_set_fifo_low(current);
	for (;;) {
		set_current_state(TASK_IDLE);
		if (kthread_should_stop())
			break;
		if (!READ_ONCE(member->wait)) {
			schedule();
			continue;
		}
		__set_current_state(TASK_RUNNING);
		run_once(member);
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

static bool is_waiting(const struct crowd_member *member)
{
	return !READ_ONCE(member->wait) && READ_ONCE(member->task->__state) != TASK_RUNNING;
}

static void gather(unsigned int n, void (*wait)(void))
{
	unsigned int i;

	atomic_set(&crowd.left, n);
	reinit_completion(&crowd.over);
	for (i = 0; i < n; i++) {
		WRITE_ONCE(crowd.members[i].wait, wait);
		wake_up_process(crowd.members[i].task);
	}
	for (i = 0; i < n; i++)
		while (!is_waiting(&crowd.members[i]))
			usleep_range(1000, 2000);
}

u64 memo_crowd_memo(unsigned int n)
{
	struct memo_torture_value value = { };
	struct quartet_memo_how how = { };
	u64 began;

	quartet_memo_forget(&crowd.memo, &crowd.key, sizeof(crowd.key));
	quartet_memo_get(&crowd.memo, &crowd.key, sizeof(crowd.key), &value, sizeof(value), &how);
	sched_set_fifo_low(current);
	gather(n, wait_for_memo);
	COUNT_MARK(QUARTET_COUNT_MEMO_CROWD);
	began = get_cycles();
	quartet_memo_fulfil(&crowd.memo, &how.lead, &value, sizeof(value));
	wait_for_completion(&crowd.over);
	sched_set_normal(current, 0);
	return crowd.ended - began;
}

u64 memo_crowd_completion(unsigned int n)
{
	u64 began;

	reinit_completion(&crowd.computed);
	sched_set_fifo_low(current);
	gather(n, wait_for_computed);
	COUNT_MARK(QUARTET_COUNT_COMPLETION_CROWD);
	began = get_cycles();
	complete_all(&crowd.computed);
	wait_for_completion(&crowd.over);
	sched_set_normal(current, 0);
	return crowd.ended - began;
}

void memo_crowd_exit(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(crowd.members) && crowd.members[i].task; i++) {
		kthread_stop(crowd.members[i].task);
		crowd.members[i].task = NULL;
	}
	quartet_memo_destroy(&crowd.memo);
}

static int create_members(void)
{
	struct crowd_member *member;

	for (member = crowd.members; member < crowd.members + ARRAY_SIZE(crowd.members); member++) {
		struct task_struct *task = kthread_run(member_thread, member, "quartet_crowd");

		if (IS_ERR(task))
			return PTR_ERR(task);
		member->task = task;
	}
	return 0;
}

int memo_crowd_init(void)
{
	const struct quartet_memo_params params = {
		.key_max = sizeof(crowd.key),
		.value_max = sizeof(struct memo_torture_value),
		.capacity = 1,
		.bytes = SIZE_MAX,
		.ttl = QUARTET_MEMO_FOR_EVER,
	};
	int err = quartet_memo_init(&crowd.memo, &params);

	if (err)
		return err;
	memo_torture_key_fill(&crowd.key, 1);
	init_completion(&crowd.computed);
	init_completion(&crowd.over);
	err = create_members();
	if (err)
		memo_crowd_exit();
	return err;
}
