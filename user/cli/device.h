/* SPDX-License-Identifier: GPL-2.0-only */
/* /dev/quartet_torture. */
#ifndef DEVICE_H
#define DEVICE_H

/* A descriptor; if that cannot be had, says why and exits. */
int device_open(void);

#endif /* DEVICE_H */
