// SPDX-License-Identifier: GPL-2.0-only
/* quartet torture mutex: sleeping locks. */
#include <err.h>
#include <stdint.h>

#include "matrix.h"
#include "quartet.h"
#include "run.h"

static const char *const kinds[QUARTET_MUTEX_KINDS] = {
	[QUARTET_MUTEX_KIND_QUARTET] = "quartet",
	[QUARTET_MUTEX_KIND_MUTEX] = "mutex",
	[QUARTET_MUTEX_KIND_RT_MUTEX] = "rt_mutex",
	[QUARTET_MUTEX_KIND_SEMAPHORE] = "semaphore",
	[QUARTET_MUTEX_KIND_FIFO] = "fifo",
	[QUARTET_MUTEX_KIND_BUSTED] = "busted",
	[QUARTET_MUTEX_KIND_BUSTED_LIFO] = "busted-lifo",
	[QUARTET_MUTEX_KIND_BUSTED_WAKE] = "busted-wake",
};

static const char *const stats[QUARTET_MUTEX_STATS_LEN] = {
	[QUARTET_MUTEX_STAT_SPUN] = "spun",
	[QUARTET_MUTEX_STAT_QUEUED] = "queued",
	[QUARTET_MUTEX_STAT_WOKEN] = "woken",
	[QUARTET_MUTEX_STAT_LOST] = "lost",
	[QUARTET_MUTEX_STAT_TAKEN] = "taken",
	[QUARTET_MUTEX_STAT_HANDOFFS] = "handoffs",
	[QUARTET_MUTEX_STAT_STARVING] = "starving",
	[QUARTET_MUTEX_STAT_NORMAL] = "normal",
	[QUARTET_MUTEX_STAT_CANCELLED] = "cancelled",
	[QUARTET_MUTEX_STAT_CROSSED] = "crossed",
};

static const struct unit starve_words[] = {
	{ "default", 1000000 }, { "always", 0 }, { "never", ~0ULL }, { NULL, 0 },
};

static const struct quantity starve = {
	"default, always, never or a time with its unit, such as 500us", units_of_ns,
	0, QUARTET_TORTURE_MAX_TIME_NS, starve_words
};

enum option_key {
	STARVE = MATRIX_OPTIONS, INTERRUPTIBLE, KILLABLE, TIMED, ASYNC, TIMEOUT, SIGNAL, RT, NAP,
	HOG
};

static const struct argp_option options[] = {
	{ "starve", STARVE, "LIST", 0,
	  "quartet: wait after which the head gets the lock: default, always, never, TIME", 1 },
	{ "interruptible", INTERRUPTIBLE, "PERCENT", 0,
	  "Share of attempts that SIGINT ends (default 0)", 2 },
	{ "killable", KILLABLE, "PERCENT", 0,
	  "Share of attempts that SIGKILL ends (default 0)", 2 },
	{ "timed", TIMED, "PERCENT", 0, "Share of attempts with a deadline (default 0)", 2 },
	{ "async", ASYNC, "PERCENT", 0,
	  "quartet: share of attempts by a waiter that is called, not woken (default 0)", 2 },
	{ "timeout", TIMEOUT, "TIME", 0, "The average deadline of --timed (default 100us)", 2 },
	{ "signal", SIGNAL, "TIME", 0,
	  "Send a random waiter a signal that it heeds this often (default: never)", 2 },
	{ "rt", RT, "PERCENT", 0, "Share of the threads that are SCHED_FIFO (default 0)", 2 },
	{ "nap", NAP, "PERCENT", 0, "Share of holds that sleep (default 0)", 2 },
	{ "hog", HOG, NULL, 0,
	  "The first thread holds the lock 100 times as long, does not think", 2 },
	{ 0 }
};

static const char doc[] =
	"Put sleeping locks under load inside the kernel, through /dev/quartet_torture, and judge\n"
	"them.\n"
	"\vLIST is one value or several, separated by commas.\n"
	"A TIME has a unit: ns, us, ms or s; --hold, --think and --timeout are in ns\n"
	"without one. Attempts that no share takes are plain locks.\n"
	"\n"
	"Locks:\n"
	"  quartet          quartet's mutex: fast, and fair to who has starved\n"
	"  mutex            peer: the kernel's struct mutex\n"
	"  rt_mutex         peer: the kernel's rt_mutex, with priority inheritance\n"
	"  semaphore        peer: the kernel's semaphore, counting to one\n"
	"  fifo             peer: handed over in strict order, as ntsync does\n"
	"  busted           tests, then sets: does not exclude, and must be flagged\n"
	"  busted-lifo      handed to the newest waiter: must be flagged\n"
	"  busted-wake      forgets to wake now and then: must be flagged\n"
	"mutex and rt_mutex have no deadlines; only quartet has --async.\n"
	"\n"
	"Columns:\n"
	"  grants/s         times the lock was taken, a second, by all threads\n"
	"  jain             Jain's fairness index of the threads' grants: 1 is even\n"
	"  p50 ... max      waits for the lock\n"
	"  handoffs         quartet: grants by hand-off\n"
	"  switches         quartet: changes of mode\n"
	"  idle-p50         from an unlock to the next grant, where that one had waited\n"
	"  violated         two threads were inside at once, or an update was lost\n"
	"  overtaken        grants that passed a starved head / heads watched\n"
	"  verdict          see below\n"
	"\n"
	"Events of quartet (\"never:\" below a row names those it could see and did not):\n"
	"  spun             taken by an arrival that had spun\n"
	"  queued           a waiter queued\n"
	"  woken            a head was woken to try\n"
	"  lost             a woken head found it taken, and stayed the head\n"
	"  taken            taken by a woken head\n"
	"  handoffs         handed to the head\n"
	"  starving         a switch to starvation mode\n"
	"  normal           a switch back\n"
	"  cancelled        a waiter gave up\n"
	"  crossed          a callback was cancelled too late: the lock was its already\n"
	"\n"
	"Verdicts:\n"
	"  ok, flagged      good; flagged is the one that a busted lock must get\n"
	"  VIOLATED         there were violations\n"
	"  STUCK            a wake-up was lost: all waited, and nobody held the lock\n"
	"  OVERTOOK         a starved head was passed\n"
	"  NO GRANTS        nobody ever got the lock\n"
	"  NOT FLAGGED      a busted lock went unnoticed: the checks are broken\n"
	SUBJECT_DOC_STATUS
	"  quartet torture mutex --impl quartet,mutex --threads 2,8,32 --hold 0,1us,10us\n"
	"  quartet torture mutex --impl quartet --threads 16 --starve default,always,never\n"
	"  quartet torture mutex --impl quartet --threads 16 --interruptible 20 --timed 20\n"
	"    --async 10 --signal 200us --require cancelled,starving,normal\n";

static void set_defaults(struct matrix *matrix)
{
	list_parse_names(&matrix->kinds, kinds, QUARTET_MUTEX_KINDS, "--impl",
			 "quartet,mutex,rt_mutex,semaphore,fifo");
	list_parse(&matrix->own, &starve, "--starve", "default");
	matrix->common.mutex.timeout_ns = 100000;
}

static bool parse_share(struct matrix *matrix, int key, const char *text)
{
	struct quartet_torture_mutex *common = &matrix->common.mutex;
	const struct {
		int key;
		const char *option;
		__u32 *share;
	} shares[] = {
		{ INTERRUPTIBLE, "--interruptible", &common->interruptible_permille },
		{ KILLABLE, "--killable", &common->killable_permille },
		{ TIMED, "--timed", &common->timeout_permille },
		{ ASYNC, "--async", &common->async_permille },
		{ RT, "--rt", &common->rt_permille },
		{ NAP, "--nap", &common->nap_permille },
	};
	size_t i;

	for (i = 0; i < sizeof(shares) / sizeof(*shares); i++) {
		if (key != shares[i].key)
			continue;
		*shares[i].share = quantity_parse(&matrix_percent, shares[i].option, text);
		return true;
	}
	return false;
}

static bool parse(struct matrix *matrix, int key, const char *text)
{
	switch (key) {
	case STARVE:
		list_parse(&matrix->own, &starve, "--starve", text);
		return true;
	case TIMEOUT:
		matrix->common.mutex.timeout_ns = quantity_parse(&matrix_work, "--timeout", text);
		return true;
	case SIGNAL:
		matrix->common.mutex.signal_us =
			quantity_parse(&matrix_period_us, "--signal", text);
		return true;
	case HOG:
		matrix->common.request.flags |= QUARTET_TORTURE_HOG;
		return true;
	}
	return parse_share(matrix, key, text);
}

static void check(const struct matrix *matrix)
{
	const struct quartet_torture_mutex *common = &matrix->common.mutex;

	if (matrix->common.request.trylock_permille + common->interruptible_permille +
	    common->killable_permille + common->timeout_permille + common->async_permille > 1000)
		errx(EXIT_USAGE,
		     "--trylock, --interruptible, --killable, --timed, --async: more than 100 in all");
}

static void vary(struct args *args, __u64 starve_ns)
{
	args->mutex.starve_ns = starve_ns;
}

static unsigned long perform(int fd, struct run *run)
{
	run->args.mutex.idle_hist = (uintptr_t)run->idle_hist;
	run->args.mutex.idle_hist_len = QUARTET_HIST_BUCKETS;
	return run_ioctl(fd, run);
}

static __u32 reachable(const struct args *all)
{
	const struct quartet_torture_request *request = &all->request;
	const struct quartet_torture_mutex *args = &all->mutex;
	bool signalled = args->signal_us && args->interruptible_permille +
			 args->killable_permille + args->timeout_permille + args->async_permille;
	bool fair = ~args->starve_ns, fast = args->starve_ns;
	bool can[QUARTET_MUTEX_STATS_LEN] = {
		[QUARTET_MUTEX_STAT_SPUN] = true,
		[QUARTET_MUTEX_STAT_QUEUED] = true,
		[QUARTET_MUTEX_STAT_WOKEN] = fast,
		[QUARTET_MUTEX_STAT_LOST] = fast,
		[QUARTET_MUTEX_STAT_TAKEN] = fast,
		[QUARTET_MUTEX_STAT_HANDOFFS] = fair || args->async_permille,
		[QUARTET_MUTEX_STAT_STARVING] = fair && request->threads > 2,
		[QUARTET_MUTEX_STAT_NORMAL] = fair && request->threads > 2,
		[QUARTET_MUTEX_STAT_CANCELLED] = signalled || args->timeout_permille,
		[QUARTET_MUTEX_STAT_CROSSED] = args->signal_us && args->async_permille,
	};

	if (request->kind != QUARTET_MUTEX_KIND_QUARTET || request->threads < 2)
		return 0;
	return event_mask(can, QUARTET_MUTEX_STATS_LEN);
}

static enum flaw flaw(__u32 kind)
{
	switch (kind) {
	case QUARTET_MUTEX_KIND_BUSTED:
		return FLAW_EXCLUSION;
	case QUARTET_MUTEX_KIND_BUSTED_LIFO:
		return FLAW_ORDER;
	case QUARTET_MUTEX_KIND_BUSTED_WAKE:
		return FLAW_WAKEUP;
	}
	return FLAW_NONE;
}

static const struct flag flags[] = {
	{ "hog", QUARTET_TORTURE_HOG },
	{ "unchecked", QUARTET_TORTURE_UNCHECKED },
	{ "untimed", QUARTET_TORTURE_UNTIMED },
	{ NULL, 0 },
};

static const struct field asked[] = {
	FIELD("starve_ns", mutex.starve_ns),
	FIELD("timeout_ns", mutex.timeout_ns),
	FIELD("interruptible_permille", mutex.interruptible_permille),
	FIELD("killable_permille", mutex.killable_permille),
	FIELD("timed_permille", mutex.timeout_permille),
	FIELD("async_permille", mutex.async_permille),
	FIELD("signal_us", mutex.signal_us),
	FIELD("rt_permille", mutex.rt_permille),
	FIELD("nap_permille", mutex.nap_permille),
	{ NULL, 0, 0 },
};

static const struct field got[] = {
	FIELD("idle_max_ns", mutex.idle_max_ns),
	FIELD("interrupted", mutex.interrupted),
	FIELD("timed_out", mutex.timed_out),
	{ NULL, 0, 0 },
};

const struct subject mutex_subject = {
	.name = "mutex",
	.kinds = kinds,
	.kinds_len = QUARTET_MUTEX_KINDS,
	.events = stats,
	.events_len = QUARTET_MUTEX_STATS_LEN,
	.events_key = "stats",
	.flags = flags,
	.asked = asked,
	.got = got,
	.overtaken = "overtaken",
	.columns = COLUMNS_MUTEX,
	.counting = QUARTET_MUTEX_KIND_QUARTET,
	.doc = doc,
	.options = options,
	.set_defaults = set_defaults,
	.parse = parse,
	.check = check,
	.vary = vary,
	SUBJECT_IOCTL(QUARTET_TORTURE_MUTEX, struct quartet_torture_mutex, result, stats),
	.perform = perform,
	.reachable = reachable,
	.flaw = flaw,
};
