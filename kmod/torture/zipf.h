/* SPDX-License-Identifier: GPL-2.0-only */
/* Zipf's law with exponent 1: of keys 1 to @len, key n is drawn n times as seldom as key 1. */
#ifndef QUARTET_TORTURE_ZIPF_H
#define QUARTET_TORTURE_ZIPF_H

#include <linux/types.h>

/**
 * struct zipf - what draws are made from
 * @len: how many keys
 * @sums: of the weights of all keys up to each
 */
struct zipf {
	u32 len;
	u32 *sums;
};

int zipf_init(struct zipf *zipf, u32 len);
void zipf_exit(struct zipf *zipf);
/* 0 to @len - 1, the most frequent first; @random: all 32 bits of it. */
u32 zipf_draw(const struct zipf *zipf, u32 random);

#endif /* QUARTET_TORTURE_ZIPF_H */
