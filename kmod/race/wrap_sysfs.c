// SPDX-License-Identifier: GPL-2.0-only
/* Attributes in sysfs. Who removes one waits for the calls that have begun. */
#include <linux/device.h>
#include <linux/kobject.h>
#include <linux/sysfs.h>

#include "compat.h"
#include "file.h"
#include "interpose.h"
#include "sync.h"
#include "wrap.h"

/* The page that a read fills is an open file's, and so a lock's. */
static unsigned long run_show(void *function, void *a, void *b, void *c, void *d, void *e, void *f)
{
	unsigned long result;

	race_interposed(function);
	race_acquire(c, "reading the attribute", _THIS_IP_);
	result = race_call(function, a, b, c, d, e, f);
	race_release(c, "reading the attribute", _THIS_IP_);
	race_method_end();
	return result;
}

static unsigned long run(void *function, void *a, void *b, void *c, void *d, void *e, void *f)
{
	unsigned long result;

	race_interposed(function);
	result = race_call(function, a, b, c, d, e, f);
	race_method_end();
	return result;
}

/* Its functions come right after it, whatever it is embedded in; else there is none of a module. */
static void attribute(const struct attribute *attribute, unsigned long pc)
{
	const struct kobj_attribute *whole = container_of(attribute, struct kobj_attribute, attr);

	if (!race_is_of_module(attribute))
		return;
	race_interpose(&whole->show, run_show, pc);
	race_interpose(&whole->store, run, pc);
}

static void attributes(const struct attribute *const *list, unsigned long pc)
{
	for (; list && *list; list++)
		attribute(*list, pc);
}

static void binary(const struct bin_attribute *attribute, unsigned long pc)
{
	race_interpose(&attribute->read, run, pc);
	race_interpose(&attribute->write, run, pc);
	race_interpose(&attribute->mmap, run, pc);
}

static void group(const struct attribute_group *group, unsigned long pc)
{
	const struct bin_attribute *const *list;

	if (!group)
		return;
	attributes((const struct attribute *const *)group->attrs, pc);
	for (list = (const struct bin_attribute *const *)group->bin_attrs; list && *list; list++)
		binary(*list, pc);
}

static void groups(const struct attribute_group *const *list, unsigned long pc)
{
	for (; list && *list; list++)
		group(*list, pc);
}

static void type(const struct kobj_type *type, unsigned long pc)
{
	race_interpose(&type->release, run, pc);
	if (type->sysfs_ops) {
		race_interpose(&type->sysfs_ops->show, run_show, pc);
		race_interpose(&type->sysfs_ops->store, run, pc);
	}
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
	binary(what, _RET_IP_);
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
	char name[64];
	va_list args;

	va_start(args, format);
	vsnprintf(name, sizeof(name), format, args);
	va_end(args);
	type(what, _RET_IP_);
	return kobject_init_and_add(object, what, parent, "%s", name);
}

RACE_WRAP(int, device_create_file, struct device *device, const struct device_attribute *what)
{
	attribute(&what->attr, _RET_IP_);
	return device_create_file(device, what);
}

RACE_WRAP(int, device_add, struct device *device)
{
	groups(device->groups, _RET_IP_);
	return device_add(device);
}

RACE_WRAP(int, device_register, struct device *device)
{
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
REMOVE(device_unregister, (struct device *device), (device))

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
	put(device, "put_device", _RET_IP_);
	put_device(device);
}
