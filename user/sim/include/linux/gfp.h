/* SPDX-License-Identifier: GPL-2.0-only */
/* How to allocate: nothing here heeds it but the code under test. */
#ifndef SIM_GFP_H
#define SIM_GFP_H

#include <linux/kernel.h>

#define __GFP_ZERO	0x100u

#define gfpflags_allow_blocking(gfp)	((gfp) != GFP_ATOMIC && (gfp) != GFP_NOWAIT)

#endif /* SIM_GFP_H */
