/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A process that has asked for something, and its end.
 *
 * What a process asks for by a handle is its own: a grant, and a request that is not yet granted,
 * have the process's record beside them, and end when the process does, wherever the handle is by
 * then. A record has the struct pid of the process (of its thread group) with a reference, so that
 * no other process is ever taken for it. Between a process and each handle by which it has asked is
 * a tie, and the record lives as long as it has ties:
 *
 *	(none) ------> tied ------> taken ------> (none)
 *	   |  first request | process ends   | what it asked for has ended
 *	   |                |                |
 *	   |                +------> (none)  |
 *	   |            last close, if not taken; else the close waits for that
 *
 * So who compares a pointer to a record with another compares what is pinned: by the tie, which
 * outlives all grants and requests of that process by that handle.
 */
#ifndef QUARTET_DEV_PROCESS_H
#define QUARTET_DEV_PROCESS_H

struct dev_handle;
struct process;

struct process *process_ask(struct dev_handle *handle);
void process_forget(struct dev_handle *handle);
int process_init(void);
void process_exit(void);

#endif /* QUARTET_DEV_PROCESS_H */
