// SPDX-License-Identifier: GPL-2.0-only
/* Files that are made, found and put, and devices that make them. */
#include <linux/anon_inodes.h>
#include <linux/cdev.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>

#include "compat.h"
#include "file.h"
#include "wrap.h"

RACE_WRAP(struct file *, anon_inode_getfile, const char *name, const struct file_operations *ops,
	  void *data, int flags)
{
	struct file *file;

	race_file_operations(ops, _RET_IP_);
	file = anon_inode_getfile(name, ops, data, flags);
	if (!IS_ERR(file))
		race_file_publish(file, "anon_inode_getfile", _RET_IP_);
	return file;
}

RACE_WRAP(int, anon_inode_getfd, const char *name, const struct file_operations *ops, void *data,
	  int flags)
{
	race_file_operations(ops, _RET_IP_);
	return anon_inode_getfd(name, ops, data, flags);
}

RACE_WRAP(void, fd_install, unsigned int fd, struct file *file)
{
	race_file_publish(file, "fd_install", _RET_IP_);
	fd_install(fd, file);
}

static struct file *found(struct file *file)
{
	if (file)
		race_file_begin(file);
	return file;
}

RACE_WRAP(struct file *, fget, unsigned int fd)
{
	return found(fget(fd));
}

RACE_WRAP(struct file *, fget_raw, unsigned int fd)
{
	return found(fget_raw(fd));
}

#ifdef RACE_FDGET
RACE_WRAP(struct fd, fdget, unsigned int fd)
{
	struct fd got = fdget(fd);

	found(fd_file(got));
	return got;
}
#else
RACE_WRAP(unsigned long, __fdget, unsigned int fd)
{
	unsigned long got = __fdget(fd);

	found((struct file *)(got & ~3ul));
	return got;
}
#endif

RACE_WRAP(void, fput, struct file *file)
{
	race_file_end(file);
	fput(file);
}

RACE_WRAP(int, misc_register, struct miscdevice *device)
{
	race_file_operations(device->fops, _RET_IP_);
	return misc_register(device);
}

/* It takes the lock under which they are opened. */
RACE_WRAP(void, misc_deregister, struct miscdevice *device)
{
	misc_deregister(device);
	race_opens_over("misc_deregister", _RET_IP_);
}

RACE_WRAP(int, __register_chrdev, unsigned int major, unsigned int first, unsigned int count,
	  const char *name, const struct file_operations *ops)
{
	race_file_operations(ops, _RET_IP_);
	return __register_chrdev(major, first, count, name, ops);
}

RACE_WRAP(void, cdev_init, struct cdev *cdev, const struct file_operations *ops)
{
	race_file_operations(ops, _RET_IP_);
	cdev_init(cdev, ops);
}

RACE_WRAP(int, cdev_add, struct cdev *cdev, dev_t number, unsigned int count)
{
	race_file_operations(cdev->ops, _RET_IP_);
	return cdev_add(cdev, number, count);
}

RACE_WRAP(int, cdev_device_add, struct cdev *cdev, struct device *device)
{
	race_file_operations(cdev->ops, _RET_IP_);
	return cdev_device_add(cdev, device);
}
