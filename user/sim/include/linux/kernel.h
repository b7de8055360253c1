/* SPDX-License-Identifier: GPL-2.0-only */
/* Small things that every kernel source takes for granted. */
#ifndef SIM_KERNEL_H
#define SIM_KERNEL_H

#include <linux/compiler.h>
#include <linux/types.h>

#ifndef CONFIG_NR_CPUS
#define CONFIG_NR_CPUS		16
#endif
#define NR_CPUS			CONFIG_NR_CPUS
#define CONFIG_TRACEPOINTS	1

/* 1 if the symbol is defined as 1, else 0. */
#define SIM_ARG_1		0,
#define SIM_SECOND(ignored, value, ...)	value
#define SIM_SECOND_OF(args)	SIM_SECOND(args 1, 0)
#define SIM_IS_ONE(value)	SIM_SECOND_OF(SIM_ARG_##value)
#define SIM_IS_DEFINED(value)	SIM_IS_ONE(value)
#define IS_ENABLED(option)	SIM_IS_DEFINED(option)

#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))
#define min_t(type, a, b)	({ type sim_a = (a), sim_b = (b); sim_a < sim_b ? sim_a : sim_b; })
#define max_t(type, a, b)	({ type sim_c = (a), sim_d = (b); sim_c > sim_d ? sim_c : sim_d; })
#define min(a, b)		min_t(__typeof__((a) + (b)), a, b)
#define max(a, b)		max_t(__typeof__((a) + (b)), a, b)
#define clamp(v, low, high)	min(max(v, low), high)
#define ALIGN(n, to)		(((n) + (to) - 1) & ~((__typeof__(n))(to) - 1))
#define BUILD_BUG_ON(condition)	_Static_assert(!(condition), #condition)
#define _RET_IP_		((unsigned long)__builtin_return_address(0))
#define GFP_KERNEL		0u
#define GFP_KERNEL_ACCOUNT	GFP_KERNEL
#define GFP_ATOMIC		1u
#define GFP_NOWAIT		2u

#define strscpy(to, from, size)	((void)snprintf(to, size, "%s", from))
/* Names, which nobody looks at. */
#define kasprintf(gfp, ...)	((void)(gfp), (char *)NULL)
int snprintf(char *to, size_t size, const char *format, ...) __printf(3, 4);

/* Ends the program, or the explored schedule, as a failure. */
void __noreturn sim_fail(const char *format, ...) __printf(1, 2);
/* A failure too, unless the case has said that it expects one; true. */
bool sim_warn(const char *file, int line, const char *format, ...) __printf(3, 4);
void sim_log(const char *format, ...) __printf(1, 2);

#define BUG_ON(condition) \
	((condition) ? sim_fail("assertion: %s:%d: %s", __FILE__, __LINE__, #condition) : (void)0)
#define WARN(condition, ...) ({ \
	bool sim_warned = !!(condition); \
	\
	if (sim_warned) \
		sim_warn(__FILE__, __LINE__, __VA_ARGS__); \
	sim_warned; })
#define WARN_ONCE(condition, ...)	WARN(condition, __VA_ARGS__)
#define WARN_ON(condition)		WARN(condition, "%s\n", #condition)
#define WARN_ON_ONCE(condition)		WARN_ON(condition)
#define pr_err(...)	sim_log(__VA_ARGS__)
#define pr_warn(...)	sim_log(__VA_ARGS__)
#define pr_warn_once(...) sim_log(__VA_ARGS__)
#define pr_info(...)	sim_log(__VA_ARGS__)
#define might_sleep()	sim_might_sleep(__FILE__, __LINE__)

void sim_might_sleep(const char *file, int line);
void sim_may_schedule(const char *file, int line);

#endif /* SIM_KERNEL_H */
