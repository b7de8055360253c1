/* SPDX-License-Identifier: GPL-2.0-only */
/* What all files of memo cases do: a function that can be held up, and threads that ask. */
#ifndef SELFTESTS_KAPI_MEMO_H
#define SELFTESTS_KAPI_MEMO_H

#include <linux/completion.h>
#include <linux/kernel.h>
#include <linux/sched.h>

#include <quartet/memo.h>
#include <quartet/mutex.h>

#include "kapi.h"

#define MEMO_KEY_MAX	32
#define MEMO_VALUE_MAX	64

/**
 * struct memo_plan - what the function does
 * @calls: so far
 * @err: it returns; or 0, with the value
 * @interrupted: so many calls are, first
 * @len: of a value other than the key's echo, or 0
 * @held: it waits for @go after @started
 * @nested: a table, of which it gets @nested_key, or NULL
 * @mutex: which it takes, or NULL
 */
struct memo_plan {
	atomic_t calls;
	int err;
	atomic_t interrupted;
	size_t len;
	bool held;
	struct completion started, go;
	struct quartet_memo *nested;
	const char *nested_key;
	struct quartet_mutex *mutex;
};

/**
 * struct memo_asker - a thread that gets a key
 * @memo: of what
 * @key: a string
 * @how: how
 * @mutex: which it takes before, or NULL
 * @value: got
 * @ret: what the get returned
 * @task: pinned from memo_ask() to memo_answer()
 */
struct memo_asker {
	struct quartet_memo *memo;
	const char *key;
	struct quartet_memo_how how;
	struct quartet_mutex *mutex;
	char value[MEMO_VALUE_MAX];
	ssize_t ret;
	struct completion done;
	struct task_struct *task;
};

extern struct memo_plan memo_plan;
extern enum quartet_memo_engine memo_engine;

int memo_function(struct quartet_memo_call *call, const void *key, size_t key_len, void *data);
struct quartet_memo_params memo_params(void);
struct quartet_memo_params memo_external(void);
u32 memo_calls(void);
void memo_plan_reset(struct memo_plan *plan);
const char *memo_each_engine(const char *(*run)(void));
ssize_t memo_get(struct quartet_memo *memo, const char *key, struct quartet_memo_how *how);
bool memo_gives(struct quartet_memo *memo, const char *key, enum quartet_memo_what what);
struct quartet_memo_state memo_state(struct quartet_memo *memo);
bool memo_is_exact(struct quartet_memo *memo, u64 entries);
void memo_start(struct memo_asker *asker, int (*thread)(void *asker));
void memo_ask(struct memo_asker *asker, struct quartet_memo *memo, const char *key,
	      const struct quartet_memo_how *how);
void memo_wait_for(struct quartet_memo *memo, u64 waiting);
ssize_t memo_answer(struct memo_asker *asker);

/* A case that is run in each engine. */
#define MEMO_CASE(name) \
static const char *name##_in(void); \
static const char *name(void) \
{ \
	return memo_each_engine(name##_in); \
} \
static const char *name##_in(void)

#endif /* SELFTESTS_KAPI_MEMO_H */
