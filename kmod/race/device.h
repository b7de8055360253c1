/* SPDX-License-Identifier: GPL-2.0-only */
/* Devices: who lets go of one comes before its release. */
#ifndef QUARTET_RACE_DEVICE_H
#define QUARTET_RACE_DEVICE_H

#include <linux/device.h>

/* A module is about to add it. Task context, may sleep. */
void race_device_add(const struct device *device, unsigned long pc);
/* The caller lets go of it. */
void race_device_put(const struct device *device, const char *what, unsigned long pc);

#endif /* QUARTET_RACE_DEVICE_H */
