/* SPDX-License-Identifier: GPL-2.0-only */
/* What quartet_trace_pc.ko and the fuzzer share: a mapping of /dev/quartet_trace_pc. */
#ifndef SELFTESTS_TRACE_PC_H
#define SELFTESTS_TRACE_PC_H

#include <linux/types.h>

#define TRACE_PC_BITS	20		/* of an address; the module's text is smaller than 1 MB */
#define TRACE_PC_LINES	64
#define TRACE_PC_WIDTH	352

/**
 * struct trace_pc - what was run, and how it is disturbed
 * @seen_count: how many places of the module's code have been reached
 * @delay_one_in: how many places are passed without a delay, for each with one; 0: no delays
 * @delay_spins: how long a delay is at most, in turns of a loop
 * @reserved: 0
 * @lines: what to say if the kernel panics; the fuzzer's
 * @seen: a bit for each place
 */
struct trace_pc {
	__u32 seen_count;
	__u32 delay_one_in;
	__u32 delay_spins;
	__u32 reserved[1021];
	char lines[TRACE_PC_LINES][TRACE_PC_WIDTH];
	unsigned long seen[(1UL << TRACE_PC_BITS) / 8 / sizeof(unsigned long)];
};

#endif /* SELFTESTS_TRACE_PC_H */
