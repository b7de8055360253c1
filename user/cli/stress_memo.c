// SPDX-License-Identifier: GPL-2.0-only
/* Not yet. */
#include "stress.h"

static int nothing(struct stress *stress) { (void)stress; return 0; }
static int open_nothing(struct stress_thread *thread) { (void)thread; return 0; }
static void step(struct stress_thread *thread) { (void)thread; }
static void finish(struct stress *stress) { (void)stress; }
const struct stress_subject stress_memo = {
	.create = nothing, .open = open_nothing, .step = step, .finish = finish,
};
