// SPDX-License-Identifier: GPL-2.0-only
/* The invariants of a memo table, as those who get its values see them. */
#include <linux/hash.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "memo_record.h"

int memo_records_init(struct memo_records *records, u32 len, bool permanent)
{
	u32 i;

	records->len = len;
	records->permanent = permanent;
	atomic64_set(&records->begun, 0);
	atomic64_set(&records->ended, 0);
	records->all = kvcalloc(len ?: 1, sizeof(*records->all), GFP_KERNEL);
	if (!records->all)
		return -ENOMEM;
	for (i = 0; i < len; i++)
		spin_lock_init(&records->all[i].lock);
	return 0;
}

void memo_records_exit(struct memo_records *records)
{
	kvfree(records->all);
	records->all = NULL;
}

/* Under the record's lock. */
static u64 generation_of(struct memo_records *records, const struct memo_record *record)
{
	return record->begun + atomic64_read(&records->begun);
}

void memo_view_begin(struct memo_records *records, struct memo_view *view, u32 key)
{
	struct memo_record *record = &records->all[key];
	u64 ended = atomic64_read(&records->ended);

	/* A: what has ended is read before what has begun, so that equal means none is under way */
	smp_mb();
	view->record = record;
	spin_lock(&record->lock);
	view->generation = generation_of(records, record);
	view->quiet = view->generation == record->ended + ended;
	view->floor = record->seen_in == view->generation ? record->seen : 0;
	spin_unlock(&record->lock);
	/* B: and all that before the get */
	smp_mb();
}

/* Under the record's lock: no forget has begun since the get did. */
static bool is_current(struct memo_records *records, const struct memo_view *view)
{
	return view->generation == generation_of(records, view->record);
}

bool memo_view_compute(struct memo_records *records, struct memo_view *view)
{
	struct memo_record *record = view->record;
	bool alone = true;

	spin_lock(&record->lock);
	view->serial = ++record->serial;
	if (view->generation > record->generation) {
		record->generation = view->generation;
		record->inside = 0;
	}
	if (view->generation == record->generation) {
		alone = !record->inside || !is_current(records, view);
		record->inside += view->quiet;
	}
	spin_unlock(&record->lock);
	return alone;
}

bool memo_view_computed(struct memo_records *records, struct memo_view *view, bool result)
{
	struct memo_record *record = view->record;
	bool first = true;

	spin_lock(&record->lock);
	if (view->generation == record->generation)
		record->inside -= view->quiet;
	if (result && view->quiet && is_current(records, view)) {
		first = !records->permanent || record->done != view->generation + 1;
		record->done = view->generation + 1;
	}
	spin_unlock(&record->lock);
	return first;
}

bool memo_view_check(struct memo_records *records, const struct memo_view *view, u64 serial)
{
	struct memo_record *record = view->record;
	bool good = true;

	/* C: the get before what has begun since */
	smp_mb();
	spin_lock(&record->lock);
	if (view->quiet && is_current(records, view)) {
		good = serial >= view->floor;
		if (record->seen_in != view->generation || serial > record->seen)
			record->seen = serial;
		record->seen_in = view->generation;
	}
	spin_unlock(&record->lock);
	return good;
}

void memo_forget_begin(struct memo_records *records, u32 key)
{
	struct memo_record *record = &records->all[key];

	spin_lock(&record->lock);
	record->begun++;
	spin_unlock(&record->lock);
	/* D: matches B and C: who gets what this forgets sees that it has begun */
	smp_mb();
}

void memo_forget_end(struct memo_records *records, u32 key)
{
	struct memo_record *record = &records->all[key];

	/* E: matches A: the forget before its end */
	smp_mb();
	spin_lock(&record->lock);
	record->ended++;
	spin_unlock(&record->lock);
}

void memo_clear_begin(struct memo_records *records)
{
	atomic64_inc(&records->begun);
	/* D: as in memo_forget_begin() */
	smp_mb();
}

void memo_clear_end(struct memo_records *records)
{
	/* E: as in memo_forget_end() */
	smp_mb();
	atomic64_inc(&records->ended);
}

void memo_torture_key_fill(struct memo_torture_key *key, u64 id)
{
	*key = (struct memo_torture_key){ .id = id, .rest = { 1, 2 }, .id_again = id };
}

static u64 sum_of(const struct memo_torture_value *value)
{
	u64 sum = value->id;
	int i;

	sum = hash_64(sum ^ value->serial, 64);
	for (i = 0; i < MEMO_PAYLOAD; i++)
		sum = hash_64(sum ^ value->payload[i], 64);
	return sum;
}

void memo_torture_value_fill(struct memo_torture_value *value, u64 id, u64 serial)
{
	int i;

	value->id = id;
	value->serial = serial;
	for (i = 0; i < MEMO_PAYLOAD; i++)
		value->payload[i] = hash_64(id + serial + i, 64);
	value->sum = sum_of(value);
}

bool memo_torture_value_is(const struct memo_torture_value *value, u64 id)
{
	return value->id == id && value->sum == sum_of(value);
}
