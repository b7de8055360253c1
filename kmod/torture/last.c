// SPDX-License-Identifier: GPL-2.0-only
/* The last run of each kind that a torture knows, in a file of debugfs. */
#include <linux/seq_file.h>

#include <linux/quartet_torture.h>

#include "last.h"

static DEFINE_MUTEX(last_mutex);	/* protects the runs of all tortures */

static struct torture_last *last_of(struct quartet_kind *file)
{
	return container_of(file, struct torture_last, file);
}

int torture_last_show(struct seq_file *m, void *unused)
{
	const struct torture_last *last = last_of(m->private);
	unsigned int kind;

	seq_puts(m, last->heading);
	mutex_lock(&last_mutex);
	for (kind = 0; kind < last->kinds; kind++) {
		const struct quartet_torture_request *args = last->runs + kind * last->size;

		if (args->size)
			last->row(m, args);
	}
	mutex_unlock(&last_mutex);
	return 0;
}

void torture_last_reset(struct quartet_kind *file)
{
	const struct torture_last *last = last_of(file);

	mutex_lock(&last_mutex);
	memset(last->runs, 0, last->kinds * last->size);
	mutex_unlock(&last_mutex);
}

/* Until the next run of the same kind. */
void torture_remember(struct torture_last *last, const void *args)
{
	const struct quartet_torture_request *request = args;

	mutex_lock(&last_mutex);
	memcpy(last->runs + request->kind * last->size, args, last->size);
	mutex_unlock(&last_mutex);
}
