/* SPDX-License-Identifier: GPL-2.0-only */
/* Tokens: a number for each grant, larger than all before. */
#ifndef QUARTET_TOKEN_H
#define QUARTET_TOKEN_H

#include <linux/types.h>

int quartet_tokens_init(void);
u64 quartet_token(void);

#endif /* QUARTET_TOKEN_H */
