/* SPDX-License-Identifier: GPL-2.0-only */
/* One program exports nothing. */
#define EXPORT_SYMBOL_GPL(symbol)	extern int sim_exports_nothing
