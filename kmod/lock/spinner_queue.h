/* SPDX-License-Identifier: GPL-2.0-only */
/* The queue of arrivals that spin for a mutex, one at a time at its word. */
#ifndef QUARTET_SPINNER_QUEUE_H
#define QUARTET_SPINNER_QUEUE_H

#include <linux/atomic.h>

bool spinner_queue_enter(atomic_t *tail, bool (*stop)(const void *data), const void *data);
void spinner_queue_leave(atomic_t *tail);

#endif /* QUARTET_SPINNER_QUEUE_H */
