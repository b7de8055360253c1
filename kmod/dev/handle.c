// SPDX-License-Identifier: GPL-2.0-only
/*
 * Handles as files: their commands and death.
 *
 * A grant belongs to the handle, and remembers the process that asked for it. The grant ends when
 * the handle does, by its last close; or before, when that process ends (process.h), whatever has
 * become of its descriptors. The handle goes on then, without what that process had, as long as
 * anybody has it. What was asked for with QUARTET_BY_HANDLE remembers no process.
 */
#include <linux/anon_inodes.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include "event.h"
#include "handle.h"
#include "limits.h"
#include "live.h"
#include "process.h"
#include "quota.h"

static const struct file_operations handle_fops;

/* NULL if the file is something else. */
struct dev_handle *handle_of(struct file *file)
{
	return file->f_op == &handle_fops ? file->private_data : NULL;
}

static void free_handle(struct dev_handle *handle)
{
	struct dev_object *object = handle->object;

	quota_uncharge(handle->charge);
	atomic_dec(&object->handles);
	atomic_dec(&live_handles.count);
	/* The wait graph may be comparing it. */
	kfree_rcu(handle, rcu);
	object_put(object);
}

static struct dev_handle *new_handle(struct dev_object *object, struct quota_charge *charge)
{
	struct dev_handle *handle = kzalloc(object->kind->handle_size, LIMITS_GFP);

	if (!handle)
		return NULL;
	object_get(object);
	handle->object = object;
	handle->charge = charge;
	handle_request_init(handle);
	if (object->kind->init)
		object->kind->init(handle);
	atomic_inc(&object->handles);
	atomic_inc(&live_handles.count);
	return handle;
}

static struct dev_handle *charged_handle(struct dev_object *object)
{
	struct quota_charge *charge = quota_charge(&(struct quota_amount){ .handles = 1 });
	struct dev_handle *handle;

	if (IS_ERR(charge))
		return ERR_CAST(charge);
	handle = new_handle(object, charge);
	if (handle)
		return handle;
	quota_uncharge(charge);
	return ERR_PTR(-ENOMEM);
}

/* Whose what the caller asks for is: its process, or NULL for the handle's alone; or an ERR_PTR. */
const struct process *handle_asker(struct dev_handle *handle, u32 flags)
{
	return flags & QUARTET_BY_HANDLE ? NULL : process_ask(handle);
}

/**
 * handle_open() - a descriptor for an object
 * @object: to which the caller has a reference
 *
 * Context: task, may sleep.
 * Return: the descriptor, or -EMFILE, -ENFILE, -EDQUOT, -ENOSPC, -ENOMEM.
 */
int handle_open(struct dev_object *object)
{
	int fd = get_unused_fd_flags(O_CLOEXEC);
	struct dev_handle *handle;
	struct file *file;

	if (fd < 0)
		return fd;
	handle = charged_handle(object);
	if (IS_ERR(handle)) {
		put_unused_fd(fd);
		return PTR_ERR(handle);
	}
	file = anon_inode_getfile("[quartet]", &handle_fops, handle, O_RDWR | O_CLOEXEC);
	if (IS_ERR(file)) {
		handle_request_exit(handle);
		free_handle(handle);
		put_unused_fd(fd);
		return PTR_ERR(file);
	}
	fd_install(fd, file);
	return fd;
}

static int handle_release(struct inode *inode, struct file *file)
{
	struct dev_handle *handle = file->private_data;

	handle_withdraw(handle, NULL);
	handle->object->kind->die(handle, NULL);
	process_forget(handle);
	handle_request_exit(handle);
	free_handle(handle);
	return 0;
}

/*
 * A command that a signal has interrupted begins anew, unless a handler ran that says otherwise.
 * Its struct is as it was, see args_in(). Without a signal nobody would turn -ERESTARTSYS into
 * something for user space: the function of a memo may say -EINTR by itself.
 */
static long handle_restart(long err)
{
	return err == -EINTR && signal_pending(current) ? -ERESTARTSYS : err;
}

static long handle_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct dev_handle *handle = file->private_data;

	switch (cmd) {
	case QUARTET_CLONE:
		return arg ? -EINVAL : handle_open(handle->object);
	case QUARTET_CANCEL:
		if (arg)
			return -EINVAL;
		handle_cancel(handle);
		return 0;
	default:
		return handle_restart(handle->object->kind->ioctl(handle, cmd,
								  (void __user *)arg));
	}
}

static ssize_t handle_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	if (count < sizeof(struct quartet_event))
		return -EINVAL;
	return event_read(file->private_data, buf, count, !(file->f_flags & O_NONBLOCK));
}

static __poll_t handle_poll(struct file *file, poll_table *table)
{
	struct dev_handle *handle = file->private_data;

	poll_wait(file, &handle->wait, table);
	return event_is_there(handle) ? EPOLLIN | EPOLLRDNORM : 0;
}

static int handle_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct dev_object *object = ((struct dev_handle *)file->private_data)->object;

	return object->kind->mmap ? object->kind->mmap(object, vma) : -ENODEV;
}

static void handle_show(struct seq_file *m, struct file *file)
{
	struct dev_object *object = ((struct dev_handle *)file->private_data)->object;

	seq_printf(m, "quartet-kind:\t%s\nquartet-id:\t%llu\n", object->kind->name, object->id);
	if (object->name[0])
		seq_printf(m, "quartet-name:\t%s\n", object->name);
}

/* The open file pins the module. */
static const struct file_operations handle_fops = {
	.owner = THIS_MODULE,
	.release = handle_release,
	.unlocked_ioctl = handle_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.read = handle_read,
	.poll = handle_poll,
	.mmap = handle_mmap,
	.show_fdinfo = handle_show,
	.llseek = noop_llseek,
};
