// SPDX-License-Identifier: GPL-2.0-only
/* Warnings and the kernel's log. */
#include <linux/kernel.h>
#include <sim/case.h>
#include <stdarg.h>
#include <stdio.h>

#include "world.h"

bool sim_quiet;
static unsigned int warnings;
static bool expected;

void sim_warnings_reset(void)
{
	warnings = 0;
	expected = false;
}

unsigned int sim_expect_warnings(void)
{
	__atomic_store_n(&expected, true, __ATOMIC_RELAXED);
	return __atomic_load_n(&warnings, __ATOMIC_RELAXED);
}

bool sim_warn(const char *file, int line, const char *format, ...)
{
	char text[200];
	va_list arguments;

	__atomic_fetch_add(&warnings, 1, __ATOMIC_RELAXED);
	if (__atomic_load_n(&expected, __ATOMIC_RELAXED))
		return true;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	sim_fail("assertion: %s:%d: warning: %s", file, line, text);
	return true;
}

void sim_log(const char *format, ...)
{
	va_list arguments;

	if (sim_quiet)
		return;
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
}
