// SPDX-License-Identifier: GPL-2.0-only
/*
 * Instrumented modules, as they come and go.
 *
 * What a module's init does has happened before whoever comes in from outside once it has ended.
 */
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

#include "callbacks.h"
#include "compat.h"
#include "context.h"
#include "modules.h"
#include "shadow.h"
#include "sync.h"
#include "thread.h"

/* It refers to us. Only until its init has ended are there symbols that are not its own. */
static bool is_instrumented(const struct module *module)
{
	const struct mod_kallsyms *symbols = rcu_dereference_raw(module->kallsyms);
	unsigned int i;

	for (i = 0; i < symbols->num_symtab; i++)
		if (!strcmp(symbols->strtab + symbols->symtab[i].st_name, "__tsan_init"))
			return true;
	return false;
}

#ifdef CONFIG_MODULE_UNLOAD
/* Whoever was in the module has left it, in time; how that was made sure is not known here. */
static unsigned long run_exit(const struct race_call *call)
{
	race_after_all();
	return race_call(call);
}

static void watch_exit(struct module *module)
{
	module->exit = race_callback(module->exit, run_exit);
}
#else
static void watch_exit(struct module *module) { }
#endif

/* What it begins with was there before any of its threads. */
static void come(struct module *module)
{
	struct race_range data = race_module_data(module);

	if (!data.size || !is_instrumented(module))
		return;
	race_shadow_own(NULL, data.start, data.size, 0);
	watch_exit(module);
}

void race_publish(const char *what, unsigned long pc)
{
	race_release(&race_modules, what, pc);
	/* Who sees it acquires that, and never again (litmus: race-modules). */
	smp_store_release(&race_modules, race_modules + 1);
}

static void live(const struct module *module)
{
	struct race_range text = race_module_init_text(module);

	race_publish("init of the module", _THIS_IP_);
	race_thread_forget(text.start, text.size);
	race_context_forget(text.start, text.size);
}

static void go(const struct module *module)
{
	struct race_range data = race_module_data(module), text = race_module_text(module);

	if (data.size)
		race_shadow_disown(data.start, data.size);
	race_callbacks_forget(text.start, text.size);
	race_thread_forget(text.start, text.size);
	race_context_forget(text.start, text.size);
}

static int notify(struct notifier_block *block, unsigned long state, void *data)
{
	struct module *module = data;

	if (state == MODULE_STATE_COMING)
		come(module);
	else if (state == MODULE_STATE_LIVE)
		live(module);
	else if (state == MODULE_STATE_GOING)
		go(module);
	return NOTIFY_DONE;
}

static struct notifier_block notifier = { .notifier_call = notify };

int race_modules_init(void)
{
	return register_module_notifier(&notifier);
}

void race_modules_exit(void)
{
	unregister_module_notifier(&notifier);
}
