/* SPDX-License-Identifier: GPL-2.0-only */
/* What can be tortured, and in what each differs from the others. */
#ifndef SUBJECT_H
#define SUBJECT_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>
#include <linux/quartet_torture.h>

struct list;
struct matrix;
struct run;

/* What a run is asked, and what came back. */
struct args {
	struct quartet_torture_request request;	/* all subjects have */
	struct quartet_torture_result result;
	__u64 variant;			/* of the matrix's own list */
	__u64 speedup_permille;		/* memo: against one worker; 0: unknown */
	union {		/* the ioctl's; all begin with a request, which is only used there */
		struct quartet_torture_spin spin;
		struct quartet_torture_mutex mutex;
		struct quartet_torture_pool pool;
		struct quartet_torture_memo memo;
	};
};

/* A number of a run's arguments or results that not every subject has. */
struct field {
	const char *key;
	size_t offset, size;		/* in struct args */
};

#define FIELD(name, member) { \
	name, offsetof(struct args, member), sizeof(((struct args *)0)->member), \
}

__u64 field_value(const struct field *field, const struct args *args);

/* A bit of request.flags. */
struct flag {
	const char *key;
	__u32 bit;
};

/* As subject.reachable returns. */
__u32 event_mask(const bool *can, __u32 len);

/* What a kind that is broken on purpose must be caught at. */
enum flaw {
	FLAW_NONE,
	FLAW_EXCLUSION,
	FLAW_ORDER,
	FLAW_WAKEUP,
};

#define EVENTS_MAX	16

/* The columns that not every subject has. */
enum columns {
	COLUMNS_SPIN,
	COLUMNS_MUTEX,	/* starve_ns and idle_hist */
	COLUMNS_POOL,	/* where objects came from */
	COLUMNS_MEMO,	/* where values did */
};

/* In each doc: the last verdicts, what the exit status means, and a heading. */
#define SUBJECT_DOC_STATUS \
	"  never            an event named by --require was never seen\n" \
	"  cut short        a signal ended the run\n" \
	"\n" \
	"Exit status:\n" \
	"  0  every verdict is good          2  usage\n" \
	"  1  a verdict is bad               3  cannot run\n" \
	"  128 + N: ended by signal N; the rows so far have been printed\n" \
	"\n" \
	"Examples:\n"

/* Arrays of fields and flags end with a NULL key. */
struct subject {
	const char *name;
	const char *const *kinds;	/* by request.kind */
	__u32 kinds_len;
	const char *const *events;	/* what the lock counts, at most EVENTS_MAX */
	__u32 events_len;
	const char *events_key;
	const struct flag *flags;
	const struct field *asked;
	const struct field *got;
	const char *overtaken;		/* the column of inversions; NULL: has none */
	enum columns columns;
	__u32 counting;			/* the kind whose events are counted */
	const char *const *variants;	/* by value of the matrix's own list; NULL: not named */

	const char *doc;
	const struct argp_option *options;	/* beside those of all subjects */
	void (*set_defaults)(struct matrix *matrix);
	bool (*parse)(struct matrix *matrix, int key, const char *text);
	void (*check)(const struct matrix *matrix);	/* exits if options contradict */
	void (*vary)(struct args *args, __u64 value);	/* by the matrix's own list; or NULL */

	unsigned long command;			/* the ioctl, and in its struct: */
	size_t size;
	size_t result;
	size_t counts;				/* of events */
	unsigned long (*perform)(int fd, struct run *run);	/* run_ioctl(), or around it */
	/* The events that such a run can see, as a mask; one that needs luck counts too. */
	__u32 (*reachable)(const struct args *args);
	enum flaw (*flaw)(__u32 kind);
};

#define SUBJECT_IOCTL(number, type, result_member, counts_member) \
	.command = number, \
	.size = sizeof(type), \
	.result = offsetof(type, result_member), \
	.counts = offsetof(type, counts_member)

extern const struct subject spin_subject, mutex_subject, pool_subject, memo_subject;

#endif /* SUBJECT_H */
