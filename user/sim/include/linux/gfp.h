/* SPDX-License-Identifier: GPL-2.0-only */
/* How to allocate: nothing here heeds it but the code under test. */
#ifndef SIM_GFP_H
#define SIM_GFP_H

#include <linux/kernel.h>

#define __GFP_ZERO	0x100u
/* Of memory groups and warnings, which there are none of. */
#define __GFP_RETRY_MAYFAIL	0u
#define __GFP_NOWARN	0u

#define gfpflags_allow_blocking(gfp)	((gfp) != GFP_ATOMIC && (gfp) != GFP_NOWAIT)

#endif /* SIM_GFP_H */
