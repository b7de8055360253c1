// SPDX-License-Identifier: GPL-2.0-only
/*
 * quartet_kapi.ko: an ordinary client of the kernel API, for tests only.
 *
 * Reading /sys/kernel/debug/quartet/kapi_<subject>.<case> runs that case and
 * says "ok" or what is wrong. After a failure threads may be left that use
 * what the case used: run no other, and do not unload.
 */
#include <linux/module.h>
#include <linux/seq_file.h>

#include "kapi.h"

int kapi_show(struct seq_file *m, void *unused)
{
	struct kapi_case *test = container_of(m->private, struct kapi_case, kind);
	const char *wrong = test->run();

	seq_printf(m, "%s\n", wrong ?: "ok");
	return 0;
}

static void add(struct kapi_case *cases, int number)
{
	while (number--)
		quartet_kind_add(&cases[number].kind);
}

static void remove(struct kapi_case *cases, int number)
{
	while (number--)
		quartet_kind_remove(&cases[number].kind);
}

static int __init kapi_init(void)
{
	int err = kapi_registered_init();

	if (err)
		return err;
	add(kapi_mutex_cases, kapi_mutex_number);
	add(kapi_spinlock_cases, kapi_spinlock_number);
	add(kapi_pool_cases, kapi_pool_number);
	add(kapi_pool_kinds_cases, kapi_pool_kinds_number);
	add(kapi_pool_contexts_cases, kapi_pool_contexts_number);
	add(kapi_memo_cases, kapi_memo_number);
	add(kapi_memo_kinds_cases, kapi_memo_kinds_number);
	add(kapi_memo_time_cases, kapi_memo_time_number);
	add(kapi_memo_lead_cases, kapi_memo_lead_number);
	add(kapi_memo_churn_cases, kapi_memo_churn_number);
	add(kapi_memo_errors_cases, kapi_memo_errors_number);
	add(kapi_faults, kapi_faults_number);
	return 0;
}

static void __exit kapi_exit(void)
{
	remove(kapi_faults, kapi_faults_number);
	remove(kapi_memo_errors_cases, kapi_memo_errors_number);
	remove(kapi_memo_churn_cases, kapi_memo_churn_number);
	remove(kapi_memo_lead_cases, kapi_memo_lead_number);
	remove(kapi_memo_time_cases, kapi_memo_time_number);
	remove(kapi_memo_kinds_cases, kapi_memo_kinds_number);
	remove(kapi_memo_cases, kapi_memo_number);
	remove(kapi_pool_contexts_cases, kapi_pool_contexts_number);
	remove(kapi_pool_kinds_cases, kapi_pool_kinds_number);
	remove(kapi_pool_cases, kapi_pool_number);
	remove(kapi_spinlock_cases, kapi_spinlock_number);
	remove(kapi_mutex_cases, kapi_mutex_number);
	kapi_registered_exit();
}

module_init(kapi_init);
module_exit(kapi_exit);

MODULE_DESCRIPTION("Test client of quartet's kernel API");
MODULE_AUTHOR("The quartet authors");
MODULE_LICENSE("GPL");
