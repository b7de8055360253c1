// SPDX-License-Identifier: GPL-2.0-only
/* Memo tables with many callers that do whatever comes to their minds, and what must hold then. */
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/random.h>
#include <linux/sched.h>

#include "memo.h"

#define CHURNERS	8
#define CHURN_KEYS	8
#define CHURN_TURNS	200

static struct quartet_memo memo;
static struct memo_asker churners[CHURNERS];

/* Computations of each key that run, and what was seen to be wrong. */
static atomic_t churn_running[CHURN_KEYS];
static const char *churn_wrong;
static bool churn_forgets;

/* Its key is one digit. Now and then it is interrupted, or fails, or gives up the CPU. */
static int churn_function(struct quartet_memo_call *call, const void *key, size_t key_len,
			  void *data)
{
	atomic_t *running = &churn_running[*(const char *)key - '0'];
	u32 luck = get_random_u32() % 16;
	int err = luck == 0 ? -EINTR : luck == 1 ? -EIO : 0;
	char *room;

	if (atomic_inc_return(running) > 1 && !churn_forgets)
		WRITE_ONCE(churn_wrong, "one key was computed twice at a time");
	if (luck % 2)
		schedule();
	room = err ? ERR_PTR(err) : quartet_memo_room(call, 8);
	if (!IS_ERR(room))
		memset(room, *(const char *)key, 8);
	atomic_dec(running);
	return PTR_ERR_OR_ZERO(room);
}

static void churn_get(u32 luck)
{
	ktime_t soon = ktime_add_us(ktime_get(), luck % 200);
	struct quartet_memo_how how = { .deadline = luck % 3 ? NULL : &soon };
	char key = '0' + luck / 4 % CHURN_KEYS, value[8];
	ssize_t ret;

	if (luck % 5 == 0)
		how.flags = QUARTET_MEMO_STALE;
	ret = quartet_memo_get(&memo, &key, 1, value, sizeof(value), &how);
	if (ret == 8 && memchr_inv(value, key, 8))
		WRITE_ONCE(churn_wrong, "a value of another key");
	if (ret != 8 && ret != -EIO && ret != -EINTR && ret != -ETIMEDOUT)
		WRITE_ONCE(churn_wrong, "an errno that nothing gives");
}

static void churn_once(u32 luck)
{
	char key = '0' + luck / 64 % CHURN_KEYS;

	if (luck % 64 == 0)
		quartet_memo_sweep(&memo);
	else if (luck % 64 == 1)
		quartet_memo_evict(&memo, 1);
	else if (luck % 64 < 6 && churn_forgets)
		quartet_memo_forget(&memo, &key, 1);
	else if (luck % 64 == 6 && churn_forgets)
		quartet_memo_clear(&memo);
	else
		churn_get(luck / 64);
}

static int churn_thread(void *data)
{
	struct memo_asker *asker = data;
	int i;

	for (i = 0; i < CHURN_TURNS; i++)
		churn_once(get_random_u32());
	complete(&asker->done);
	return 0;
}

static const char *churn_with(bool forgets)
{
	struct quartet_memo_params params = memo_params();
	struct quartet_memo_state state;
	unsigned int i;

	churn_wrong = NULL;
	churn_forgets = forgets;
	params.func = churn_function;
	params.capacity = CHURN_KEYS - 3;
	params.ttl = 10 * NSEC_PER_MSEC;
	params.err_ttl = 5 * NSEC_PER_MSEC;
	params.refresh_percent = memo_engine == QUARTET_MEMO_RCU ? 50 : 0;
	EXPECT(!quartet_memo_init(&memo, &params));
	for (i = 0; i < CHURNERS; i++)
		memo_start(&churners[i], churn_thread);
	for (i = 0; i < CHURNERS; i++)
		memo_answer(&churners[i]);
	state = memo_state(&memo);
	EXPECT(state.entries <= params.capacity && state.bytes == quartet_memo_count_bytes(&memo));
	EXPECT(!state.waiting && !state.stats.deadlocks);
	quartet_memo_clear(&memo);
	EXPECT(memo_is_exact(&memo, 0));
	quartet_memo_destroy(&memo);
	return churn_wrong;
}

MEMO_CASE(churn)
{
	return churn_with(false) ?: churn_with(true);
}

#define MEETINGS	500

static atomic_t arrivals;

/* On a CPU of its own: asks for a key that nobody has asked for, at the moment the other does. */
static int meeting_thread(void *data)
{
	struct memo_asker *asker = data;
	bool first = asker == &churners[0];
	char value[MEMO_VALUE_MAX];
	u32 key;

	set_cpus_allowed_ptr(current, cpumask_of(first ? cpumask_first(cpu_online_mask) :
							 cpumask_last(cpu_online_mask)));
	for (key = 0; key < MEETINGS; key++) {
		atomic_inc(&arrivals);
		while (atomic_read(&arrivals) < 2 * (key + 1))
			cond_resched();
		if (quartet_memo_get(&memo, &key, sizeof(key), value, sizeof(value), NULL) < 0)
			WRITE_ONCE(churn_wrong, "a get failed");
	}
	complete(&asker->done);
	return 0;
}

/* Two that find nothing and want to lead: one of them does. Only where no lock orders them. */
static const char *first_gets(void)
{
	struct quartet_memo_params params = memo_params();
	int i;

	if (num_online_cpus() < 2)
		return "skip: needs two CPUs";
	memo_plan_reset(&memo_plan);
	churn_wrong = NULL;
	atomic_set(&arrivals, 0);
	params.capacity = MEETINGS;
	EXPECT(!quartet_memo_init(&memo, &params));
	for (i = 0; i < 2; i++)
		memo_start(&churners[i], meeting_thread);
	for (i = 0; i < 2; i++)
		memo_answer(&churners[i]);
	EXPECT(memo_calls() == MEETINGS && memo_is_exact(&memo, MEETINGS));
	quartet_memo_destroy(&memo);
	return churn_wrong;
}

#define TRIES	50

/* Waits for another computation of the key, which there must not be. */
static int busted_function(struct quartet_memo_call *call, const void *key, size_t key_len,
			   void *data)
{
	ktime_t end = ktime_add_ms(ktime_get(), 100);

	if (atomic_inc_return(&churn_running[0]) > 1)
		WRITE_ONCE(churn_wrong, "one key was computed twice at a time");
	while (!READ_ONCE(churn_wrong) && ktime_before(ktime_get(), end))
		usleep_range(100, 200);
	atomic_dec(&churn_running[0]);
	return -EIO;
}

static int busted_thread(void *data)
{
	struct memo_asker *asker = data;

	asker->ret = memo_get(&memo, asker->key, NULL);
	complete(&asker->done);
	return 0;
}

/* The first one waits for the second to find nothing, either. */
static void busted_meet(const char *key)
{
	int i;

	for (i = 0; i < 2; i++) {
		churners[i].key = key;
		memo_start(&churners[i], busted_thread);
	}
	for (i = 0; i < 2; i++)
		memo_answer(&churners[i]);
}

/* The engine that looks, and then inserts, is found out. */
MEMO_CASE(busted)
{
	struct quartet_memo_params params = memo_params();
	char key[2] = "";
	int turn;

	churn_wrong = NULL;
	params.flags = QUARTET_MEMO_BUSTED;
	params.func = busted_function;
	EXPECT(!quartet_memo_init(&memo, &params));
	for (turn = 0; turn < TRIES && !churn_wrong; turn++) {
		key[0] = '0' + turn;
		busted_meet(key);
	}
	quartet_memo_clear(&memo);
	quartet_memo_destroy(&memo);
	return churn_wrong ? NULL : "nothing was computed twice at a time";
}

#define CASE(function)	KAPI_CASE(memo, function)

struct kapi_case kapi_memo_churn_cases[] = {
	CASE(churn),
	CASE(first_gets),
	CASE(busted),
};

const int kapi_memo_churn_number = ARRAY_SIZE(kapi_memo_churn_cases);
