// SPDX-License-Identifier: GPL-2.0-only
/* What the fuzz targets share: a world to begin in, and words. */
#include <linux/ktime.h>
#include <sim/case.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "../native/native.h"
#include "../world/world.h"
#include "fuzz.h"

static bool prints;
static unsigned int said;

int LLVMFuzzerInitialize(int *argc, char ***argv);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	prints = getenv("QUARTET_FUZZ_PRINT");
	sim_quiet = true;
	return 0;
}

void fuzz_reset(void)
{
	native_reset();
	sim_expect_warnings();
	sim_clock_freeze();
	sim_clock_advance(FUZZ_START - ktime_get_ns());
	said = 0;
}

void say(const char *format, ...)
{
	va_list arguments;

	if (!prints)
		return;
	fprintf(stderr, "%3u: ", ++said);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct input input = { data, data + size };

	fuzz_start(&input);
	while (input_left(&input))
		fuzz_step(&input);
	fuzz_end();
	return 0;
}
