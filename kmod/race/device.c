// SPDX-License-Identifier: GPL-2.0-only
/* Devices, whose release is called by whoever has the last reference. */
#include "device.h"
#include "interpose.h"
#include "sync.h"

static unsigned long run_release(const struct race_call *call)
{
	race_acquire(call->arg[0], "release of the device", _THIS_IP_);
	return race_method(call);
}

static const struct race_slot slots[] = {
	RACE_SLOT(device, release, run_release),
};

void race_device_add(const struct device *device, unsigned long pc)
{
	race_interpose(device, slots, pc);
}

void race_device_put(const struct device *device, const char *what, unsigned long pc)
{
	race_release(device, what, pc);
	/* The release may be one that is not known: of its class, or type. */
	race_acquire(device, what, pc);
}
