/* SPDX-License-Identifier: GPL-2.0-only */
/* What main.c needs of reclaim.c. */
#ifndef QUARTET_POOL_RECLAIM_H
#define QUARTET_POOL_RECLAIM_H

int pool_reclaim_setup(void);
void pool_reclaim_cleanup(void);

#endif /* QUARTET_POOL_RECLAIM_H */
