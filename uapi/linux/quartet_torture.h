/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * /dev/quartet_torture: runs a quartet primitive, or a peer of it, under load
 * in kernel context and reports what happened.
 *
 * Root only, and not a frozen ABI: the quartet command that uses it is built
 * from the same tree. Every struct starts with its size; unknown flags and
 * non-zero reserved fields give -EINVAL, a non-zero tail that the module does
 * not know -E2BIG. Times are in nanoseconds.
 */
#ifndef _LINUX_QUARTET_TORTURE_H
#define _LINUX_QUARTET_TORTURE_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define QUARTET_TORTURE_MAGIC		0xFB

#define QUARTET_TORTURE_MAX_THREADS	512
#define QUARTET_TORTURE_MAX_WORK_NS	10000000ULL		/* hold or think: 10 ms */
#define QUARTET_TORTURE_MAX_TIME_NS	3600000000000ULL	/* a run: one hour */
#define QUARTET_TORTURE_MAX_PERIOD_MS	60000			/* stutter, shuffle, onoff */

/* The locks under torture. */
enum quartet_spin_kind {
	QUARTET_SPIN_QUEUED,		/* struct quartet_spinlock, FIFO */
	QUARTET_SPIN_CAS,		/* compare-and-swap loop, preemption off */
	QUARTET_SPIN_YIELD,		/* yield() after each failed try */
	QUARTET_SPIN_CAS_PREEMPTIBLE,	/* the CAS loop with preemption left on: may hang */
	QUARTET_SPIN_TICKET,		/* peer: a ticket lock, FIFO */
	QUARTET_SPIN_RAW,		/* peer: the kernel's raw_spinlock_t */
	QUARTET_SPIN_BUSTED,		/* tests, then sets: must be flagged */
	QUARTET_SPIN_KINDS,
};

/*
 * struct quartet_torture_spin.flags
 *
 * SOFTIRQ, HARDIRQ: a timer a CPU takes the lock too, in that context.
 * NEST: with one of these, each context takes a lock of its own, so that
 * interrupts that wait interrupt waiters.
 * EXHAUST: queued only: no queue node is free on the first CPU, so its waiters
 * fall back to trylock; think_ns must be threads x hold_ns or more.
 */
/*
 * Flags of every torture, for figures: the checks cost time, and not the same for each kind.
 *
 * UNCHECKED: neither exclusion nor order is checked; waits are timed.
 * UNTIMED: they are not; wait_hist stays empty and max_wait_ns 0.
 */
#define QUARTET_TORTURE_UNCHECKED	(1U << 30)
#define QUARTET_TORTURE_UNTIMED		(1U << 31)

#define QUARTET_TORTURE_SOFTIRQ		(1U << 0)
#define QUARTET_TORTURE_HARDIRQ		(1U << 1)
#define QUARTET_TORTURE_NEST		(1U << 2)
#define QUARTET_TORTURE_EXHAUST		(1U << 3)
#define QUARTET_TORTURE_SPIN_FLAGS	0xc000000fU

/*
 * State transitions in the slow paths. A count may lose increments (they are
 * per-CPU and not atomic against interrupts); zero or not is what to read
 * from it.
 */
enum quartet_spin_transition {
	QUARTET_TRANSITION_PENDING,	/* queued: waited on the pending bit, without a node */
	QUARTET_TRANSITION_QUEUED,	/* queued: waited on a node */
	QUARTET_TRANSITION_DEPTH3,	/* queued: three or more waited on nodes at once */
	QUARTET_TRANSITION_HANDOFF,	/* queued: passed the head of the queue on */
	QUARTET_TRANSITION_EMPTIED,	/* queued: took the lock as the last one queued */
	QUARTET_TRANSITION_NESTED,	/* queued: waited while a waiter below was interrupted */
	QUARTET_TRANSITION_FALLBACK,	/* queued: no node left, spun on trylock */
	QUARTET_TRANSITION_RETRY,	/* cas: at least one failed try */
	QUARTET_TRANSITION_YIELD,	/* yield: gave up the CPU at least once */
	QUARTET_TRANSITIONS,
};

/* The sleeping locks under torture. */
enum quartet_mutex_kind {
	QUARTET_MUTEX_KIND_QUARTET,	/* struct quartet_mutex */
	QUARTET_MUTEX_KIND_MUTEX,	/* peer: the kernel's struct mutex */
	QUARTET_MUTEX_KIND_RT_MUTEX,	/* peer: struct rt_mutex, with priority inheritance */
	QUARTET_MUTEX_KIND_SEMAPHORE,	/* peer: struct semaphore, counting to one */
	QUARTET_MUTEX_KIND_FIFO,	/* peer: handed over in strict order, as ntsync does */
	QUARTET_MUTEX_KIND_BUSTED,	/* tests, then sets: must be flagged */
	QUARTET_MUTEX_KIND_BUSTED_LIFO,	/* handed to the newest waiter: must be flagged */
	QUARTET_MUTEX_KIND_BUSTED_WAKE,	/* forgets to wake now and then: must get stuck */
	QUARTET_MUTEX_KINDS,
};

/*
 * struct quartet_torture_mutex.flags
 *
 * HOG: thread 0 holds the lock a hundred times as long as the others and takes
 * it again at once.
 */
#define QUARTET_TORTURE_HOG		(1U << 0)
#define QUARTET_TORTURE_MUTEX_FLAGS	0xc0000001U

/* What happened in the slow paths of struct quartet_mutex. */
enum quartet_mutex_stat {
	QUARTET_MUTEX_STAT_SPUN,	/* taken by an arrival that had spun */
	QUARTET_MUTEX_STAT_QUEUED,	/* waiters that queued */
	QUARTET_MUTEX_STAT_WOKEN,	/* heads woken to try */
	QUARTET_MUTEX_STAT_LOST,	/* woken heads that found it taken, and stayed the head */
	QUARTET_MUTEX_STAT_TAKEN,	/* taken by a woken head in normal mode */
	QUARTET_MUTEX_STAT_HANDOFFS,	/* handed to the head */
	QUARTET_MUTEX_STAT_STARVING,	/* switches to starvation mode */
	QUARTET_MUTEX_STAT_NORMAL,	/* switches back */
	QUARTET_MUTEX_STAT_CANCELLED,	/* waiters that gave up */
	QUARTET_MUTEX_STAT_CROSSED,	/* callbacks cancelled too late: it was theirs already */
	QUARTET_MUTEX_STATS_LEN,
};

/* Where a contender takes the lock. */
enum quartet_torture_context {
	QUARTET_CONTEXT_TASK,
	QUARTET_CONTEXT_SOFTIRQ,
	QUARTET_CONTEXT_HARDIRQ,
};

/**
 * struct quartet_torture_contender - what one taker of the lock did (output)
 * @grants: times it held the lock
 * @tries: trylock attempts
 * @failed_tries: trylock attempts that did not get the lock
 * @max_wait_ns: longest wait
 * @context: enum quartet_torture_context
 * @cpu: CPU it was first bound to
 */
struct quartet_torture_contender {
	__u64 grants;
	__u64 tries;
	__u64 failed_tries;
	__u64 max_wait_ns;
	__u32 context;
	__u32 cpu;
};

/* struct quartet_torture_spin.ended, and quartet_torture_result.ended */
enum quartet_torture_end {
	QUARTET_ENDED_BY_TIME,
	QUARTET_ENDED_BY_SIGNAL,
	QUARTET_ENDED_STUCK,	/* mutex: threads waited, nobody held it, nobody got it */
};

/**
 * struct quartet_torture_spin - one run on a spinlock
 * @size: sizeof(struct quartet_torture_spin)
 * @flags: QUARTET_TORTURE_* above
 * @kind: enum quartet_spin_kind
 * @threads: number of kthreads, 1 to QUARTET_TORTURE_MAX_THREADS; they are
 *	dealt round robin to the CPUs of the mask
 * @cpus: pointer to a CPU bitmap of @cpus_size bytes, or 0 for all online CPUs
 * @cpus_size: bytes at @cpus; 0 exactly if @cpus is 0
 * @trylock_permille: share of attempts made with trylock, 0 to 1000
 * @hold_ns: work done while holding the lock
 * @think_ns: work done between two attempts; the actual length is spread
 *	evenly over 0 to twice this
 * @duration_ns: length of the run, 1 to QUARTET_TORTURE_MAX_TIME_NS
 * @seed: of the pseudo-random numbers
 * @stutter_ms: all contenders pause for this long and run for this long in turn; 0: never
 * @shuffle_ms: the threads are dealt to other CPUs this often; 0: never
 * @onoff_ms: a CPU of the mask is taken offline and brought back this often; 0: never
 * @reserved: 0
 * @contenders: pointer to @contenders_len struct quartet_torture_contender, filled with one
 *	a contender, threads first; or 0
 * @wait_hist: pointer to @wait_hist_len __u64, filled with a log-linear
 *	histogram of the waits in lock, not trylock, in ns
 *	(kmod/base/histogram.h); or 0
 * @contenders_len: elements at @contenders; what does not fit is left out
 * @wait_hist_len: QUARTET_HIST_BUCKETS, or 0 exactly if @wait_hist is 0
 * @elapsed_ns: output: how long the contenders ran
 * @grants: output: sum over all contenders
 * @violations: output: times that two contenders were in the critical section, or
 *	that an update made there was lost
 * @inversions: output: grants that overtook a waiter that was queued before
 *	the overtaker came; counted for FIFO kinds
 * @order_checks: output: waiters that were watched for @inversions
 * @offlined: output: CPUs taken offline
 * @max_wait_ns: output: longest wait of any contender
 * @jain_ppm: output: Jain's fairness index over the threads' grants, in millionths
 * @contenders_total: output: how many contenders there were
 * @ended: output: enum quartet_torture_end
 * @pad: output: 0
 * @transitions: output: how often each state transition was taken
 */
struct quartet_torture_spin {
	__u32 size;
	__u32 flags;
	__u32 kind;
	__u32 threads;
	__u64 cpus;
	__u32 cpus_size;
	__u32 trylock_permille;
	__u64 hold_ns;
	__u64 think_ns;
	__u64 duration_ns;
	__u64 seed;
	__u32 stutter_ms;
	__u32 shuffle_ms;
	__u32 onoff_ms;
	__u32 reserved;
	__u64 contenders;
	__u64 wait_hist;
	__u32 contenders_len;
	__u32 wait_hist_len;

	__u64 elapsed_ns;
	__u64 grants;
	__u64 violations;
	__u64 inversions;
	__u64 order_checks;
	__u64 offlined;
	__u64 max_wait_ns;
	__u32 jain_ppm;
	__u32 contenders_total;
	__u32 ended;
	__u32 pad;
	__u64 transitions[QUARTET_TRANSITIONS];
};

/**
 * struct quartet_torture_request - what every torture is asked for
 *
 * struct quartet_torture_spin begins with the same members, and says what they are.
 */
struct quartet_torture_request {
	__u32 size;
	__u32 flags;
	__u32 kind;
	__u32 threads;
	__u64 cpus;
	__u32 cpus_size;
	__u32 trylock_permille;
	__u64 hold_ns;
	__u64 think_ns;
	__u64 duration_ns;
	__u64 seed;
	__u32 stutter_ms;
	__u32 shuffle_ms;
	__u32 onoff_ms;
	__u32 reserved;
	__u64 contenders;
	__u64 wait_hist;
	__u32 contenders_len;
	__u32 wait_hist_len;
};

/**
 * struct quartet_torture_result - what every torture reports
 *
 * struct quartet_torture_spin has the same members, from @elapsed_ns on, and says what they are.
 */
struct quartet_torture_result {
	__u64 elapsed_ns;
	__u64 grants;
	__u64 violations;
	__u64 inversions;
	__u64 order_checks;
	__u64 offlined;
	__u64 max_wait_ns;
	__u32 jain_ppm;
	__u32 contenders_total;
	__u32 ended;
	__u32 pad;
};

/**
 * struct quartet_torture_mutex - one run on a sleeping lock
 * @request: as for spin, but @kind is enum quartet_mutex_kind and @flags are QUARTET_TORTURE_HOG;
 *	the waits in @wait_hist are those of every form but trylock that got the lock
 * @starve_ns: kind quartet: of the mutex; 0: strict hand-off, U64_MAX: never
 * @timeout_ns: a timeout is spread evenly over 0 to twice this, up to QUARTET_TORTURE_MAX_WORK_NS
 * @interruptible_permille: share of attempts that a SIGINT ends
 * @killable_permille: share of attempts that a SIGKILL ends
 * @timeout_permille: share of attempts with a deadline; signals end them too
 * @async_permille: kind quartet: share of attempts by a waiter that is called, not woken;
 *	the shares and @trylock_permille are 1000 at most, the rest are plain locks
 * @signal_us: a thread drawn at random gets a signal this often, if it
 *	waits in a form that heeds it; 0: never
 * @rt_permille: share of the threads that are SCHED_FIFO; they sleep while they think
 * @nap_permille: share of holds that sleep for a while in their middle
 * @idle_hist: pointer to @idle_hist_len __u64, filled with a histogram of the ns
 *	from an unlock to the next grant, where the one granted had been waiting; or 0
 * @idle_hist_len: as request.wait_hist_len
 * @result: output: as of spin; result.inversions are grants between a moment at which the
 *	head of the queue was seen to have starved and its grant; counted for kinds that hand over
 * @interrupted: output: attempts that a signal ended
 * @timed_out: output: attempts that a deadline ended
 * @idle_max_ns: output: longest such time from unlock to grant
 * @stats: output: kind quartet: of the mutex, by enum quartet_mutex_stat
 */
struct quartet_torture_mutex {
	struct quartet_torture_request request;
	__u64 starve_ns;
	__u64 timeout_ns;
	__u32 interruptible_permille;
	__u32 killable_permille;
	__u32 timeout_permille;
	__u32 async_permille;
	__u32 signal_us;
	__u32 rt_permille;
	__u32 idle_hist_len;
	__u32 nap_permille;
	__u64 idle_hist;

	struct quartet_torture_result result;
	__u64 interrupted;
	__u64 timed_out;
	__u64 idle_max_ns;
	__u64 stats[QUARTET_MUTEX_STATS_LEN];
};

/* The pools under torture. */
enum quartet_pool_kind {
	QUARTET_POOL_KIND_QUARTET,	/* struct quartet_pool */
	QUARTET_POOL_KIND_CACHE,	/* peer: the kernel's slab caches */
	QUARTET_POOL_KIND_MEMPOOL,	/* peer: mempool_t, with a reserve of 64 */
	QUARTET_POOL_KIND_OBJPOOL,	/* peer: objpool, a fixed number of objects; since 6.7 */
	QUARTET_POOL_KIND_SEED,		/* peer: private per CPU, and shared lists under mutexes */
	QUARTET_POOL_KIND_BUSTED,	/* the same, but steals without a claim: must be flagged */
	QUARTET_POOL_KINDS,
};

/* What a thread does in a turn. Threads 0 and 1 are a pair, 2 and 3 are one, and so on. */
enum quartet_pool_pattern {
	QUARTET_POOL_PATTERN_LOCAL,	/* gets an object, puts it; 16 times */
	QUARTET_POOL_PATTERN_BURST,	/* gets 100, then puts them */
	QUARTET_POOL_PATTERN_STARVATION, /* even: gets 100, puts 67; odd: gets 67, puts 100 */
	QUARTET_POOL_PATTERN_PIPELINE,	/* even: gets objects, passes them on; odd: puts them */
	QUARTET_POOL_PATTERN_MIX,	/* one of the above, drawn each time */
	QUARTET_POOL_PATTERNS,
};

/*
 * struct quartet_torture_pool.flags
 *
 * SOFTIRQ, HARDIRQ: a timer a CPU gets and puts too, in that context.
 * ZERO: all gets ask for zeroed objects; not with a constructor.
 */
#define QUARTET_TORTURE_ZERO		(1U << 2)
#define QUARTET_TORTURE_POOL_FLAGS	0xc0000007U

#define QUARTET_TORTURE_MIN_OBJECT	32
#define QUARTET_TORTURE_MAX_OBJECT	4096

/* Where objects came from and went to, as struct quartet_pool_stats. */
enum quartet_pool_stat {
	QUARTET_POOL_STAT_PRIVATE,	/* gets from the CPU's own slot */
	QUARTET_POOL_STAT_SHARED,	/* gets from what the CPU shares */
	QUARTET_POOL_STAT_NEAR,		/* gets from another CPU of the node */
	QUARTET_POOL_STAT_FAR,		/* gets from a CPU of another node */
	QUARTET_POOL_STAT_VICTIM,	/* gets of what a scan was about to free */
	QUARTET_POOL_STAT_FRESH,	/* gets from the allocator */
	QUARTET_POOL_STAT_FAILED,	/* gets that returned nothing */
	QUARTET_POOL_STAT_PUTS,		/* objects put back */
	QUARTET_POOL_STAT_DROPPED,	/* puts that found no room */
	QUARTET_POOL_STAT_RECLAIMED,	/* freed by scans, and by CPUs that went offline */
	QUARTET_POOL_STATS_LEN,
};

/**
 * struct quartet_torture_pool - one run on a pool
 * @request: as for spin, but @kind is enum quartet_pool_kind, @flags are those above, @hold_ns is
 *	how long what was got is kept, and @trylock_permille is 0; the waits in @wait_hist are
 *	how long each get took
 * @pattern: enum quartet_pool_pattern
 * @object_size: QUARTET_TORTURE_MIN_OBJECT to _MAX_OBJECT bytes, a multiple of eight
 * @ctor_ns: an object takes so long to construct, up to QUARTET_TORTURE_MAX_WORK_NS; kinds that
 *	do not keep objects constructed have to at each get; 0: no constructor
 * @scan_us: kind quartet: a thread does what the shrinker does this often; 0: never
 * @fail_permille: kinds quartet, seed and busted: of the pool's allocations that fail, 0 to 1000
 * @result: output: as of spin; result.grants are gets, and violations also what follows: objects
 *	that two had at once, or that were written to by others, @lost and @dirty
 * @failed: output: gets that returned nothing
 * @lost: output: objects that nobody had at the end, and that were neither cached nor freed
 * @dirty: output: zeroed objects that were not zero
 * @allocated: output: objects that came from the allocator
 * @freed: output: objects that went back there, before the end
 * @cached: output: objects in the pool at the end
 * @stats: output: kinds quartet, seed and busted: by enum quartet_pool_stat
 */
struct quartet_torture_pool {
	struct quartet_torture_request request;
	__u32 pattern;
	__u32 object_size;
	__u64 ctor_ns;
	__u32 scan_us;
	__u32 fail_permille;

	struct quartet_torture_result result;
	__u64 failed;
	__u64 lost;
	__u64 dirty;
	__u64 allocated;
	__u64 freed;
	__u64 cached;
	__u64 stats[QUARTET_POOL_STATS_LEN];
};

/* Bounds of the memo functions sha256, in iterations, and sleep, in microseconds. */
#define QUARTET_TORTURE_MAX_AMOUNT	1000000

/* The memo tables under torture. */
enum quartet_memo_kind {
	QUARTET_MEMO_KIND_RCU,		/* struct quartet_memo: hits without a lock */
	QUARTET_MEMO_KIND_LOCK,		/* the same, a hash table under a mutex */
	QUARTET_MEMO_KIND_MONITOR,	/* the same, a thread that owns the table */
	QUARTET_MEMO_KIND_BUSTED_RCU,	/* looks, then inserts without a look: must be flagged */
	QUARTET_MEMO_KIND_BUSTED_LOCK,	/* the same */
	QUARTET_MEMO_KIND_BUSTED_MONITOR, /* the same */
	QUARTET_MEMO_KIND_RHASHTABLE,	/* peer: the kernel's hash table, for pattern hits alone */
	QUARTET_MEMO_KINDS,
};

/* What a thread does in a turn. */
enum quartet_memo_pattern {
	QUARTET_MEMO_PATTERN_HITS,	/* gets one of 1024 keys, all of which are there soon */
	QUARTET_MEMO_PATTERN_STAMPEDE,	/* gets the key that all get; then it is the next one */
	QUARTET_MEMO_PATTERN_ZIPF,	/* one of 10^5 keys, key n n times as seldom as key 1 */
	QUARTET_MEMO_PATTERN_MISSES,	/* gets a key that nobody ever got; kinds not busted */
	QUARTET_MEMO_PATTERN_MIXED,	/* gets in all ways, forgets, clears; errors; all expires */
	QUARTET_MEMO_PATTERN_DYING,	/* as stampede, but threads lead, and give up or die */
	QUARTET_MEMO_PATTERN_LEAVING,	/* as stampede, with deadlines that pass */
	QUARTET_MEMO_PATTERN_PRESSURE,	/* as zipf, in a table with room for 64 */
	QUARTET_MEMO_PATTERNS,
};

/* What a computation is, beside some bookkeeping; MISSES only. */
enum quartet_memo_work {
	QUARTET_MEMO_WORK_NONE,		/* hold_ns */
	QUARTET_MEMO_WORK_CPU,		/* the function sha256 */
	QUARTET_MEMO_WORK_IO,		/* the function sleep */
	QUARTET_MEMO_WORKS,
};

#define QUARTET_TORTURE_MEMO_FLAGS	0xc0000000U
#define QUARTET_TORTURE_BUSTED_THREADS	8	/* kinds that are busted: at most so many */

/* What happened in the table, as struct quartet_memo_stats. */
enum quartet_memo_stat {
	QUARTET_MEMO_STAT_HITS,		/* gets of a value that was there */
	QUARTET_MEMO_STAT_MISSES,	/* gets that had to lead */
	QUARTET_MEMO_STAT_JOINED,	/* gets that waited for another's computation */
	QUARTET_MEMO_STAT_COMPUTATIONS,	/* ended, by a result */
	QUARTET_MEMO_STAT_REFRESHES,	/* of the misses: while the old value was still good */
	QUARTET_MEMO_STAT_PROMOTIONS,	/* waiters made leaders */
	QUARTET_MEMO_STAT_ABANDONED,	/* leaders that gave up */
	QUARTET_MEMO_STAT_ERRORS,	/* gets that returned the function's error */
	QUARTET_MEMO_STAT_LEFT,		/* waiters that left: signal, deadline */
	QUARTET_MEMO_STAT_DEADLOCKS,	/* gets refused, as they would close a cycle */
	QUARTET_MEMO_STAT_EVICTIONS,	/* entries that made room, or memory */
	QUARTET_MEMO_STAT_EXPIRIES,	/* entries found expired */
	QUARTET_MEMO_STAT_FORGOTTEN,	/* entries taken out by forget and clear */
	QUARTET_MEMO_STATS_LEN,
};

/**
 * struct quartet_torture_memo - one run on a memo table
 * @request: as for spin, but @kind is enum quartet_memo_kind, @flags are those above, @hold_ns is
 *	how long a computation takes, at the least, and @trylock_permille is 0; the waits in
 *	@wait_hist are how long each get took that returned a value. Busted kinds have at most
 *	QUARTET_TORTURE_BUSTED_THREADS
 * @pattern: enum quartet_memo_pattern
 * @work: enum quartet_memo_work
 * @amount: of @work: up to QUARTET_TORTURE_MAX_AMOUNT iterations or microseconds; 0: the function
 *	is the registered one, which has a parameter of the module for that
 * @scan_us: a thread does what time and the shrinker do this often; 0: never
 * @signal_us: a thread drawn at random gets a SIGKILL, or a SIGINT, this often; 0: never
 * @timeout_ns: pattern leaving: a deadline is spread evenly over 0 to twice this, up to
 *	QUARTET_TORTURE_MAX_WORK_NS
 * @result: output: as of spin; result.grants are gets that returned a value, and violations the
 *	sum of what follows
 * @twice: output: computations that began while another of that key and generation ran
 * @again: output: computations of a key and generation whose result was, and had to be, there
 * @wrong: output: values of another key, or not of the newest computation that was known
 * @bytes_off: output: bytes by which the table's account was wrong, at rest
 * @computed: output: computations that have begun
 * @cpus: output: how many CPUs the threads were dealt to
 * @pad: output: 0
 * @stats: output: by enum quartet_memo_stat
 */
struct quartet_torture_memo {
	struct quartet_torture_request request;
	__u32 pattern;
	__u32 work;
	__u32 amount;
	__u32 scan_us;
	__u32 signal_us;
	__u32 reserved;
	__u64 timeout_ns;

	struct quartet_torture_result result;
	__u64 twice;
	__u64 again;
	__u64 wrong;
	__u64 bytes_off;
	__u64 computed;
	__u32 cpus;
	__u32 pad;
	__u64 stats[QUARTET_MEMO_STATS_LEN];
};

/**
 * struct quartet_torture_progress - the run under way
 * @size: sizeof(struct quartet_torture_progress)
 * @running: output: 1 while a run is under way, else 0 and the rest is 0
 * @elapsed_ns: output: since its contenders started
 * @duration_ns: output: as asked for
 * @grants: output: so far
 * @violations: output: so far
 */
struct quartet_torture_progress {
	__u32 size;
	__u32 running;
	__u64 elapsed_ns;
	__u64 duration_ns;
	__u64 grants;
	__u64 violations;
};

/*
 * The commands carry no size, as the structs do (vfio does it so too).
 *
 * SPIN (struct quartet_torture_spin): one run; it ends early, with success
 * and @ended set, when a signal is pending. -EBUSY while another run is under
 * way, -EINVAL for a value out of its range, for an empty CPU mask and for a
 * flag that the kind cannot serve, -EOPNOTSUPP for @onoff_ms where the kernel cannot
 * take a CPU offline, -ENODEV for a CPU that is not online,
 * -EFAULT for a bad pointer (found before the run starts), -ENOMEM.
 *
 * MUTEX (struct quartet_torture_mutex): as SPIN; -EINVAL too for a form of lock that the
 * kind does not have. @result.ended is QUARTET_ENDED_STUCK, and the kernel's log
 * has the queue, if for ten seconds threads wait while nobody holds the lock.
 *
 * POOL (struct quartet_torture_pool): as SPIN; -EINVAL too for a context that the kind does not
 * serve, -EOPNOTSUPP for a kind that this kernel does not have.
 *
 * MEMO (struct quartet_torture_memo): as SPIN; -EINVAL too for what a kind or a pattern has not.
 * @result.ended is QUARTET_ENDED_STUCK if for ten seconds nobody got anything.
 *
 * PROGRESS (struct quartet_torture_progress): never blocks for long, may be
 * called while another thread runs a torture; one runs at a time.
 */
#define QUARTET_TORTURE_SPIN		_IO(QUARTET_TORTURE_MAGIC, 0x80)
#define QUARTET_TORTURE_PROGRESS	_IO(QUARTET_TORTURE_MAGIC, 0x81)
#define QUARTET_TORTURE_MUTEX		_IO(QUARTET_TORTURE_MAGIC, 0x82)
#define QUARTET_TORTURE_POOL		_IO(QUARTET_TORTURE_MAGIC, 0x84)
#define QUARTET_TORTURE_MEMO		_IO(QUARTET_TORTURE_MAGIC, 0x85)

/*
 * What COUNT runs in its loop. A lock is taken and released, with nobody else there. An object is
 * of QUARTET_COUNT_OBJECT bytes; a burst takes QUARTET_COUNT_BURST of them, and gives them back.
 * A memo table has keys of 32 bytes and values of 64; a miss computes 64 zeroes. A crowd is @pairs
 * threads that wait; from the end of a computation until all have what they wait for is counted.
 */
#define QUARTET_COUNT_OBJECT		256
#define QUARTET_COUNT_BURST		64
#define QUARTET_COUNT_FEW		128	/* the most pairs of a miss, and of a crowd */

enum quartet_count_path {
	QUARTET_COUNT_CALIBRATION,	/* nothing: a loop of exactly two instructions */
	QUARTET_COUNT_LOOP,		/* nothing: what the loop of all the others costs */
	QUARTET_COUNT_RAW_SPIN,		/* peer: raw_spin_lock() */
	QUARTET_COUNT_SPIN,		/* quartet_spin_lock() */
	QUARTET_COUNT_SPIN_TRY,		/* quartet_spin_trylock() */
	QUARTET_COUNT_CAS,		/* quartet_cas_lock() */
	QUARTET_COUNT_KERNEL_MUTEX,	/* peer: mutex_lock() */
	QUARTET_COUNT_RT_MUTEX,		/* peer: rt_mutex_lock() */
	QUARTET_COUNT_MUTEX,		/* quartet_mutex_lock() */
	QUARTET_COUNT_MUTEX_TRY,	/* quartet_mutex_trylock() */
	QUARTET_COUNT_CACHE,		/* peer: kmem_cache_alloc() and kmem_cache_free() */
	QUARTET_COUNT_POOL,		/* quartet_pool_get() and quartet_pool_put() */
	QUARTET_COUNT_CACHE_BURST,	/* peer: a burst, one object at a time */
	QUARTET_COUNT_POOL_BURST,	/* the same with quartet_pool_get() and put */
	QUARTET_COUNT_POOL_BULK,	/* with quartet_pool_get_bulk() and put_bulk */
	QUARTET_COUNT_RHASHTABLE_HIT,	/* peer: rhashtable_lookup() and a copy */
	QUARTET_COUNT_MEMO_HIT,		/* quartet_memo_get() of what is there */
	QUARTET_COUNT_MEMO_LOCK_HIT,	/* the same in the lock engine */
	QUARTET_COUNT_MEMO_MONITOR_HIT,	/* and in the monitor */
	QUARTET_COUNT_RHASHTABLE_MISS,	/* peer: kmalloc(), rhashtable insert, complete_all() */
	QUARTET_COUNT_MEMO_MISS,	/* quartet_memo_get() of what is not there */
	QUARTET_COUNT_COMPLETION_CROWD,	/* peer: complete_all() */
	QUARTET_COUNT_MEMO_CROWD,	/* quartet_memo_fulfil() */
	QUARTET_COUNT_PATHS,
};

#define QUARTET_COUNT_MAX_PAIRS		100000
#define QUARTET_COUNT_MAX_ROUNDS	1000

/**
 * struct quartet_torture_count - what an uncontended path costs
 * @size: sizeof(struct quartet_torture_count)
 * @path: enum quartet_count_path
 * @pairs: times it is run in a row, 1 to QUARTET_COUNT_MAX_PAIRS
 * @rounds: how often all that is done, 1 to QUARTET_COUNT_MAX_ROUNDS
 * @ticks: output: of the time stamp counter, in the round with the fewest,
 *	some constant included: take the difference of two calls
 */
struct quartet_torture_count {
	__u32 size;
	__u32 path;
	__u32 pairs;
	__u32 rounds;
	__u64 ticks;
};

/*
 * COUNT (struct quartet_torture_count): -EINVAL for a value out of its range,
 * -EOPNOTSUPP for the calibration where it is not written for the architecture, and for
 * every path where there is no time stamp counter; -EFAULT, -EINTR, -ENOMEM.
 */
#define QUARTET_TORTURE_COUNT		_IO(QUARTET_TORTURE_MAGIC, 0x83)

#endif /* _LINUX_QUARTET_TORTURE_H */
