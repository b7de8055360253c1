// SPDX-License-Identifier: GPL-2.0-only
/* The parent of the workers: kills, stops and replaces them, and sees all of them end. */
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "progress.h"
#include "quantity.h"
#include "quartet.h"
#include "stress.h"

#define MSEC		1000000ULL
#define PATIENCE	(10000 * MSEC)	/* to end, when all locks are given back */

/* That of a worker, and of whoever replaces it. */
struct place {
	pid_t pid;
	unsigned int incarnation, life;
	__u64 continue_at;	/* it is stopped; or 0 */
};

struct crowd {
	struct stress *stress;
	struct place place[PROCESSES_MAX];
	__u64 state;
	__u64 start, kill_at, stop_at, show_at;
	sigset_t awaited;
};

unsigned int stress_random(__u64 *state, unsigned int n)
{
	__u64 z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return (z ^ z >> 31) % n;
}

__u64 stress_seed(__u64 seed, unsigned int worker, unsigned int incarnation, unsigned int thread)
{
	__u64 state = seed + ((__u64)incarnation << 20 | worker << 10 | thread);

	stress_random(&state, 1);
	return state ^ state << 31;
}

__u64 stress_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 * MSEC + now.tv_nsec;
}

/* @phase: it may happen from now on, or it has happened. */
static void tell(struct check *check, enum history_op op, enum history_phase phase,
		 const struct place *place, pid_t pid)
{
	struct history_record record = {
		.op = op, .process = place->life, .pid = pid, .handle = -1, .key = -1, .slot = -1,
	};

	history_tell(&check->history, phase, &record);
}

static void be_worker(struct crowd *crowd, unsigned int index, unsigned int life, pid_t parent)
{
	struct stress *stress = crowd->stress;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_CANNOT_RUN);
	pthread_sigmask(SIG_UNBLOCK, &crowd->awaited, NULL);
	/* A terminal sends these to all; they are the parent's. */
	setpgid(0, 0);
	atomic_store(&stress->check->life[life].pid, getpid());
	tell(stress->check, HISTORY_START, HISTORY_OK, &crowd->place[index], getpid());
	stress_work(stress, index, crowd->place[index].incarnation, life);
	tell(stress->check, HISTORY_DEATH, HISTORY_INVOKE, &crowd->place[index], getpid());
	_exit(EXIT_GOOD);
}

static void spawn(struct crowd *crowd, unsigned int index)
{
	struct place *place = &crowd->place[index];
	unsigned int life = atomic_fetch_add(&crowd->stress->check->lives, 1);
	pid_t parent = getpid();

	place->life = life;
	place->pid = fork();
	if (place->pid < 0)
		err(EXIT_CANNOT_RUN, "fork");
	if (!place->pid)
		be_worker(crowd, index, life, parent);
	atomic_store(&crowd->stress->check->life[life].pid, place->pid);
	place->incarnation++;
	place->continue_at = 0;
}

/* What its threads were in when it was killed. */
static void bury(struct crowd *crowd, unsigned int index)
{
	struct check *check = crowd->stress->check;
	struct check_thread *thread;
	unsigned int i, kind;

	for (i = 0; i < crowd->stress->threads; i++) {
		thread = &check->thread[index][i];
		kind = atomic_exchange(&thread->kind, 0);
		if (kind)
			check_count(check, kind - 1, COUNT_KILLS);
		atomic_store(&thread->forgets, 0);
		atomic_store(&thread->crosses, 0);
		atomic_store(&thread->closed, 0);
	}
}

static void mark_killed(struct check *check, pid_t pid)
{
	unsigned int i = atomic_load(&check->lives);

	while (i-- > 0) {
		if (atomic_load(&check->life[i].pid) == pid) {
			atomic_store(&check->life[i].killed, true);
			return;
		}
	}
}

static void kill_one(struct crowd *crowd)
{
	unsigned int index = stress_random(&crowd->state, crowd->stress->processes);
	struct check *check = crowd->stress->check;
	pid_t pid = crowd->place[index].pid;

	if (atomic_load(&crowd->stress->check->lives) == LIVES_MAX)
		return;
	mark_killed(crowd->stress->check, pid);
	tell(check, HISTORY_DEATH, HISTORY_INVOKE, &crowd->place[index], pid);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	tell(check, HISTORY_DEATH, HISTORY_OK, &crowd->place[index], pid);
	bury(crowd, index);
	spawn(crowd, index);
}

static void stop_one(struct crowd *crowd)
{
	unsigned int index = stress_random(&crowd->state, crowd->stress->processes);

	kill(crowd->place[index].pid, SIGSTOP);
	crowd->place[index].continue_at = stress_now() +
					  stress_random(&crowd->state, 20) * MSEC;
}

static void continue_those(struct crowd *crowd, __u64 now)
{
	unsigned int i;

	for (i = 0; i < crowd->stress->processes; i++) {
		struct place *place = &crowd->place[i];

		if (place->continue_at && place->continue_at <= now) {
			place->continue_at = 0;
			kill(place->pid, SIGCONT);
		}
	}
}

/* It has ended: by itself, with something held, if it has said so. */
static void worker_ended(struct crowd *crowd, unsigned int index, int status)
{
	struct place *place = &crowd->place[index];
	struct check *check = crowd->stress->check;
	bool said = atomic_load(&check->life[place->life].killed);

	tell(check, HISTORY_DEATH, HISTORY_OK, place, place->pid);
	place->pid = 0;
	if (status && !said)
		errx(EXIT_CANNOT_RUN, "a worker has ended: status %#x", status);
	if (!said)
		return;
	bury(crowd, index);
	if (!atomic_load(&check->stop))
		spawn(crowd, index);
}

/* Workers, and children that they have left. */
static bool reap(struct crowd *crowd)
{
	unsigned int i;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (i = 0; i < crowd->stress->processes; i++)
			if (crowd->place[i].pid == pid)
				break;
		if (i < crowd->stress->processes)
			worker_ended(crowd, i, status);
	}
	return pid < 0;
}

static bool has_workers(const struct crowd *crowd)
{
	unsigned int i;

	for (i = 0; i < crowd->stress->processes; i++)
		if (crowd->place[i].pid)
			return true;
	return false;
}

static __u64 soon(struct crowd *crowd, __u64 now, __u64 period)
{
	return period ? now + stress_random(&crowd->state, 2 * period / 1000) * 1000 : ~0ULL;
}

static void show(struct crowd *crowd, __u64 now)
{
	struct check *check = crowd->stress->check;
	__u64 sums[COUNTS] = { 0 };
	char text[64], grants[HUMAN_LEN];
	int i, j;

	for (i = 0; i < STRESS_KINDS; i++)
		for (j = 0; j < COUNTS; j++)
			sums[j] += atomic_load(&check->counts[i][j]);
	snprintf(text, sizeof(text), "%s grants  %llu killed  %llu violations",
		 human_count(grants, sums[COUNT_GRANTS]), sums[COUNT_KILLS],
		 sums[COUNT_VIOLATIONS]);
	progress_line(now - crowd->start, crowd->stress->time_ns, text);
	crowd->show_at = now + 200 * MSEC;
}

static void disturb(struct crowd *crowd, __u64 now)
{
	struct stress *stress = crowd->stress;

	if (crowd->kill_at <= now) {
		kill_one(crowd);
		crowd->kill_at = soon(crowd, now, stress->kill_ns);
	}
	if (crowd->stop_at <= now) {
		stop_one(crowd);
		crowd->stop_at = soon(crowd, now, stress->stop_ns);
	}
	continue_those(crowd, now);
	if (stress->progress && crowd->show_at <= now)
		show(crowd, now);
}

/* In which operation each thread is that does not end. */
static void complain_of_stuck(struct crowd *crowd)
{
	struct check *check = crowd->stress->check;
	unsigned int i, j, kind;

	for (i = 0; i < crowd->stress->processes; i++) {
		for (j = 0; j < crowd->stress->threads; j++) {
			kind = atomic_load(&check->thread[i][j].kind);
			if (kind)
				check_fail(check, kind - 1, "%s: %d is stuck",
					   stress_names[kind - 1], crowd->place[i].pid);
		}
		if (crowd->place[i].pid)
			kill(crowd->place[i].pid, SIGKILL);
	}
}

/* Nobody is disturbed any more: only the right grants can end a wait. */
static void end(struct crowd *crowd)
{
	__u64 deadline = stress_now() + PATIENCE;

	atomic_store(&crowd->stress->check->stop, true);
	continue_those(crowd, ~0ULL);
	while (!reap(crowd)) {
		if (!has_workers(crowd))
			atomic_store(&crowd->stress->check->heirs_go, true);
		if (deadline < stress_now()) {
			complain_of_stuck(crowd);
			deadline = ~0ULL;
		}
		usleep(1000);
	}
	tell(crowd->stress->check, HISTORY_END, HISTORY_OK, &crowd->place[0], 0);
}

static void catch_signals(struct crowd *crowd)
{
	sigemptyset(&crowd->awaited);
	sigaddset(&crowd->awaited, SIGHUP);
	sigaddset(&crowd->awaited, SIGINT);
	sigaddset(&crowd->awaited, SIGTERM);
	sigprocmask(SIG_BLOCK, &crowd->awaited, NULL);
}

void stress_run(struct stress *stress)
{
	static const struct timespec tick = { .tv_nsec = MSEC };
	struct crowd crowd = { .stress = stress };
	unsigned int i;
	__u64 now;

	prctl(PR_SET_CHILD_SUBREAPER, 1);
	catch_signals(&crowd);
	crowd.state = stress_seed(stress->seed, PROCESSES_MAX, 0, 0);
	for (i = 0; i < stress->processes; i++)
		spawn(&crowd, i);
	crowd.start = stress_now();
	crowd.kill_at = soon(&crowd, crowd.start, stress->kill_ns);
	crowd.stop_at = soon(&crowd, crowd.start, stress->stop_ns);
	for (now = crowd.start; now - crowd.start < stress->time_ns; now = stress_now()) {
		disturb(&crowd, now);
		reap(&crowd);
		stress->caught = sigtimedwait(&crowd.awaited, NULL, &tick);
		if (stress->caught > 0)
			break;
	}
	if (stress->caught < 0)
		stress->caught = 0;
	end(&crowd);
	stress->elapsed_ns = stress_now() - crowd.start;
	if (stress->progress)
		progress_erase();
}
