// SPDX-License-Identifier: GPL-2.0-only
/* What disturbs a run on a memo table: time, memory, signals; and its end if it is stuck. */
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/sched/signal.h>

#include "memo.h"

#define STUCK_AFTER	(10 * HZ)
#define EVICT_MOST	64

static bool is_due(u64 *next, u32 period_us)
{
	u64 now = ktime_get_ns();

	if (!period_us || now < *next)
		return false;
	*next = now + period_us * (u64)NSEC_PER_USEC;
	return true;
}

static void scan(struct memo_run *run, struct rnd_state *random)
{
	quartet_memo_sweep(&run->memo);
	quartet_memo_evict(&run->memo, 1 + prandom_u32_state(random) % EVICT_MOST);
}

/* To a leader, a waiter or neither. */
static void send_one(struct torture_run *run, struct rnd_state *random)
{
	u32 draw = prandom_u32_state(random);

	send_sig(draw & 1 ? SIGKILL : SIGINT,
		 run->contenders[(draw >> 1) % run->request.threads]->thread, 1);
}

/* As often as the more frequent of the two. */
void memo_disturb(struct torture_run *base, struct rnd_state *random)
{
	struct memo_run *run = memo_run_of(base);

	if (is_due(&run->next_scan, run->args.scan_us))
		scan(run, random);
	if (is_due(&run->next_signal, run->args.signal_us))
		send_one(base, random);
}

/* For ten seconds, as seen by whoever calls this now and then. */
bool memo_stuck(struct torture_run *base)
{
	struct memo_run *run = memo_run_of(base);
	u64 turns = 0;
	unsigned int i;

	for (i = 0; i < base->total; i++)
		turns += READ_ONCE(memo_contender_of(base->contenders[i])->turns);
	if (turns != run->turns || READ_ONCE(base->paused) || !run->progress_at) {
		run->turns = turns;
		run->progress_at = jiffies ?: 1;
	}
	return time_after(jiffies, run->progress_at + STUCK_AFTER);
}

/* Whatever threads wait for, they leave: a run that is stuck ends, too. */
void memo_rescue(struct torture_run *base)
{
	unsigned int i;

	if (base->result.ended != QUARTET_ENDED_STUCK)
		return;
	pr_warn("quartet_torture: a memo table is stuck, seed %llu\n", base->request.seed);
	for (i = 0; i < base->total; i++)
		send_sig(SIGKILL, base->contenders[i]->thread, 1);
}
