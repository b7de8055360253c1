// SPDX-License-Identifier: GPL-2.0-only
/* Processes hash and encipher, by the keys and algorithms of one another. */
#include <linux/if_alg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "crowd.h"

#define ROUNDS	40
#define KEY	"0123456789abcdef0123456789abcdef"

static const struct sockaddr_alg algorithms[] = {
	{ .salg_family = AF_ALG, .salg_type = "hash", .salg_name = "gosthash94" },
	{ .salg_family = AF_ALG, .salg_type = "skcipher", .salg_name = "ecb(kuznyechik)" },
	{ .salg_family = AF_ALG, .salg_type = "skcipher", .salg_name = "ecb(magma)" },
	{ .salg_family = AF_ALG, .salg_type = "skcipher", .salg_name = "cnt(gost28147-tc26z)" },
};

#define ALGORITHMS	(sizeof(algorithms) / sizeof(*algorithms))

static int bound[ALGORITHMS];

static int bind_one(const struct sockaddr_alg *algorithm)
{
	int fd = socket(AF_ALG, SOCK_SEQPACKET, 0);

	if (fd < 0 || bind(fd, (const struct sockaddr *)algorithm, sizeof(*algorithm)))
		err(1, "%s", algorithm->salg_name);
	if (!strcmp((const char *)algorithm->salg_type, "skcipher") &&
	    setsockopt(fd, SOL_ALG, ALG_SET_KEY, KEY, 32))
		err(1, "%s: key", algorithm->salg_name);
	return fd;
}

static void use(int fd, int round)
{
	char data[256];
	int operation = accept(fd, NULL, NULL);

	memset(data, round, sizeof(data));
	if (operation < 0 || write(operation, data, sizeof(data)) < 0 ||
	    read(operation, data, sizeof(data)) < 0)
		err(1, "operation");
	close(operation);
}

static void work(int number)
{
	unsigned int which = number % ALGORITHMS;
	int i, own;

	for (i = 0; i < ROUNDS; i++) {
		use(bound[which], i);
		own = bind_one(&algorithms[which]);
		use(own, i);
		close(own);
	}
}

int main(void)
{
	unsigned int i;

	for (i = 0; i < ALGORITHMS; i++)
		bound[i] = bind_one(&algorithms[i]);
	crowd(2 * ALGORITHMS, work);
	return 0;
}
