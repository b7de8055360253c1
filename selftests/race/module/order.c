// SPDX-License-Identifier: GPL-2.0-only
/* Which thread of a case comes first, and what makes the kernel do something. */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/irq.h>
#include <linux/irq_work.h>
#include <linux/irqdesc.h>
#include <linux/kthread.h>
#include <linux/minmax.h>
#include <linux/pid.h>
#include <linux/rcupdate.h>

#include "order.h"

static int reached;
static bool both_there;

void order_reset(void)
{
	smp_store_release(&reached, 0);
	smp_store_release(&both_there, false);
}

void order_is_there(void)
{
	smp_store_release(&both_there, true);
}

void order_wait_both(void)
{
	while (!smp_load_acquire(&both_there))
		usleep_range(20, 50);
}

void order_reach(int step)
{
	smp_store_release(&reached, max(reached, step));
}

void order_wait(int step)
{
	while (smp_load_acquire(&reached) < step)
		usleep_range(20, 50);
}

void order_pause(void)
{
	msleep(20);
}

void order_wait_stop(void)
{
	while (!kthread_should_stop())
		usleep_range(20, 50);
}

static bool is_there(pid_t pid)
{
	bool there;

	rcu_read_lock();
	there = pid_task(find_vpid(pid), PIDTYPE_PID);
	rcu_read_unlock();
	return there;
}

void order_wait_gone(pid_t pid)
{
	while (is_there(pid))
		usleep_range(20, 50);
}

void order_shrink(const struct path *root)
{
	struct file *file = file_open_root(root, "/proc/sys/vm/drop_caches", O_WRONLY, 0);
	loff_t pos = 0;

	if (IS_ERR(file))
		return;
	kernel_write(file, "4", 1, &pos);	/* no more words in the log */
	pos = 0;
	kernel_write(file, "2", 1, &pos);
	filp_close(file, NULL);
}

static int line;

int order_irq(void)
{
	if (line)
		return line;
	line = irq_alloc_desc(NUMA_NO_NODE);
	if (line > 0)
		irq_set_chip_and_handler(line, &dummy_irq_chip, handle_simple_irq);
	return line;
}

void order_irq_end(void)
{
	if (line > 0)
		irq_free_desc(line);
	line = 0;
}

static void interrupt(struct irq_work *unused)
{
	generic_handle_irq(line);
}

static struct irq_work interrupting = IRQ_WORK_INIT_HARD(interrupt);

void order_irq_happens(void)
{
	irq_work_queue(&interrupting);
	irq_work_sync(&interrupting);
}
