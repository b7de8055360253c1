/* SPDX-License-Identifier: GPL-2.0-only */
/* There is no KCSAN here. */
#ifndef SIM_KCSAN_CHECKS_H
#define SIM_KCSAN_CHECKS_H

static inline void kcsan_nestable_atomic_begin(void) { }
static inline void kcsan_nestable_atomic_end(void) { }

#endif /* SIM_KCSAN_CHECKS_H */
