// SPDX-License-Identifier: GPL-2.0-only
/*
 * Those who wait, and those they wait for, are stopped, traced, frozen and interrupted. A wait goes
 * on after all that, unless a handler without SA_RESTART ran.
 */
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/stat.h>

#include "kselftest_harness.h"
#include "story.h"

/* What is waited for. */
enum wait_kind { LOCK, SLOT, KEY, EVENT };

FIXTURE(wait) {
	int has;	/* what the others wait for */
	int wants;
	enum wait_kind kind;
	__u64 token;
	__u32 slot;
};

FIXTURE_VARIANT(wait) {
	enum wait_kind kind;
};

FIXTURE_VARIANT_ADD(wait, lock) { .kind = LOCK };
FIXTURE_VARIANT_ADD(wait, slot) { .kind = SLOT };
FIXTURE_VARIANT_ADD(wait, key) { .kind = KEY };
FIXTURE_VARIANT_ADD(wait, event) { .kind = EVENT };

FIXTURE_SETUP(wait)
{
	struct quartet_create args = variant->kind == SLOT ? pool_args(1) :
				     variant->kind == KEY ? memo_args() : mutex_args();

	story_begin();
	self->kind = variant->kind;
	self->has = new_object(args);
	ASSERT_LE(0, self->has);
	self->wants = clone_handle(self->has);
	ASSERT_LE(0, self->wants);
	if (self->kind == KEY)
		self->token = memo_lead(self->has, 0, "key");
	ASSERT_TRUE(self->kind == SLOT ? !pool_get(self->has, 0, &self->slot) :
		    self->kind == KEY ? self->token : !mutex_lock(self->has, 0, NULL));
}

FIXTURE_TEARDOWN(wait)
{
	close(self->has);
	close(self->wants);
	story_end();
}

#define WAIT FIXTURE_DATA(wait)

static unsigned int waiters(const WAIT *self)
{
	return self->kind == SLOT ? pool_state(self->has).waiters :
	       self->kind == KEY ? memo_state(self->has).waiters :
	       mutex_state(self->has).waiters;
}

/* Gives up what the others wait for. */
static int grant(const WAIT *self)
{
	return self->kind == SLOT ? pool_put(self->has, self->slot) :
	       self->kind == KEY ? memo_fulfil(self->has, self->token, "value") :
	       mutex_unlock(self->has);
}

/* Waits: 0 or the error. */
static int wait_call(const WAIT *self)
{
	struct answer answer;
	__u32 slot;

	switch (self->kind) {
	case SLOT:
		return pool_get(self->wants, 0, &slot) ? errno : 0;
	case KEY:
		if (memo_get(self->wants, 0, "key", &answer))
			return errno;
		return answer.args.what == QUARTET_ANSWER_JOINED ? 0 : 99;
	case EVENT:
		if (!WAS_REFUSED(EINPROGRESS, mutex_lock(self->wants, QUARTET_ASYNC, NULL)))
			return 99;
		return -next_event(self->wants).error;
	default:
		return mutex_lock(self->wants, 0, NULL) ? errno : 0;
	}
}

/* A process that waits, and exits with what came of that; -1 if it did not come to wait. */
static pid_t start_wait(const WAIT *self)
{
	pid_t child = start();

	if (!child)
		_exit(wait_call(self));
	return SOON(waiters(self) == 1) && SOON(state_of(child) == 'S') ? child : -1;
}

static bool has_ended(pid_t child)
{
	siginfo_t info = { };

	return !waitid(P_PID, child, &info, WEXITED | WNOHANG | WNOWAIT) && info.si_pid == child;
}

/* The wait has come through it all: it still goes on, and ends with what it waits for. */
#define EXPECT_GOES_ON(child) do { \
	EXPECT_TRUE(SOON(state_of(child) == 'S' || has_ended(child))); \
	usleep(20000); \
	EXPECT_FALSE(has_ended(child)); \
	EXPECT_TRUE(SOON(waiters(self) == 1)); \
	EXPECT_EQ(0, grant(self)); \
	EXPECT_EQ(0, wait_for(child)); \
} while (0)

/*
 * A user stops a program that waits by ^Z, and has it go on by `fg`. The wait goes on, as a wait
 * for flock would.
 * Reported of interrupted waits: rust-lang/futures-rs #2.
 */
TEST_F(wait, stopped_from_the_terminal)
{
	pid_t child = start_wait(self);

	ASSERT_LT(0, child);
	kill(child, SIGTSTP);
	ASSERT_TRUE(SOON(state_of(child) == 'T'));
	kill(child, SIGCONT);
	EXPECT_GOES_ON(child);
}

/*
 * A supervisor stops a program that waits by SIGSTOP, and continues it, three times. The wait goes
 * on.
 * Reported of interrupted waits: rr-debugger/rr #1908.
 */
TEST_F(wait, stopped_and_continued)
{
	pid_t child = start_wait(self);
	int i;

	ASSERT_LT(0, child);
	for (i = 0; i < 3; i++) {
		kill(child, SIGSTOP);
		ASSERT_TRUE(SOON(state_of(child) == 'T'));
		kill(child, SIGCONT);
		EXPECT_TRUE(SOON(state_of(child) == 'S'));
	}
	EXPECT_GOES_ON(child);
}

/*
 * Somebody sends SIGCONT to a program that was not stopped at all. The wait goes on.
 * Reported of interrupted waits: rr-debugger/rr #1908.
 */
TEST_F(wait, continued_without_a_stop)
{
	pid_t child = start_wait(self);

	ASSERT_LT(0, child);
	kill(child, SIGCONT);
	EXPECT_GOES_ON(child);
}

/*
 * An operator looks at a program that hangs, by `strace -p`, and ends strace again. The wait goes
 * on.
 * Reported of interrupted waits: bpftrace/bpftrace #712, category-labs/monad-bft #986.
 */
TEST_F(wait, looked_at_by_strace)
{
	pid_t child = start_wait(self);
	int status, i;

	ASSERT_LT(0, child);
	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, ptrace(PTRACE_SEIZE, child, NULL, NULL));
		ASSERT_EQ(0, ptrace(PTRACE_INTERRUPT, child, NULL, NULL));
		ASSERT_EQ(child, waitpid(child, &status, 0));
		ASSERT_TRUE(WIFSTOPPED(status));
		ASSERT_EQ(0, ptrace(PTRACE_DETACH, child, NULL, NULL));
	}
	EXPECT_GOES_ON(child);
}

/*
 * A debugger attaches to a program that waits, the old way, by a stop; it lets it go on for a
 * while, and detaches. The wait goes on.
 * Reported of interrupted waits: VirusTotal/yara #860.
 */
TEST_F(wait, looked_at_by_a_debugger)
{
	pid_t child = start_wait(self);
	int status;

	ASSERT_LT(0, child);
	ASSERT_EQ(0, ptrace(PTRACE_ATTACH, child, NULL, NULL));
	ASSERT_EQ(child, waitpid(child, &status, 0));
	ASSERT_EQ(0, ptrace(PTRACE_CONT, child, NULL, NULL));
	EXPECT_TRUE(SOON(state_of(child) == 'S'));
	kill(child, SIGSTOP);
	ASSERT_EQ(child, waitpid(child, &status, 0));
	ASSERT_EQ(0, ptrace(PTRACE_DETACH, child, NULL, NULL));
	EXPECT_GOES_ON(child);
}

#define GROUPS	"/tmp/groups"
#define GROUP	GROUPS "/paused"

static int write_group(const char *file, const char *text)
{
	char path[64];
	int fd;
	ssize_t written;

	snprintf(path, sizeof(path), GROUP "/%s", file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	written = write(fd, text, strlen(text));
	close(fd);
	return written == strlen(text) ? 0 : -1;
}

/* Does the file of the group have that text in it? */
static bool group_says(const char *file, const char *text)
{
	char path[64], read_text[256] = "";
	int fd;

	snprintf(path, sizeof(path), GROUP "/%s", file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (read(fd, read_text, sizeof(read_text) - 1) < 0)
		read_text[0] = 0;
	close(fd);
	return strstr(read_text, text);
}

/* A group that can be frozen, with the process in it. */
static int enter_group(const char *type, const char *options, pid_t process)
{
	char pid[16];

	mkdir(GROUPS, 0700);
	if (mount("none", GROUPS, type, 0, options))
		return -1;
	mkdir(GROUP, 0700);
	snprintf(pid, sizeof(pid), "%d", process);
	return write_group("cgroup.procs", pid);
}

static void leave_groups(void)
{
	rmdir(GROUP);
	umount2(GROUPS, MNT_DETACH);
	rmdir(GROUPS);
}

/*
 * An operator says `docker pause`, and `docker unpause`, while a program in the container waits.
 * The wait goes on.
 * Reported of the freezer: moby/moby #40665, opencontainers/runc #2774.
 */
TEST_F(wait, container_is_paused)
{
	pid_t child = start_wait(self);

	ASSERT_LT(0, child);
	if (enter_group("cgroup2", NULL, child)) {
		kill_and_wait(child);
		leave_groups();
		SKIP(return, "no cgroup v2");
	}
	ASSERT_EQ(0, write_group("cgroup.freeze", "1"));
	EXPECT_TRUE(SOON(group_says("cgroup.events", "frozen 1")));
	EXPECT_EQ(0, write_group("cgroup.freeze", "0"));
	EXPECT_TRUE(SOON(group_says("cgroup.events", "frozen 0")));
	EXPECT_GOES_ON(child);
	leave_groups();
}

/*
 * The same by the freezer of cgroup v1, as on older machines. The wait goes on.
 * Reported of the freezer: checkpoint-restore/criu #20, metalbear-co/mirrord #1358.
 */
TEST_F(wait, container_is_paused_by_cgroup_v1)
{
	pid_t child = start_wait(self);

	ASSERT_LT(0, child);
	if (enter_group("cgroup", "freezer", child)) {
		kill_and_wait(child);
		leave_groups();
		SKIP(return, "no freezer of cgroup v1");
	}
	ASSERT_EQ(0, write_group("freezer.state", "FROZEN"));
	EXPECT_TRUE(SOON(group_says("freezer.state", "FROZEN")));
	EXPECT_EQ(0, write_group("freezer.state", "THAWED"));
	EXPECT_GOES_ON(child);
	leave_groups();
}

static void count_signal(int number)
{
	shared[0]++;
}

static void handle_usr1(int flags)
{
	struct sigaction action = { .sa_handler = count_signal, .sa_flags = flags };

	sigaction(SIGUSR1, &action, NULL);
}

/*
 * A program handles a signal while it waits, by a handler with SA_RESTART. The handler runs, and
 * the wait goes on.
 * Reported of interrupted waits: commaai/openpilot #21948.
 */
TEST_F(wait, handler_that_restarts)
{
	pid_t child;

	handle_usr1(SA_RESTART);
	child = start_wait(self);
	ASSERT_LT(0, child);
	kill(child, SIGUSR1);
	EXPECT_TRUE(SOON(shared[0] == 1));
	EXPECT_GOES_ON(child);
}

/*
 * A program handles a signal while it waits, by a handler without SA_RESTART, to have its wait end.
 * The wait ends with EINTR, and the program is in no queue any more.
 * Reported of interrupted waits: golang/go #40846.
 */
TEST_F(wait, handler_that_interrupts)
{
	pid_t child;

	handle_usr1(0);
	child = start_wait(self);
	ASSERT_LT(0, child);
	kill(child, SIGUSR1);
	EXPECT_EQ(EINTR, wait_for(child));
	EXPECT_EQ(1, shared[0]);
	EXPECT_TRUE(SOON(!waiters(self)));
	EXPECT_EQ(0, grant(self));
}

/*
 * A user ends a program that waits by ^C. Nobody is left in the queue.
 * Reported of interrupted waits: r-lib/filelock #28.
 */
TEST_F(wait, ended_from_the_terminal)
{
	pid_t child = start_wait(self);

	ASSERT_LT(0, child);
	kill(child, SIGINT);
	EXPECT_EQ(-SIGINT, wait_for(child));
	EXPECT_EQ(0, waiters(self));
	EXPECT_EQ(0, grant(self));
}

/*
 * A program's wait has been restarted, by a stop, and is then cancelled by another thread or
 * process of the same handle. It ends with ECANCELED.
 * Reported of cancelled waits: python/cpython #88157.
 */
TEST_F(wait, cancelled_after_a_stop)
{
	pid_t child = start_wait(self);

	ASSERT_LT(0, child);
	kill(child, SIGSTOP);
	ASSERT_TRUE(SOON(state_of(child) == 'T'));
	kill(child, SIGCONT);
	ASSERT_TRUE(SOON(state_of(child) == 'S'));
	ASSERT_TRUE(SOON(waiters(self) == 1));
	EXPECT_EQ(0, ioctl(self->wants, QUARTET_CANCEL, 0));
	EXPECT_EQ(ECANCELED, wait_for(child));
	EXPECT_EQ(0, waiters(self));
}

/*
 * The one who would be next is stopped by SIGSTOP. It does not hold up the one behind it: that one
 * gets what was waited for.
 * Reported of stopped processes: moby/moby #15853.
 */
TEST_F(wait, first_in_the_queue_is_stopped)
{
	pid_t first, second;

	if (self->kind == EVENT)
		SKIP(return, "what is granted to an asynchronous request needs no running process");
	first = start_wait(self);
	ASSERT_LT(0, first);
	kill(first, SIGSTOP);
	ASSERT_TRUE(SOON(state_of(first) == 'T'));
	second = start();
	if (!second) {
		self->wants = clone_handle(self->has);
		_exit(wait_call(self));
	}
	EXPECT_TRUE(SOON(waiters(self) >= 1 && state_of(second) == 'S'));
	EXPECT_EQ(0, grant(self));
	EXPECT_EQ(0, wait_for(second));
	kill(first, SIGKILL);
	kill(first, SIGCONT);
	EXPECT_EQ(-SIGKILL, wait_for(first));
}

FIXTURE(owner) {
	int has;
	int wants;
};

FIXTURE_SETUP(owner)
{
	story_begin();
	self->has = new_object(mutex_args());
	ASSERT_LE(0, self->has);
	self->wants = clone_handle(self->has);
}

FIXTURE_TEARDOWN(owner)
{
	close(self->has);
	close(self->wants);
	story_end();
}

/*
 * The owner is stopped, for however long: it is not dead, so it keeps the lock. Who does not want
 * to wait for it has a deadline; and when it is killed as it stands, the next one is told.
 * Reported of stopped owners: bsm/redislock #93, proper-lockfile in anaclumos/tokenmaxxing #107.
 */
TEST_F(owner, is_stopped)
{
	pid_t owner = holder(self->has, 0);

	ASSERT_LT(0, owner);
	kill(owner, SIGSTOP);
	ASSERT_TRUE(SOON(state_of(owner) == 'T'));
	EXPECT_REFUSED(ETIMEDOUT, mutex_lock_until(self->wants, 0, in_ms(50)));
	EXPECT_EQ(owner, mutex_state(self->wants).owner_pid);
	EXPECT_EQ(-SIGKILL, kill_and_wait(owner));
	EXPECT_DIED(owner, self->wants);
}

/*
 * The owner's container is paused, and its processes are killed in that state, before it is
 * unpaused. The lock ends when they are dead, and the next one is told.
 * Reported of the freezer: moby/moby #13304.
 */
TEST_F(owner, is_killed_in_a_paused_container)
{
	pid_t owner = holder(self->has, 0);

	ASSERT_LT(0, owner);
	if (enter_group("cgroup2", NULL, owner)) {
		leave_groups();
		SKIP(return, "no cgroup v2");
	}
	ASSERT_EQ(0, write_group("cgroup.freeze", "1"));
	EXPECT_TRUE(SOON(group_says("cgroup.events", "frozen 1")));
	EXPECT_REFUSED(EAGAIN, mutex_lock(self->wants, QUARTET_TRY, NULL));
	EXPECT_EQ(-SIGKILL, kill_and_wait(owner));
	EXPECT_DIED(owner, self->wants);
	leave_groups();
}

/*
 * A traced owner is killed. Its tracer has not looked yet, so the process is there as a zombie; the
 * lock is not.
 * Reported of debuggers: nelhage/reptyr #37.
 */
TEST_F(owner, is_killed_under_a_tracer)
{
	pid_t owner = holder(self->has, 0);
	int status;

	ASSERT_LT(0, owner);
	ASSERT_EQ(0, ptrace(PTRACE_SEIZE, owner, NULL, NULL));
	ASSERT_EQ(0, ptrace(PTRACE_INTERRUPT, owner, NULL, NULL));
	ASSERT_EQ(owner, waitpid(owner, &status, 0));
	EXPECT_REFUSED(EAGAIN, mutex_lock(self->wants, QUARTET_TRY, NULL));
	kill(owner, SIGKILL);
	EXPECT_TRUE(SOON(state_of(owner) == 'Z'));
	EXPECT_DIED(owner, self->wants);
	EXPECT_EQ(-SIGKILL, wait_for(owner));
}

/*
 * A wait with a deadline is stopped past its end, and continued. It ends with ETIMEDOUT then; a
 * deadline is a point of time, so no stop makes it later.
 * Reported of timeouts: amphp/redis #61.
 */
TEST_F(owner, is_waited_for_across_a_deadline)
{
	pid_t owner = holder(self->has, 0), child = start();
	__u64 deadline = in_ms(200);

	if (!child)
		_exit(mutex_lock_until(self->wants, 0, deadline) ? errno : 0);
	ASSERT_TRUE(mutex_awaits(self->has, 1));
	kill(child, SIGSTOP);
	ASSERT_TRUE(SOON(state_of(child) == 'T'));
	while (now_ns(CLOCK_MONOTONIC) < deadline + 50 * MSEC)
		usleep(10000);
	kill(child, SIGCONT);
	EXPECT_EQ(ETIMEDOUT, wait_for(child));
	EXPECT_EQ(0, mutex_state(self->has).waiters);
	EXPECT_EQ(-SIGKILL, kill_and_wait(owner));
}

/*
 * A wait with a deadline is interrupted again and again, by signals without a handler. It ends with
 * ETIMEDOUT, not before the deadline.
 * Reported of timeouts: VirusTotal/yara #860.
 */
TEST_F(owner, is_waited_for_under_a_rain_of_signals)
{
	pid_t owner = holder(self->has, 0), child = start();
	__u64 deadline = in_ms(300);
	int status;

	if (!child) {
		int error = mutex_lock_until(self->wants, 0, deadline) ? errno : 0;

		_exit(now_ns(CLOCK_MONOTONIC) < deadline ? 99 : error);
	}
	while (!has_ended(child)) {
		kill(child, SIGSTOP);
		kill(child, SIGCONT);
		usleep(5000);
	}
	status = wait_for(child);
	EXPECT_EQ(ETIMEDOUT, status);
	EXPECT_EQ(-SIGKILL, kill_and_wait(owner));
}

TEST_HARNESS_MAIN
