/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which thread of a case comes first, without an order that the detector sees: what it says of the
 * case must not depend on who was faster.
 */
#ifndef RACE_CASES_ORDER_H
#define RACE_CASES_ORDER_H

#include <linux/path.h>
#include <linux/types.h>

void order_reset(void);
void order_reach(int step);
void order_wait(int step);
/* The second thread has begun, and the first one waits for that. */
void order_is_there(void);
void order_wait_both(void);
/* For long enough that what was started has ended. */
void order_pause(void);
/* Until somebody stops the thread. */
void order_wait_stop(void);

/* Until the thread of that pid has ended, and its pid is nobody's. */
void order_wait_gone(pid_t pid);

/* Has the kernel call all shrinkers. */
void order_shrink(const struct path *root);
/* An interrupt line of nobody's, which has an interrupt where it says so. */
int order_irq(void);
void order_irq_happens(void);
void order_irq_end(void);

#endif /* RACE_CASES_ORDER_H */
