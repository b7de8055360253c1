// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is needed to do it again: the plan of the round, and the last commands of each of its
 * processes. All of that is in memory that survives the processes; if the module is built with
 * trace-pc it is also the kernel's, which prints it when it panics.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"

#define HEAD_LINES	2	/* the round, and its plan */
#define RINGS		(TRACE_PC_LINES - HEAD_LINES)
#define ENTRIES		8
#define ENTRY		40
#define PREFIX		10

struct trace_pc *trace;
bool guided;
static char *line;		/* of this process */
static unsigned int entries;

void trace_open(void)
{
	int fd = open("/dev/quartet_trace_pc", O_RDWR | O_CLOEXEC);
	int flags = fd < 0 ? MAP_SHARED | MAP_ANONYMOUS : MAP_SHARED;

	trace = mmap(NULL, sizeof(*trace), PROT_READ | PROT_WRITE, flags, fd, 0);
	guided = fd >= 0;
	if (fd >= 0)
		close(fd);
}

void record_plan(const struct plan *plan, unsigned int round)
{
	char text[2 * sizeof(*plan) + 1];

	plan_print(plan, text);
	memset(trace->lines, 0, sizeof(trace->lines));
	snprintf(trace->lines[0], TRACE_PC_WIDTH, "round %u, %s", round,
		 setup.wild ? "wild" : "orderly");
	snprintf(trace->lines[1], TRACE_PC_WIDTH, "FUZZ_PLAN=%s", text);
}

void record_start(void)
{
	unsigned int number = __atomic_fetch_add(&shared->processes, 1, __ATOMIC_RELAXED);
	char prefix[16];

	line = trace->lines[HEAD_LINES + number % RINGS];
	entries = 0;
	memset(line, ' ', TRACE_PC_WIDTH - 1);
	snprintf(prefix, sizeof(prefix), "%7d:  ", getpid());
	memcpy(line, prefix, PREFIX);
}

static char *record_entry(void)
{
	return line + PREFIX + entries % ENTRIES * ENTRY;
}

/* Before a command is done. The latest is marked. */
void record(const char *format, ...)
{
	char text[ENTRY], *entry = record_entry();
	va_list arguments;
	int length;

	if (*entry == '>')
		*entry = ' ';
	entries++;
	entry = record_entry();
	va_start(arguments, format);
	length = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	length = length < ENTRY - 2 ? length : ENTRY - 2;
	memset(entry, ' ', ENTRY);
	*entry = '>';
	memcpy(entry + 1, text, length);
}

void record_result(long result)
{
	char text[12], *at = record_entry() + ENTRY - sizeof(text);
	int length = snprintf(text, sizeof(text), "=%ld", result);

	memcpy(at, text, length);
}

void record_show(void)
{
	int i, length;

	for (i = 0; i < TRACE_PC_LINES && trace->lines[i][0]; i++) {
		length = strnlen(trace->lines[i], TRACE_PC_WIDTH);
		while (length && trace->lines[i][length - 1] == ' ')
			length--;
		printf("# %.*s\n", length, trace->lines[i]);
	}
	fflush(stdout);
}

/* What must not be. The first one of a round counts. */
void fault(const char *format, ...)
{
	va_list arguments;

	if (__atomic_exchange_n(&shared->failed, 1, __ATOMIC_ACQ_REL))
		return;
	va_start(arguments, format);
	vsnprintf(shared->fault, sizeof(shared->fault), format, arguments);
	va_end(arguments);
	record("FAULT");
	/* What only the kernel notices may come after it. */
	if (!getenv("FUZZ_GO_ON"))
		__atomic_store_n(&shared->stop, 1, __ATOMIC_RELEASE);
}
