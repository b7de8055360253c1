/* SPDX-License-Identifier: GPL-2.0-only */
/* What handles are for: a mutex, a pool, a memo; its kind, its life, who pays for it. */
#ifndef QUARTET_DEV_OBJECT_H
#define QUARTET_DEV_OBJECT_H

#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/uidgid.h>
#include <linux/wait.h>

#include <linux/quartet.h>

struct dev_handle;
struct dev_object;
struct quota_charge;
struct process;
struct seq_file;
struct vm_area_struct;

/**
 * struct object_kind - what there is once for each kind
 * @number: enum quartet_object_kind
 * @name: of the kind
 * @event: enum quartet_event_kind of its asynchronous requests
 * @handle_size: of the kind's handle, which begins with struct dev_handle
 * @init: of what a fresh handle has beyond struct dev_handle, if zeroes will not do; or NULL
 * @check: of its fields in a quartet_create: 0 with the bytes to be charged, or an errno; or NULL
 * @create: a new object, without the fields of struct dev_object; or an ERR_PTR
 * @destroy: its end; may sleep
 * @ioctl: commands of its own
 * @withdraw: takes back what an asynchronous request waits for: false if it was too late, and the
 *	handle has been told, or will be
 * @die: gives back what the handle was granted for the process; NULL: all, as the handle closes
 * @given: tells of an event of its own, if there is one; or NULL
 * @accept: that event has been read, by the process
 * @mmap: or NULL
 */
struct object_kind {
	u32 number;
	const char *name;
	u32 event;
	size_t handle_size;
	void (*init)(struct dev_handle *handle);
	int (*check)(const struct quartet_create *args, u64 *bytes);
	struct dev_object *(*create)(const struct quartet_create *args, u64 id);
	void (*destroy)(struct dev_object *object);
	long (*ioctl)(struct dev_handle *handle, unsigned int cmd, void __user *argp);
	bool (*withdraw)(struct dev_handle *handle);
	void (*die)(struct dev_handle *handle, const struct process *process);
	bool (*given)(struct dev_handle *handle, struct quartet_event *event);
	void (*accept)(struct dev_handle *handle, const struct quartet_event *event,
		       const struct process *process);
	int (*mmap)(struct dev_object *object, struct vm_area_struct *vma);
};

/**
 * struct dev_object - what all objects have
 * @refs: of handles, the name, mappings
 * @kind: which
 * @charge: who created it, and pays
 * @id: no two are the same
 * @handles: that are open
 * @waiters: blocked, or pending
 * @list: of all, under the lock of object.c
 * @name: or empty; written before others see it
 * @mode: of the name
 * @uid: of who created it
 * @gid: the same
 * @named: in the table of its network namespace, under that one's lock
 */
struct dev_object {
	refcount_t refs;
	const struct object_kind *kind;
	struct quota_charge *charge;
	u64 id;
	atomic_t handles;
	atomic_t waiters;
	struct list_head list;
	char name[QUARTET_NAME_LEN + 1];
	umode_t mode;
	kuid_t uid;
	kgid_t gid;
	struct list_head named;
};

extern const struct object_kind mutex_object_kind;
extern const struct object_kind pool_object_kind;
extern const struct object_kind memo_object_kind;

struct dev_object *object_create(const struct quartet_create *args);
void object_get(struct dev_object *object);
void object_put(struct dev_object *object);

#endif /* QUARTET_DEV_OBJECT_H */
