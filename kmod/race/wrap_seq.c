// SPDX-License-Identifier: GPL-2.0-only
/* Files that are made of a sequence: their functions are called one at a time. */
#include <linux/seq_file.h>

#include "file.h"
#include "interpose.h"
#include "seq.h"
#include "sync.h"
#include "wrap.h"

static unsigned long run(const struct race_call *call)
{
	const struct seq_file *seq = call->arg[0];
	unsigned long result;

	race_acquire(seq, "reading the sequence", _THIS_IP_);
	result = race_file_method(seq->file, call);
	race_release(seq, "reading the sequence", _THIS_IP_);
	return result;
}

void *race_seq_show(void *show, unsigned long pc)
{
	return race_hand_over(show, run, pc);
}

static const struct race_slot slots[] = {
	RACE_SLOT(seq_operations, start, run),
	RACE_SLOT(seq_operations, stop, run),
	RACE_SLOT(seq_operations, next, run),
	RACE_SLOT(seq_operations, show, run),
};

void race_seq_operations(const struct seq_operations *ops, unsigned long pc)
{
	race_interpose(ops, slots, pc);
}

/* Another one may have had its address, if that was not opened by a module. */
static void forget(const struct file *file, bool opened)
{
	if (opened)
		race_sync_forget((unsigned long)file->private_data);
}

RACE_WRAP(int, seq_open, struct file *file, const struct seq_operations *ops)
{
	int err;

	race_seq_operations(ops, _RET_IP_);
	err = seq_open(file, ops);
	forget(file, !err);
	return err;
}

RACE_WRAP(int, seq_open_private, struct file *file, const struct seq_operations *ops, int size)
{
	int err;

	race_seq_operations(ops, _RET_IP_);
	err = seq_open_private(file, ops, size);
	forget(file, !err);
	return err;
}

RACE_WRAP(void *, __seq_open_private, struct file *file, const struct seq_operations *ops,
	  int size)
{
	void *private;

	race_seq_operations(ops, _RET_IP_);
	private = __seq_open_private(file, ops, size);
	forget(file, private);
	return private;
}

typedef int (*show_t)(struct seq_file *seq, void *data);

RACE_WRAP(int, single_open, struct file *file, show_t show, void *data)
{
	int err = single_open(file, race_seq_show(show, _RET_IP_), data);

	forget(file, !err);
	return err;
}

RACE_WRAP(int, single_open_size, struct file *file, show_t show, void *data, size_t size)
{
	int err = single_open_size(file, race_seq_show(show, _RET_IP_), data, size);

	forget(file, !err);
	return err;
}
