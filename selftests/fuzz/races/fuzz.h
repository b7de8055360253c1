/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The fuzzer of /dev/quartet: what its files share.
 *
 * A *plan* is a string of bytes: the objects of one *round*, what disturbs it, and a program for
 * each of three workers. A worker is a process. It runs its program again and again: each step is
 * a command, a fork, a kill, a close. In the end all processes of the round are killed and
 * reaped, and then nothing may be left of them. Plans that reach new places of the module's code
 * are kept, and changed for later rounds.
 *
 * A round is *orderly* or *wild*. In an orderly round, a process asks by handles of its own
 * only, though others have descriptors of them. So each process knows what it has been granted,
 * and tells if that is lost. In a wild round anybody uses any handle, with any argument.
 */
#ifndef SELFTESTS_FUZZ_H
#define SELFTESTS_FUZZ_H

#include <stdalign.h>
#include <stdbool.h>
#include <stdnoreturn.h>

#include "../../dev/device.h"
#include "../trace/trace_pc.h"

#define WORKERS		3
#define STEPS		12
#define SETUP		16
#define OBJECTS		4	/* of a round: two mutexes, a pool, a memo */
#define HANDS		12	/* handles that a process knows; the first are the objects' */
#define SLOTS		3	/* of the pool, at most */
#define NAMES		3
#define SKIPPED		(-10000)

enum { MUTEX, MUTEX2, POOL, MEMO };

/* One step of a program: a command, and what it is done with. */
struct step {
	__u8 op, a, b, c;
};

struct plan {
	__u8 setup[SETUP];
	struct step programs[WORKERS][STEPS];
};

/* A round's setup, decoded. */
struct setup {
	bool wild;
	bool by_handle;			/* some ask with QUARTET_BY_HANDLE */
	unsigned int ms;		/* how long it lasts at most */
	unsigned int kill_us[WORKERS];	/* when a worker is killed; 0: not before the end */
	unsigned int delay_one_in, delay_spins;
	int favourite;			/* an errno that FULFIL likes in this round */
	unsigned int processes;		/* at most */
	struct quartet_create objects[OBJECTS];
};

/* What all processes of a round see. It outlives them. */
struct shared {
	int stop;
	int failed;			/* somebody has written @fault */
	char fault[200];
	unsigned int processes;		/* that were started in this round */
	bool by_handle;			/* somebody may have asked for what outlives it */
	bool given;			/* somebody gave a slot away: it may be unread */
	__u64 inside[2];		/* the token of the grant whose process is inside */
	__u64 slots[SLOTS];		/* the same of slots */
	__u64 slot_grants;
};

/* A handle as a process knows it. */
struct hand {
	int fd;
	int object;			/* its index, or -1: one more, from CREATE or OPEN */
	bool own;			/* this process has made it, and nobody else asks by it */
	__u64 grant;			/* token of the mutex's grant or of the lead; 0: none */
	int slot;			/* -1: none */
	__u64 slot_grant;		/* what was written for it */
};

extern struct shared *shared;
extern struct setup setup;
extern struct hand hands[HANDS];
extern const char *const names[NAMES];
extern int device;			/* /dev/quartet */
extern int sockets[2];			/* of the round: handles travel there */
extern struct trace_pc *trace;		/* of the module if it is built so, else memory */
extern bool guided;

/* words.c */
void words_init(void);
__u64 word_of(unsigned int n);		/* a boundary value, by two bytes */
int error_of(unsigned int n);		/* the same of errors, mostly negative ones */
unsigned int words_random(unsigned int n);
void words_seed(unsigned int seed);

/* plan.c */
void plan_decode(const struct plan *plan);
struct plan plan_next(void);
void plan_keep(const struct plan *plan);
unsigned int plan_kept(void);
void plan_print(const struct plan *plan, char *text);
bool plan_parse(struct plan *plan, const char *text);

/* record.c */
void trace_open(void);
void record_plan(const struct plan *plan, unsigned int round);
void record_start(void);
void record(const char *format, ...) __attribute__((format(printf, 1, 2)));
void record_result(long result);
void record_show(void);
void fault(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* round.c */
bool round_run(const struct plan *plan);
void check_nothing_left(void);

/* undertaker.c */
void undertaker_start(void);
void undertaker_close(const int *handles, int n);

/* worker.c */
enum {
	OP_CLONE, OP_CLOSE, OP_LOCK, OP_UNLOCK, OP_SECTION, OP_CONSISTENT, OP_STATE,
	OP_POOL_GET, OP_POOL_PUT, OP_POOL_GIVE, OP_MEMO_GET, OP_FULFIL, OP_ABANDON, OP_FORGET,
	OP_CANCEL, OP_READ, OP_POLL, OP_DUP, OP_SEND, OP_RECEIVE, OP_FORK, OP_CLONE_FILES,
	OP_UNSHARE, OP_EXEC, OP_EXIT, OP_KILL, OP_WAIT, OP_MAP, OP_SLEEP, OP_ALARM, OP_CREATE,
	OP_NAME, OP_RAW, OP_THREAD, OPS
};

void worker_run(const struct step *program);
noreturn void worker_child(void);

/* hands.c */
struct hand *hand_of(unsigned int n, int kind);
struct hand *hand_free(unsigned int n);
void hand_close(struct hand *hand);
void hands_init(const int *objects);
void hands_forked(bool same_files);
bool may_ask(const struct hand *hand);
bool is_mutex(const struct hand *hand);
long ask(const struct hand *hand, unsigned long command, void *args);

/* grants.c */
long do_lock(const struct step *step);
long do_unlock(const struct step *step);
long do_section(const struct step *step);
long do_consistent(const struct step *step);
long do_state(const struct step *step);
void mutex_check(const struct hand *hand);
void got_mutex(struct hand *hand, __u64 token, __u32 result, bool repair);
__u32 wait_flags(const struct step *step, __u64 *deadline, __u32 *clock);

/* loans.c */
long do_pool_get(const struct step *step);
long do_pool_put(const struct step *step);
long do_pool_give(const struct step *step);
long do_memo_get(const struct step *step);
long do_fulfil(const struct step *step);
long do_abandon(const struct step *step);
long do_forget(const struct step *step);
void got_slot(struct hand *hand, unsigned int slot);

/* files.c */
int pass_handle(int socket, int fd, char object, int flags);
int receive_handle(int socket, char *object, int flags);
long do_clone(const struct step *step);
long do_close(const struct step *step);
long do_cancel(const struct step *step);
long do_read(const struct step *step);
long do_poll(const struct step *step);
long do_dup(const struct step *step);
long do_send(const struct step *step);
long do_receive(const struct step *step);
long do_map(const struct step *step);
long do_create(const struct step *step);
long do_name(const struct step *step);
long do_raw(const struct step *step);

/* processes.c */
long do_fork(const struct step *step);
long do_clone_files(const struct step *step);
long do_unshare(const struct step *step);
long do_exec(const struct step *step);
long do_exit(const struct step *step);
long do_kill(const struct step *step);
long do_wait(const struct step *step);
long do_sleep(const struct step *step);
long do_alarm(const struct step *step);
long do_thread(const struct step *step);
void processes_forget(void);

#endif /* SELFTESTS_FUZZ_H */
