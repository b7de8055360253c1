/* SPDX-License-Identifier: GPL-2.0-only */
/* cpu_relax() is an access: see sim/access.h. */
#include <linux/compiler.h>
