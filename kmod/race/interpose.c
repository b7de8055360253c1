// SPDX-License-Identifier: GPL-2.0-only
/* Structures of a module that name functions of it. */
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/vmalloc.h>

#include "interpose.h"
#include "sync.h"

static DEFINE_MUTEX(patching);

bool race_is_of_module(const void *addr)
{
	return (unsigned long)addr >= MODULES_VADDR && (unsigned long)addr < MODULES_END;
}

/* They are constants, mostly, in memory that is read-only: it is mapped once more to write. */
static bool patch_module(void *const *slot, void *value)
{
	struct page *page = vmalloc_to_page(slot);
	void *alias = page ? vmap(&page, 1, VM_MAP, PAGE_KERNEL) : NULL;

	if (!alias)
		return false;
	WRITE_ONCE(*(void **)(alias + offset_in_page(slot)), value);
	vunmap(alias);
	return true;
}

static void patch(void *const *slot, void *value)
{
	if (!race_is_of_module(slot))
		WRITE_ONCE(*(void **)slot, value);
	else if (!patch_module(slot, value))
		race_callback_lost();
}

/* Known by ours, which the call is told as well. */
void *race_hand_over(void *function, race_run_t run, unsigned long pc)
{
	void *ours = race_callback(function, run);

	race_release(ours, "registration", pc);
	return ours;
}

void __race_interpose(const void *ops, const struct race_slot *slots, unsigned int n,
		      unsigned long pc)
{
	void *const *slot;
	void *function, *ours;
	unsigned int i;

	mutex_lock(&patching);
	for (i = 0; ops && i < n; i++) {
		slot = ops + slots[i].offset;
		function = *slot;
		if (!race_is_of_module(function))
			continue;
		ours = race_hand_over(function, slots[i].run, pc);
		if (ours != function)
			patch(slot, ours);
	}
	mutex_unlock(&patching);
}

/* What all methods release at their ends. */
static char methods;

unsigned long race_method(const struct race_call *call)
{
	unsigned long result;

	race_acquire(call->self, "call by the kernel", _THIS_IP_);
	result = race_call(call);
	race_release(&methods, "end of a method", _THIS_IP_);
	return result;
}

void race_methods_over(const char *what, unsigned long pc)
{
	race_acquire(&methods, what, pc);
}
