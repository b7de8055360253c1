/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SHIM_MINMAX_H
#define SHIM_MINMAX_H

#define min(a, b)	((a) < (b) ? (a) : (b))

#endif /* SHIM_MINMAX_H */
