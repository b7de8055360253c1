/* SPDX-License-Identifier: GPL-2.0-only */
/* As much of io_uring as a story needs, by system calls: one request after the other. */
#ifndef SELFTESTS_RING_H
#define SELFTESTS_RING_H

#include <linux/io_uring.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define RING_ENTRIES	4

struct ring {
	int fd;
	struct io_uring_params params;
	char *queues;		/* both of them: the kernel maps them as one */
	struct io_uring_sqe *requests;
};

static inline int ring_open(struct ring *ring)
{
	*ring = (struct ring){ };
	ring->fd = syscall(SYS_io_uring_setup, RING_ENTRIES, &ring->params);
	if (ring->fd < 0)
		return -1;
	ring->queues = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE,
			    ring->fd, IORING_OFF_SQ_RING);
	ring->requests = mmap(NULL, RING_ENTRIES * sizeof(*ring->requests),
			      PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring->fd,
			      IORING_OFF_SQES);
	return ring->queues == MAP_FAILED || ring->requests == MAP_FAILED ? -1 : 0;
}

static inline void ring_close(struct ring *ring)
{
	munmap(ring->requests, RING_ENTRIES * sizeof(*ring->requests));
	munmap(ring->queues, 4096);
	close(ring->fd);
}

static inline __u32 *ring_word(struct ring *ring, __u32 offset)
{
	return (__u32 *)(ring->queues + offset);
}

static inline int ring_submit(struct ring *ring, const struct io_uring_sqe *request)
{
	__u32 *tail = ring_word(ring, ring->params.sq_off.tail);
	__u32 place = *tail % RING_ENTRIES;

	ring->requests[place] = *request;
	ring_word(ring, ring->params.sq_off.array)[place] = place;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	return syscall(SYS_io_uring_enter, ring->fd, 1, 0, 0, NULL, 0) == 1 ? 0 : -1;
}

static inline int ring_poll(struct ring *ring, int fd, short events)
{
	return ring_submit(ring, &(struct io_uring_sqe){
		.opcode = IORING_OP_POLL_ADD, .fd = fd, .poll32_events = events,
	});
}

static inline int ring_read(struct ring *ring, int fd, void *buffer, __u32 size)
{
	return ring_submit(ring, &(struct io_uring_sqe){
		.opcode = IORING_OP_READ, .fd = fd, .addr = (unsigned long)buffer, .len = size,
		.off = -1,
	});
}

/* Is there one? */
static inline bool ring_result(struct ring *ring, __s32 *result)
{
	__u32 *head = ring_word(ring, ring->params.cq_off.head);
	struct io_uring_cqe *results = (void *)(ring->queues + ring->params.cq_off.cqes);

	/* What has been completed is put there on the way back from a system call. */
	syscall(SYS_io_uring_enter, ring->fd, 0, 0, IORING_ENTER_GETEVENTS, NULL, 0);
	if (*head == __atomic_load_n(ring_word(ring, ring->params.cq_off.tail), __ATOMIC_ACQUIRE))
		return false;
	*result = results[*head % (2 * RING_ENTRIES)].res;
	__atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
	return true;
}

#endif /* SELFTESTS_RING_H */
