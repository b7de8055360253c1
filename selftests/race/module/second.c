// SPDX-License-Identifier: GPL-2.0-only
/* Another instrumented module, whose two threads race while it is loaded. */
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/module.h>

static int shared;

static noinline void second_increment(void)
{
	shared++;
}

static int second_thread(void *data)
{
	second_increment();
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

static int __init second_init(void)
{
	struct task_struct *threads[2];
	int i, err = 0;

	for (i = 0; i < ARRAY_SIZE(threads); i++)
		threads[i] = kthread_run(second_thread, NULL, "second/%d", i);
	/* As long as neither has been stopped, they have no order. */
	schedule_timeout_uninterruptible(HZ / 10);
	for (i = 0; i < ARRAY_SIZE(threads); i++) {
		if (IS_ERR(threads[i]))
			err = PTR_ERR(threads[i]);
		else
			kthread_stop(threads[i]);
	}
	return err;
}
module_init(second_init);

static void __exit second_exit(void)
{
}
module_exit(second_exit);

MODULE_DESCRIPTION("a second module with a race");
MODULE_LICENSE("GPL");
