// SPDX-License-Identifier: GPL-2.0-only
/* A table of sums and a binary search: no floating point; a draw costs the same for all keys. */
#include <linux/mm.h>
#include <linux/slab.h>

#include "zipf.h"

/* Of the first key. The sum of 10^5 weights is 12.1 times that, so that it fits into 32 bits. */
#define FIRST_WEIGHT	0x10000000U

int zipf_init(struct zipf *zipf, u32 len)
{
	u32 i, sum = 0;

	zipf->len = len;
	zipf->sums = kvmalloc_array(len, sizeof(*zipf->sums), GFP_KERNEL);
	if (!zipf->sums)
		return -ENOMEM;
	for (i = 0; i < len; i++) {
		sum += FIRST_WEIGHT / (i + 1);
		zipf->sums[i] = sum;
	}
	return 0;
}

void zipf_exit(struct zipf *zipf)
{
	kvfree(zipf->sums);
	zipf->sums = NULL;
}

u32 zipf_draw(const struct zipf *zipf, u32 random)
{
	u32 wanted = (u64)random * zipf->sums[zipf->len - 1] >> 32;
	u32 low = 0, high = zipf->len - 1;

	while (low < high) {
		u32 middle = low + (high - low) / 2;

		if (zipf->sums[middle] > wanted)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}
