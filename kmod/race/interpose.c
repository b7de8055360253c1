// SPDX-License-Identifier: GPL-2.0-only
/* Structures of a module that name functions of it. */
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/vmalloc.h>

#include "counters.h"
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
		race_count(RACE_NO_CALLBACK);
}

void race_interpose_at(void *const *slot, race_run_six_t run, unsigned long pc)
{
	void *function, *ours;

	mutex_lock(&patching);
	function = *slot;
	if (race_is_of_module(function)) {
		race_release(race_callback_function(function), "registration", pc);
		ours = race_callback_of_six(function, run);
		if (ours != function)
			patch(slot, ours);
	}
	mutex_unlock(&patching);
}

void race_interposed(void *function)
{
	race_acquire(function, "call by the kernel", _THIS_IP_);
}
