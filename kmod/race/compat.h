/* SPDX-License-Identifier: GPL-2.0-only */
/* What differs between kernel versions for the detector, and when that goes. */
#ifndef QUARTET_RACE_COMPAT_H
#define QUARTET_RACE_COMPAT_H

#include <linux/module.h>
#include <linux/slab.h>
#include <linux/version.h>
#include <linux/vmalloc.h>

/*
 * Since 6.10 what allocates has another name, as macros around it count for whom; in 6.12 and later
 * some have parameters that depend on the configuration. Goes with 6.1.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 10, 0)
#define RACE_ALLOC(name)		name
#define RACE_KMALLOC_TRACE
#else
#define RACE_ALLOC(name)		name##_noprof
#endif

/* Since 7.1 (or so) with a token; between 6.11 and that only with a bucket. Goes with 6.12. */
#ifndef DECL_TOKEN_PARAMS
#define DECL_TOKEN_PARAMS(size, token)	size_t size
#define PASS_TOKEN_PARAMS(size, token)	size
#ifdef DECL_BUCKET_PARAMS
#define DECL_KMALLOC_PARAMS(size, bucket, token)	DECL_BUCKET_PARAMS(size, bucket)
#define PASS_KMALLOC_PARAMS(size, bucket, token)	PASS_BUCKET_PARAMS(size, bucket)
#else
#define DECL_KMALLOC_PARAMS(size, bucket, token)	size_t size
#define PASS_KMALLOC_PARAMS(size, bucket, token)	size
#endif
#endif

/* Since 6.4 the memory of a module is in parts. Goes with 6.1. */
struct race_range {
	unsigned long start, size;
};

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
static inline struct race_range race_module_data(const struct module *module)
{
	const struct module_layout *core = &module->core_layout;

	return (struct race_range){
		(unsigned long)core->base + core->ro_after_init_size,
		core->size - core->ro_after_init_size,
	};
}

static inline struct race_range race_module_text(const struct module *module)
{
	return (struct race_range){
		(unsigned long)module->core_layout.base, module->core_layout.text_size,
	};
}

static inline struct race_range race_module_init_text(const struct module *module)
{
	return (struct race_range){
		(unsigned long)module->init_layout.base, module->init_layout.text_size,
	};
}
#else
static inline struct race_range race_module_part(const struct module *module,
						 enum mod_mem_type type)
{
	return (struct race_range){
		(unsigned long)module->mem[type].base, module->mem[type].size,
	};
}

#define race_module_data(module)	race_module_part(module, MOD_DATA)
#define race_module_text(module)	race_module_part(module, MOD_TEXT)
#define race_module_init_text(module)	race_module_part(module, MOD_INIT_TEXT)
#endif

#endif /* QUARTET_RACE_COMPAT_H */
