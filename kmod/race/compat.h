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

/* Since 6.18 (or so) what allocates anew, or by pages, takes an alignment. Goes with 6.12. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 18, 0)
#define RACE_REALLOC_NODE(name)		name##_node_align_noprof
#define DECL_REALLOC_PARAMS(size) \
	DECL_TOKEN_PARAMS(size, token), unsigned long align, gfp_t flags, int node
#define PASS_REALLOC_PARAMS(size) \
	PASS_TOKEN_PARAMS(size, token), align, flags, node
#define DECL_KVMALLOC_PARAMS(size) \
	DECL_KMALLOC_PARAMS(size, bucket, token), unsigned long align, gfp_t flags, int node
#define PASS_KVMALLOC_PARAMS(size) \
	PASS_KMALLOC_PARAMS(size, bucket, token), align, flags, node
#else
#define RACE_REALLOC_NODE(name)		RACE_ALLOC(name)
#define DECL_REALLOC_PARAMS(size)	size_t size, gfp_t flags
#define PASS_REALLOC_PARAMS(size)	size, flags
#define DECL_KVMALLOC_PARAMS(size) \
	DECL_KMALLOC_PARAMS(size, bucket, token), gfp_t flags, int node
#define PASS_KVMALLOC_PARAMS(size) \
	PASS_KMALLOC_PARAMS(size, bucket, token), flags, node
#endif

/* Since 6.12 without the old size. Goes with 6.1. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
#define RACE_KVREALLOC_OLD(declaration)
#else
#define RACE_KVREALLOC_OLD(declaration)	declaration,
#endif

/* Since 6.11 (or so). Goes with 6.1. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
#define RACE_KVMEMDUP
#endif

/* Until 7.0 (or so). Goes with 6.12. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 0, 0)
#define RACE_ALLOC_PAGES_NODEMASK
#endif

/* Since 6.10 what counts for whom has the better name. Goes with 6.1. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 10, 0)
#define RACE_GET_FREE_PAGES		__get_free_pages
#else
#define RACE_GET_FREE_PAGES		get_free_pages_noprof
#endif

/* Since 6.12 by this name, with the less common parameters in a struct. Goes with 6.1. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
#define RACE_CACHE_ARGS
#endif

/* Since 6.10. Goes with 6.1. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
#define RACE_DISABLE_WORK
#define RACE_ADD_TIMER_LOCAL
#endif

/* Until 6.7 it is the module's memory, and not allocated by itself. Goes with 6.1. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)
#define RACE_SHRINKER_REGISTER
#endif

/* Since 6.2, if there are lazy callbacks. Goes with 6.1. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0) && defined(CONFIG_RCU_LAZY)
#define RACE_CALL_RCU_HURRY
#endif

/* Before 6.2 kfree_rcu() says where the head is in what is freed. Goes with 6.1. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define RACE_KFREE_HEAD(name)		struct rcu_head *name
#define RACE_KFREE_WHAT(name)		rcu_callback_t name
#define RACE_KFREE_MEMORY(head, what) \
	((head) ? (void *)(head) - (unsigned long)(what) : (void *)(what))
#else
#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 0, 0)
#define RACE_KFREE_HEAD(name)		struct rcu_head *name
#else
#define RACE_KFREE_HEAD(name)		struct kvfree_rcu_head *name
#endif
#define RACE_KFREE_WHAT(name)		void *name
#define RACE_KFREE_MEMORY(head, what)	(what)
#endif

/* Since 7.0 (or so) by another name. Goes with 6.12. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 0, 0)
#define RACE_TIMER_DELETE_SYNC_TRY	try_to_del_timer_sync
#else
#define RACE_TIMER_DELETE_SYNC_TRY	timer_delete_sync_try
#endif

/* Private since 6.15. Goes with 6.12. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 15, 0)
#define race_hrtimer_function(timer)	((timer)->function)
#else
#define race_hrtimer_function(timer)	ACCESS_PRIVATE(timer, function)
#endif

/* A pointer to words since 6.14 (or so). Goes with 6.12. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
#define race_bits_t			void
#else
#define race_bits_t			unsigned long
#endif

/* Since 6.16. Goes with 6.12. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 16, 0)
#define RACE_MMAP_PREPARE
#endif

/* Since 6.12, and there were inline functions around it before. Goes with 6.1. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
#define RACE_FDGET
#endif

/* Since 6.13. Goes with 6.12. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
#define RACE_DEBUGFS_FULL
#endif

/* Constant since 6.3 (or so), a type of its own and more constant since 7.0. Goes with 6.12. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define race_kobj_type_t		struct kobj_type
#else
#define race_kobj_type_t		const struct kobj_type
#endif
#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 0, 0)
#define race_namespace_t		void
#define race_groups_t			const struct attribute_group **
#else
#define race_namespace_t		struct ns_common
#define race_groups_t			const struct attribute_group *const *
#endif

/* Since 6.5 open() of a disk is given the disk. Goes with 6.1. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 5, 0)
#define race_opened_disk(opened)	(((struct block_device *)(opened))->bd_disk)
#else
#define race_opened_disk(opened)	((struct gendisk *)(opened))
#endif

/* Until 6.3. Goes with 6.1. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
#define RACE_RW_PAGE
#endif

/* While remove() had a result there was this beside it; in 6.12 they are one. Goes with 6.12. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
#define RACE_REMOVE_NEW
#endif

/* Since 7.0 (or so) with the module's name. Goes with 6.12. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 0, 0)
#define DECL_DRIVER_PARAMS	struct platform_driver *driver, struct module *owner
#define PASS_DRIVER_PARAMS	driver, owner
#else
#define DECL_DRIVER_PARAMS \
	struct platform_driver *driver, struct module *owner, const char *name
#define PASS_DRIVER_PARAMS	driver, owner, name
#endif

/* Exported until 7.0 (or so). Goes with 6.12. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 0, 0)
#define RACE_RTNL_KILLABLE
#endif

/* No more among the features since 6.12. Goes with 6.1. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
#define race_without_tx_lock(device)	((device)->features & NETIF_F_LLTX)
#else
#define race_without_tx_lock(device)	((device)->lltx)
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
