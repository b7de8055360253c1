// SPDX-License-Identifier: GPL-2.0-only
/* Attributes in sysfs. Who removes one waits for the calls that have begun. */
#include <linux/device.h>
#include <linux/kobject.h>
#include <linux/sysfs.h>

#include "compat.h"
#include "device.h"
#include "interpose.h"
#include "sync.h"
#include "wrap.h"

/* The page that a read fills is an open file's, and so a lock's. */
static unsigned long run_show(const struct race_call *call)
{
	unsigned long result;

	race_acquire(call->arg[2], "reading the attribute", _THIS_IP_);
	result = race_method(call);
	race_release(call->arg[2], "reading the attribute", _THIS_IP_);
	return result;
}

/* Its functions come right after it, whatever it is embedded in; else there is none of a module. */
static const struct race_slot attribute_slots[] = {
	RACE_SLOT(kobj_attribute, show, run_show),
	RACE_SLOT(kobj_attribute, store, race_method),
};

static void attribute(const struct attribute *attribute, unsigned long pc)
{
	if (race_is_of_module(attribute))
		race_interpose(container_of(attribute, struct kobj_attribute, attr),
			       attribute_slots, pc);
}

static void attributes(const struct attribute *const *list, unsigned long pc)
{
	for (; list && *list; list++)
		attribute(*list, pc);
}

static const struct race_slot binary_slots[] = {
	RACE_SLOT(bin_attribute, read, race_method),
	RACE_SLOT(bin_attribute, write, race_method),
	RACE_SLOT(bin_attribute, mmap, race_method),
};

static void group(const struct attribute_group *group, unsigned long pc)
{
	const struct bin_attribute *const *list;

	if (!group)
		return;
	attributes((const struct attribute *const *)group->attrs, pc);
	for (list = (const struct bin_attribute *const *)group->bin_attrs; list && *list; list++)
		race_interpose(*list, binary_slots, pc);
}

static void groups(const struct attribute_group *const *list, unsigned long pc)
{
	for (; list && *list; list++)
		group(*list, pc);
}

static const struct race_slot type_slots[] = {
	RACE_SLOT(kobj_type, release, race_method),
};

static const struct race_slot ops_slots[] = {
	RACE_SLOT(sysfs_ops, show, run_show),
	RACE_SLOT(sysfs_ops, store, race_method),
};

static void type(const struct kobj_type *type, unsigned long pc)
{
	race_interpose(type, type_slots, pc);
	race_interpose(type->sysfs_ops, ops_slots, pc);
	groups((const struct attribute_group *const *)type->default_groups, pc);
}

RACE_WRAP(int, sysfs_create_file_ns, struct kobject *object, const struct attribute *what,
	  const race_namespace_t *namespace)
{
	attribute(what, _RET_IP_);
	return sysfs_create_file_ns(object, what, namespace);
}

RACE_WRAP(int, sysfs_create_files, struct kobject *object, const struct attribute *const *list)
{
	attributes(list, _RET_IP_);
	return sysfs_create_files(object, list);
}

RACE_WRAP(int, sysfs_create_bin_file, struct kobject *object, const struct bin_attribute *what)
{
	race_interpose(what, binary_slots, _RET_IP_);
	return sysfs_create_bin_file(object, what);
}

RACE_WRAP(int, sysfs_create_group, struct kobject *object, const struct attribute_group *what)
{
	group(what, _RET_IP_);
	return sysfs_create_group(object, what);
}

RACE_WRAP(int, sysfs_create_groups, struct kobject *object, race_groups_t list)
{
	groups(list, _RET_IP_);
	return sysfs_create_groups(object, list);
}

RACE_WRAP(void, kobject_init, struct kobject *object, race_kobj_type_t *what)
{
	type(what, _RET_IP_);
	kobject_init(object, what);
}

__printf(4, 5)
RACE_WRAP(int, kobject_init_and_add, struct kobject *object, race_kobj_type_t *what,
	  struct kobject *parent, const char *format, ...)
{
	struct va_format name = { .fmt = format };
	va_list args;
	int err;

	type(what, _RET_IP_);
	va_start(args, format);
	name.va = &args;
	err = kobject_init_and_add(object, what, parent, "%pV", &name);
	va_end(args);
	return err;
}

RACE_WRAP(int, device_create_file, struct device *device, const struct device_attribute *what)
{
	attribute(&what->attr, _RET_IP_);
	return device_create_file(device, what);
}

RACE_WRAP(int, device_add, struct device *device)
{
	race_device_add(device, _RET_IP_);
	groups(device->groups, _RET_IP_);
	return device_add(device);
}

RACE_WRAP(int, device_register, struct device *device)
{
	race_device_add(device, _RET_IP_);
	groups(device->groups, _RET_IP_);
	return device_register(device);
}

/* A function that removes attributes, or what has some. */
#define REMOVE(name, parameters, arguments)					\
	RACE_WRAP(void, name, RACE_LIST parameters)				\
	{									\
		name arguments;							\
		race_methods_over(#name, _RET_IP_);				\
	}
#define RACE_LIST(...)	__VA_ARGS__

REMOVE(sysfs_remove_file_ns, (struct kobject *object, const struct attribute *what,
			      const race_namespace_t *namespace), (object, what, namespace))
REMOVE(sysfs_remove_files, (struct kobject *object, const struct attribute *const *list),
       (object, list))
REMOVE(sysfs_remove_bin_file, (struct kobject *object, const struct bin_attribute *what),
       (object, what))
REMOVE(sysfs_remove_group, (struct kobject *object, const struct attribute_group *what),
       (object, what))
REMOVE(sysfs_remove_groups, (struct kobject *object, race_groups_t list), (object, list))
REMOVE(device_remove_file, (struct device *device, const struct device_attribute *what),
       (device, what))
REMOVE(kobject_del, (struct kobject *object), (object))
REMOVE(device_del, (struct device *device), (device))

/* A count that the kernel keeps: what was done before it fell comes before the release. */
static void put(const void *object, const char *what, unsigned long pc)
{
	race_release(object, what, pc);
	race_acquire(object, what, pc);
}

RACE_WRAP(void, kobject_put, struct kobject *object)
{
	put(object, "kobject_put", _RET_IP_);
	kobject_put(object);
	race_methods_over("kobject_put", _RET_IP_);
}

RACE_WRAP(void, put_device, struct device *device)
{
	race_device_put(device, "put_device", _RET_IP_);
	put_device(device);
}

RACE_WRAP(void, device_unregister, struct device *device)
{
	race_device_put(device, "device_unregister", _RET_IP_);
	device_unregister(device);
	race_methods_over("device_unregister", _RET_IP_);
}
