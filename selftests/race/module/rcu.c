// SPDX-License-Identifier: GPL-2.0-only
/* Cases of readers, and of who waits for them. */
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/srcu.h>

#include "case.h"

struct node {
	int value;
	struct rcu_head head;
};

static struct node __rcu *node;
DEFINE_STATIC_SRCU(domain);

/* Who changes the pointer is ordered with others who do, and not with those who read it. */
static void publish(void)
{
	struct node *fresh = kzalloc(sizeof(*fresh), GFP_KERNEL);

	spin_lock(&shared.lock);
	rcu_assign_pointer(node, fresh);
	spin_unlock(&shared.lock);
}

static struct node *unpublish(void)
{
	struct node *old;

	spin_lock(&shared.lock);
	old = rcu_replace_pointer(node, NULL, lockdep_is_held(&shared.lock));
	spin_unlock(&shared.lock);
	return old;
}

static void read(void)
{
	struct node *here;

	rcu_read_lock();
	here = rcu_dereference(node);
	if (here)
		WRITE_ONCE(shared.other, here->value);
	rcu_read_unlock();
}

static void read_srcu(void)
{
	int index = srcu_read_lock(&domain);
	struct node *here = srcu_dereference(node, &domain);

	if (here)
		WRITE_ONCE(shared.other, here->value);
	srcu_read_unlock(&domain, index);
}

FIRST(rcu_freed_at_once)
{
	publish();
	read();
}

SECOND(rcu_freed_at_once)
{
	kfree(unpublish());
}
CASE(rcu_freed_at_once);

FIRST(rcu_writer_reads)
{
	rcu_read_lock();
	shared.value++;
	rcu_read_unlock();
}

SECOND(rcu_writer_reads)
{
	rcu_read_lock();
	shared.value++;
	rcu_read_unlock();
}
CASE(rcu_writer_reads);

FIRST(srcu_not_waited)
{
	publish();
	read_srcu();
}

SECOND(srcu_not_waited)
{
	kfree(unpublish());
}
CASE(srcu_not_waited);

FIRST(rcu_read)
{
	publish();
}

SECOND(rcu_read)
{
	read();
	synchronize_rcu();
	kfree(unpublish());
}
CASE(rcu_read);

FIRST(rcu_waited)
{
	publish();
	read();
}

SECOND(rcu_waited)
{
	struct node *old = unpublish();

	synchronize_rcu();
	kfree(old);
}
CASE(rcu_waited);

static void free_node(struct rcu_head *head)
{
	kfree(container_of(head, struct node, head));
}

FIRST(rcu_called)
{
	publish();
	read();
}

SECOND(rcu_called)
{
	struct node *old = unpublish();

	if (old)
		call_rcu(&old->head, free_node);
	rcu_barrier();
}
CASE(rcu_called);

FIRST(rcu_kfree)
{
	publish();
	read();
}

SECOND(rcu_kfree)
{
	struct node *old = unpublish();

	if (old)
		kfree_rcu(old, head);
	rcu_barrier();
}
CASE(rcu_kfree);

/* Not as a reader does. */
FIRST(rcu_freed_in_use)
{
	struct node *mine;

	publish();
	mine = rcu_dereference_raw(node);
	if (mine)
		mine->value++;
}

SECOND(rcu_freed_in_use)
{
	struct node *old = unpublish();

	if (old)
		kfree_rcu(old, head);
	rcu_barrier();
}
CASE(rcu_freed_in_use);

FIRST(srcu_waited)
{
	publish();
	read_srcu();
}

SECOND(srcu_waited)
{
	struct node *old = unpublish();

	synchronize_srcu(&domain);
	kfree(old);
}
CASE(srcu_waited);
