// SPDX-License-Identifier: GPL-2.0-only
/* The history of a stress: written by processes that may be killed at any instruction. */
#include "stress_check.h"
#include "stress_history.h"
#include "stress.h"

static const char *const ops[HISTORY_OPS] = {
	[HISTORY_START] = "start", [HISTORY_DEATH] = "death", [HISTORY_EXEC] = "exec",
	[HISTORY_FORK] = "fork", [HISTORY_CLOSE] = "close",
	[HISTORY_CANCEL] = "cancel", [HISTORY_END] = "end",
	[HISTORY_LOCK] = "lock", [HISTORY_CONSISTENT] = "consistent", [HISTORY_UNLOCK] = "unlock",
	[HISTORY_GET] = "get", [HISTORY_GIVE] = "give", [HISTORY_TAKE] = "take",
	[HISTORY_PUT] = "put", [HISTORY_ASK] = "ask", [HISTORY_FULFIL] = "fulfil",
	[HISTORY_ABANDON] = "abandon", [HISTORY_FORGET] = "forget", [HISTORY_CLEAR] = "clear",
};

static const char *const phases[] = {
	[HISTORY_INVOKE] = "invoke", [HISTORY_OK] = "ok", [HISTORY_FAIL] = "fail",
};

static const char *const words[] = {
	[SAID_NOTHING] = "", [SAID_DIED] = "died", [SAID_TRY] = "try", [SAID_VALUE] = "value",
	[SAID_OLD] = "old", [SAID_JOINED] = "joined", [SAID_ERROR] = "error", [SAID_LEAD] = "lead",
};

static const char columns[] =
	"time_ns,phase,call,op,process,pid,object,handle,key,slot,token,attempt,said,value,error\n";

/* Its place says when it was: the phase is stored when all else is there. */
static void history_add(struct history *history, unsigned int n, enum history_phase phase,
			struct history_record *record)
{
	struct history_record *to = &history->record[n];

	record->time_ns = stress_now();
	atomic_store_explicit(&record->phase, HISTORY_NOTHING, memory_order_relaxed);
	*to = *record;
	atomic_store_explicit(&to->phase, phase, memory_order_release);
}

static bool history_claim(struct history *history, unsigned int *n)
{
	if (!atomic_load(&history->recorded) || atomic_load(&history->len) >= HISTORY_MAX)
		return false;
	*n = atomic_fetch_add(&history->len, 1);
	return *n < HISTORY_MAX;
}

void history_invoke(struct history *history, struct history_record *record)
{
	unsigned int n;

	if (!history_claim(history, &n))
		return;
	record->call = n + 1;
	history_add(history, n, HISTORY_INVOKE, record);
}

/* What was not told of when it was invoked has no number: the history was full. */
void history_answer(struct history *history, struct history_record *record, int error)
{
	unsigned int n;

	if (!record->call || !history_claim(history, &n))
		return;
	record->error = error < 0 ? error : 0;
	history_add(history, n, error < 0 ? HISTORY_FAIL : HISTORY_OK, record);
}

void history_tell(struct history *history, enum history_phase phase,
		  struct history_record *record)
{
	unsigned int n;

	if (history_claim(history, &n))
		history_add(history, n, phase, record);
}

/* FNV-1a. */
__u64 history_digest(const void *bytes, __u64 len)
{
	const unsigned char *byte = bytes;
	__u64 digest = 0xcbf29ce484222325;

	while (len--)
		digest = (digest ^ *byte++) * 0x100000001b3;
	return digest;
}

static void history_print(const struct history_record *record, FILE *file)
{
	fprintf(file, "%llu,%s,%u,%s,%u,%d,%s%u,%d,%d,%d,%llu,%d,%s,%llx,%d\n", record->time_ns,
		phases[record->phase], record->call, ops[record->op], record->process,
		record->pid, stress_names[record->kind], record->index, record->handle,
		record->key, record->slot, record->token, record->attempt, words[record->said],
		record->value, record->error);
}

unsigned int history_write(const struct history *history, FILE *file)
{
	unsigned int n, lines = 0, len = atomic_load(&history->len);

	fputs(columns, file);
	for (n = 0; n < len && n < HISTORY_MAX; n++) {
		if (atomic_load_explicit(&history->record[n].phase, memory_order_acquire)) {
			history_print(&history->record[n], file);
			lines++;
		}
	}
	return lines;
}
