// SPDX-License-Identifier: GPL-2.0-only
/* Tasks that take turns. The linker puts what is called __wrap_* here in place of the world's. */
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/sched.h>
#include <sanitizer/common_interface_defs.h>
#include <ucontext.h>

#include "../native/native.h"
#include "../world/world.h"
#include "fiber.h"

#define STACK_BYTES	(128 * 1024)

/* What there is to run on; ASan is told which it is. */
struct stack {
	void *jump[5];
	const void *bottom;
	size_t size;
};

struct fiber {
	struct stack stack;
	void (*body)(unsigned int n);
	bool begun, paused, sleeps;
	s64 deadline;
};

static struct fiber fibers[FIBERS];
static char stacks[FIBERS][STACK_BYTES] __aligned(64);
static struct stack outside;
static int running = -1;

void __wrap_sim_sleep(s64 deadline);
void __wrap_sim_native_relax(void);
void __wrap_sim_yield(void);

/*
 * By what the compiler has: swapcontext() asks the kernel for the signal mask each time, and
 * longjmp() lets ASan ask for the signal stack, and forget what it knows of this one. It would
 * here too, if it saw the jump.
 */
static noinline __noreturn __attribute__((no_sanitize("address")))
void jump_to(struct stack *to)
{
	__builtin_longjmp(to->jump, 1);
}

static noinline __attribute__((no_sanitize("address")))
void switch_to(struct stack *from, struct stack *to)
{
	void *fake;

	__sanitizer_start_switch_fiber(&fake, to->bottom, to->size);
	if (!__builtin_setjmp(from->jump))
		jump_to(to);
	__sanitizer_finish_switch_fiber(fake, NULL, NULL);
}

/* Never returns: what is left of it is there for the next body. */
static void run_bodies(void)
{
	unsigned int n = running;

	__sanitizer_finish_switch_fiber(NULL, &outside.bottom, &outside.size);
	for (;;) {
		fibers[n].body(n);
		switch_to(&fibers[n].stack, &outside);
	}
}

static noinline __attribute__((no_sanitize("address")))
void begin(struct fiber *fiber, unsigned int n)
{
	static ucontext_t context;
	void *fake;

	fiber->begun = true;
	fiber->stack.bottom = stacks[n];
	fiber->stack.size = STACK_BYTES;
	getcontext(&context);
	context.uc_stack.ss_sp = stacks[n];
	context.uc_stack.ss_size = STACK_BYTES;
	makecontext(&context, run_bodies, 0);
	__sanitizer_start_switch_fiber(&fake, stacks[n], STACK_BYTES);
	if (!__builtin_setjmp(outside.jump))
		setcontext(&context);
	__sanitizer_finish_switch_fiber(fake, NULL, NULL);
}

static void run(unsigned int n)
{
	struct task_struct *before = sim_current;

	native_become(n);
	running = n;
	if (fibers[n].begun)
		switch_to(&outside, &fibers[n].stack);
	else
		begin(&fibers[n], n);
	running = -1;
	sim_current = before;
}

void fiber_start(unsigned int n, void (*body)(unsigned int n))
{
	fibers[n].body = body;
	run(n);
}

void fiber_resume(unsigned int n)
{
	run(n);
}

bool fiber_paused(unsigned int n)
{
	return fibers[n].paused;
}

bool fiber_sleeps(unsigned int n)
{
	return fibers[n].sleeps;
}

s64 fiber_deadline(unsigned int n)
{
	return fibers[n].deadline;
}

static void pause_fiber(void)
{
	struct fiber *me;

	if (running < 0)
		sim_fail("assertion: waits where nobody else can act");
	me = &fibers[running];
	me->paused = true;
	switch_to(&me->stack, &outside);
	me->paused = false;
}

/* A sleeper may wake up for no reason, so whoever resumes it need not have one. */
void __wrap_sim_sleep(s64 deadline)
{
	struct task_struct *task = sim_current;

	sim_may_schedule(__FILE__, __LINE__);
	WRITE_ONCE(task->on_cpu, 0);
	fibers[task->cpu].sleeps = true;
	fibers[task->cpu].deadline = deadline;
	pause_fiber();
	fibers[task->cpu].sleeps = false;
	WRITE_ONCE(task->__state, TASK_RUNNING);
	WRITE_ONCE(task->on_cpu, 1);
}

void __wrap_sim_native_relax(void)
{
	pause_fiber();
}

void __wrap_sim_yield(void)
{
	pause_fiber();
}
