// SPDX-License-Identifier: GPL-2.0-only
/* /dev/quartet's mutex, and what processes use today: each survives the death of its owner. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/sem.h>
#include <unistd.h>

#include <quartet.h>

#include "locks.h"

static struct quartet_mutex *created, *attached;
static pthread_mutex_t *robust;
static char path[] = "/tmp/quartet-bench";
static int file = -1, semaphore = -1;

static int create_quartet(void)
{
	struct quartet_mutex_params params = { };

	return quartet_mutex_create(&created, NULL, &params);
}

/* Each process is an owner of its own. */
static void attach_quartet(void)
{
	if (quartet_mutex_clone(&attached, created))
		abort();
}

static int lock_quartet(void)
{
	return quartet_mutex_lock(attached, NULL);
}

static void unlock_quartet(void)
{
	quartet_mutex_consistent(attached, 0);
	quartet_mutex_unlock(attached, 0);
}

static void destroy_quartet(void)
{
	quartet_mutex_close(created);
}

static int create_robust(void)
{
	pthread_mutexattr_t how;

	robust = mmap(NULL, sizeof(*robust), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		      -1, 0);
	if (robust == MAP_FAILED)
		return -errno;
	pthread_mutexattr_init(&how);
	pthread_mutexattr_setpshared(&how, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&how, PTHREAD_MUTEX_ROBUST);
	return -pthread_mutex_init(robust, &how);
}

static void attach_nothing(void)
{
}

static int lock_robust(void)
{
	int err = pthread_mutex_lock(robust);

	return err == EOWNERDEAD ? 1 : -err;
}

static void unlock_robust(void)
{
	pthread_mutex_consistent(robust);
	pthread_mutex_unlock(robust);
}

static void destroy_robust(void)
{
	munmap(robust, sizeof(*robust));
}

static int create_flock(void)
{
	file = open(path, O_RDWR | O_CREAT, 0600);
	return file < 0 ? -errno : 0;
}

/* The lock is the open file's. */
static void attach_flock(void)
{
	file = open(path, O_RDWR);
}

static int lock_flock(void)
{
	return flock(file, LOCK_EX) ? -errno : 0;
}

static void unlock_flock(void)
{
	flock(file, LOCK_UN);
}

static void destroy_flock(void)
{
	close(file);
	unlink(path);
}

static int move(int by)
{
	struct sembuf move = { .sem_op = by, .sem_flg = SEM_UNDO };

	return semop(semaphore, &move, 1) ? -errno : 0;
}

static int create_semaphore(void)
{
	struct sembuf free = { .sem_op = 1 };

	semaphore = semget(IPC_PRIVATE, 1, 0600);
	return semaphore < 0 || semop(semaphore, &free, 1) ? -errno : 0;
}

static int lock_semaphore(void)
{
	return move(-1);
}

static void unlock_semaphore(void)
{
	move(1);
}

static void destroy_semaphore(void)
{
	semctl(semaphore, 0, IPC_RMID);
}

const struct shared_lock shared_locks[] = {
	{ "quartet", create_quartet, attach_quartet, lock_quartet, unlock_quartet,
	  destroy_quartet },
	{ "robust-pthread", create_robust, attach_nothing, lock_robust, unlock_robust,
	  destroy_robust },
	{ "flock", create_flock, attach_flock, lock_flock, unlock_flock, destroy_flock },
	{ "sysv-semaphore", create_semaphore, attach_nothing, lock_semaphore, unlock_semaphore,
	  destroy_semaphore },
};

const int shared_locks_number = sizeof(shared_locks) / sizeof(shared_locks[0]);
