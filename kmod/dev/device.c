// SPDX-License-Identifier: GPL-2.0-only
/* /dev/quartet: the commands of the device, which create and open objects. */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>

#include <linux/quartet.h>

#include "args.h"
#include "device.h"
#include "handle.h"
#include "limits.h"
#include "live.h"
#include "names.h"
#include "object.h"
#include "process.h"
#include "quota.h"

#define QUARTET_VERSION_NUMBER	(0 << 16 | 2 << 8)
#define DEFAULT_MODE		0600

static long info_ioctl(void __user *argp)
{
	struct quartet_info args;
	int err = args_in(&args, sizeof(args), argp, 0);

	if (err)
		return err;
	args.version = QUARTET_VERSION_NUMBER;
	args.features = QUARTET_FEATURE_MUTEX | QUARTET_FEATURE_POOL | QUARTET_FEATURE_MEMO |
			QUARTET_FEATURE_BY_HANDLE;
	limits_tell(&args);
	quota_tell(&args);
	return args_out(argp, &args, sizeof(args));
}

/* The handle is made last: once it is there, the caller has it. */
static long create_named(struct dev_object *object, const char *name, umode_t mode)
{
	int fd, err = name[0] ? names_add(object, name, mode) : 0;

	if (err)
		return err;
	fd = handle_open(object);
	if (fd < 0 && name[0])
		names_take_back(object);
	return fd;
}

static long create_ioctl(void __user *argp)
{
	char name[QUARTET_NAME_LEN + 1] = "";
	struct quartet_create args;
	struct dev_object *object;
	int err = args_in(&args, sizeof(args), argp, QUARTET_NO_DETECT);
	long fd;

	if (err)
		return err;
	if (args.mode & ~0777)
		return -EINVAL;
	if (args.name)
		err = args_name(name, args.name, args.name_len);
	else if (args.name_len || args.mode)
		err = -EINVAL;
	if (err)
		return err;
	object = object_create(&args);
	if (IS_ERR(object))
		return PTR_ERR(object);
	fd = create_named(object, name, args.mode ?: DEFAULT_MODE);
	object_put(object);
	return fd;
}

static long open_ioctl(void __user *argp)
{
	char name[QUARTET_NAME_LEN + 1];
	struct quartet_open args;
	struct dev_object *object;
	int err = args_in(&args, sizeof(args), argp, 0);
	long fd;

	if (err)
		return err;
	if (args.kind > QUARTET_KIND_MEMO)
		return -EINVAL;
	err = args_name(name, args.name, args.name_len);
	if (err)
		return err;
	object = names_find(name, args.kind);
	if (IS_ERR(object))
		return PTR_ERR(object);
	fd = handle_open(object);
	object_put(object);
	return fd;
}

static long unlink_ioctl(void __user *argp)
{
	char name[QUARTET_NAME_LEN + 1];
	struct quartet_unlink args;
	int err = args_in(&args, sizeof(args), argp, 0);

	if (err)
		return err;
	if (args.reserved)
		return -EINVAL;
	err = args_name(name, args.name, args.name_len);
	return err ?: names_remove(name);
}

static long list_ioctl(void __user *argp)
{
	struct quartet_list args;
	int err = args_in(&args, sizeof(args), argp, 0);

	if (err)
		return err;
	err = names_list(u64_to_user_ptr(args.entries), args.room, &args.count);
	return err ?: args_out(argp, &args, sizeof(args));
}

static long device_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	void __user *argp = (void __user *)arg;

	switch (cmd) {
	case QUARTET_INFO:
		return info_ioctl(argp);
	case QUARTET_CREATE:
		return create_ioctl(argp);
	case QUARTET_OPEN:
		return open_ioctl(argp);
	case QUARTET_UNLINK:
		return unlink_ioctl(argp);
	case QUARTET_LIST:
		return list_ioctl(argp);
	default:
		return -ENOTTY;
	}
}

static const struct file_operations device_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = device_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.llseek = noop_llseek,
};

/* For root, until a udev rule opens it to a group. */
static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "quartet",
	.mode = 0600,
	.fops = &device_fops,
};

int device_init(void)
{
	int err = process_init();

	if (err)
		return err;
	/* Before names: at the end, what they keep must be gone when the counters are looked at. */
	live_init();
	err = names_init();
	if (err)
		goto err_live;
	err = misc_register(&device);
	if (err)
		goto err_names;
	return 0;

err_names:
	names_exit();
err_live:
	live_exit();
	process_exit();
	return err;
}

void device_exit(void)
{
	misc_deregister(&device);
	names_exit();
	live_exit();
	process_exit();
}
