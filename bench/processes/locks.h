/* SPDX-License-Identifier: GPL-2.0-only */
/* Locks that processes share, behind one shape. */
#ifndef BENCH_LOCKS_H
#define BENCH_LOCKS_H

/**
 * struct shared_lock - a kind of lock
 * @name: in the table
 * @create: one lock, by the parent; 0, or what is wrong
 * @attach: by each process that uses it, after fork
 * @lock: 0, or 1 with the lock held whose owner died; else a negative errno
 * @unlock: releases it, as consistent
 * @destroy: by the parent
 */
struct shared_lock {
	const char *name;
	int (*create)(void);
	void (*attach)(void);
	int (*lock)(void);
	void (*unlock)(void);
	void (*destroy)(void);
};

extern const struct shared_lock shared_locks[];
extern const int shared_locks_number;

#endif /* BENCH_LOCKS_H */
