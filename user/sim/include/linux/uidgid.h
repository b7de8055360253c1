/* SPDX-License-Identifier: GPL-2.0-only */
/* Users and groups, whom nobody asks for here. */
#ifndef SIM_UIDGID_H
#define SIM_UIDGID_H

#include <linux/types.h>

typedef struct { uid_t val; } kuid_t;
typedef struct { gid_t val; } kgid_t;
typedef unsigned short umode_t;

#endif /* SIM_UIDGID_H */
