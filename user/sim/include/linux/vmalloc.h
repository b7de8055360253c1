/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory that user space could be given. */
#ifndef SIM_VMALLOC_H
#define SIM_VMALLOC_H

#include <linux/mm.h>

#define __vmalloc(size, gfp)	kzalloc(size, gfp)
#define vcalloc(n, size)	kcalloc(n, size, GFP_KERNEL)
#define vfree(p)		kfree(p)

#endif /* SIM_VMALLOC_H */
