/* SPDX-License-Identifier: GPL-2.0-only */
/* A case, and its file. */
#ifndef SELFTESTS_KAPI_H
#define SELFTESTS_KAPI_H

#include <quartet/debugfs.h>

/**
 * struct kapi_case - one test
 * @kind: its file, which runs it
 * @run: returns what is wrong, or NULL; or why it cannot run, beginning with "skip: "
 */
struct kapi_case {
	struct quartet_kind kind;
	const char *(*run)(void);
};

int kapi_show(struct seq_file *m, void *unused);

#define KAPI_CASE(subject, function) \
	{ .kind = { .name = "kapi_" #subject "." #function, .show = kapi_show }, .run = function }

/* Leaves the calling function with what is wrong. */
#define KAPI_TEXT(x)	#x
#define KAPI_LINE(x)	KAPI_TEXT(x)
#define EXPECT(condition) do { \
	if (!(condition)) \
		return KAPI_LINE(__LINE__) ": not " #condition; \
} while (0)

/* What tables of processes may name, as dev_registered does. */
int kapi_registered_init(void);
void kapi_registered_exit(void);

extern struct kapi_case kapi_mutex_cases[];
extern const int kapi_mutex_number;
extern struct kapi_case kapi_spinlock_cases[];
extern const int kapi_spinlock_number;
extern struct kapi_case kapi_pool_cases[];
extern const int kapi_pool_number;
extern struct kapi_case kapi_pool_kinds_cases[];
extern const int kapi_pool_kinds_number;
extern struct kapi_case kapi_pool_contexts_cases[];
extern const int kapi_pool_contexts_number;
extern struct kapi_case kapi_memo_cases[];
extern const int kapi_memo_number;
extern struct kapi_case kapi_memo_kinds_cases[];
extern const int kapi_memo_kinds_number;
extern struct kapi_case kapi_memo_time_cases[];
extern const int kapi_memo_time_number;
extern struct kapi_case kapi_memo_lead_cases[];
extern const int kapi_memo_lead_number;
extern struct kapi_case kapi_memo_churn_cases[];
extern const int kapi_memo_churn_number;
extern struct kapi_case kapi_memo_errors_cases[];
extern const int kapi_memo_errors_number;
extern struct kapi_case kapi_faults[];
extern const int kapi_faults_number;

#endif /* SELFTESTS_KAPI_H */
