// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of objects, in the network namespace of who asks.
 *
 * A name has a reference to its object, and ends by UNLINK, with its namespace, or with the
 * module, which it does not pin. Who may use it is decided as for a file that is opened to be
 * read and written.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/nsproxy.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/stat.h>
#include <linux/uaccess.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "limits.h"
#include "live.h"
#include "names.h"
#include "object.h"
#include "quota.h"

/**
 * struct names - of a network namespace
 * @lock: protects the rest
 * @objects: that have a name
 */
struct names {
	struct mutex lock;		/* of the list, and of names in it */
	struct list_head objects;
};

static unsigned int names_id;

static struct net *caller_net(void)
{
	return current->nsproxy->net_ns;
}

static struct names *caller_names(void)
{
	return net_generic(caller_net(), names_id);
}

static struct dev_object *find(struct names *names, const char *name)
{
	struct dev_object *object;

	lockdep_assert_held(&names->lock);
	list_for_each_entry(object, &names->objects, named)
		if (!strcmp(object->name, name))
			return object;
	return NULL;
}

static bool mode_allows(const struct dev_object *object)
{
	umode_t mode = object->mode;

	if (uid_eq(current_fsuid(), object->uid))
		mode >>= 6;
	else if (in_group_p(object->gid))
		mode >>= 3;
	return (mode & 06) == 06;
}

static bool may_open(const struct dev_object *object)
{
	return mode_allows(object) || ns_capable(caller_net()->user_ns, CAP_DAC_OVERRIDE);
}

static bool may_unlink(const struct dev_object *object)
{
	return uid_eq(current_fsuid(), object->uid) ||
	       ns_capable(caller_net()->user_ns, CAP_FOWNER);
}

/* The name is out of the table: its reference goes. */
static void drop_name(struct dev_object *object)
{
	atomic_dec(&live_names.count);
	object_put(object);
}

/* 0, with a reference taken for the name; or -EEXIST. */
int names_add(struct dev_object *object, const char *name, umode_t mode)
{
	struct names *names = caller_names();
	int err = 0;

	mutex_lock(&names->lock);
	if (find(names, name)) {
		err = -EEXIST;
	} else {
		strscpy(object->name, name, sizeof(object->name));
		object->mode = mode;
		object_get(object);
		list_add_tail(&object->named, &names->objects);
		atomic_inc(&live_names.count);
	}
	mutex_unlock(&names->lock);
	return err;
}

/* Of who has just added it; somebody may have opened it, or unlinked it already. */
void names_take_back(struct dev_object *object)
{
	struct names *names = caller_names();
	bool named;

	mutex_lock(&names->lock);
	named = !list_empty(&object->named);
	list_del_init(&object->named);
	mutex_unlock(&names->lock);
	if (named)
		drop_name(object);
}

/* With a reference; or -ENOENT, -EACCES, -EPROTOTYPE if it is of another kind. */
struct dev_object *names_find(const char *name, u32 kind)
{
	struct names *names = caller_names();
	struct dev_object *object;
	int err = 0;

	mutex_lock(&names->lock);
	object = find(names, name);
	if (!object)
		err = -ENOENT;
	else if (!may_open(object))
		err = -EACCES;
	else if (kind != QUARTET_KIND_ANY && kind != object->kind->number)
		err = -EPROTOTYPE;
	else
		object_get(object);
	mutex_unlock(&names->lock);
	return err ? ERR_PTR(err) : object;
}

/* 0; or -ENOENT, -EPERM for what is another user's. */
int names_remove(const char *name)
{
	struct names *names = caller_names();
	struct dev_object *object;
	int err = 0;

	mutex_lock(&names->lock);
	object = find(names, name);
	if (!object)
		err = -ENOENT;
	else if (!may_unlink(object))
		err = -EPERM;
	else
		list_del_init(&object->named);
	mutex_unlock(&names->lock);
	if (!err)
		drop_name(object);
	return err;
}

static void describe(struct quartet_entry *entry, const struct dev_object *object)
{
	memset(entry, 0, sizeof(*entry));
	strscpy(entry->name, object->name, sizeof(entry->name));
	entry->kind = object->kind->number;
	entry->mode = object->mode;
	entry->uid = from_kuid_munged(current_user_ns(), object->uid);
	entry->handles = atomic_read(&object->handles);
}

/* As many as there is room for; returns how many there are. */
static u32 describe_all(struct quartet_entry *entries, u32 room)
{
	/* Asked once, and nobody is told of it: the caller wants to see, and not to open. */
	bool override = ns_capable_noaudit(caller_net()->user_ns, CAP_DAC_OVERRIDE);
	struct names *names = caller_names();
	struct dev_object *object;
	u32 count = 0;

	mutex_lock(&names->lock);
	list_for_each_entry(object, &names->objects, named) {
		if (!override && !mode_allows(object))
			continue;
		if (count < room)
			describe(&entries[count], object);
		count++;
	}
	mutex_unlock(&names->lock);
	return count;
}

/**
 * names_list() - the names that the caller may open
 * @to: user's
 * @room: how many fit there
 * @count: how many there are
 *
 * Nothing is copied under the lock, or a caller with slow memory would hold up others.
 *
 * Context: task, may sleep.
 * Return: 0; -ENOMEM; -EFAULT.
 */
int names_list(struct quartet_entry __user *to, u32 room, u32 *count)
{
	struct quartet_entry *entries;
	int err = 0;

	room = min(room, quota_objects());
	entries = kvcalloc(room, sizeof(*entries), LIMITS_GFP);
	if (!entries)
		return -ENOMEM;
	*count = describe_all(entries, room);
	if (copy_to_user(to, entries, min(room, *count) * sizeof(*entries)))
		err = -EFAULT;
	kvfree(entries);
	return err;
}

static int __net_init names_net_init(struct net *net)
{
	struct names *names = net_generic(net, names_id);

	mutex_init(&names->lock);
	INIT_LIST_HEAD(&names->objects);
	return 0;
}

/* Nobody is in the namespace any more. */
static void __net_exit names_net_exit(struct net *net)
{
	struct names *names = net_generic(net, names_id);
	struct dev_object *object, *next;

	list_for_each_entry_safe(object, next, &names->objects, named) {
		list_del_init(&object->named);
		drop_name(object);
	}
}

static struct pernet_operations names_net_ops = {
	.init = names_net_init,
	.exit = names_net_exit,
	.id = &names_id,
	.size = sizeof(struct names),
};

int names_init(void)
{
	return register_pernet_subsys(&names_net_ops);
}

/* No handle is open, and the device is gone. */
void names_exit(void)
{
	unregister_pernet_subsys(&names_net_ops);
}
