/* SPDX-License-Identifier: GPL-2.0-only */
/* A set of CPUs, as the kernel takes it and as people write it. */
#ifndef CPUMASK_H
#define CPUMASK_H

#define CPUMASK_MAX	8192	/* the largest NR_CPUS there is */
#define CPUMASK_BITS	(8 * sizeof(unsigned long))

struct cpumask {
	unsigned long bits[CPUMASK_MAX / CPUMASK_BITS];
};

/* taskset's form: 0-3,5 or 0-30:2. Bad text exits with a usage error. */
void cpumask_parse(struct cpumask *mask, const char *option, const char *text);

/* The first @count that are online; exits with a usage error if there are fewer. */
void cpumask_first(struct cpumask *mask, const char *option, unsigned int count);

#endif /* CPUMASK_H */
