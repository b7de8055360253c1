/* SPDX-License-Identifier: GPL-2.0-only */
/* An array of which nothing is kept: for what only a report looks up. */
#ifndef SIM_XARRAY_H
#define SIM_XARRAY_H

#include <linux/kernel.h>

struct xarray { char unused; };

#define DEFINE_XARRAY(name)	struct xarray name
#define xa_store(xarray, index, entry, gfp)	((void)(xarray), (void)(entry), (void *)NULL)
#define xa_load(xarray, index)	((void)(xarray), (void *)NULL)
#define xa_is_err(entry)	((void)(entry), false)
#define xa_for_each(xarray, index, entry) \
	for ((index) = 0, (entry) = NULL; (entry); (index)++)
#define xa_destroy(xarray)	((void)(xarray))

#endif /* SIM_XARRAY_H */
