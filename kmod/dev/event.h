/* SPDX-License-Identifier: GPL-2.0-only */
/* The events of a handle, and those who read them. */
#ifndef QUARTET_DEV_EVENT_H
#define QUARTET_DEV_EVENT_H

#include "handle.h"

/* A look, and no promise: another may read it. */
bool event_is_there(struct dev_handle *handle);
ssize_t event_read(struct dev_handle *handle, char __user *buf, size_t count, bool wait);

#endif /* QUARTET_DEV_EVENT_H */
