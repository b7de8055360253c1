// SPDX-License-Identifier: GPL-2.0-only
/* The dictionary: values at which something is likely to change. */
#include <stdlib.h>

#include "fuzz.h"

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

/* Each constant of the header, as the build has found them. */
static const __u64 constants[] = {
#include "fuzz_constants.h"
};

static const __u64 sizes[] = {
	sizeof(struct quartet_info), sizeof(struct quartet_create), sizeof(struct quartet_open),
	sizeof(struct quartet_unlink), sizeof(struct quartet_list), sizeof(struct quartet_lock),
	sizeof(struct quartet_grant), sizeof(struct quartet_mutex_info),
	sizeof(struct quartet_pool_get), sizeof(struct quartet_pool_put),
	sizeof(struct quartet_pool_info), sizeof(struct quartet_memo_get),
	sizeof(struct quartet_memo_fulfil), sizeof(struct quartet_memo_forget),
	sizeof(struct quartet_memo_clear), sizeof(struct quartet_memo_info), 4096,
};

static __u64 limits[9];
static unsigned int random_state;
static char memory[4096];

void words_init(void)
{
	struct quartet_info info = { .size = sizeof(info) };

	if (ioctl(device, QUARTET_INFO, &info))
		return;
	limits[0] = info.name_max;
	limits[1] = info.key_max;
	limits[2] = info.value_max;
	limits[3] = info.slot_max;
	limits[4] = info.user_objects;
	limits[5] = info.user_handles;
	limits[6] = info.user_bytes;
	limits[7] = info.version;
	limits[8] = info.features;
}

void words_seed(unsigned int seed)
{
	random_state = seed;
}

unsigned int words_random(unsigned int n)
{
	return (unsigned int)rand_r(&random_state) % n;
}

/* It, or a neighbour. */
static __u64 beside(__u64 word, unsigned int n)
{
	return word + n % 3 - 1;
}

/* Errors of the kernel's own, which no process is ever to see: 512 to 531. */
static int internal_error(unsigned int n)
{
	return -512 - (int)(n % 20);
}

int error_of(unsigned int n)
{
	unsigned int which = n / 8;

	switch (n % 8) {
	case 0:
	case 1:
	case 2:
		return setup.favourite;
	case 3:
		return internal_error(which);
	case 4:
		return -(int)(which % 4095 + 1);
	case 5:
		return which % 4095 + 1;
	case 6:
		return word_of(which);
	default:
		return -(int)(which % 133 + 1);
	}
}

__u64 word_of(unsigned int n)
{
	unsigned int which = n / 16;

	switch (n % 16) {
	case 0:
		return which % 9;
	case 1:
		return beside(limits[which % COUNT(limits)], which / COUNT(limits));
	case 2:
	case 3:
		return constants[which % COUNT(constants)];
	case 4:
		return beside(sizes[which % COUNT(sizes)], which / COUNT(sizes));
	case 5:
		return which % 4095 + 1;
	case 6:
		return -(__u64)(which % 4095 + 1);
	case 7:
		return internal_error(which);
	case 8:
		return ~0ULL >> which % 64;
	case 9:
		return beside(1ULL << which % 64, which / 64);
	case 10:
		return address(memory + which % sizeof(memory));
	case 11:
		return now_ns(CLOCK_MONOTONIC) + which * 1000ULL;
	case 12:
		return now_ns(CLOCK_REALTIME) - which * 1000ULL;
	case 13:
		return (__u64)constants[which % COUNT(constants)] << 32 | which % 8;
	default:
		return which % 3;
	}
}
