// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A lock that survives kill -9: its owner is killed in the middle of a transfer, and who locks next
 * is told so, and repairs what it finds.
 */
#include <error.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <quartet.h>

struct accounts {
	int mine;
	int yours;	/* with what is mine, 100 */
};

/* Is killed with the lock held, and before what it took is anywhere. */
static void transfer(struct quartet_mutex *mutex, struct accounts *accounts)
{
	int err = quartet_mutex_lock(mutex, NULL);

	if (err)
		error(1, -err, "lock");
	accounts->mine -= 30;
	raise(SIGKILL);
	accounts->yours += 30;
	quartet_mutex_unlock(mutex, 0);
}

static void repair(struct accounts *accounts, const struct quartet_mutex_grant *grant)
{
	printf("process %d (%s) died with the lock held\n", grant->dead_pid, grant->dead_comm);
	printf("found %d + %d", accounts->mine, accounts->yours);
	accounts->yours = 100 - accounts->mine;
	printf(", left %d + %d\n", accounts->mine, accounts->yours);
}

int main(void)
{
	struct accounts *accounts = mmap(NULL, sizeof(*accounts), PROT_READ | PROT_WRITE,
					 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct quartet_mutex_grant grant;
	struct quartet_mutex *mutex;
	int err = quartet_mutex_create(&mutex, NULL, NULL);

	if (err)
		error(1, -err, "/dev/quartet");
	accounts->mine = 100;
	if (!fork())
		transfer(mutex, accounts);
	wait(NULL);

	err = quartet_mutex_lock(mutex, &grant);
	if (err < 0)
		error(1, -err, "lock");
	if (err == QUARTET_OWNER_DIED) {
		repair(accounts, &grant);
		quartet_mutex_consistent(mutex, grant.token);
	}
	quartet_mutex_unlock(mutex, grant.token);
	err = quartet_mutex_lock(mutex, NULL);
	printf("after that it is as new: %d\n", err);
	quartet_mutex_close(mutex);
	return 0;
}
