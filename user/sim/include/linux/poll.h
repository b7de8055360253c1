/* SPDX-License-Identifier: GPL-2.0-only */
/* Nobody polls here. */
#ifndef SIM_POLL_H
#define SIM_POLL_H

#include <linux/wait.h>

#define EPOLLIN			0x1
#define EPOLLRDNORM		0x40
#define wake_up_poll(queue, events)	((void)(events), wake_up_all(queue))

#endif /* SIM_POLL_H */
