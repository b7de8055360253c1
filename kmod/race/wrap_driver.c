// SPDX-License-Identifier: GPL-2.0-only
/*
 * Platform devices and their drivers: the device's lock is held as it is bound and unbound, and its
 * coming comes before that, and its going after.
 */
#include <linux/platform_device.h>

#include "compat.h"
#include "device.h"
#include "interpose.h"
#include "wrap.h"

static char made;	/* a clock of those that are not known before they are there */

static unsigned long run(const struct race_call *call)
{
	const struct device *device = &((struct platform_device *)call->arg[0])->dev;
	unsigned long result;

	race_acquire(&made, "device that was made", _THIS_IP_);
	race_lock(&device->mutex, "lock of the device", _THIS_IP_);
	result = race_method(call);
	race_unlock(&device->mutex, "lock of the device", _THIS_IP_);
	return result;
}

static const struct race_slot slots[] = {
	RACE_SLOT(platform_driver, probe, run),
	RACE_SLOT(platform_driver, remove, run),
#ifdef RACE_REMOVE_NEW
	RACE_SLOT(platform_driver, remove_new, run),
#endif
	RACE_SLOT(platform_driver, shutdown, run),
	RACE_SLOT(platform_driver, suspend, run),
	RACE_SLOT(platform_driver, resume, run),
};

RACE_WRAP(int, __platform_driver_register, DECL_DRIVER_PARAMS)
{
	race_interpose(driver, slots, _RET_IP_);
	return __platform_driver_register(PASS_DRIVER_PARAMS);
}

RACE_WRAP(void, platform_driver_unregister, struct platform_driver *driver)
{
	platform_driver_unregister(driver);
	race_methods_over("platform_driver_unregister", _RET_IP_);
}

static const void *lock_of(const struct platform_device *device)
{
	return &device->dev.mutex;
}

#define COME(name)								\
	RACE_WRAP(int, name, struct platform_device *device)			\
	{									\
		race_device_add(&device->dev, _RET_IP_);			\
		race_release(lock_of(device), #name, _RET_IP_);			\
		return name(device);						\
	}

COME(platform_device_register)
COME(platform_device_add)

RACE_WRAP(struct platform_device *, platform_device_register_full,
	  const struct platform_device_info *info)
{
	race_release(&made, "platform_device_register_full", _RET_IP_);
	return platform_device_register_full(info);
}

/* It may have been the last reference. */
#define GO(name)								\
	RACE_WRAP(void, name, struct platform_device *device)			\
	{									\
		race_device_put(&device->dev, #name, _RET_IP_);			\
		name(device);							\
		race_acquire(lock_of(device), #name, _RET_IP_);			\
	}

GO(platform_device_del)
GO(platform_device_unregister)

RACE_WRAP(void, platform_device_put, struct platform_device *device)
{
	race_device_put(&device->dev, "platform_device_put", _RET_IP_);
	platform_device_put(device);
}
