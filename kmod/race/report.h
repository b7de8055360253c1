/* SPDX-License-Identifier: GPL-2.0-only */
/* What is said of a race. */
#ifndef QUARTET_RACE_REPORT_H
#define QUARTET_RACE_REPORT_H

#include "shadow.h"
#include "thread.h"

struct dentry;

/*
 * The access @new, of the eight bytes at @granule, has no order with @old; @how says what it is
 * more exactly than the cell does. Once for each pair of places. Any context, without locks.
 */
void race_report(unsigned long granule, race_cell new, race_cell old, unsigned int how);

int race_report_init(void);
void race_report_show(struct dentry *directory);
void race_report_exit(void);

#endif /* QUARTET_RACE_REPORT_H */
