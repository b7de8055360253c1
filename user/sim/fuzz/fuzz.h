/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the fuzz targets share. A target reads its input as a sequence of operations,
 * does each on the code under test and on a plain model of it, and compares the two after
 * each. Every input means something, and ends with all that was taken given back.
 *
 * With QUARTET_FUZZ_PRINT in the environment each operation is written before it is done.
 */
#ifndef SIM_FUZZ_H
#define SIM_FUZZ_H

#include <linux/kernel.h>

struct input {
	const u8 *next, *end;
};

static inline bool input_left(const struct input *input)
{
	return input->next < input->end;
}

/* A number below @n; of an input that has ended, 0. */
static inline unsigned int pick(struct input *input, unsigned int n)
{
	return input_left(input) ? *input->next++ % n : 0;
}

/* A world as at the start, the time at FUZZ_START, and warnings expected. */
#define FUZZ_START	3600000000000ULL
void fuzz_reset(void);
/* Tells of an operation, if asked to. */
void say(const char *format, ...) __printf(1, 2);
/* The code under test and the model do not agree. */
#define differ(...)	sim_fail("differs from the model: " __VA_ARGS__)
/* The target's: what is before, for each operation, and after all. */
void fuzz_start(struct input *input);
void fuzz_step(struct input *input);
void fuzz_end(void);

static inline void same(u64 got, u64 wanted, const char *what)
{
	if (got != wanted)
		differ("%s: %lld (%#llx), the model says %lld (%#llx)", what, (long long)got,
		       (unsigned long long)got, (long long)wanted, (unsigned long long)wanted);
}

#endif /* SIM_FUZZ_H */
