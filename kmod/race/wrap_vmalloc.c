// SPDX-License-Identifier: GPL-2.0-only
/* Memory that is made of pages where need be. */
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "compat.h"
#include "memory.h"
#include "wrap.h"

#define ALLOC(name, size, params, args) \
	RACE_WRAP_ALLOC(void *, name, size, WITH(params), WITH(args))
#define VMALLOC(name)		ALLOC(name, size, WITH(unsigned long size), WITH(size))
#define VMALLOC_NODE(name) \
	ALLOC(name, size, WITH(unsigned long size, int node), WITH(size, node))
#define VMALLOC_GFP(name) \
	ALLOC(name, size, WITH(unsigned long size, gfp_t flags), WITH(size, flags))
#define VMALLOC_ARRAY(name) \
	ALLOC(name, count * size, WITH(size_t count, size_t size), WITH(count, size))
#define VMALLOC_ARRAY_GFP(name)							\
	ALLOC(name, count * size, WITH(size_t count, size_t size, gfp_t flags),	\
	      WITH(count, size, flags))

VMALLOC(RACE_ALLOC(vmalloc))
VMALLOC(RACE_ALLOC(vzalloc))
VMALLOC(RACE_ALLOC(vmalloc_user))
VMALLOC(RACE_ALLOC(vmalloc_32))
VMALLOC(RACE_ALLOC(vmalloc_32_user))
VMALLOC_NODE(RACE_ALLOC(vmalloc_node))
VMALLOC_NODE(RACE_ALLOC(vzalloc_node))
VMALLOC_GFP(RACE_ALLOC(__vmalloc))
VMALLOC_ARRAY(RACE_ALLOC(vmalloc_array))
VMALLOC_ARRAY(RACE_ALLOC(vcalloc))
VMALLOC_ARRAY_GFP(RACE_ALLOC(__vmalloc_array))
VMALLOC_ARRAY_GFP(RACE_ALLOC(__vcalloc))

#ifdef RACE_KMALLOC_TRACE
ALLOC(kvmalloc_node, size, WITH(size_t size, gfp_t flags, int node), WITH(size, flags, node))
#else
ALLOC(__kvmalloc_node_noprof, size, WITH(DECL_KVMALLOC_PARAMS(size)),
      WITH(PASS_KVMALLOC_PARAMS(size)))
#endif

RACE_WRAP(void, vfree, const void *memory)
{
	race_memory_free(memory, _RET_IP_);
	vfree(memory);
}

RACE_WRAP(void, kvfree, const void *memory)
{
	race_memory_free(memory, _RET_IP_);
	kvfree(memory);
}

RACE_WRAP(void, kvfree_sensitive, const void *memory, size_t size)
{
	race_memory_free(memory, _RET_IP_);
	kvfree_sensitive(memory, size);
}
