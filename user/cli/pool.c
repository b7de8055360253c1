// SPDX-License-Identifier: GPL-2.0-only
/* quartet torture pool: pools of objects. */
#include <err.h>
#include <unistd.h>

#include "matrix.h"
#include "quartet.h"
#include "run.h"

static const char *const kinds[QUARTET_POOL_KINDS] = {
	[QUARTET_POOL_KIND_QUARTET] = "quartet",
	[QUARTET_POOL_KIND_CACHE] = "kmem_cache",
	[QUARTET_POOL_KIND_MEMPOOL] = "mempool",
	[QUARTET_POOL_KIND_OBJPOOL] = "objpool",
	[QUARTET_POOL_KIND_SEED] = "seed",
	[QUARTET_POOL_KIND_BUSTED] = "busted",
};

static const char *const patterns[QUARTET_POOL_PATTERNS] = {
	[QUARTET_POOL_PATTERN_LOCAL] = "local",
	[QUARTET_POOL_PATTERN_BURST] = "burst",
	[QUARTET_POOL_PATTERN_STARVATION] = "starvation",
	[QUARTET_POOL_PATTERN_PIPELINE] = "pipeline",
	[QUARTET_POOL_PATTERN_MIX] = "mix",
};

static const char *const stats[QUARTET_POOL_STATS_LEN] = {
	[QUARTET_POOL_STAT_PRIVATE] = "private",
	[QUARTET_POOL_STAT_SHARED] = "shared",
	[QUARTET_POOL_STAT_NEAR] = "near",
	[QUARTET_POOL_STAT_FAR] = "far",
	[QUARTET_POOL_STAT_VICTIM] = "victim",
	[QUARTET_POOL_STAT_FRESH] = "fresh",
	[QUARTET_POOL_STAT_FAILED] = "failed",
	[QUARTET_POOL_STAT_PUTS] = "puts",
	[QUARTET_POOL_STAT_DROPPED] = "dropped",
	[QUARTET_POOL_STAT_RECLAIMED] = "reclaimed",
};

static const struct unit sizes[] = { { "", 1 }, { "B", 1 }, { "K", 1024 }, { NULL, 0 } };

static const struct quantity size = {
	"bytes, such as 256 or 4K", sizes, QUARTET_TORTURE_MIN_OBJECT, QUARTET_TORTURE_MAX_OBJECT,
	NULL
};

enum option_key { PATTERN = MATRIX_OPTIONS, SIZE, CTOR, ZERO, SCAN, FAILING, SOFTIRQ, HARDIRQ };

static const struct argp_option options[] = {
	{ "pattern", PATTERN, "LIST", 0,
	  "What a thread does in a turn (default local,pipeline)", 1 },
	{ "size", SIZE, "BYTES", 0, "Of an object, a multiple of 8 (default 256)", 2 },
	{ "ctor", CTOR, "TIME", 0, "What it takes to construct one (default 0)", 2 },
	{ "zero", ZERO, NULL, 0, "Get zeroed objects, and check that they are", 2 },
	{ "scan", SCAN, "TIME", 0,
	  "quartet: do what the shrinker does this often (default: never)", 2 },
	{ "failing", FAILING, "PERCENT", 0,
	  "quartet, seed, busted: of the pool's allocations that fail (default 0)", 2 },
	{ "softirq", SOFTIRQ, NULL, 0, "Get and put from a softirq timer a CPU too", 2 },
	{ "hardirq", HARDIRQ, NULL, 0, "Get and put from a hardirq timer a CPU too", 2 },
	{ 0 }
};

static const char doc[] =
	"Put pools of objects under load inside the kernel, through /dev/quartet_torture, and judge\n"
	"them.\n"
	"\vLIST is one value or several, separated by commas.\n"
	"A TIME has a unit: ns, us, ms or s; --hold, --think and --ctor are in ns\n"
	"without one. --hold is how long what was got is kept.\n"
	"\n"
	"Pools:\n"
	"  quartet          quartet's pool: private slots, rings that others steal from\n"
	"  kmem_cache       peer: the kernel's slab caches\n"
	"  mempool          peer: the kernel's mempool, on such a cache\n"
	"  objpool          peer: a fixed number of objects, where the kernel has it\n"
	"  seed             peer: private objects, and shared lists under mutexes\n"
	"  busted           the same, steals without a claim: must be flagged\n"
	"seed and busted have neither --softirq nor --hardirq, only quartet has --scan, and the\n"
	"peers do not have --failing.\n"
	"\n"
	"Patterns, of threads in pairs:\n"
	"  local            gets an object and puts it\n"
	"  burst            gets 100, then puts them\n"
	"  starvation       one gets 100 and puts 67; the other gets 67, puts 100\n"
	"  pipeline         one gets, the other puts, with a bounded queue in between\n"
	"  mix              one of these, drawn each time\n"
	"\n"
	"Columns:\n"
	"  grants/s         gets, a second, by all contenders\n"
	"  jain             Jain's fairness index of the threads' gets: 1 is even\n"
	"  p50 ... max      what a get took\n"
	"  private          share of gets from the CPU's own slot\n"
	"  stolen           share of gets from other CPUs\n"
	"  fresh            share of gets from the allocator\n"
	"  dropped          puts that found no room\n"
	"  violated         objects in two hands, written to by others, dirty or lost\n"
	"  verdict          see below\n"
	"\n"
	"Events (\"never:\" below a row names those it could see and did not):\n"
	"  private          quartet: a get from the CPU's own slot\n"
	"  shared           from its own ring\n"
	"  near             from another CPU of the node\n"
	"  far              from a CPU of another node\n"
	"  victim           of what a scan was about to free\n"
	"  fresh            from the allocator\n"
	"  failed           a get returned nothing\n"
	"  puts             an object was put back\n"
	"  dropped          a put found no room\n"
	"  reclaimed        a scan, or a CPU that went offline, freed an object\n"
	"\n"
	"Verdicts:\n"
	"  ok, flagged      good; flagged is the one that busted must get\n"
	"  VIOLATED         there were violations\n"
	"  NO GRANTS        nobody ever got an object\n"
	"  NOT FLAGGED      busted went unnoticed: the checks are broken\n"
	SUBJECT_DOC_STATUS
	"  quartet torture pool --impl quartet,kmem_cache --pattern local,burst,pipeline\n"
	"  quartet torture pool --impl quartet --threads 8 --pattern mix --scan 1ms\n"
	"    --softirq --hardirq --require private,shared,near,victim,fresh,reclaimed\n"
	"  quartet torture pool --impl busted --pattern burst\n";

static void set_defaults(struct matrix *matrix)
{
	list_parse_names(&matrix->kinds, kinds, QUARTET_POOL_KINDS, "--impl",
			 "quartet,kmem_cache,mempool,seed");
	list_parse_names(&matrix->own, patterns, QUARTET_POOL_PATTERNS, "--pattern",
			 "local,pipeline");
	list_parse(&matrix->threads, &matrix_threads, "--threads", "2");
	list_parse(&matrix->hold, &matrix_work, "--hold", "0");
	matrix->common.pool.object_size = 256;
}

static void parse_size(struct matrix *matrix, const char *text)
{
	matrix->common.pool.object_size = quantity_parse(&size, "--size", text);
	if (matrix->common.pool.object_size % 8)
		errx(EXIT_USAGE, "--size: '%s' is not a multiple of 8", text);
}

static bool parse(struct matrix *matrix, int key, const char *text)
{
	switch (key) {
	case PATTERN:
		list_parse_names(&matrix->own, patterns, QUARTET_POOL_PATTERNS, "--pattern", text);
		return true;
	case SIZE:
		parse_size(matrix, text);
		return true;
	case CTOR:
		matrix->common.pool.ctor_ns = quantity_parse(&matrix_work, "--ctor", text);
		return true;
	case SCAN:
		matrix->common.pool.scan_us = quantity_parse(&matrix_period_us, "--scan", text);
		return true;
	case FAILING:
		matrix->common.pool.fail_permille =
			quantity_parse(&matrix_percent, "--failing", text);
		return true;
	case ZERO:
		matrix->common.request.flags |= QUARTET_TORTURE_ZERO;
		return true;
	case SOFTIRQ:
		matrix->common.request.flags |= QUARTET_TORTURE_SOFTIRQ;
		return true;
	case HARDIRQ:
		matrix->common.request.flags |= QUARTET_TORTURE_HARDIRQ;
		return true;
	}
	return false;
}

static void check(const struct matrix *matrix)
{
	if (matrix->common.request.trylock_permille)
		errx(EXIT_USAGE, "--trylock: a pool has none");
	if (matrix->common.pool.ctor_ns && matrix->common.request.flags & QUARTET_TORTURE_ZERO)
		errx(EXIT_USAGE, "--zero: not with --ctor");
}

static void vary(struct args *args, __u64 pattern)
{
	args->pool.pattern = pattern;
}

/* Beside CPUs of ours there are others, and of other nodes. */
static bool has_others(void)
{
	return sysconf(_SC_NPROCESSORS_ONLN) > 1;
}

static bool has_nodes(void)
{
	return !access("/sys/devices/system/node/node1", F_OK);
}

static __u32 reachable(const struct args *args)
{
	const struct quartet_torture_pool *pool = &args->pool;
	bool local = pool->pattern == QUARTET_POOL_PATTERN_LOCAL;
	bool steals = !local && pool->pattern != QUARTET_POOL_PATTERN_BURST &&
		      args->request.threads > 1 && has_others();
	bool can[QUARTET_POOL_STATS_LEN] = {
		[QUARTET_POOL_STAT_PRIVATE] = pool->pattern != QUARTET_POOL_PATTERN_PIPELINE,
		[QUARTET_POOL_STAT_SHARED] = !local,
		[QUARTET_POOL_STAT_NEAR] = steals,
		[QUARTET_POOL_STAT_FAR] = steals && has_nodes(),
		[QUARTET_POOL_STAT_VICTIM] = pool->scan_us,
		[QUARTET_POOL_STAT_FRESH] = true,
		[QUARTET_POOL_STAT_FAILED] = pool->fail_permille,
		[QUARTET_POOL_STAT_PUTS] = true,
		[QUARTET_POOL_STAT_RECLAIMED] = pool->scan_us,
	};

	if (args->request.kind != QUARTET_POOL_KIND_QUARTET)
		return 0;
	return event_mask(can, QUARTET_POOL_STATS_LEN);
}

static enum flaw flaw(__u32 kind)
{
	return kind == QUARTET_POOL_KIND_BUSTED ? FLAW_EXCLUSION : FLAW_NONE;
}

static const struct flag flags[] = {
	{ "softirq", QUARTET_TORTURE_SOFTIRQ },
	{ "hardirq", QUARTET_TORTURE_HARDIRQ },
	{ "zero", QUARTET_TORTURE_ZERO },
	{ "unchecked", QUARTET_TORTURE_UNCHECKED },
	{ "untimed", QUARTET_TORTURE_UNTIMED },
	{ NULL, 0 },
};

static const struct field asked[] = {
	FIELD("object_size", pool.object_size),
	FIELD("ctor_ns", pool.ctor_ns),
	FIELD("scan_us", pool.scan_us),
	FIELD("fail_permille", pool.fail_permille),
	{ NULL, 0, 0 },
};

static const struct field got[] = {
	FIELD("failed_gets", pool.failed),
	FIELD("lost", pool.lost),
	FIELD("dirty", pool.dirty),
	FIELD("allocated", pool.allocated),
	FIELD("freed", pool.freed),
	FIELD("cached", pool.cached),
	{ NULL, 0, 0 },
};

const struct subject pool_subject = {
	.name = "pool",
	.kinds = kinds,
	.kinds_len = QUARTET_POOL_KINDS,
	.events = stats,
	.events_len = QUARTET_POOL_STATS_LEN,
	.events_key = "stats",
	.flags = flags,
	.asked = asked,
	.got = got,
	.columns = COLUMNS_POOL,
	.variants = patterns,
	.doc = doc,
	.options = options,
	.set_defaults = set_defaults,
	.parse = parse,
	.check = check,
	.vary = vary,
	SUBJECT_IOCTL(QUARTET_TORTURE_POOL, struct quartet_torture_pool, result, stats),
	.perform = run_ioctl,
	.reachable = reachable,
	.flaw = flaw,
};
