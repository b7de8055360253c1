// SPDX-License-Identifier: GPL-2.0-only
/* What must hold between the workers of a stress. */
#include <err.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/mman.h>

#include "quartet.h"
#include "stress_check.h"

const char *const stress_names[STRESS_KINDS] = {
	[STRESS_MUTEX] = "mutex",
	[STRESS_POOL] = "pool",
	[STRESS_MEMO] = "memo",
};

struct check *check_new(void)
{
	struct check *check = mmap(NULL, sizeof(*check), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (check == MAP_FAILED)
		err(EXIT_CANNOT_RUN, NULL);
	return check;
}

void check_waited(struct check *check, enum stress_kind kind, __u64 ns)
{
	unsigned long long longest = atomic_load(&check->longest_ns[kind]);

	while (longest < ns &&
	       !atomic_compare_exchange_weak(&check->longest_ns[kind], &longest, ns))
		;
}

void check_fail(struct check *check, enum stress_kind kind, const char *format, ...)
{
	unsigned int n = atomic_fetch_add(&check->complaints, 1);
	va_list args;

	check_count(check, kind, COUNT_VIOLATIONS);
	if (n >= COMPLAINTS)
		return;
	va_start(args, format);
	vsnprintf(check->complaint[n], COMPLAINT_LEN, format, args);
	va_end(args);
}

unsigned int check_life_of(__u64 holder)
{
	return (__u32)(holder & ~HOLDER_DYING) >> HOLDER_THREAD;
}

static int pid_of(struct check *check, __u64 holder)
{
	return atomic_load(&check->life[check_life_of(holder)].pid);
}

bool check_is_gone(struct check *check, __u64 holder)
{
	return holder & HOLDER_DYING || atomic_load(&check->life[check_life_of(holder)].killed);
}

bool check_may_have_died(struct check *check, pid_t pid)
{
	unsigned int i = atomic_load(&check->lives);

	while (i-- > 0) {
		struct check_life *life = &check->life[i];

		if (atomic_load(&life->pid) == pid)
			return atomic_load(&life->killed) || atomic_load(&life->closes);
	}
	return false;
}

bool check_closes(struct check *check, __u64 holder)
{
	return atomic_load(&check->life[check_life_of(holder)].closes);
}

bool check_enter(struct check *check, enum stress_kind kind, atomic_ullong *word, __u64 holder,
		 bool told)
{
	__u64 old = atomic_exchange(word, holder);

	if (!old)
		return false;
	if (!check_is_gone(check, old))
		check_fail(check, kind, "%s: granted to %d while %d has it", stress_names[kind],
			   pid_of(check, holder), pid_of(check, old));
	else if (!told)
		check_fail(check, kind, "%s: %d died with it, and %d was not told",
			   stress_names[kind], pid_of(check, old), pid_of(check, holder));
	return true;
}

void check_leave(struct check *check, enum stress_kind kind, atomic_ullong *word, __u64 holder)
{
	__u64 now = atomic_exchange(word, 0);

	if (now != holder)
		check_fail(check, kind, "%s: %d had it, and found %d there", stress_names[kind],
			   pid_of(check, holder), now ? pid_of(check, now) : 0);
}

void check_dies(struct check *check, atomic_ullong *word, __u64 holder)
{
	atomic_store(&check->life[check_life_of(holder)].closes, true);
	if (word)
		atomic_fetch_or(word, HOLDER_DYING);
}
