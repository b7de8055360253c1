// SPDX-License-Identifier: GPL-2.0-only
/* quartet_torture.ko: the device /dev/quartet_torture, and which command goes where. */
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>

#include <linux/quartet_torture.h>

#include "count.h"
#include "memo.h"
#include "mutex.h"
#include "pool.h"
#include "spin.h"

static int torture_open(struct inode *inode, struct file *file)
{
	return capable(CAP_SYS_ADMIN) ? 0 : -EPERM;
}

static long torture_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	void __user *argp = (void __user *)arg;

	switch (cmd) {
	case QUARTET_TORTURE_SPIN:
		return spin_torture_ioctl(argp);
	case QUARTET_TORTURE_MUTEX:
		return mutex_torture_ioctl(argp);
	case QUARTET_TORTURE_POOL:
		return pool_torture_ioctl(argp);
	case QUARTET_TORTURE_MEMO:
		return memo_torture_ioctl(argp);
	case QUARTET_TORTURE_PROGRESS:
		return torture_progress(argp);
	case QUARTET_TORTURE_COUNT:
		return count_torture_ioctl(argp);
	default:
		return -ENOTTY;
	}
}

/* The open file pins the module, and nothing of a run outlives its ioctl. */
static const struct file_operations torture_fops = {
	.owner = THIS_MODULE,
	.open = torture_open,
	.unlocked_ioctl = torture_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.llseek = noop_llseek,
};

static struct miscdevice torture_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "quartet_torture",
	.mode = 0600,
	.fops = &torture_fops,
};

static int __init torture_init(void)
{
	int err;

	torture_runs_init();
	err = spin_torture_init();
	if (err)
		goto err_runs;
	err = mutex_torture_init();
	if (err)
		goto err_spin;
	err = pool_torture_init();
	if (err)
		goto err_mutex;
	err = memo_torture_init();
	if (err)
		goto err_pool;
	err = misc_register(&torture_device);
	if (err)
		goto err_memo;
	return 0;

err_memo:
	memo_torture_exit();
err_pool:
	pool_torture_exit();
err_mutex:
	mutex_torture_exit();
err_spin:
	spin_torture_exit();
err_runs:
	torture_runs_exit();
	return err;
}

static void __exit torture_exit(void)
{
	misc_deregister(&torture_device);
	memo_torture_exit();
	pool_torture_exit();
	mutex_torture_exit();
	spin_torture_exit();
	torture_runs_exit();
}

module_init(torture_init);
module_exit(torture_exit);

MODULE_DESCRIPTION("quartet's in-kernel torture");
MODULE_AUTHOR("The quartet authors");
MODULE_VERSION(QUARTET_VERSION);
MODULE_LICENSE("GPL");
