// SPDX-License-Identifier: GPL-2.0-only
/* What the cases of the memo share. */
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/smp.h>

#include "memo_case.h"
#include "tasks.h"

struct memo_case memo_case;

static char nobody;	/* an owner that is no task */

void memo_case_start(struct quartet_memo_params params)
{
	sim_want_cpus(SIM_THREADS);
	params.key_max = 1;
	params.value_max = sizeof(struct answer);
	params.capacity = params.capacity ?: 8;
	params.bytes = params.bytes ?: SIZE_MAX;
	params.ttl = params.ttl ?: QUARTET_MEMO_FOR_EVER;
	memset(&memo_case, 0, sizeof(memo_case));
	memo_case.alone = true;
	if (quartet_memo_init(&memo_case.memo, &params))
		sim_fail("assertion: no table");
}

int memo_case_compute(struct quartet_memo_call *call, const void *key, size_t key_len, void *data)
{
	u32 number = atomic_inc_return(&memo_case.numbers);
	struct answer *answer;

	if (memo_case.alone && xchg_relaxed(&memo_case.computing, 1))
		sim_fail("exclusion: one key is computed twice at a time");
	sim_point();
	answer = quartet_memo_room(call, sizeof(*answer));
	*answer = (struct answer){ number, ~number };
	if (memo_case.alone)
		(void)xchg_relaxed(&memo_case.computing, 0);
	return 0;
}

int memo_case_number(const struct answer *answer)
{
	if (answer->number != ~answer->same)
		sim_fail("assertion: a value of %#x and %#x", answer->number, answer->same);
	return answer->number;
}

int memo_case_get(u8 key, struct quartet_memo_how *how)
{
	struct answer answer;
	ssize_t len = quartet_memo_get(&memo_case.memo, &key, sizeof(key), &answer,
				       sizeof(answer), how);

	if (len >= 0 && len != sizeof(answer))
		sim_fail("assertion: a value of %zd bytes", len);
	return len < 0 ? len : memo_case_number(&answer);
}

void memo_case_lead(u8 key)
{
	struct quartet_memo_how how = { .owner = &nobody };

	if (memo_case_get(key, &how) != -ENODATA || how.what != QUARTET_MEMO_LEAD)
		sim_fail("assertion: the first does not lead");
	memo_case.lead = how.lead;
}

int memo_case_fulfil(const struct quartet_memo_lead *lead)
{
	u32 number = atomic_inc_return(&memo_case.numbers);
	struct answer answer = { number, ~number };

	return quartet_memo_fulfil(&memo_case.memo, lead, &answer, sizeof(answer)) ?: number;
}

int memo_case_get_or_fulfil(u8 key, struct quartet_memo_how *how)
{
	int number = memo_case_get(key, how);

	return number == -ENODATA ? memo_case_fulfil(&how->lead) : number;
}

void memo_case_last(int n)
{
	if (atomic_inc_return(&memo_case.done) == n)
		sim_end_kthread();
}

void memo_case_end(void)
{
	quartet_memo_destroy(&memo_case.memo);
	rcu_barrier();
	if (sim_allocated())
		sim_fail("leak: %ld allocations at the end", sim_allocated());
	tasks_end();
}
