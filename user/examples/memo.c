// SPDX-License-Identifier: LGPL-2.1-or-later
/* Processes that want the same at the same time: one computes it, and all have it. */
#include <error.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <quartet.h>

#define PROCESSES	4

/* Something that takes long, or must not be done twice. */
static ssize_t square(const struct quartet_memo_query *query, void *arg)
{
	long number = *(const long *)query->key;

	(void)arg;
	printf("computing %ld x %ld\n", number, number);
	sleep(1);
	*(long *)query->value = number * number;
	return sizeof(long);
}

/* With a handle of its own, as two owners are to be distinguished. */
static void ask(const struct quartet_memo *table, long number)
{
	long result;
	struct quartet_memo_query query = {
		.key = &number, .key_len = sizeof(number),
		.value = &result, .size = sizeof(result),
	};
	struct quartet_memo *memo;
	ssize_t len = quartet_memo_clone(&memo, table);

	if (!len)
		len = quartet_memo_compute(memo, &query, square, NULL);
	if (len < 0)
		error(1, -len, "compute");
	printf("%ld\n", result);
	exit(0);
}

int main(void)
{
	const struct quartet_memo_params params = {
		.capacity = 1000, .bytes = 1 << 20, .ttl_ns = QUARTET_FOR_EVER,
		.key_max = sizeof(long), .value_max = sizeof(long),
	};
	struct quartet_memo_info info;
	struct quartet_memo *table;
	int i, err = quartet_memo_create(&table, NULL, &params);

	if (err)
		error(1, -err, "/dev/quartet");
	setlinebuf(stdout);
	for (i = 0; i < PROCESSES; i++)
		if (!fork())
			ask(table, 1234);
	while (wait(NULL) > 0)
		;
	quartet_memo_state(table, &info);
	printf("%llu computation\n", info.computations);
	quartet_memo_close(table);
	return 0;
}
