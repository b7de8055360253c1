// SPDX-License-Identifier: GPL-2.0-only
/* Built for a detector of another version. */
#include <linux/module.h>

MODULE_DESCRIPTION("not to be loaded");
MODULE_LICENSE("GPL");
