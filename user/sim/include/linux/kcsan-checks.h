/* SPDX-License-Identifier: GPL-2.0-only */
/* There is no KCSAN here. */
#ifndef SIM_KCSAN_CHECKS_H
#define SIM_KCSAN_CHECKS_H

static inline void kcsan_disable_current(void) { }
static inline void kcsan_enable_current(void) { }

#endif /* SIM_KCSAN_CHECKS_H */
