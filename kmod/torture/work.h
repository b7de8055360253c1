/* SPDX-License-Identifier: GPL-2.0-only */
/* Work of a given length: calibrated loops, since reading a clock is itself work. */
#ifndef QUARTET_TORTURE_WORK_H
#define QUARTET_TORTURE_WORK_H

#include <linux/types.h>

void work_calibrate(void);
void work_for(u64 ns);

#endif /* QUARTET_TORTURE_WORK_H */
