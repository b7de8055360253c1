/* SPDX-License-Identifier: GPL-2.0-only */
/* Names of objects, in the network namespace of who asks. */
#ifndef QUARTET_DEV_NAMES_H
#define QUARTET_DEV_NAMES_H

#include <linux/types.h>

struct dev_object;
struct quartet_entry;

int names_init(void);
void names_exit(void);
int names_add(struct dev_object *object, const char *name, umode_t mode);
struct dev_object *names_find(const char *name, u32 kind);
void names_take_back(struct dev_object *object);
int names_remove(const char *name);
int names_list(struct quartet_entry __user *entries, u32 room, u32 *count);

#endif /* QUARTET_DEV_NAMES_H */
