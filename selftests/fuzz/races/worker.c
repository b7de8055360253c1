// SPDX-License-Identifier: GPL-2.0-only
/* A worker runs its program again and again, until the round is over. */
#include <sys/prctl.h>

#include "fuzz.h"

#define TURNS	200

static const struct step *program, *next_step;

static long (*const commands[OPS])(const struct step *step) = {
	[OP_CLONE] = do_clone, [OP_CLOSE] = do_close, [OP_LOCK] = do_lock,
	[OP_UNLOCK] = do_unlock, [OP_SECTION] = do_section, [OP_CONSISTENT] = do_consistent,
	[OP_STATE] = do_state, [OP_POOL_GET] = do_pool_get, [OP_POOL_PUT] = do_pool_put,
	[OP_POOL_GIVE] = do_pool_give, [OP_MEMO_GET] = do_memo_get, [OP_FULFIL] = do_fulfil,
	[OP_ABANDON] = do_abandon, [OP_FORGET] = do_forget, [OP_CANCEL] = do_cancel,
	[OP_READ] = do_read, [OP_POLL] = do_poll, [OP_DUP] = do_dup, [OP_SEND] = do_send,
	[OP_RECEIVE] = do_receive, [OP_FORK] = do_fork, [OP_CLONE_FILES] = do_clone_files,
	[OP_UNSHARE] = do_unshare, [OP_EXEC] = do_exec, [OP_EXIT] = do_exit, [OP_KILL] = do_kill,
	[OP_WAIT] = do_wait, [OP_MAP] = do_map, [OP_SLEEP] = do_sleep, [OP_ALARM] = do_alarm,
	[OP_CREATE] = do_create, [OP_NAME] = do_name, [OP_RAW] = do_raw, [OP_THREAD] = do_thread,
};

static bool is_over(void)
{
	return __atomic_load_n(&shared->stop, __ATOMIC_ACQUIRE);
}

static void run_rest(void)
{
	const struct step *step;

	while (next_step < program + STEPS && !is_over()) {
		step = next_step++;
		record_result(commands[step->op % OPS](step));
	}
}

/* What it holds it must hold still. */
static void check_all(void)
{
	int i;

	for (i = 0; i < HANDS && !setup.wild; i++)
		if (hands[i].own && hands[i].grant && is_mutex(&hands[i]))
			mutex_check(&hands[i]);
}

void worker_run(const struct step *own_program)
{
	int turn;

	program = own_program;
	for (turn = 0; turn < TURNS && !is_over(); turn++) {
		next_step = program;
		run_rest();
		check_all();
	}
}

/* A child is alone with the rest of its parent's program. */
void worker_child(void)
{
	prctl(PR_SET_PDEATHSIG, 0);
	run_rest();
	check_all();
	_exit(0);
}
