// SPDX-License-Identifier: GPL-2.0-only
/*
 * Network devices: most of what is done to one has the RTNL lock; it sends between its opening and
 * its stop, by a queue that has a lock, mostly; and is used no more once it is unregistered.
 */
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

#include "compat.h"
#include "interpose.h"
#include "irq.h"
#include "notifier.h"
#include "wrap.h"

static char rtnl;	/* stands for the lock, which is not exported */

RACE_WRAP(void, rtnl_lock, void)
{
	rtnl_lock();
	race_lock(&rtnl, "rtnl_lock", _RET_IP_);
}

#ifdef RACE_RTNL_KILLABLE
RACE_WRAP(int, rtnl_lock_killable, void)
{
	int err = rtnl_lock_killable();

	if (!err)
		race_lock(&rtnl, "rtnl_lock_killable", _RET_IP_);
	return err;
}
#endif

RACE_WRAP(int, rtnl_trylock, void)
{
	int got = rtnl_trylock();

	if (got)
		race_lock(&rtnl, "rtnl_trylock", _RET_IP_);
	return got;
}

RACE_WRAP(void, rtnl_unlock, void)
{
	race_unlock(&rtnl, "rtnl_unlock", _RET_IP_);
	rtnl_unlock();
}

static const void *opens_of(const struct net_device *device)
{
	return (const char *)device + 1;
}

static const void *uses_of(const struct net_device *device)
{
	return (const char *)device + 2;
}

static unsigned long with_rtnl(const struct race_call *call, race_run_t run)
{
	unsigned long result;

	race_acquire(&rtnl, "RTNL lock", _THIS_IP_);
	result = run(call);
	race_release(&rtnl, "RTNL lock", _THIS_IP_);
	return result;
}

static unsigned long run_locked(const struct race_call *call)
{
	return with_rtnl(call, race_method);
}

static unsigned long run_open(const struct race_call *call)
{
	unsigned long result = run_locked(call);

	race_release(opens_of(call->arg[0]), "opening of the device", _THIS_IP_);
	return result;
}

static unsigned long run_stop(const struct race_call *call)
{
	race_acquire(uses_of(call->arg[0]), "stop of the device", _THIS_IP_);
	return run_locked(call);
}

static unsigned long run_between(const struct net_device *device,
				 const struct race_call *call)
{
	unsigned long result;

	race_interrupt_begin(_THIS_IP_);
	race_acquire(opens_of(device), "use of the device", _THIS_IP_);
	result = race_method(call);
	race_release(uses_of(device), "end of the device's use", _THIS_IP_);
	race_interrupt_end(_THIS_IP_);
	return result;
}

static unsigned long run_use(const struct race_call *call)
{
	return run_between(call->arg[0], call);
}

static unsigned long run_transmit(const struct race_call *call)
{
	const struct net_device *device = call->arg[1];
	const void *lock = netdev_get_tx_queue(device, skb_get_queue_mapping(call->arg[0]));
	unsigned long result;

	if (race_without_tx_lock(device))
		return run_between(device, call);
	race_acquire(lock, "lock of the queue", _THIS_IP_);
	result = run_between(device, call);
	race_release(lock, "lock of the queue", _THIS_IP_);
	return result;
}

#define SLOT(method, run)	RACE_SLOT(net_device_ops, ndo_##method, run)

static const struct race_slot slots[] = {
	SLOT(init, run_locked),
	SLOT(uninit, run_locked),
	SLOT(open, run_open),
	SLOT(stop, run_stop),
	SLOT(start_xmit, run_transmit),
	SLOT(get_stats64, run_use),
	SLOT(change_mtu, run_locked),
	SLOT(set_mac_address, run_locked),
	SLOT(siocdevprivate, run_locked),
	SLOT(eth_ioctl, run_locked),
	SLOT(set_features, run_locked),
};

RACE_WRAP(int, register_netdev, struct net_device *device)
{
	race_interpose(device->netdev_ops, slots, _RET_IP_);
	return register_netdev(device);
}

RACE_WRAP(int, register_netdevice, struct net_device *device)
{
	race_interpose(device->netdev_ops, slots, _RET_IP_);
	return register_netdevice(device);
}

RACE_WRAP(void, unregister_netdev, struct net_device *device)
{
	unregister_netdev(device);
	race_methods_over("unregister_netdev", _RET_IP_);
}

RACE_WRAP(void, unregister_netdevice_queue, struct net_device *device, struct list_head *later)
{
	unregister_netdevice_queue(device, later);
	if (!later)
		race_methods_over("unregister_netdevice", _RET_IP_);
}

RACE_WRAP(void, unregister_netdevice_many, struct list_head *devices)
{
	unregister_netdevice_many(devices);
	race_methods_over("unregister_netdevice_many", _RET_IP_);
}

static unsigned long run_notifier(const struct race_call *call)
{
	return with_rtnl(call, race_run_notifier);
}

RACE_WRAP(int, register_netdevice_notifier, struct notifier_block *block)
{
	race_notifier_begin(block, run_notifier, "register_netdevice_notifier", _RET_IP_);
	return register_netdevice_notifier(block);
}

RACE_WRAP(int, unregister_netdevice_notifier, struct notifier_block *block)
{
	int err = unregister_netdevice_notifier(block);

	race_notifier_over(block, "unregister_netdevice_notifier", _RET_IP_);
	return err;
}

RACE_WRAP(int, register_netdevice_notifier_net, struct net *net, struct notifier_block *block)
{
	race_notifier_begin(block, run_notifier, "register_netdevice_notifier_net", _RET_IP_);
	return register_netdevice_notifier_net(net, block);
}

RACE_WRAP(int, unregister_netdevice_notifier_net, struct net *net, struct notifier_block *block)
{
	int err = unregister_netdevice_notifier_net(net, block);

	race_notifier_over(block, "unregister_netdevice_notifier_net", _RET_IP_);
	return err;
}
