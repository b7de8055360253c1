/* SPDX-License-Identifier: GPL-2.0-only */
/* What a program of the native world calls to set it up. */
#ifndef SIM_NATIVE_H
#define SIM_NATIVE_H

/* Tasks, per-CPU data and the rest as at the start; no thread may be using them. */
void native_reset(void);
/* The calling thread is thread @n of the case from now on, until it leaves. */
void native_become(unsigned int n);
void native_leave(void);

#endif /* SIM_NATIVE_H */
