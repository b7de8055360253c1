// SPDX-License-Identifier: GPL-2.0-only
/* What handles are for: a mutex, a pool, a memo; its kind, its life, who pays for it. */
#include <linux/atomic.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>

#include "device.h"
#include "live.h"
#include "object.h"
#include "quota.h"

static DEFINE_MUTEX(objects_lock);	/* protects the list */
static LIST_HEAD(objects);
static atomic64_t ids;

static const struct object_kind *kind_of(u32 number)
{
	switch (number) {
	case QUARTET_KIND_MUTEX:
		return &mutex_object_kind;
	case QUARTET_KIND_POOL:
		return &pool_object_kind;
	case QUARTET_KIND_MEMO:
		return &memo_object_kind;
	default:
		return NULL;
	}
}

/* Each kind has fields of its own, and those of the others are 0. */
static bool is_of_one_kind(const struct quartet_create *args)
{
	bool mutex = args->starve_ns;
	bool pool = args->slots || args->slot_size;
	bool memo = args->engine || args->capacity || args->bytes || args->ttl_ns ||
		    args->err_ttl_ns || args->func || args->func_len || args->key_max ||
		    args->value_max || args->refresh_percent;

	return !(mutex && args->kind != QUARTET_KIND_MUTEX) &&
	       !(pool && args->kind != QUARTET_KIND_POOL) &&
	       !(memo && args->kind != QUARTET_KIND_MEMO);
}

static struct dev_object *create_charged(const struct object_kind *kind,
					 const struct quartet_create *args,
					 struct quota_charge *charge)
{
	u64 id = atomic64_inc_return(&ids);
	struct dev_object *object = kind->create(args, id);

	if (IS_ERR(object))
		return object;
	refcount_set(&object->refs, 1);
	object->kind = kind;
	object->id = id;
	object->charge = charge;
	object->uid = current_fsuid();
	object->gid = current_fsgid();
	INIT_LIST_HEAD(&object->named);
	atomic_inc(&live_objects.count);
	mutex_lock(&objects_lock);
	list_add_tail(&object->list, &objects);
	mutex_unlock(&objects_lock);
	return object;
}

/* Charged to the caller's user, without a name yet; or -EINVAL, -EDQUOT, -ENOSPC, -ENOMEM. */
struct dev_object *object_create(const struct quartet_create *args)
{
	const struct object_kind *kind = kind_of(args->kind);
	struct quota_amount amount = { .objects = 1 };
	struct quota_charge *charge;
	struct dev_object *object;
	int err;

	if (!kind || !is_of_one_kind(args))
		return ERR_PTR(-EINVAL);
	err = kind->check ? kind->check(args, &amount.bytes) : 0;
	if (err)
		return ERR_PTR(err);
	charge = quota_charge(&amount);
	if (IS_ERR(charge))
		return ERR_CAST(charge);
	object = create_charged(kind, args, charge);
	if (IS_ERR(object))
		quota_uncharge(charge);
	return object;
}

void object_get(struct dev_object *object)
{
	refcount_inc(&object->refs);
}

/* May sleep, if it is the last. */
void object_put(struct dev_object *object)
{
	struct quota_charge *charge = object->charge;

	if (!refcount_dec_and_test(&object->refs))
		return;
	mutex_lock(&objects_lock);
	list_del(&object->list);
	mutex_unlock(&objects_lock);
	object->kind->destroy(object);
	atomic_dec(&live_objects.count);
	quota_uncharge(charge);
}

/* For /sys/kernel/debug/quartet/object. */
int quartet_objects_show(struct seq_file *m, void *unused)
{
	struct dev_object *object;

	seq_puts(m, "id kind name uid mode handles waiters bytes\n");
	mutex_lock(&objects_lock);
	list_for_each_entry(object, &objects, list)
		seq_printf(m, "%llu %s %s %u %03o %d %d %llu\n", object->id, object->kind->name,
			   object->name[0] ? object->name : "-",
			   from_kuid_munged(seq_user_ns(m), object->uid), object->mode,
			   atomic_read(&object->handles), atomic_read(&object->waiters),
			   object->charge->amount.bytes);
	mutex_unlock(&objects_lock);
	return 0;
}
