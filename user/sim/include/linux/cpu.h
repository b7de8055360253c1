/* SPDX-License-Identifier: GPL-2.0-only */
/* CPUs do not come and go. */
#ifndef SIM_CPU_H
#define SIM_CPU_H

#include <linux/smp.h>

#define cpus_read_lock()	do { } while (0)
#define cpus_read_unlock()	do { } while (0)

#endif /* SIM_CPU_H */
