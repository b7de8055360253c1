// SPDX-License-Identifier: GPL-2.0-only
/*
 * QUARTET_POOL_DEBUG: a record of each object of a pool, and of who took it.
 *
 * A put is compared with the record: unknown is foreign, not out is double. What was
 * put is filled with poison, or if it was constructed, its checksum kept; and
 * compared when it is taken again.
 */
#include <linux/hashtable.h>
#include <linux/jhash.h>
#include <linux/stacktrace.h>

#include "body.h"

#define RECORD_BITS	8
#define STACK_DEPTH	8
#define POISON		0x6b

/**
 * struct pool_record - an object
 * @node: in the table, by address
 * @object: its address
 * @out: somebody has it
 * @sum: of a constructed object that is not out
 * @depth: of @stack
 * @stack: who took it last
 */
struct pool_record {
	struct hlist_node node;
	void *object;
	bool out;
	u32 sum;
	unsigned int depth;
	unsigned long stack[STACK_DEPTH];
};

/* @lock protects @table and the records in it. */
struct pool_records {
	raw_spinlock_t lock;
	DECLARE_HASHTABLE(table, RECORD_BITS);
};

int pool_records_init(struct quartet_pool_body *body)
{
	body->records = kzalloc(sizeof(*body->records), GFP_KERNEL);
	if (!body->records)
		return -ENOMEM;
	raw_spin_lock_init(&body->records->lock);
	hash_init(body->records->table);
	return 0;
}

static void report_out(struct quartet_pool_body *body, const struct pool_record *record)
{
	unsigned int i;

	pr_err("quartet: pool %s: %p is still out, and was taken at\n", body->name, record->object);
	for (i = 0; i < record->depth; i++)
		pr_err("quartet:   %pS\n", (void *)record->stack[i]);
}

/* What is still recorded is still out. */
void pool_records_exit(struct quartet_pool_body *body)
{
	struct pool_record *record;
	struct hlist_node *next;
	unsigned int i;

	if (!body->records)
		return;
	hash_for_each_safe(body->records->table, i, next, record, node) {
		if (record->out)
			report_out(body, record);
		kfree(record);
	}
	kfree(body->records);
}

static struct pool_record *find(struct pool_records *records, const void *object)
{
	struct pool_record *record;

	hash_for_each_possible(records->table, record, node, (unsigned long)object)
		if (record->object == object)
			return record;
	return NULL;
}

static u32 sum_of(struct quartet_pool_body *body, const void *object)
{
	return jhash(object, body->params.size, 0);
}

static struct pool_record *add(struct quartet_pool_body *body, void *object, gfp_t gfp)
{
	struct pool_record *record = kzalloc(sizeof(*record), gfp);
	unsigned long flags;

	if (!record)
		return NULL;
	record->object = object;
	record->out = true;
	raw_spin_lock_irqsave(&body->records->lock, flags);
	hash_add(body->records->table, &record->node, (unsigned long)object);
	raw_spin_unlock_irqrestore(&body->records->lock, flags);
	return record;
}

bool pool_record_alloc(struct quartet_pool_body *body, void *object, gfp_t gfp)
{
	return add(body, object, gfp & ~__GFP_ZERO);
}

/* It goes back to the allocator. */
void pool_record_free(struct quartet_pool_body *body, void *object)
{
	struct pool_record *record;
	unsigned long flags;

	raw_spin_lock_irqsave(&body->records->lock, flags);
	record = find(body->records, object);
	if (record)
		hash_del(&record->node);
	raw_spin_unlock_irqrestore(&body->records->lock, flags);
	kfree(record);
}

static bool was_written(struct quartet_pool_body *body, const struct pool_record *record)
{
	if (body->params.ctor)
		return sum_of(body, record->object) != record->sum;
	return memchr_inv(record->object, POISON, body->params.size);
}

/* An object is taken: is it as it was put? */
void pool_record_get(struct quartet_pool_body *body, void *object)
{
	struct pool_record *record;
	bool written = false;
	unsigned long flags;

	raw_spin_lock_irqsave(&body->records->lock, flags);
	record = find(body->records, object);
	if (record) {
		/* Fresh from the allocator it is out already. */
		written = !record->out && was_written(body, record);
		record->out = true;
		record->depth = stack_trace_save(record->stack, STACK_DEPTH, 2);
	}
	raw_spin_unlock_irqrestore(&body->records->lock, flags);
	WARN(written, "quartet: pool %s: %p was written to after it was put\n", body->name, object);
}

/* An object is put: false, and reported, if it must not be. */
bool pool_record_put(struct quartet_pool_body *body, void *object)
{
	struct pool_record *record;
	bool known, out = false;
	unsigned long flags;

	raw_spin_lock_irqsave(&body->records->lock, flags);
	record = find(body->records, object);
	known = record;
	if (known) {
		out = record->out;
		record->out = false;
	}
	if (out && body->params.ctor)
		record->sum = sum_of(body, object);
	else if (out)
		memset(object, POISON, body->params.size);
	raw_spin_unlock_irqrestore(&body->records->lock, flags);
	WARN(!known, "quartet: pool %s: %p is put, which is none of its objects\n", body->name,
	     object);
	WARN(known && !out, "quartet: pool %s: %p is put twice\n", body->name, object);
	return out;
}
