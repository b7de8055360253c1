// SPDX-License-Identifier: GPL-2.0-only
/* quartet torture memo: memo tables. */
#include <err.h>

#include "matrix.h"
#include "quartet.h"
#include "run.h"

static const char *const kinds[QUARTET_MEMO_KINDS] = {
	[QUARTET_MEMO_KIND_RCU] = "rcu",
	[QUARTET_MEMO_KIND_LOCK] = "lock",
	[QUARTET_MEMO_KIND_MONITOR] = "monitor",
	[QUARTET_MEMO_KIND_BUSTED_RCU] = "busted-rcu",
	[QUARTET_MEMO_KIND_BUSTED_LOCK] = "busted-lock",
	[QUARTET_MEMO_KIND_BUSTED_MONITOR] = "busted-monitor",
	[QUARTET_MEMO_KIND_RHASHTABLE] = "rhashtable",
};

static const char *const patterns[QUARTET_MEMO_PATTERNS] = {
	[QUARTET_MEMO_PATTERN_HITS] = "hits",
	[QUARTET_MEMO_PATTERN_STAMPEDE] = "stampede",
	[QUARTET_MEMO_PATTERN_ZIPF] = "zipf",
	[QUARTET_MEMO_PATTERN_MISSES] = "misses",
	[QUARTET_MEMO_PATTERN_MIXED] = "mixed",
	[QUARTET_MEMO_PATTERN_DYING] = "dying",
	[QUARTET_MEMO_PATTERN_LEAVING] = "leaving",
	[QUARTET_MEMO_PATTERN_PRESSURE] = "pressure",
};

static const char *const works[QUARTET_MEMO_WORKS] = {
	[QUARTET_MEMO_WORK_NONE] = "none",
	[QUARTET_MEMO_WORK_CPU] = "cpu",
	[QUARTET_MEMO_WORK_IO] = "io",
};

static const char *const stats[QUARTET_MEMO_STATS_LEN] = {
	[QUARTET_MEMO_STAT_HITS] = "hits",
	[QUARTET_MEMO_STAT_MISSES] = "misses",
	[QUARTET_MEMO_STAT_JOINED] = "joined",
	[QUARTET_MEMO_STAT_COMPUTATIONS] = "computations",
	[QUARTET_MEMO_STAT_REFRESHES] = "refreshes",
	[QUARTET_MEMO_STAT_PROMOTIONS] = "promotions",
	[QUARTET_MEMO_STAT_ABANDONED] = "abandoned",
	[QUARTET_MEMO_STAT_ERRORS] = "errors",
	[QUARTET_MEMO_STAT_LEFT] = "left",
	[QUARTET_MEMO_STAT_DEADLOCKS] = "deadlocks",
	[QUARTET_MEMO_STAT_EVICTIONS] = "evictions",
	[QUARTET_MEMO_STAT_EXPIRIES] = "expiries",
	[QUARTET_MEMO_STAT_FORGOTTEN] = "forgotten",
};

static const struct quantity amount = {
	"iterations or microseconds", unit_none, 1, QUARTET_TORTURE_MAX_AMOUNT, NULL
};

enum option_key { PATTERN = MATRIX_OPTIONS, WORK, WORKERS, AMOUNT, SCAN, SIGNAL, TIMEOUT };

static const struct argp_option options[] = {
	{ "pattern", PATTERN, "LIST", 0,
	  "What a thread does in a turn (default stampede,zipf)", 1 },
	{ "workers", WORKERS, "LIST", 0, "The same as --threads", 1 },
	{ "work", WORK, "WHAT", 0,
	  "cpu or io: what each computation is, with pattern misses", 2 },
	{ "amount", AMOUNT, "N", 0,
	  "Of it: iterations or microseconds (default 1000, a parameter of the module)", 2 },
	{ "scan", SCAN, "TIME", 0,
	  "Do what time and the shrinker do this often (default: never)", 2 },
	{ "signal", SIGNAL, "TIME", 0,
	  "Send a random thread a signal this often (default: never)", 2 },
	{ "timeout", TIMEOUT, "TIME", 0,
	  "The average deadline of pattern leaving (default 100us)", 2 },
	{ 0 }
};

static const char doc[] =
	"Put memo tables under load inside the kernel, through /dev/quartet_torture, and judge\n"
	"them.\n"
	"\vLIST is one value or several, separated by commas; of numbers, also a range: 1..4.\n"
	"A TIME has a unit: ns, us, ms or s; --hold, --think and --timeout are in ns\n"
	"without one. --hold is how long a computation takes.\n"
	"\n"
	"Tables:\n"
	"  rcu              quartet's: hits take no lock\n"
	"  lock             quartet's: a hash table under a mutex\n"
	"  monitor          quartet's: a thread owns the table and is asked\n"
	"  busted-rcu, busted-lock, busted-monitor\n"
	"                   look, and insert without another look: must be flagged\n"
	"  rhashtable       peer of hits: a lookup in the kernel's hash table, and a copy\n"
	"Busted tables have at most 8 threads, and not pattern misses.\n"
	"\n"
	"Patterns:\n"
	"  hits             one of 1024 keys\n"
	"  stampede         all get one key; then it is forgotten, and all get the next\n"
	"  zipf             one of 10^5 keys, key n n times as seldom as the first\n"
	"  misses           a key that nobody ever got\n"
	"  mixed            gets in all ways, forgets and clears; errors; all expires\n"
	"  dying            as stampede; threads lead, fulfil, fail, abandon and die\n"
	"  leaving          as stampede; those who wait have deadlines\n"
	"  pressure         as zipf, in a table with room for 64\n"
	"\n"
	"Columns:\n"
	"  grants/s         gets that returned a value, a second, by all threads\n"
	"  cpus, speed-up   with --work: how many CPUs, and grants/s to those of one thread there\n"
	"  jain             Jain's fairness index of the threads' gets: 1 is even\n"
	"  p50 ... max      what such a get took\n"
	"  hits             share of gets of a value that was there\n"
	"  joined           gets that waited for another's computation\n"
	"  computed         computations that ended by a result\n"
	"  violated         two computations of a key at once, or again; values that are wrong;\n"
	"                   bytes that the table has lost count of\n"
	"  verdict          see below\n"
	"\n"
	"Events (\"never:\" below a row names those it could see and did not):\n"
	"  hits, misses, joined, computations, refreshes, promotions, abandoned, errors, left,\n"
	"  deadlocks, evictions, expiries, forgotten: see Documentation/memo.rst\n"
	"\n"
	"Verdicts:\n"
	"  ok, flagged      good; flagged is the one that busted tables must get\n"
	"  VIOLATED         there were violations\n"
	"  STUCK            for ten seconds nobody got anything\n"
	"  NO GRANTS        nobody ever got a value\n"
	"  NOT FLAGGED      a busted table went unnoticed: the checks are broken\n"
	SUBJECT_DOC_STATUS
	"  quartet torture memo --pattern stampede,zipf,misses --threads 8\n"
	"  quartet torture memo --impl rcu --pattern mixed --scan 1ms --require all\n"
	"  quartet torture memo --work cpu --workers 1..8 --cpus 1..2\n";

static void set_defaults(struct matrix *matrix)
{
	list_parse_names(&matrix->kinds, kinds, QUARTET_MEMO_KINDS, "--impl",
			 "rcu,lock,monitor");
	list_parse_names(&matrix->own, patterns, QUARTET_MEMO_PATTERNS, "--pattern",
			 "stampede,zipf");
	list_parse(&matrix->threads, &matrix_threads, "--threads", "4");
	list_parse(&matrix->hold, &matrix_work, "--hold", "0");
	matrix->common.memo.timeout_ns = 100000;
}

/* Each get computes, so that the throughput is that of computations. */
static void parse_work(struct matrix *matrix, const char *text)
{
	struct list list;

	list_parse_names(&list, works, QUARTET_MEMO_WORKS, "--work", text);
	if (list.len > 1)
		errx(EXIT_USAGE, "--work: more than one value");
	matrix->common.memo.work = list.values[0];
	if (!matrix->common.memo.work)
		return;
	list_parse_names(&matrix->kinds, kinds, QUARTET_MEMO_KINDS, "--impl", "rcu");
	list_parse_names(&matrix->own, patterns, QUARTET_MEMO_PATTERNS, "--pattern", "misses");
}

static bool parse(struct matrix *matrix, int key, const char *text)
{
	struct quartet_torture_memo *common = &matrix->common.memo;

	switch (key) {
	case PATTERN:
		list_parse_names(&matrix->own, patterns, QUARTET_MEMO_PATTERNS, "--pattern", text);
		return true;
	case WORK:
		parse_work(matrix, text);
		return true;
	case WORKERS:
		list_parse(&matrix->threads, &matrix_threads, "--workers", text);
		return true;
	case AMOUNT:
		common->amount = quantity_parse(&amount, "--amount", text);
		return true;
	case SCAN:
		common->scan_us = quantity_parse(&matrix_period_us, "--scan", text);
		return true;
	case SIGNAL:
		common->signal_us = quantity_parse(&matrix_period_us, "--signal", text);
		return true;
	case TIMEOUT:
		common->timeout_ns = quantity_parse(&matrix_work, "--timeout", text);
		return true;
	}
	return false;
}

static void check(const struct matrix *matrix)
{
	if (matrix->common.request.trylock_permille)
		errx(EXIT_USAGE, "--trylock: a memo table has none");
	if (matrix->common.memo.amount && !matrix->common.memo.work)
		errx(EXIT_USAGE, "--amount: only with --work");
}

static void vary(struct args *args, __u64 pattern)
{
	args->memo.pattern = pattern;
}

/* To the run before with one thread, if that was on as many CPUs. */
static __u64 speedup_permille(const struct run *run)
{
	static __u32 kind, cpus;
	static __u64 base;
	const struct args *args = &run->args;

	if (args->request.threads == 1) {
		kind = args->request.kind;
		cpus = args->memo.cpus;
		base = run_grants_per_s(run);
	}
	if (!base || kind != args->request.kind || cpus != args->memo.cpus)
		return 0;
	return run_grants_per_s(run) * 1000 / base;
}

static unsigned long perform(int fd, struct run *run)
{
	unsigned long error = run_ioctl(fd, run);

	if (!error && run->args.memo.work)
		run->args.speedup_permille = speedup_permille(run);
	return error;
}

static bool is_busted(__u32 kind)
{
	return kind >= QUARTET_MEMO_KIND_BUSTED_RCU && kind <= QUARTET_MEMO_KIND_BUSTED_MONITOR;
}

static __u32 reachable(const struct args *args)
{
	const struct quartet_torture_memo *memo = &args->memo;
	__u32 kind = args->request.kind, pattern = memo->pattern;
	bool mixed = pattern == QUARTET_MEMO_PATTERN_MIXED;
	bool dying = pattern == QUARTET_MEMO_PATTERN_DYING;
	bool misses = pattern == QUARTET_MEMO_PATTERN_MISSES;
	bool leaving = pattern == QUARTET_MEMO_PATTERN_LEAVING;
	bool crowd = dying || leaving || pattern == QUARTET_MEMO_PATTERN_STAMPEDE;
	bool many = args->request.threads > 1;
	bool can[QUARTET_MEMO_STATS_LEN] = {
		[QUARTET_MEMO_STAT_HITS] = !crowd && !misses,
		[QUARTET_MEMO_STAT_MISSES] = true,
		[QUARTET_MEMO_STAT_JOINED] = many && (crowd || mixed),
		[QUARTET_MEMO_STAT_COMPUTATIONS] = true,
		[QUARTET_MEMO_STAT_REFRESHES] = mixed && (kind == QUARTET_MEMO_KIND_RCU ||
						kind == QUARTET_MEMO_KIND_BUSTED_RCU),
		[QUARTET_MEMO_STAT_PROMOTIONS] = many && (dying || (crowd && memo->signal_us)),
		[QUARTET_MEMO_STAT_ABANDONED] = dying || (crowd && memo->signal_us),
		[QUARTET_MEMO_STAT_ERRORS] = mixed || (many && dying),
		[QUARTET_MEMO_STAT_LEFT] = many && (leaving || (crowd && memo->signal_us)),
		[QUARTET_MEMO_STAT_EVICTIONS] = pattern == QUARTET_MEMO_PATTERN_PRESSURE ||
						(misses && !memo->work) ||
						memo->scan_us,
		[QUARTET_MEMO_STAT_EXPIRIES] = mixed,
		[QUARTET_MEMO_STAT_FORGOTTEN] = crowd || mixed,
	};

	if (kind == QUARTET_MEMO_KIND_RHASHTABLE)
		return 0;
	return event_mask(can, QUARTET_MEMO_STATS_LEN);
}

static enum flaw flaw(__u32 kind)
{
	return is_busted(kind) ? FLAW_EXCLUSION : FLAW_NONE;
}

static const struct flag flags[] = {
	{ "unchecked", QUARTET_TORTURE_UNCHECKED },
	{ "untimed", QUARTET_TORTURE_UNTIMED },
	{ NULL, 0 },
};

static const struct field asked[] = {
	FIELD("work", memo.work),
	FIELD("amount", memo.amount),
	FIELD("scan_us", memo.scan_us),
	FIELD("signal_us", memo.signal_us),
	FIELD("timeout_ns", memo.timeout_ns),
	{ NULL, 0, 0 },
};

static const struct field got[] = {
	FIELD("cpus", memo.cpus),
	FIELD("speedup_permille", speedup_permille),
	FIELD("computed", memo.computed),
	FIELD("twice", memo.twice),
	FIELD("again", memo.again),
	FIELD("wrong", memo.wrong),
	FIELD("bytes_off", memo.bytes_off),
	{ NULL, 0, 0 },
};

const struct subject memo_subject = {
	.name = "memo",
	.kinds = kinds,
	.kinds_len = QUARTET_MEMO_KINDS,
	.events = stats,
	.events_len = QUARTET_MEMO_STATS_LEN,
	.events_key = "stats",
	.flags = flags,
	.asked = asked,
	.got = got,
	.columns = COLUMNS_MEMO,
	.variants = patterns,
	.doc = doc,
	.options = options,
	.set_defaults = set_defaults,
	.parse = parse,
	.check = check,
	.vary = vary,
	SUBJECT_IOCTL(QUARTET_TORTURE_MEMO, struct quartet_torture_memo, result, stats),
	.perform = perform,
	.reachable = reachable,
	.flaw = flaw,
};
