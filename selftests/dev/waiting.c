// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waits that are interrupted: what stops a process for a while ends no command, a handler without
 * SA_RESTART does, and CANCEL ends whatever waits by a handle.
 */
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/stat.h>

#include "kselftest_harness.h"
#include "../dev/blocked.h"

#define ROOT	"/tmp/waiting"
#define GROUP	ROOT "/group"

FIXTURE(waiting) {
	int device;
	int holder;
	int waiter;
	__u64 token;
	pid_t child;
};

FIXTURE_VARIANT(waiting) {
	enum blocked_in kind;
};

FIXTURE_VARIANT_ADD(waiting, lock) { .kind = IN_LOCK };
FIXTURE_VARIANT_ADD(waiting, get_slot) { .kind = IN_GET_SLOT };
FIXTURE_VARIANT_ADD(waiting, get_value) { .kind = IN_GET_VALUE };
FIXTURE_VARIANT_ADD(waiting, read) { .kind = IN_READ };

FIXTURE_SETUP(waiting)
{
	self->device = device_open();
	ASSERT_LE(0, self->device);
	self->holder = blocked_create(self->device, variant->kind);
	ASSERT_LE(0, self->holder);
	self->waiter = clone_handle(self->holder);
	ASSERT_LE(0, self->waiter);
	ASSERT_EQ(0, ask(self->holder, variant->kind, 0, no_deadline, &self->token));
	self->child = 0;
}

FIXTURE_TEARDOWN(waiting)
{
	if (self->child > 0)
		kill_and_wait(self->child);
	close(self->holder);
	close(self->waiter);
	close(self->device);
}

static int handled;

static void on_signal(int number)
{
	__atomic_store_n(&handled, 1, __ATOMIC_SEQ_CST);
}

static void handle_signal(int number, int flags)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = flags };

	sigaction(number, &action, NULL);
}

/* A process that waits until it is granted, and then exits with 0, or an errno. */
static pid_t start_waiter(int handle, enum blocked_in kind)
{
	pid_t child = fork();

	if (!child)
		_exit(wait_for_grant(handle, kind, no_deadline));
	return child;
}

/* The same with a handler for SIGUSR1: 100 more if it has run. */
static pid_t start_handler(int handle, enum blocked_in kind, int flags)
{
	pid_t child = fork();
	int err;

	if (!child) {
		handle_signal(SIGUSR1, flags);
		err = wait_for_grant(handle, kind, no_deadline);
		_exit(err + (__atomic_load_n(&handled, __ATOMIC_SEQ_CST) ? 100 : 0));
	}
	return child;
}

#define EXPECT_WAITS(n) \
	EXPECT_TRUE(awaits(self->holder, variant->kind, n, self->child, self->child))

/* It still waits, and gets what it waits for. */
#define EXPECT_GOES_ON(status) do { \
	EXPECT_WAITS(1); \
	EXPECT_EQ(0, give_up(self->holder, variant->kind, self->token)); \
	EXPECT_EQ(status, wait_for(self->child)); \
	self->child = 0; \
} while (0)

/* As ^Z and fg do, unless nobody controls the terminal. */
TEST_F(waiting, stopped_and_continued)
{
	int i, status;

	self->child = start_waiter(self->waiter, variant->kind);
	for (i = 0; i < 3; i++) {
		EXPECT_WAITS(1);
		EXPECT_EQ(0, kill(self->child, SIGSTOP));
		ASSERT_EQ(self->child, waitpid(self->child, &status, WUNTRACED));
		ASSERT_TRUE(WIFSTOPPED(status));
		EXPECT_EQ(0, kill(self->child, SIGCONT));
	}
	EXPECT_GOES_ON(0);
}

/* A signal that nobody handles ends nothing either. */
TEST_F(waiting, continued)
{
	self->child = start_waiter(self->waiter, variant->kind);
	EXPECT_WAITS(1);
	EXPECT_EQ(0, kill(self->child, SIGCONT));
	EXPECT_EQ(0, kill(self->child, SIGWINCH));
	EXPECT_GOES_ON(0);
}

TEST_F(waiting, handler_that_restarts)
{
	self->child = start_handler(self->waiter, variant->kind, SA_RESTART);
	EXPECT_WAITS(1);
	EXPECT_EQ(0, kill(self->child, SIGUSR1));
	/* The queue is empty for a moment, or not yet. */
	usleep(20000);
	EXPECT_GOES_ON(100);
}

TEST_F(waiting, handler_that_interrupts)
{
	self->child = start_handler(self->waiter, variant->kind, 0);
	EXPECT_WAITS(1);
	EXPECT_EQ(0, kill(self->child, SIGUSR1));
	EXPECT_EQ(100 + EINTR, wait_for(self->child));
	self->child = 0;
	EXPECT_EQ(0, waiters_of(self->holder, variant->kind));
}

TEST_F(waiting, traced_for_a_while)
{
	int status;

	self->child = start_waiter(self->waiter, variant->kind);
	EXPECT_WAITS(1);
	ASSERT_EQ(0, ptrace(PTRACE_ATTACH, self->child, NULL, NULL));
	ASSERT_EQ(self->child, waitpid(self->child, &status, 0));
	ASSERT_TRUE(WIFSTOPPED(status));
	ASSERT_EQ(0, ptrace(PTRACE_DETACH, self->child, NULL, NULL));
	EXPECT_WAITS(1);
	ASSERT_EQ(0, ptrace(PTRACE_SEIZE, self->child, NULL, NULL));
	ASSERT_EQ(0, ptrace(PTRACE_INTERRUPT, self->child, NULL, NULL));
	ASSERT_EQ(self->child, waitpid(self->child, &status, 0));
	ASSERT_EQ(0, ptrace(PTRACE_DETACH, self->child, NULL, NULL));
	EXPECT_GOES_ON(0);
}

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t written = write(fd, text, strlen(text));

	close(fd);
	return written == strlen(text) ? 0 : -1;
}

static bool mount_group(void)
{
	mkdir(ROOT, 0700);
	if (mount("none", ROOT, "cgroup2", 0, NULL))
		return false;
	mkdir(GROUP, 0700);
	return !access(GROUP "/cgroup.freeze", W_OK);
}

static void unmount_group(void)
{
	rmdir(GROUP);
	umount(ROOT);
	rmdir(ROOT);
}

static bool is_frozen(int frozen)
{
	char text[128] = "";
	int i, fd;

	for (i = 0; i < 10000; i++) {
		fd = open(GROUP "/cgroup.events", O_RDONLY | O_CLOEXEC);
		memset(text, 0, sizeof(text));
		read(fd, text, sizeof(text) - 1);
		close(fd);
		if (strstr(text, frozen ? "frozen 1" : "frozen 0"))
			return true;
		usleep(1000);
	}
	return false;
}

/* As docker pause does. */
TEST_F(waiting, frozen)
{
	char pid[16];

	if (!mount_group()) {
		unmount_group();
		SKIP(return, "this kernel has no cgroup.freeze");
	}
	self->child = start_waiter(self->waiter, variant->kind);
	EXPECT_WAITS(1);
	snprintf(pid, sizeof(pid), "%d", self->child);
	EXPECT_EQ(0, write_file(GROUP "/cgroup.procs", pid));
	EXPECT_EQ(0, write_file(GROUP "/cgroup.freeze", "1"));
	EXPECT_TRUE(is_frozen(1));
	EXPECT_EQ(0, write_file(GROUP "/cgroup.freeze", "0"));
	EXPECT_TRUE(is_frozen(0));
	EXPECT_GOES_ON(0);
	unmount_group();
}

/* A command that has begun anew waits behind those that came meanwhile. */
TEST_F(waiting, goes_to_the_tail)
{
	int status, third = clone_handle(self->holder);
	pid_t second;

	/* A request goes on while its process is stopped. */
	if (variant->kind == IN_READ)
		SKIP(return, "a request keeps its place");
	self->child = start_waiter(self->waiter, variant->kind);
	EXPECT_WAITS(1);
	second = start_waiter(third, variant->kind);
	EXPECT_TRUE(awaits(self->holder, variant->kind, 2, second, second));
	EXPECT_EQ(0, kill(self->child, SIGSTOP));
	EXPECT_EQ(self->child, waitpid(self->child, &status, WUNTRACED));
	EXPECT_EQ(0, kill(self->child, SIGCONT));
	EXPECT_WAITS(2);
	EXPECT_EQ(0, give_up(self->holder, variant->kind, self->token));
	EXPECT_EQ(0, wait_for(second));
	/* The second one's end has passed it on, whatever the kind. */
	EXPECT_EQ(0, close(third));
	EXPECT_EQ(0, wait_for(self->child));
	self->child = 0;
}

/* Threads that wait by one handle. */
struct call {
	pthread_t thread;
	pid_t tid;
	int handle;
	enum blocked_in kind;
	struct quartet_event event;
	int error;
};

static void *call_ask(void *data)
{
	struct call *call = data;

	__atomic_store_n(&call->tid, syscall(SYS_gettid), __ATOMIC_SEQ_CST);
	call->error = ask(call->handle, call->kind, 0, no_deadline, NULL) ? errno : 0;
	return NULL;
}

static void *call_read(void *data)
{
	struct call *call = data;
	ssize_t len;

	__atomic_store_n(&call->tid, syscall(SYS_gettid), __ATOMIC_SEQ_CST);
	len = read(call->handle, &call->event, sizeof(call->event));
	call->error = len < 0 ? errno : len == sizeof(call->event) ? 0 : -1;
	return NULL;
}

static void start_call(struct call *call, int handle, enum blocked_in kind, void *(*run)(void *))
{
	*call = (struct call){ .handle = handle, .kind = kind };
	pthread_create(&call->thread, NULL, run, call);
	while (!__atomic_load_n(&call->tid, __ATOMIC_SEQ_CST))
		usleep(100);
}

/* Sleeps where it does not end by itself: in the call. */
static bool sleeps(const struct call *call)
{
	int i, seen = 0;

	for (i = 0; i < 10000 && seen < 5; i++) {
		seen = task_state(getpid(), call->tid) == 'S' ? seen + 1 : 0;
		usleep(2000);
	}
	return seen == 5;
}

static int end_call(struct call *call)
{
	pthread_join(call->thread, NULL);
	return call->error;
}

/* A blocked command is cancelled, or if it is a read(), there is a request. */
TEST_F(waiting, cancelled)
{
	struct call call;

	if (variant->kind == IN_READ) {
		start_call(&call, self->waiter, variant->kind, call_read);
		ASSERT_TRUE(sleeps(&call));
		EXPECT_REFUSED(EINPROGRESS, ask(self->waiter, variant->kind, QUARTET_ASYNC,
						no_deadline, NULL));
	} else {
		start_call(&call, self->waiter, variant->kind, call_ask);
		ASSERT_TRUE(sleeps(&call));
	}
	EXPECT_EQ(1, waiters_of(self->holder, variant->kind));
	EXPECT_EQ(0, ioctl(self->waiter, QUARTET_CANCEL, 0));
	EXPECT_EQ(variant->kind == IN_READ ? 0 : ECANCELED, end_call(&call));
	if (variant->kind == IN_READ)
		EXPECT_EQ(-ECANCELED, call.event.error);
	EXPECT_EQ(0, waiters_of(self->holder, variant->kind));
	EXPECT_FALSE(is_readable(self->waiter, 0));
}

/* Handles of all kinds are read. */
TEST_F(waiting, reader_without_request)
{
	struct call call;

	start_call(&call, self->waiter, variant->kind, call_read);
	ASSERT_TRUE(sleeps(&call));
	EXPECT_EQ(0, ioctl(self->waiter, QUARTET_CANCEL, 0));
	EXPECT_EQ(ECANCELED, end_call(&call));
	/* The next one is not. */
	start_call(&call, self->waiter, variant->kind, call_read);
	ASSERT_TRUE(sleeps(&call));
	EXPECT_EQ(0, ioctl(self->waiter, QUARTET_CANCEL, 0));
	EXPECT_EQ(ECANCELED, end_call(&call));
}

TEST_F(waiting, two_readers_without_request)
{
	struct call first, second;

	start_call(&first, self->waiter, variant->kind, call_read);
	start_call(&second, self->waiter, variant->kind, call_read);
	ASSERT_TRUE(sleeps(&first) && sleeps(&second));
	EXPECT_EQ(0, ioctl(self->waiter, QUARTET_CANCEL, 0));
	EXPECT_EQ(ECANCELED, end_call(&first));
	EXPECT_EQ(ECANCELED, end_call(&second));
}

/* One of them has the event. */
TEST_F(waiting, two_readers_with_request)
{
	struct call first, second;

	start_call(&first, self->waiter, variant->kind, call_read);
	start_call(&second, self->waiter, variant->kind, call_read);
	ASSERT_TRUE(sleeps(&first) && sleeps(&second));
	EXPECT_REFUSED(EINPROGRESS, ask(self->waiter, variant->kind, QUARTET_ASYNC, no_deadline,
					NULL));
	EXPECT_EQ(0, ioctl(self->waiter, QUARTET_CANCEL, 0));
	EXPECT_EQ(ECANCELED, end_call(&first) + end_call(&second));
	EXPECT_EQ(-ECANCELED, first.event.error + second.event.error);
	EXPECT_EQ(0, waiters_of(self->holder, variant->kind));
}

/* Who reads waits for no other reader, and the grant is one reader's. */
TEST_F(waiting, two_readers_one_grant)
{
	struct call first, second;

	start_call(&first, self->waiter, variant->kind, call_read);
	start_call(&second, self->waiter, variant->kind, call_read);
	ASSERT_TRUE(sleeps(&first) && sleeps(&second));
	EXPECT_REFUSED(EINPROGRESS, ask(self->waiter, variant->kind, QUARTET_ASYNC, no_deadline,
					NULL));
	EXPECT_EQ(0, give_up(self->holder, variant->kind, self->token));
	while (is_readable(self->waiter, 0))
		usleep(1000);
	EXPECT_EQ(0, ioctl(self->waiter, QUARTET_CANCEL, 0));
	EXPECT_EQ(ECANCELED, end_call(&first) + end_call(&second));
	EXPECT_EQ(0, first.event.error + second.event.error);
	EXPECT_LT(0, first.event.what + second.event.what);
}

TEST_HARNESS_MAIN
