// SPDX-License-Identifier: GPL-2.0-only
/*
 * When what a handle was granted ends: the table of Documentation/uapi.rst, a test a row, for a
 * lock, a slot and a lead. What has to end is looked for after the wait() that tells of the
 * process, as it has ended by then. What has to stay is looked for, too.
 */
#include "kselftest_harness.h"
#include "../dev/kinds.h"

#define HELPERS	30

/**
 * struct child - who asks
 * @fd: by this handle
 * @flags: of the request
 * @ready: it writes here once it has what it asked for
 * @go: and reads from here before it goes on
 */
struct child {
	int fd;
	__u32 flags;
	int ready[2];
	int go[2];
};

FIXTURE(death) {
	int device;
	const struct kind *kind;
	int a;
	int b;
	struct child child;
};

FIXTURE_VARIANT(death) {
	const struct kind *kind;
	__u32 flags;
};

FIXTURE_VARIANT_ADD(death, lock) { .kind = &kind_of_mutex };

FIXTURE_VARIANT_ADD(death, slot) { .kind = &kind_of_pool };

FIXTURE_VARIANT_ADD(death, lead) { .kind = &kind_of_memo };

FIXTURE_VARIANT_ADD(death, lock_by_handle) {
	.kind = &kind_of_mutex, .flags = QUARTET_BY_HANDLE,
};

FIXTURE_VARIANT_ADD(death, slot_by_handle) {
	.kind = &kind_of_pool, .flags = QUARTET_BY_HANDLE,
};

FIXTURE_VARIANT_ADD(death, lead_by_handle) {
	.kind = &kind_of_memo, .flags = QUARTET_BY_HANDLE,
};

FIXTURE_SETUP(death)
{
	self->kind = variant->kind;
	self->device = device_open();
	ASSERT_LE(0, self->device);
	self->a = create(self->device, self->kind->args());
	ASSERT_LE(0, self->a);
	self->b = clone_handle(self->a);
	ASSERT_LE(0, self->b);
	self->child = (struct child){ .fd = self->a, .flags = variant->flags };
	ASSERT_EQ(0, pipe(self->child.ready));
	ASSERT_EQ(0, pipe(self->child.go));
}

FIXTURE_TEARDOWN(death)
{
	close(self->a);
	close(self->b);
	close(self->device);
}

/* Of the grant that @self->a had: it has ended, as a death does. */
#define EXPECT_ENDED() do { \
	EXPECT_FALSE(self->kind->holds(self->a)); \
	EXPECT_TRUE(self->kind->is_free(self->b)); \
	EXPECT_TRUE(self->kind->after_death(self->b)); \
} while (0)

#define EXPECT_STAYS() do { \
	EXPECT_TRUE(self->kind->holds(self->a)); \
	EXPECT_FALSE(self->kind->is_free(self->b)); \
} while (0)

/* After the end of who asked, that of the grant, if it depends on it. */
#define EXPECT_ENDED_WITH_PROCESS() do { \
	if (variant->flags & QUARTET_BY_HANDLE) \
		EXPECT_STAYS(); \
	else \
		EXPECT_ENDED(); \
} while (0)

static bool tell(const int *pipe)
{
	return write(pipe[1], "", 1) == 1;
}

static bool await(const int *pipe)
{
	char byte;

	return read(pipe[0], &byte, 1) == 1;
}

static bool ask(const struct kind *kind, const struct child *child)
{
	return !kind->ask(child->fd, child->flags);
}

/* A process that asks, tells of it, and waits to be killed, or told to go on. */
static pid_t asker(const struct kind *kind, const struct child *child)
{
	pid_t pid = fork();

	if (pid)
		return await(child->ready) ? pid : -1;
	if (!ask(kind, child) || !tell(child->ready) || !await(child->go))
		_exit(1);
	return 0;
}

TEST_F(death, killed)
{
	pid_t child = asker(self->kind, &self->child);

	if (!child)
		_exit(0);
	EXPECT_STAYS();
	EXPECT_EQ(-SIGKILL, kill_and_wait(child));
	EXPECT_ENDED_WITH_PROCESS();
}

TEST_F(death, crashes)
{
	pid_t child = asker(self->kind, &self->child);

	if (!child) {
		signal(SIGSEGV, SIG_DFL);
		raise(SIGSEGV);
	}
	EXPECT_STAYS();
	EXPECT_TRUE(tell(self->child.go));
	EXPECT_EQ(-SIGSEGV, wait_for(child));
	EXPECT_ENDED_WITH_PROCESS();
}

TEST_F(death, exits)
{
	pid_t child = asker(self->kind, &self->child);

	if (!child)
		_exit(0);
	EXPECT_TRUE(tell(self->child.go));
	EXPECT_EQ(0, wait_for(child));
	EXPECT_ENDED_WITH_PROCESS();
}

struct thread_args {
	const struct kind *kind;
	const struct child *child;
};

static void *ask_in_thread(void *data)
{
	struct thread_args *args = data;

	return (void *)(long)ask(args->kind, args->child);
}

TEST_F(death, one_thread_exits)
{
	struct thread_args args = { self->kind, &self->child };
	pthread_t thread;
	void *granted;

	ASSERT_EQ(0, pthread_create(&thread, NULL, ask_in_thread, &args));
	pthread_join(thread, &granted);
	EXPECT_EQ((void *)1, granted);
	EXPECT_STAYS();
}

static void *go_on_in_thread(void *data)
{
	struct thread_args *args = data;

	if (!tell(args->child->ready) || !await(args->child->go))
		_exit(1);
	_exit(0);
}

/* The first thread, by whose number the process goes, asks and exits; another one lives. */
TEST_F(death, first_thread_exits)
{
	struct thread_args args = { self->kind, &self->child };
	pthread_t thread;
	pid_t child = fork();

	if (!child) {
		if (!ask(self->kind, &self->child) ||
		    pthread_create(&thread, NULL, go_on_in_thread, &args))
			_exit(1);
		pthread_exit(NULL);
	}
	ASSERT_TRUE(await(self->child.ready));
	usleep(20000);
	EXPECT_STAYS();
	EXPECT_TRUE(tell(self->child.go));
	EXPECT_EQ(0, wait_for(child));
	EXPECT_ENDED_WITH_PROCESS();
}

static int pause_for_ever(void *unused)
{
	for (;;)
		pause();
	return 0;
}

static pid_t share_files(int (*function)(void *data), void *data)
{
	static char stack[65536];

	return clone(function, stack + sizeof(stack), CLONE_FILES | SIGCHLD, data);
}

TEST_F(death, sharer_of_files_exits)
{
	pid_t child = share_files(pause_for_ever, NULL);

	ASSERT_LT(0, child);
	ASSERT_TRUE(ask(self->kind, &self->child));
	EXPECT_EQ(-SIGKILL, kill_and_wait(child));
	EXPECT_STAYS();
}

/* The table was the other's, too, and is ours no more. */
TEST_F(death, former_sharer_of_files_exits)
{
	pid_t child = share_files(pause_for_ever, NULL);

	ASSERT_LT(0, child);
	ASSERT_TRUE(ask(self->kind, &self->child));
	ASSERT_EQ(0, unshare(CLONE_FILES));
	EXPECT_EQ(-SIGKILL, kill_and_wait(child));
	EXPECT_STAYS();
}

static int ask_and_exit(void *data)
{
	struct thread_args *args = data;

	_exit(ask(args->kind, args->child) ? 7 : 1);
}

TEST_F(death, asker_that_shares_files_exits)
{
	struct thread_args args = { self->kind, &self->child };
	pid_t child = share_files(ask_and_exit, &args);

	ASSERT_LT(0, child);
	EXPECT_EQ(7, wait_for(child));
	EXPECT_ENDED_WITH_PROCESS();
}

TEST_F(death, last_close)
{
	ASSERT_TRUE(ask(self->kind, &self->child));
	EXPECT_STAYS();
	close(self->a);
	EXPECT_TRUE(self->kind->is_free(self->b));
	EXPECT_TRUE(self->kind->after_death(self->b));
}

TEST_F(death, one_of_several_closes)
{
	int copy = dup(self->a);
	pid_t child;

	ASSERT_TRUE(ask(self->kind, &self->child));
	close(copy);
	EXPECT_STAYS();
	child = fork();
	if (!child) {
		close(self->a);
		_exit(0);
	}
	EXPECT_EQ(0, wait_for(child));
	EXPECT_STAYS();
}

/* The end of the process is seen although it has no descriptor any more. */
TEST_F(death, closes_and_then_exits)
{
	pid_t child = asker(self->kind, &self->child);

	if (!child) {
		close(self->a);
		close(self->b);
		close(self->device);
		if (!tell(self->child.ready) || !await(self->child.go))
			_exit(1);
		_exit(0);
	}
	EXPECT_TRUE(tell(self->child.go));
	EXPECT_TRUE(await(self->child.ready));
	EXPECT_STAYS();
	EXPECT_TRUE(tell(self->child.go));
	EXPECT_EQ(0, wait_for(child));
	EXPECT_ENDED_WITH_PROCESS();
}

TEST_F(death, sends_and_then_exits)
{
	int sockets[2];
	pid_t child;

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, sockets));
	child = fork();
	if (!child) {
		struct child own = self->child;

		own.fd = clone_handle(self->a);
		if (!ask(self->kind, &own) || !send_descriptor(sockets[0], own.fd))
			_exit(1);
		close(own.fd);
		if (!await(self->child.go))
			_exit(1);
		_exit(0);
	}
	close(self->a);
	self->a = receive_descriptor(sockets[1]);
	ASSERT_LE(0, self->a);
	EXPECT_STAYS();
	EXPECT_TRUE(tell(self->child.go));
	EXPECT_EQ(0, wait_for(child));
	EXPECT_ENDED_WITH_PROCESS();
}

/* exec() closes it, and by that ends what is its own; the process lives. */
TEST_F(death, exec_closes_the_last)
{
	int status;
	pid_t child = asker(self->kind, &self->child);

	if (!child)
		execl("/bin/sh", "sh", "-c", "kill -STOP $$", NULL);
	close(self->a);
	EXPECT_FALSE(self->kind->is_free(self->b));
	EXPECT_TRUE(tell(self->child.go));
	EXPECT_EQ(child, waitpid(child, &status, WUNTRACED));
	EXPECT_TRUE(WIFSTOPPED(status));
	EXPECT_TRUE(self->kind->is_free(self->b));
	EXPECT_TRUE(self->kind->after_death(self->b));
	EXPECT_EQ(-SIGKILL, kill_and_wait(child));
}

/* A thread, not the first one, executes a program: it takes the number, and the process goes on. */
static void *execute_in_thread(void *data)
{
	execl("/bin/sh", "sh", "-c", "kill -STOP $$", NULL);
	_exit(1);
}

static pid_t asker_that_executes(const struct kind *kind, const struct child *child, bool in_thread)
{
	pid_t pid = asker(kind, child);
	pthread_t thread;

	if (pid)
		return pid;
	if (in_thread)
		pthread_create(&thread, NULL, execute_in_thread, NULL);
	else
		execute_in_thread(NULL);
	return pause_for_ever(NULL);
}

TEST_F(death, exec_keeps_the_process)
{
	pid_t child = asker_that_executes(self->kind, &self->child, false);
	int status;

	EXPECT_TRUE(tell(self->child.go));
	EXPECT_EQ(child, waitpid(child, &status, WUNTRACED));
	EXPECT_TRUE(WIFSTOPPED(status));
	EXPECT_STAYS();
	EXPECT_EQ(-SIGKILL, kill_and_wait(child));
	EXPECT_ENDED_WITH_PROCESS();
}

TEST_F(death, exec_by_a_thread_keeps_the_process)
{
	pid_t child = asker_that_executes(self->kind, &self->child, true);
	int status;

	EXPECT_TRUE(tell(self->child.go));
	EXPECT_EQ(child, waitpid(child, &status, WUNTRACED));
	EXPECT_TRUE(WIFSTOPPED(status));
	EXPECT_STAYS();
	EXPECT_EQ(-SIGKILL, kill_and_wait(child));
	EXPECT_ENDED_WITH_PROCESS();
}

/* Its child has the handle, and can use it, without what the parent had. */
TEST_F(death, forks_and_is_killed)
{
	pid_t grandchild, child = asker(self->kind, &self->child);

	if (!child) {
		grandchild = fork();
		if (!grandchild)
			pause_for_ever(NULL);
		if (write(self->child.ready[1], &grandchild, sizeof(grandchild)) < 0)
			_exit(1);
		pause_for_ever(NULL);
	}
	close(self->a);
	EXPECT_TRUE(tell(self->child.go));
	ASSERT_EQ(sizeof(grandchild), read(self->child.ready[0], &grandchild, sizeof(grandchild)));
	EXPECT_FALSE(self->kind->is_free(self->b));
	EXPECT_EQ(-SIGKILL, kill_and_wait(child));
	EXPECT_EQ(!(variant->flags & QUARTET_BY_HANDLE), self->kind->is_free(self->b));
	kill(grandchild, SIGKILL);
	/* Nobody of ours waits for it. */
	while (!self->kind->is_free(self->b))
		usleep(1000);
	EXPECT_TRUE(self->kind->after_death(self->b));
}

TEST_F(death, child_that_has_not_asked_exits)
{
	pid_t child;
	int i;

	ASSERT_TRUE(ask(self->kind, &self->child));
	for (i = 0; i < HELPERS; i++) {
		child = fork();
		if (!child)
			_exit(0);
		EXPECT_EQ(0, wait_for(child));
		EXPECT_STAYS();
	}
}

/* One that has asked by the handle too, and got nothing. */
TEST_F(death, another_that_asked_exits)
{
	pid_t child;

	ASSERT_TRUE(ask(self->kind, &self->child));
	child = fork();
	if (!child)
		_exit(self->kind->ask(self->a, QUARTET_TRY) == -1 ? 7 : 1);
	EXPECT_EQ(7, wait_for(child));
	EXPECT_STAYS();
}

/* Nobody is mistaken for who asked, after that one has let go of its descriptor. */
TEST_F(death, others_exit_after_a_close)
{
	pid_t helper, child = asker(self->kind, &self->child);
	int i;

	if (!child) {
		close(self->a);
		close(self->b);
		pause_for_ever(NULL);
	}
	EXPECT_TRUE(tell(self->child.go));
	for (i = 0; i < HELPERS; i++) {
		helper = fork();
		if (!helper)
			_exit(0);
		EXPECT_EQ(0, wait_for(helper));
		EXPECT_STAYS();
	}
	EXPECT_EQ(-SIGKILL, kill_and_wait(child));
	EXPECT_ENDED_WITH_PROCESS();
}

/* One process after the other asks by the same handle, and each is seen to die. */
TEST_F(death, again_and_again)
{
	pid_t child;
	int i;

	for (i = 0; i < 5 && !(variant->flags & QUARTET_BY_HANDLE); i++) {
		child = asker(self->kind, &self->child);
		if (!child)
			_exit(0);
		EXPECT_TRUE(tell(self->child.go));
		EXPECT_EQ(0, wait_for(child));
		EXPECT_FALSE(self->kind->holds(self->a));
		EXPECT_TRUE(self->kind->is_free(self->b));
		EXPECT_TRUE(self->kind->after_death(self->b));
		close(self->b);
		self->b = clone_handle(self->a);
	}
}

/* By a handle by which another one has asked before, and lives. */
TEST_F(death, asks_after_another)
{
	struct child holder = { .fd = self->b };
	pid_t child;

	ASSERT_TRUE(ask(self->kind, &holder));
	EXPECT_EQ(-1, self->kind->ask(self->a, QUARTET_TRY));
	close(self->b);
	self->b = clone_handle(self->a);
	child = asker(self->kind, &self->child);
	if (!child)
		_exit(0);
	EXPECT_STAYS();
	EXPECT_EQ(-SIGKILL, kill_and_wait(child));
	EXPECT_ENDED_WITH_PROCESS();
}

static pid_t requester(const struct kind *kind, const struct child *child)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	errno = 0;
	kind->ask(child->fd, child->flags | QUARTET_ASYNC);
	_exit(errno == EINPROGRESS ? 0 : 1);
}

/* A request that is not yet granted ends in the same way, and is not granted later. */
TEST_F(death, dies_while_its_request_is_pending)
{
	struct child holder = { .fd = self->b };

	ASSERT_TRUE(ask(self->kind, &holder));
	EXPECT_EQ(0, wait_for(requester(self->kind, &self->child)));
	if (!(variant->flags & QUARTET_BY_HANDLE)) {
		EXPECT_TRUE(is_readable(self->a, 0));
		EXPECT_EQ(-ECANCELED, next_event(self->a).error);
	}
	EXPECT_FALSE(is_readable(self->a, 0));
	close(self->b);
	self->b = clone_handle(self->a);
	if (variant->flags & QUARTET_BY_HANDLE) {
		EXPECT_EQ(0, next_event(self->a).error);
		EXPECT_STAYS();
	} else {
		EXPECT_ENDED();
	}
}

/* Granted, and nobody has read that. */
TEST_F(death, dies_before_it_reads_the_event)
{
	struct child holder = { .fd = self->b };
	pid_t child = fork();

	if (!child) {
		close(self->b);
		if (!await(self->child.go) ||
		    self->kind->ask(self->a, variant->flags | QUARTET_ASYNC) != -1 ||
		    errno != EINPROGRESS || !tell(self->child.ready))
			_exit(1);
		pause_for_ever(NULL);
	}
	ASSERT_TRUE(ask(self->kind, &holder));
	EXPECT_TRUE(tell(self->child.go));
	ASSERT_TRUE(await(self->child.ready));
	close(self->b);
	self->b = clone_handle(self->a);
	EXPECT_TRUE(is_readable(self->a, 1000));
	EXPECT_STAYS();
	EXPECT_EQ(-SIGKILL, kill_and_wait(child));
	EXPECT_ENDED_WITH_PROCESS();
}

/* What is told of an owner that died. */
FIXTURE(told) {
	int device;
	int a;
	int b;
	struct child child;
};

FIXTURE_SETUP(told)
{
	self->device = device_open();
	self->a = create(self->device, mutex_args());
	ASSERT_LE(0, self->a);
	self->b = clone_handle(self->a);
	self->child = (struct child){ .fd = self->a };
	ASSERT_EQ(0, pipe(self->child.ready));
	ASSERT_EQ(0, pipe(self->child.go));
}

FIXTURE_TEARDOWN(told)
{
	close(self->a);
	close(self->b);
	close(self->device);
}

TEST_F(told, by_the_event)
{
	struct quartet_event event;
	pid_t child = asker(&kind_of_mutex, &self->child);

	if (!child)
		_exit(0);
	EXPECT_REFUSED(EINPROGRESS, mutex_lock(self->b, QUARTET_ASYNC, NULL));
	EXPECT_EQ(-SIGKILL, kill_and_wait(child));
	event = next_event(self->b);
	EXPECT_EQ(0, event.error);
	EXPECT_EQ(QUARTET_OWNER_DIED, event.result);
	EXPECT_EQ(child, mutex_state(self->b).dead_pid);
	EXPECT_EQ(0, grant_command(self->b, QUARTET_CONSISTENT, event.token));
	EXPECT_EQ(0, mutex_unlock(self->b));
	/* And not again. */
	child = fork();
	if (!child) {
		mutex_lock(self->a, 0, NULL);
		if (!tell(self->child.ready) || !await(self->child.go) || mutex_unlock(self->a))
			_exit(1);
		_exit(0);
	}
	EXPECT_TRUE(await(self->child.ready));
	EXPECT_REFUSED(EINPROGRESS, mutex_lock(self->b, QUARTET_ASYNC, NULL));
	EXPECT_TRUE(tell(self->child.go));
	event = next_event(self->b);
	EXPECT_EQ(0, event.error);
	EXPECT_EQ(0, event.result);
	EXPECT_EQ(0, wait_for(child));
}

/* Locks in a PID namespace of its own, where it is 1, and sees the dead one as @seen; then dies. */
static pid_t locker_in_namespace(int handle, pid_t seen)
{
	pid_t child = fork();
	struct quartet_lock args;
	pid_t grandchild;

	if (child)
		return child;
	if (unshare(CLONE_NEWPID))
		_exit(2);
	grandchild = fork();
	if (!grandchild)
		_exit(mutex_lock(handle, 0, &args) || args.dead_pid != seen ||
		      mutex_state(handle).owner_pid != getpid() ||
		      mutex_state(handle).dead_pid != seen ? 1 : 7);
	_exit(wait_for(grandchild) == 7 ? grandchild % 256 : 1);
}

TEST_F(told, as_seen_from_the_caller)
{
	struct quartet_lock args;
	pid_t child = asker(&kind_of_mutex, &self->child);
	int status;

	if (!child)
		_exit(0);
	EXPECT_EQ(-SIGKILL, kill_and_wait(child));
	/* Who is not in the namespace has no number there. */
	status = wait_for(locker_in_namespace(self->a, 0));
	ASSERT_EQ(0, mutex_lock(self->b, 0, &args));
	EXPECT_EQ(QUARTET_OWNER_DIED, args.result);
	EXPECT_LT(1, args.dead_pid);
	EXPECT_EQ(status, args.dead_pid % 256);
}

/* A slot is nobody's until somebody reads that it was given. */
FIXTURE(gift) {
	int device;
	int a;
	int b;
};

FIXTURE_SETUP(gift)
{
	struct quartet_pool_put give = { .size = sizeof(give) };

	self->device = device_open();
	self->a = create(self->device, pool_args(1));
	ASSERT_LE(0, self->a);
	self->b = clone_handle(self->a);
	ASSERT_EQ(0, kind_slot(self->a, 0));
	give.fd = self->b;
	ASSERT_EQ(0, ioctl(self->a, QUARTET_POOL_GIVE, &give));
}

FIXTURE_TEARDOWN(gift)
{
	close(self->a);
	close(self->b);
	close(self->device);
}

TEST_F(gift, not_read)
{
	pid_t child = fork();

	if (!child)
		_exit(kind_has_slot(self->b) ? 7 : 1);
	EXPECT_EQ(7, wait_for(child));
	EXPECT_TRUE(kind_has_slot(self->b));
	close(self->b);
	EXPECT_TRUE(kind_slot_free(self->a));
	EXPECT_TRUE(kind_slot_after_death(self->a));
}

TEST_F(gift, read)
{
	pid_t child = fork();

	if (!child) {
		if (next_event(self->b).what != QUARTET_EVENT_GIVEN)
			_exit(1);
		close(self->b);
		_exit(7);
	}
	EXPECT_EQ(7, wait_for(child));
	EXPECT_FALSE(kind_has_slot(self->b));
	EXPECT_TRUE(kind_slot_free(self->a));
	EXPECT_TRUE(kind_slot_after_death(self->a));
}

TEST_HARNESS_MAIN
