/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The race detector, called as a compiler would. Addresses are numbers to it: what it is told of
 * need not be there.
 */
#ifndef SIM_DETECTOR_H
#define SIM_DETECTOR_H

#include <sim/case.h>

#include <race/block.h>
#include <race/sync.h>
#include <race/thread.h>

#include "../cases/cases.h"

void __tsan_read4(void *addr);
void __tsan_write1(void *addr);
void __tsan_write2(void *addr);
void __tsan_write4(void *addr);
void __tsan_volatile_read4(void *addr);
void __tsan_volatile_write4(void *addr);
void __tsan_func_entry(void *pc);
void __tsan_func_exit(void *unused);

#define CHUNK(n)	((unsigned long)(n) * RACE_CHUNK)
/* What the cases race for. */
#define SHARED		CHUNK(8)
/* What detector_order() releases. */
#define ORDER		CHUNK(98)

/* Ready, with @n threads that have their slots, and SHARED watched. */
void detector_start(unsigned int n);
/* As thread @n of the case, alone. */
void detector_as(unsigned int n, void (*function)(void));
/* What thread 0 did until now has happened before what the others do from now on. */
void detector_order(void);
/* The same, and thread 0 has written SHARED before all that the others do. */
void detector_start_ordered(unsigned int n);

/* A lock, for itself; and by whom SHARED is written before it is let go, and once it is had. */
void detector_hold(unsigned long lock);
void detector_hand_over(unsigned long lock);
void detector_take(unsigned long lock);

/* How many races were reported. */
extern unsigned int detector_reports;
/* Fails if none was. */
void detector_must_report(void);
void detector_must_not_report(void);

/* Each from one place, as in a loop. */
void write_shared(void);
void read_shared(void);

#endif /* SIM_DETECTOR_H */
