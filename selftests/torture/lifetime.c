// SPDX-License-Identifier: GPL-2.0-only
/* What ends a run early, and what must wait for it: signals, kill, close, rmmod, a second run. */
#include <pthread.h>
#include <signal.h>

#include "kselftest_harness.h"
#include "../module.h"
#include "../torture/spin_run.h"

FIXTURE(lifetime) {
	int fd;
	pid_t runner;
};

static bool is_running(int fd)
{
	struct quartet_torture_progress progress = { .size = sizeof(progress) };

	return !ioctl(fd, QUARTET_TORTURE_PROGRESS, &progress) && progress.running;
}

static void ignore(int signal)
{
}

/* A child in the middle of a run of a minute; exits with 7 if a signal ended it well. */
FIXTURE_SETUP(lifetime)
{
	struct sigaction action = { .sa_handler = ignore };

	self->fd = torture_open();
	ASSERT_LE(0, self->fd);
	self->runner = fork();
	if (!self->runner) {
		struct quartet_torture_spin args = spin_args(QUARTET_SPIN_QUEUED);
		int fd = torture_open();

		sigaction(SIGUSR1, &action, NULL);
		args.duration_ns = 60000 * MSEC;
		_exit(!spin_run(fd, &args) && args.ended == QUARTET_ENDED_BY_SIGNAL &&
		      args.grants && !args.violations ? 7 : 1);
	}
	while (!is_running(self->fd))
		usleep(1000);
}

FIXTURE_TEARDOWN(lifetime)
{
	struct quartet_torture_spin args = spin_args(QUARTET_SPIN_QUEUED);

	kill(self->runner, SIGKILL);
	waitpid(self->runner, NULL, 0);
	EXPECT_FALSE(is_running(self->fd));
	EXPECT_EQ(0, spin_run(self->fd, &args));
	close(self->fd);
}

TEST_F(lifetime, signal_ends_a_run_with_its_results)
{
	int status;

	kill(self->runner, SIGUSR1);
	ASSERT_EQ(self->runner, waitpid(self->runner, &status, 0));
	EXPECT_TRUE(WIFEXITED(status));
	EXPECT_EQ(7, WEXITSTATUS(status));
}

TEST_F(lifetime, kill_ends_a_run)
{
	int status;

	kill(self->runner, SIGKILL);
	ASSERT_EQ(self->runner, waitpid(self->runner, &status, 0));
	EXPECT_TRUE(WIFSIGNALED(status));
}

TEST_F(lifetime, second_run_is_busy)
{
	struct quartet_torture_spin args = spin_args(QUARTET_SPIN_QUEUED);

	EXPECT_EQ(-1, spin_run(self->fd, &args));
	EXPECT_EQ(EBUSY, errno);
	EXPECT_TRUE(is_running(self->fd));
}

TEST_F(lifetime, rmmod_is_refused)
{
	EXPECT_EQ(-1, module_try_remove("quartet_torture"));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(-1, module_try_remove("quartet"));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_TRUE(is_running(self->fd));
}

struct closing {
	int fd;
	int result;
};

static void *run_on(void *data)
{
	struct quartet_torture_spin args = spin_args(QUARTET_SPIN_QUEUED);
	struct closing *closing = data;

	args.duration_ns = 300 * MSEC;
	closing->result = spin_run(closing->fd, &args);
	return NULL;
}

/* The call holds the file: closing the descriptor does not end a run. */
TEST(closing_lets_a_run_finish)
{
	struct closing closing = { .fd = torture_open() };
	int other = torture_open();
	pthread_t thread;

	ASSERT_EQ(0, pthread_create(&thread, NULL, run_on, &closing));
	while (!is_running(other))
		usleep(1000);
	ASSERT_EQ(0, close(closing.fd));
	EXPECT_TRUE(is_running(other));
	ASSERT_EQ(0, pthread_join(thread, NULL));
	EXPECT_EQ(0, closing.result);
	close(other);
}

/* Signals at every moment of a run, from its set-up on. */
TEST(signals_at_any_moment)
{
	struct sigaction action = { .sa_handler = ignore };
	int fd = torture_open();

	ASSERT_EQ(0, sigaction(SIGALRM, &action, NULL));
	for (int us = 1; us < 20000; us *= 2) {
		struct quartet_torture_spin args = spin_args(QUARTET_SPIN_QUEUED);
		int result;

		args.duration_ns = 20 * MSEC;
		ualarm(us, 0);
		result = spin_run(fd, &args);
		EXPECT_TRUE(!result || errno == EINTR);
		EXPECT_FALSE(is_running(fd));
	}
	close(fd);
}

TEST_HARNESS_MAIN
