// SPDX-License-Identifier: GPL-2.0-only
/* Event loops: poll, epoll in all its forms, several readers, io_uring, and readers that die. */
#include <sys/epoll.h>
#include <sys/select.h>

#include "kselftest_harness.h"
#include "ring.h"
#include "story.h"

FIXTURE(lock) {
	int has;
	int wants;
};

FIXTURE_SETUP(lock)
{
	story_begin();
	self->has = new_object(mutex_args());
	ASSERT_LE(0, self->has);
	self->wants = clone_handle(self->has);
	ASSERT_LE(0, self->wants);
	ASSERT_EQ(0, mutex_lock(self->has, 0, NULL));
}

FIXTURE_TEARDOWN(lock)
{
	close(self->has);
	close(self->wants);
	story_end();
}

static int ask(int handle)
{
	return WAS_REFUSED(EINPROGRESS, mutex_lock(handle, QUARTET_ASYNC, NULL)) ? 0 : -1;
}

static int watch(int epoll, int fd, __u32 events)
{
	struct epoll_event event = { .events = events, .data.fd = fd };

	return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

/* Which of the descriptors is ready, or -1. */
static int ready(int epoll, int ms)
{
	struct epoll_event event;

	return epoll_wait(epoll, &event, 1, ms) == 1 ? event.data.fd : -1;
}

/*
 * A server with one event loop waits for a lock by 64 handles at a time. Each gets it once, in the
 * order in which they asked.
 * Reported of event loops: mtcp-stack/mtcp #297.
 */
TEST_F(lock, one_loop_for_many)
{
	int epoll = epoll_create1(EPOLL_CLOEXEC), handles[64], i;

	for (i = 0; i < 64; i++) {
		handles[i] = clone_handle(self->has);
		ASSERT_EQ(0, watch(epoll, handles[i], EPOLLIN));
		ASSERT_EQ(0, ask(handles[i]));
	}
	EXPECT_EQ(-1, ready(epoll, 0));
	ASSERT_EQ(0, mutex_unlock(self->has));
	for (i = 0; i < 64; i++) {
		ASSERT_EQ(handles[i], ready(epoll, 5000));
		ASSERT_EQ(0, next_event(handles[i]).error);
		EXPECT_EQ(-1, i < 63 ? ready(epoll, 0) : -1);
		ASSERT_EQ(0, mutex_unlock(handles[i]));
		close(handles[i]);
	}
	EXPECT_EQ(0, mutex_state(self->has).state);
	close(epoll);
}

/*
 * A program watches its handle edge-triggered. It hears of each event once, whether it reads it or
 * not, and of the next one again.
 * Reported of EPOLLET: microsoft/WSL #2462, meh/nucular #6.
 */
TEST_F(lock, edge_triggered)
{
	int epoll = epoll_create1(EPOLL_CLOEXEC), i;

	ASSERT_EQ(0, watch(epoll, self->wants, EPOLLIN | EPOLLET));
	EXPECT_EQ(-1, ready(epoll, 0));
	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, ask(self->wants));
		ASSERT_EQ(0, mutex_unlock(self->has));
		EXPECT_EQ(self->wants, ready(epoll, 5000));
		EXPECT_EQ(-1, ready(epoll, 0));
		EXPECT_TRUE(is_readable(self->wants, 0));
		EXPECT_EQ(0, next_event(self->wants).error);
		EXPECT_EQ(-1, ready(epoll, 0));
		ASSERT_EQ(0, mutex_unlock(self->wants));
		ASSERT_EQ(0, mutex_lock(self->has, 0, NULL));
	}
	close(epoll);
}

/*
 * A library has an event loop of its own, inside of the program's loop. An event of the handle
 * comes through both.
 * Reported of nested epoll: rust-lang/miri #3829.
 */
TEST_F(lock, loop_in_a_loop)
{
	int inner = epoll_create1(EPOLL_CLOEXEC), outer = epoll_create1(EPOLL_CLOEXEC);

	ASSERT_EQ(0, watch(inner, self->wants, EPOLLIN));
	ASSERT_EQ(0, watch(outer, inner, EPOLLIN | EPOLLET));
	ASSERT_EQ(0, ask(self->wants));
	EXPECT_EQ(-1, ready(outer, 0));
	ASSERT_EQ(0, mutex_unlock(self->has));
	EXPECT_EQ(inner, ready(outer, 5000));
	EXPECT_EQ(self->wants, ready(inner, 5000));
	EXPECT_EQ(0, next_event(self->wants).error);
	EXPECT_EQ(-1, ready(inner, 0));
	close(inner);
	close(outer);
}

/*
 * A program watches its handle for one event at a time, and says when it wants to hear again. An
 * event that it has not read yet is told again then.
 * Reported of EPOLLONESHOT: davidmoreno/onion #235, piscisaureus/wepoll #28.
 */
TEST_F(lock, one_shot)
{
	struct epoll_event again = { .events = EPOLLIN | EPOLLONESHOT };
	int epoll = epoll_create1(EPOLL_CLOEXEC);

	again.data.fd = self->wants;
	ASSERT_EQ(0, watch(epoll, self->wants, EPOLLIN | EPOLLONESHOT));
	ASSERT_EQ(0, ask(self->wants));
	ASSERT_EQ(0, mutex_unlock(self->has));
	EXPECT_EQ(self->wants, ready(epoll, 5000));
	EXPECT_EQ(-1, ready(epoll, 0));
	ASSERT_EQ(0, epoll_ctl(epoll, EPOLL_CTL_MOD, self->wants, &again));
	EXPECT_EQ(self->wants, ready(epoll, 5000));
	EXPECT_EQ(0, next_event(self->wants).error);
	ASSERT_EQ(0, epoll_ctl(epoll, EPOLL_CTL_MOD, self->wants, &again));
	EXPECT_EQ(-1, ready(epoll, 0));
	close(epoll);
}

/*
 * An old program waits by select(). The handle is readable when it has the lock, and never
 * writable or exceptional.
 * Reported of poll loops: rust-lang/futures-rs #2.
 */
TEST_F(lock, select_waits_too)
{
	struct timeval limit = { .tv_sec = 5 };
	fd_set readable, other;

	ASSERT_EQ(0, ask(self->wants));
	ASSERT_EQ(0, mutex_unlock(self->has));
	FD_ZERO(&readable);
	FD_ZERO(&other);
	FD_SET(self->wants, &readable);
	FD_SET(self->wants, &other);
	EXPECT_EQ(1, select(self->wants + 1, &readable, NULL, &other, &limit));
	EXPECT_TRUE(FD_ISSET(self->wants, &readable));
	EXPECT_FALSE(FD_ISSET(self->wants, &other));
	EXPECT_EQ(0, next_event(self->wants).error);
}

/* Reads one event, and exits with minus its error; or with 0 and tells the token. */
static pid_t reader(int handle, int number)
{
	pid_t child = start();

	if (!child) {
		struct quartet_event event = next_event(handle);

		shared[number] = !event.error && event.token;
		_exit(-event.error);
	}
	return SOON(state_of(child) == 'S') ? child : -1;
}

/*
 * Two workers of a server read the same handle. One of them gets the event; the other goes on
 * waiting, until somebody says CANCEL.
 * Reported of shared descriptors: shadow/shadow #2260, ziglang/zig #6399.
 */
TEST_F(lock, two_readers)
{
	pid_t readers[2];
	int status, first;

	ASSERT_EQ(0, ask(self->wants));
	readers[0] = reader(self->wants, 0);
	readers[1] = reader(self->wants, 1);
	ASSERT_LT(0, readers[0]);
	ASSERT_LT(0, readers[1]);
	ASSERT_EQ(0, mutex_unlock(self->has));
	first = wait(&status);
	EXPECT_EQ(0, status);
	EXPECT_EQ(1, shared[0] + shared[1]);
	usleep(20000);
	EXPECT_EQ(0, waitpid(-1, &status, WNOHANG));
	EXPECT_EQ(0, ioctl(self->wants, QUARTET_CANCEL, 0));
	EXPECT_EQ(ECANCELED, wait_for(first == readers[0] ? readers[1] : readers[0]));
	EXPECT_TRUE(is_mine(self->wants));
}

/*
 * A program blocks in read() for a lock that does not come, and another thread wants to shut down:
 * it says CANCEL. The read returns an event with ECANCELED, and the request is gone.
 * Reported of cancelled waits: python/cpython #88157, agronholm/anyio #398.
 */
TEST_F(lock, read_is_cancelled)
{
	pid_t child;

	ASSERT_EQ(0, ask(self->wants));
	child = reader(self->wants, 0);
	ASSERT_LT(0, child);
	EXPECT_EQ(0, ioctl(self->wants, QUARTET_CANCEL, 0));
	EXPECT_EQ(ECANCELED, wait_for(child));
	EXPECT_EQ(0, mutex_state(self->has).waiters);
	EXPECT_FALSE(is_readable(self->wants, 0));
	EXPECT_EQ(0, ask(self->wants));
}

/*
 * A program asks, hears by poll() that it has the lock, and is killed before it reads that. It had
 * the lock, so the next one is told of its death.
 * Reported of killed readers: ionelmc/python-redis-lock #92.
 */
TEST_F(lock, killed_between_poll_and_read)
{
	pid_t child = start();

	if (!child) {
		if (ask(self->wants))
			_exit(1);
		shared[0] = 1;
		shared[1] = is_readable(self->wants, 10000);
		for (;;)
			pause();
	}
	ASSERT_TRUE(SOON(shared[0]));
	ASSERT_EQ(0, mutex_unlock(self->has));
	ASSERT_TRUE(SOON(shared[1]));
	EXPECT_EQ(child, mutex_state(self->has).owner_pid);
	EXPECT_EQ(-SIGKILL, kill_and_wait(child));
	EXPECT_DIED(child, self->has);
}

/*
 * A server asks, and leaves it to a worker to poll and read; the worker is killed in between. The
 * event is still there, and the server reads it.
 * Reported of killed workers: noxdafox/pebble #97.
 */
TEST_F(lock, worker_killed_between_poll_and_read)
{
	pid_t worker = start();

	if (!worker) {
		shared[1] = is_readable(self->wants, 10000);
		for (;;)
			pause();
	}
	ASSERT_EQ(0, ask(self->wants));
	ASSERT_EQ(0, mutex_unlock(self->has));
	ASSERT_TRUE(SOON(shared[1]));
	EXPECT_EQ(-SIGKILL, kill_and_wait(worker));
	EXPECT_TRUE(is_mine(self->wants));
	EXPECT_EQ(0, next_event(self->wants).error);
	EXPECT_EQ(0, mutex_unlock(self->wants));
}

/*
 * A program asks by a handle that others have too, and dies before its turn. It gets nothing any
 * more: the lock goes to the one behind it, who is told of no death.
 * Reported of dead clients: eclipse-iceoryx/iceoryx2 #601.
 */
TEST_F(lock, asker_dies_before_its_turn)
{
	int behind = clone_handle(self->has);
	struct quartet_event event;
	pid_t child = start();

	if (!child)
		_exit(ask(self->wants) ? 1 : 0);
	ASSERT_EQ(0, wait_for(child));
	ASSERT_EQ(0, ask(behind));
	ASSERT_EQ(0, mutex_unlock(self->has));
	ASSERT_TRUE(is_readable(behind, 5000));
	event = next_event(behind);
	EXPECT_EQ(0, event.error);
	EXPECT_EQ(0, event.result);
	EXPECT_FALSE(is_mine(self->wants));
	close(behind);
}

/*
 * A program reads with too little room, finds its mistake, and reads again. The event has not been
 * lost.
 * Reported of short reads: axboe/liburing #1185.
 */
TEST_F(lock, read_with_too_little_room)
{
	char little[4];

	ASSERT_EQ(0, fcntl(self->wants, F_SETFL, O_NONBLOCK));
	EXPECT_REFUSED(EAGAIN, read(self->wants, &(struct quartet_event){ }, 24));
	ASSERT_EQ(0, ask(self->wants));
	ASSERT_EQ(0, mutex_unlock(self->has));
	EXPECT_REFUSED(EINVAL, read(self->wants, little, sizeof(little)));
	EXPECT_REFUSED(EFAULT, syscall(SYS_read, self->wants, NULL, sizeof(struct quartet_event)));
	EXPECT_TRUE(is_readable(self->wants, 0));
	EXPECT_EQ(0, next_event(self->wants).error);
}

/*
 * A program asks twice by one handle. The second request is refused while the first is pending, and
 * while its event is not read.
 * Reported of event loops: Thomasdezeeuw/gaea #54.
 */
TEST_F(lock, asks_twice)
{
	ASSERT_EQ(0, ask(self->wants));
	EXPECT_REFUSED(EBUSY, mutex_lock(self->wants, QUARTET_ASYNC, NULL));
	ASSERT_EQ(0, mutex_unlock(self->has));
	ASSERT_TRUE(is_readable(self->wants, 5000));
	ASSERT_EQ(0, next_event(self->wants).error);
	EXPECT_REFUSED(EDEADLK, mutex_lock(self->wants, QUARTET_ASYNC, NULL));
	EXPECT_EQ(0, mutex_unlock(self->wants));
}

/*
 * A program gives up the lock before it has read that it had it. There is no event of that grant
 * any more, and a new request has its own.
 * Reported of stale events: axboe/liburing #849.
 */
TEST_F(lock, unlocked_before_it_is_read)
{
	ASSERT_EQ(0, ask(self->wants));
	ASSERT_EQ(0, mutex_unlock(self->has));
	ASSERT_TRUE(is_readable(self->wants, 5000));
	ASSERT_EQ(0, mutex_unlock(self->wants));
	EXPECT_FALSE(is_readable(self->wants, 0));
	ASSERT_EQ(0, mutex_lock(self->has, 0, NULL));
	ASSERT_EQ(0, ask(self->wants));
	EXPECT_FALSE(is_readable(self->wants, 0));
	ASSERT_EQ(0, mutex_unlock(self->has));
	EXPECT_TRUE(is_readable(self->wants, 5000));
}

/*
 * A loop closes a handle that it watches, while its request is pending. The request is gone with
 * it, and the lock goes to the one behind.
 * Reported of closed descriptors: kohlschutter/junixsocket #13.
 */
TEST_F(lock, closed_while_it_is_watched)
{
	int epoll = epoll_create1(EPOLL_CLOEXEC), handle = clone_handle(self->has);

	ASSERT_EQ(0, watch(epoll, handle, EPOLLIN));
	ASSERT_EQ(0, ask(handle));
	ASSERT_EQ(0, ask(self->wants));
	close(handle);
	EXPECT_EQ(1, mutex_state(self->has).waiters);
	ASSERT_EQ(0, mutex_unlock(self->has));
	EXPECT_TRUE(is_readable(self->wants, 5000));
	EXPECT_EQ(-1, ready(epoll, 0));
	close(epoll);
}

/*
 * A program polls the handle by io_uring. The poll completes when it has the lock.
 * Reported of io_uring: axboe/liburing #117.
 */
TEST_F(lock, polled_by_io_uring)
{
	struct ring ring;
	__s32 result;

	if (ring_open(&ring))
		SKIP(return, "no io_uring");
	ASSERT_EQ(0, ask(self->wants));
	ASSERT_EQ(0, ring_poll(&ring, self->wants, POLLIN));
	EXPECT_FALSE(ring_result(&ring, &result));
	ASSERT_EQ(0, mutex_unlock(self->has));
	ASSERT_TRUE(SOON(ring_result(&ring, &result)));
	EXPECT_TRUE(result & POLLIN);
	EXPECT_EQ(0, next_event(self->wants).error);
	ring_close(&ring);
}

/*
 * A program reads the handle by io_uring, before it has the lock. The read completes with the event
 * of the grant.
 * Reported of io_uring: axboe/liburing #851.
 */
TEST_F(lock, read_by_io_uring)
{
	struct quartet_event event = { };
	struct ring ring;
	__s32 result;

	if (ring_open(&ring))
		SKIP(return, "no io_uring");
	ASSERT_EQ(0, ask(self->wants));
	ASSERT_EQ(0, ring_read(&ring, self->wants, &event, sizeof(event)));
	usleep(20000);
	EXPECT_FALSE(ring_result(&ring, &result));
	ASSERT_EQ(0, mutex_unlock(self->has));
	ASSERT_TRUE(SOON(ring_result(&ring, &result)));
	EXPECT_EQ(sizeof(event), result);
	EXPECT_EQ(QUARTET_EVENT_LOCK, event.what);
	EXPECT_EQ(0, event.error);
	EXPECT_EQ(mutex_state(self->has).token, event.token);
	ring_close(&ring);
}

/*
 * A program is killed while io_uring polls and reads its handle. The ring ends with it, and so does
 * its request; the lock goes on.
 * Reported of io_uring: axboe/liburing #849.
 */
TEST_F(lock, killed_with_a_ring)
{
	pid_t child = start();

	if (!child) {
		struct quartet_event event;
		struct ring ring;

		if (ring_open(&ring))
			_exit(77);
		if (ask(self->wants) || ring_poll(&ring, self->wants, POLLIN) ||
		    ring_read(&ring, self->wants, &event, sizeof(event)))
			_exit(1);
		shared[0] = 1;
		for (;;)
			pause();
	}
	if (!SOON(shared[0])) {
		ASSERT_EQ(77, wait_for(child));
		SKIP(return, "no io_uring");
	}
	usleep(20000);
	EXPECT_EQ(-SIGKILL, kill_and_wait(child));
	EXPECT_TRUE(SOON(!mutex_state(self->has).waiters));
	EXPECT_EQ(0, mutex_unlock(self->has));
	EXPECT_EQ(0, mutex_lock(self->has, QUARTET_TRY, NULL));
}

TEST_HARNESS_MAIN
