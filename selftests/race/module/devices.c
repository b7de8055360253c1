// SPDX-License-Identifier: GPL-2.0-only
/* Cases of CPUs, network devices and platform devices, as they come and go. */
#include <linux/cpuhotplug.h>
#include <linux/err.h>
#include <linux/if_arp.h>
#include <linux/netdevice.h>
#include <linux/platform_device.h>
#include <linux/rtnetlink.h>
#include <linux/skbuff.h>
#include <linux/version.h>

#include "case.h"

/* Marked: what hands them over orders nothing. */
static int cpus_state;
static struct net_device *shared_netdev;

static int count_cpu(unsigned int cpu)
{
	shared.value++;
	return 0;
}

static void begin_counting_cpus(void)
{
	shared.value = 1;
	WRITE_ONCE(cpus_state, cpuhp_setup_state(CPUHP_AP_ONLINE_DYN, "race_cases:online",
						 count_cpu, count_cpu));
}

static void end_counting_cpus(void)
{
	cpuhp_remove_state(READ_ONCE(cpus_state));
}

FIRST(cpus_gone)
{
	begin_counting_cpus();
}

SECOND(cpus_gone)
{
	end_counting_cpus();
	shared.value++;
}
CASE(cpus_gone);

FIRST(cpus_there)
{
	begin_counting_cpus();
}

SECOND(cpus_there)
{
	shared.value++;
	end_counting_cpus();
}
CASE(cpus_there);

static int count_event(struct notifier_block *block, unsigned long event, void *data)
{
	shared.value++;
	return NOTIFY_DONE;
}

static struct notifier_block netdev_block = { .notifier_call = count_event };

/* It is told of the devices that there are, and of their going once it ends. */
static void begin_listening(void)
{
	shared.value = 1;
	if (register_netdevice_notifier(&netdev_block))
		pr_err("no notifier\n");
}

FIRST(netdev_notifier_gone)
{
	begin_listening();
}

SECOND(netdev_notifier_gone)
{
	unregister_netdevice_notifier(&netdev_block);
	shared.value++;
}
CASE(netdev_notifier_gone);

FIRST(netdev_notifier_there)
{
	begin_listening();
}

SECOND(netdev_notifier_there)
{
	shared.value++;
	unregister_netdevice_notifier(&netdev_block);
}
CASE(netdev_notifier_there);

static int netdev_open(struct net_device *netdev)
{
	shared.other = 1;
	return 0;
}

static int netdev_stop(struct net_device *netdev)
{
	shared.other++;
	return 0;
}

static netdev_tx_t netdev_send(struct sk_buff *skb, struct net_device *netdev)
{
	shared.value++;
	dev_kfree_skb(skb);
	return NETDEV_TX_OK;
}

static const struct net_device_ops netdev_ops = {
	.ndo_open = netdev_open, .ndo_stop = netdev_stop, .ndo_start_xmit = netdev_send,
};

static void set_up(struct net_device *netdev)
{
	netdev->netdev_ops = &netdev_ops;
	netdev->type = ARPHRD_NONE;
	netdev->mtu = 1500;
	netdev->flags = IFF_NOARP;
}

static void make_netdev(void)
{
	struct net_device *netdev = alloc_netdev(0, "race%d", NET_NAME_ENUM, set_up);

	if (!netdev || register_netdev(netdev))
		pr_err("no network device\n");
	WRITE_ONCE(shared_netdev, netdev);
}

static void open_netdev(void)
{
	rtnl_lock();
	if (dev_open(READ_ONCE(shared_netdev), NULL))
		pr_err("cannot open the network device\n");
	rtnl_unlock();
}

static void send_by_netdev(void)
{
	struct sk_buff *skb = alloc_skb(64, GFP_KERNEL);

	if (!skb)
		return;
	skb_put(skb, 64);
	skb_reset_mac_header(skb);
	skb_reset_network_header(skb);
	skb->dev = READ_ONCE(shared_netdev);
	dev_queue_xmit(skb);
}

static void delete_netdev(void)
{
	unregister_netdev(READ_ONCE(shared_netdev));
	free_netdev(READ_ONCE(shared_netdev));
}

FIRST(netdev_sends)
{
	make_netdev();
	open_netdev();
	send_by_netdev();
}

SECOND(netdev_sends)
{
	send_by_netdev();
	delete_netdev();
	shared.value++;
}
CASE(netdev_sends);

FIRST(netdev_there)
{
	make_netdev();
	open_netdev();
	send_by_netdev();
}

SECOND(netdev_there)
{
	shared.value++;
	delete_netdev();
}
CASE(netdev_there);

static int count_probe(struct platform_device *device)
{
	shared.value++;
	return 0;
}

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0)
static int count_remove(struct platform_device *device)
#else
static void count_remove(struct platform_device *device)
#endif
{
	shared.value++;
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0)
	return 0;
#endif
}

static struct platform_driver driver = {
	.probe = count_probe, .remove = count_remove, .driver.name = "race_case",
};

static void count_release(struct device *device)
{
	shared.other++;
}

static struct platform_device device;

static void make_device(void)
{
	memset(&device, 0, sizeof(device));
	device.name = "race_case";
	device.id = PLATFORM_DEVID_NONE;
	device.dev.release = count_release;
	if (platform_device_register(&device))
		pr_err("no device\n");
}

static void make_driver(void)
{
	if (platform_driver_register(&driver))
		pr_err("no driver\n");
}

FIRST(driver_bound)
{
	shared.value = 1;
	shared.other = 1;
	make_device();
}

SECOND(driver_bound)
{
	make_driver();
	platform_device_unregister(&device);
	shared.value++;
	platform_driver_unregister(&driver);
}
CASE(driver_bound);

FIRST(driver_gone)
{
	make_device();
	make_driver();
}

SECOND(driver_gone)
{
	platform_driver_unregister(&driver);
	shared.value++;
	platform_device_unregister(&device);
}
CASE(driver_gone);

FIRST(driver_there)
{
	make_device();
	make_driver();
}

SECOND(driver_there)
{
	shared.value++;
	platform_driver_unregister(&driver);
	platform_device_unregister(&device);
}
CASE(driver_there);

/* Who let go of a device before it is released. */
FIRST(device_released)
{
	make_device();
	get_device(&device.dev);
	shared.other = 1;
	put_device(&device.dev);
}

SECOND(device_released)
{
	platform_device_unregister(&device);
}
CASE(device_released);
