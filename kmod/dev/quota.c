// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who has how much of the device.
 *
 * An object is charged to who created it until the object ends, with all the bytes that it may
 * ever take. So nothing that is done with it later can fail for a quota. A handle is charged to
 * who opened it, wherever it is sent.
 *
 * A charge is part of several shares, and none of them may become too large:
 *
 *	{the caller's filesystem user, its network namespace}, so that users, and root of each
 *	container, have a share each;
 *	{owner, parent} of each user namespace from the caller's up to the initial one, so that
 *	a user has no more by making namespaces. What root of the machine has made is excepted:
 *	its containers are not one user.
 *
 * A share is told from others by its network namespace's cookie, which is never used again, and by
 * the address of a user namespace, which it pins. It pins no network namespace: names end with
 * that one, and what a name keeps is charged.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/hash.h>
#include <linux/hashtable.h>
#include <linux/moduleparam.h>
#include <linux/nsproxy.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/user_namespace.h>
#include <net/net_namespace.h>

#include <linux/quartet.h>

#include "limits.h"
#include "live.h"
#include "quota.h"

static unsigned int user_objects = 256;
module_param(user_objects, uint, 0644);
MODULE_PARM_DESC(user_objects, "objects that a user may have created");
static unsigned int user_handles = 4096;
module_param(user_handles, uint, 0644);
MODULE_PARM_DESC(user_handles, "handles that a user may have");
static unsigned long user_bytes = 64UL << 20;
module_param(user_bytes, ulong, 0644);
MODULE_PARM_DESC(user_bytes, "bytes that a user's pools and memos may take");
static unsigned int all_objects = 4096;
module_param(all_objects, uint, 0644);
MODULE_PARM_DESC(all_objects, "objects that there may be");
static unsigned int all_handles = 1U << 16;
module_param(all_handles, uint, 0644);
MODULE_PARM_DESC(all_handles, "handles that there may be");
static unsigned long all_bytes = 1UL << 30;
module_param(all_bytes, ulong, 0644);
MODULE_PARM_DESC(all_bytes, "bytes that all pools and memos may take");

/**
 * struct quota_share - what is charged together
 * @node: in the table of all, under quota_lock, as is all that is not constant here
 * @uid: a user, or the owner of a user namespace
 * @cookie: of a network namespace, or 0
 * @parent: of that user namespace, with a reference; or NULL
 * @refs: of charges
 * @has: what
 */
struct quota_share {
	struct hlist_node node;
	kuid_t uid;
	u64 cookie;
	struct user_namespace *parent;
	unsigned int refs;
	struct quota_amount has;
};

#define QUOTA_HASH_BITS	8

static DEFINE_SPINLOCK(quota_lock);	/* protects all below, and the shares */
static DEFINE_HASHTABLE(quota_shares, QUOTA_HASH_BITS);
static struct quota_amount quota_all;

/* How many there are. */
unsigned int quota_objects(void)
{
	return READ_ONCE(quota_all.objects);
}

static u64 caller_cookie(void)
{
	return current->nsproxy->net_ns->net_cookie;
}

static struct hlist_head *quota_bucket(const struct quota_share *key)
{
	u64 mixed = (uintptr_t)key->parent ^ key->cookie ^ __kuid_val(key->uid);

	return &quota_shares[hash_64(mixed, QUOTA_HASH_BITS)];
}

static struct quota_share *quota_find(const struct quota_share *key)
{
	struct quota_share *share;

	lockdep_assert_held(&quota_lock);
	hlist_for_each_entry(share, quota_bucket(key), node)
		if (uid_eq(share->uid, key->uid) && share->cookie == key->cookie &&
		    share->parent == key->parent)
			return share;
	return NULL;
}

/* That of the key, with a reference; or @fresh, if there was none, which may be NULL. */
static struct quota_share *quota_find_or_add(const struct quota_share *key,
					     struct quota_share *fresh)
{
	struct quota_share *share;

	spin_lock(&quota_lock);
	share = quota_find(key);
	if (!share && fresh) {
		share = fresh;
		hlist_add_head(&share->node, quota_bucket(key));
	}
	if (share)
		share->refs++;
	spin_unlock(&quota_lock);
	return share;
}

static struct quota_share *quota_new_share(const struct quota_share *key)
{
	struct quota_share *share = kmemdup(key, sizeof(*key), LIMITS_GFP);

	if (!share)
		return NULL;
	if (share->parent)
		get_user_ns(share->parent);
	atomic_inc(&live_shares.count);
	return share;
}

static void quota_free_share(struct quota_share *share)
{
	if (share->parent)
		put_user_ns(share->parent);
	kfree(share);
	atomic_dec(&live_shares.count);
}

/* With a reference; NULL without memory. */
static struct quota_share *quota_get_share(const struct quota_share *key)
{
	struct quota_share *share = quota_find_or_add(key, NULL), *fresh;

	if (share)
		return share;
	fresh = quota_new_share(key);
	if (!fresh)
		return NULL;
	share = quota_find_or_add(key, fresh);
	if (share != fresh)
		quota_free_share(fresh);
	return share;
}

static bool quota_add_share(struct quota_charge *charge, const struct quota_share *key)
{
	struct quota_share *share = quota_get_share(key);

	if (share)
		charge->shares[charge->count++] = share;
	return share;
}

static bool quota_add_shares(struct quota_charge *charge)
{
	struct quota_share key = { .uid = current_fsuid(), .cookie = caller_cookie() };
	struct user_namespace *ns;

	if (!quota_add_share(charge, &key))
		return false;
	for (ns = current_user_ns(); ns->parent; ns = ns->parent) {
		key = (struct quota_share){ .uid = ns->owner, .parent = ns->parent };
		if (!uid_eq(ns->owner, GLOBAL_ROOT_UID) && !quota_add_share(charge, &key))
			return false;
	}
	return true;
}

static void quota_put_shares(struct quota_charge *charge)
{
	unsigned int n;

	for (n = 0; n < charge->count; n++) {
		struct quota_share *share = charge->shares[n];
		bool last;

		spin_lock(&quota_lock);
		last = !--share->refs;
		if (last)
			hlist_del(&share->node);
		spin_unlock(&quota_lock);
		if (last)
			quota_free_share(share);
	}
	kfree(charge);
}

/* Of all the caller's shares: the kernel lets user namespaces nest some thirty levels deep. */
static struct quota_charge *quota_new_charge(const struct quota_amount *amount)
{
	unsigned int most = 1 + current_user_ns()->level;
	struct quota_charge *charge = kzalloc(struct_size(charge, shares, most), LIMITS_GFP);

	if (!charge)
		return NULL;
	charge->amount = *amount;
	if (quota_add_shares(charge))
		return charge;
	quota_put_shares(charge);
	return NULL;
}

/* What is not asked for is not looked at: a limit may have been lowered. */
static bool quota_fits(const struct quota_amount *has, const struct quota_amount *more,
		       const struct quota_amount *most)
{
	return !(more->objects && (u64)has->objects + more->objects > most->objects) &&
	       !(more->handles && (u64)has->handles + more->handles > most->handles) &&
	       !(more->bytes && (more->bytes > most->bytes ||
				 has->bytes > most->bytes - more->bytes));
}

static void quota_add(struct quota_amount *has, const struct quota_amount *more)
{
	WRITE_ONCE(has->objects, has->objects + more->objects);
	has->handles += more->handles;
	has->bytes += more->bytes;
}

static void quota_subtract(struct quota_amount *has, const struct quota_amount *less)
{
	WRITE_ONCE(has->objects, has->objects - less->objects);
	has->handles -= less->handles;
	has->bytes -= less->bytes;
}

static int quota_check(const struct quota_charge *charge, bool free)
{
	struct quota_amount share = {
		.objects = READ_ONCE(user_objects), .handles = READ_ONCE(user_handles),
		.bytes = READ_ONCE(user_bytes),
	};
	struct quota_amount all = {
		.objects = READ_ONCE(all_objects), .handles = READ_ONCE(all_handles),
		.bytes = READ_ONCE(all_bytes),
	};
	unsigned int n;

	lockdep_assert_held(&quota_lock);
	for (n = 0; n < charge->count && !free; n++)
		if (!quota_fits(&charge->shares[n]->has, &charge->amount, &share))
			return -EDQUOT;
	return quota_fits(&quota_all, &charge->amount, &all) ? 0 : -ENOSPC;
}

/* @free: of the shares' limits. */
static int quota_try(struct quota_charge *charge, bool free)
{
	unsigned int n;
	int err;

	spin_lock(&quota_lock);
	err = quota_check(charge, free);
	for (n = 0; n < charge->count && !err; n++)
		quota_add(&charge->shares[n]->has, &charge->amount);
	if (!err)
		quota_add(&quota_all, &charge->amount);
	spin_unlock(&quota_lock);
	return err;
}

/**
 * quota_charge() - charge the caller
 * @amount: with what
 *
 * Who has CAP_SYS_RESOURCE in the initial user namespace is charged, but free of its shares'
 * limits. It is asked about only if that matters, and no audit is told.
 *
 * Context: task, may sleep.
 * Return: for quota_uncharge(); or -EDQUOT for a share's limit, -ENOSPC for everybody's, -ENOMEM.
 */
struct quota_charge *quota_charge(const struct quota_amount *amount)
{
	struct quota_charge *charge = quota_new_charge(amount);
	int err;

	if (!charge)
		return ERR_PTR(-ENOMEM);
	err = quota_try(charge, false);
	if (err == -EDQUOT && ns_capable_noaudit(&init_user_ns, CAP_SYS_RESOURCE))
		err = quota_try(charge, true);
	if (!err)
		return charge;
	quota_put_shares(charge);
	return ERR_PTR(err);
}

/* What was charged is given back. */
void quota_uncharge(struct quota_charge *charge)
{
	unsigned int n;

	spin_lock(&quota_lock);
	for (n = 0; n < charge->count; n++)
		quota_subtract(&charge->shares[n]->has, &charge->amount);
	quota_subtract(&quota_all, &charge->amount);
	spin_unlock(&quota_lock);
	quota_put_shares(charge);
}

/* The limits of a share, and what is in the caller's own: that of its user. */
void quota_tell(struct quartet_info *info)
{
	struct quota_share key = { .uid = current_fsuid(), .cookie = caller_cookie() };
	struct quota_amount has = { };
	struct quota_share *share;

	spin_lock(&quota_lock);
	share = quota_find(&key);
	if (share)
		has = share->has;
	spin_unlock(&quota_lock);
	info->user_objects = READ_ONCE(user_objects);
	info->user_handles = READ_ONCE(user_handles);
	info->user_bytes = READ_ONCE(user_bytes);
	info->used_objects = has.objects;
	info->used_handles = has.handles;
	info->used_bytes = has.bytes;
}
