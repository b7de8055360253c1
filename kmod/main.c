// SPDX-License-Identifier: GPL-2.0-only
/* quartet.ko: the init chain and its exact reverse. */
#include <linux/module.h>
#include <linux/rcupdate.h>

#include <quartet/debugfs.h>

#include "base/token.h"
#include "debugfs.h"
#include "dev/device.h"
#include "lock/mutex_named.h"
#include "lock/transitions.h"
#include "memo/list.h"
#include "pool/list.h"
#include "pool/reclaim.h"

static void reset_transitions(struct quartet_kind *unused)
{
	quartet_transitions_reset();
}

static struct quartet_kind spinlock_kind = {
	.name = "spinlock",
	.show = quartet_transitions_show,
	.reset = reset_transitions,
};

static struct quartet_kind mutex_kind = {
	.name = "mutex",
	.show = quartet_mutexes_show,
};

static struct quartet_kind mutex_wait_kind = {
	.name = "mutex_wait",
	.show = quartet_mutex_waits_show,
};

static struct quartet_kind pool_kind = {
	.name = "pool",
	.show = quartet_pools_show,
};

static struct quartet_kind memo_kind = {
	.name = "memo",
	.show = quartet_memos_show,
};

static struct quartet_kind memo_wait_kind = {
	.name = "memo_wait",
	.show = quartet_memo_waits_show,
};

static struct quartet_kind memo_compute_kind = {
	.name = "memo_compute",
	.show = quartet_memo_computes_show,
};

static struct quartet_kind object_kind = {
	.name = "object",
	.show = quartet_objects_show,
};

static int __init quartet_init(void)
{
	int err;

	err = quartet_mutexes_init();
	if (err)
		return err;
	err = pool_reclaim_setup();
	if (err)
		goto err_mutexes;
	err = quartet_tokens_init();
	if (err)
		goto err_reclaim;
	quartet_live_add(&quartet_pools_live);
	quartet_live_add(&quartet_memos_live);
	err = device_init();
	if (err)
		goto err_live;
	quartet_debugfs_init();
	quartet_kind_add(&spinlock_kind);
	quartet_kind_add(&mutex_kind);
	quartet_kind_add(&mutex_wait_kind);
	quartet_kind_add(&pool_kind);
	quartet_kind_add(&memo_kind);
	quartet_kind_add(&memo_wait_kind);
	quartet_kind_add(&memo_compute_kind);
	quartet_kind_add(&object_kind);
	return 0;

err_live:
	quartet_live_remove(&quartet_memos_live);
	quartet_live_remove(&quartet_pools_live);
err_reclaim:
	pool_reclaim_cleanup();
err_mutexes:
	quartet_mutexes_exit();
	return err;
}

static void __exit quartet_exit(void)
{
	quartet_kind_remove(&object_kind);
	quartet_kind_remove(&memo_compute_kind);
	quartet_kind_remove(&memo_wait_kind);
	quartet_kind_remove(&memo_kind);
	quartet_kind_remove(&pool_kind);
	quartet_kind_remove(&mutex_wait_kind);
	quartet_kind_remove(&mutex_kind);
	quartet_kind_remove(&spinlock_kind);
	quartet_debugfs_exit();
	device_exit();
	/* What tables have left to be freed is freed by code of ours. */
	rcu_barrier();
	quartet_live_remove(&quartet_memos_live);
	quartet_live_remove(&quartet_pools_live);
	pool_reclaim_cleanup();
	quartet_mutexes_exit();
}

module_init(quartet_init);
module_exit(quartet_exit);

MODULE_DESCRIPTION("Go's concurrency tools in the kernel: spinlock, mutex, pool, memo");
MODULE_AUTHOR("The quartet authors");
MODULE_VERSION(QUARTET_VERSION);
MODULE_LICENSE("GPL");
