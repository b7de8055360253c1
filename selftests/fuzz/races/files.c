// SPDX-License-Identifier: GPL-2.0-only
/* Handles as files: closed, passed on, read from; and the commands of the device. */
#include <stdlib.h>
#include <sys/socket.h>

#include "fuzz.h"

static alignas(4096) char memory[8192];

static void hand_make(struct hand *hand, int fd, int object, bool own)
{
	*hand = (struct hand){ .fd = fd, .object = object, .own = own, .slot = -1 };
}

long do_clone(const struct step *step)
{
	struct hand *hand = hand_free(step->a);
	const struct hand *from = &hands[step->b % OBJECTS];
	long fd;

	record("CLONE %d", from->fd);
	fd = ask(from, QUARTET_CLONE, (void *)(step->c == 255 ? 1UL : 0UL));
	if (fd >= 0)
		hand_make(hand, fd, from->object, true);
	return fd;
}

long do_close(const struct step *step)
{
	struct hand *hand = &hands[step->a % HANDS];

	record("CLOSE %d", hand->fd);
	hand_close(hand);
	return 0;
}

long do_cancel(const struct step *step)
{
	struct hand *hand = &hands[step->a % HANDS];

	record("CANCEL %d", hand->fd);
	if (hand->fd < 0)
		return SKIPPED;
	return ask(hand, QUARTET_CANCEL, (void *)(step->b == 255 ? 1UL : 0UL));
}

static void took_event(struct hand *hand, const struct quartet_event *event, bool repair)
{
	struct quartet_pool_put put = { .size = sizeof(put), .slot = event->token };

	if (event->error > 0 || event->error < -511)
		fault("an event has error %d", event->error);
	if (event->error)
		return;
	switch (event->what) {
	case QUARTET_EVENT_LOCK:
		got_mutex(hand, event->token, event->result, repair);
		break;
	case QUARTET_EVENT_MEMO:
		if (event->attempt)
			hand->grant = event->token;
		break;
	default:
		if (hand->slot < 0)
			got_slot(hand, event->token);
		else
			ioctl(hand->fd, QUARTET_POOL_PUT, &put);
	}
}

long do_read(const struct step *step)
{
	struct hand *hand = &hands[step->a % HANDS];
	size_t size = step->b & 8 ? sizeof(memory) : sizeof(struct quartet_event);
	ssize_t length;

	if (step->b % 64 == 1)
		size = word_of(step->b * 256 + step->c) % sizeof(memory);
	record("READ %d %zu%s", hand->fd, size, step->b & 4 ? " waits" : "");
	if (!may_ask(hand))
		return SKIPPED;
	fcntl(hand->fd, F_SETFL, step->b & 4 ? 0 : O_NONBLOCK);
	length = read(hand->fd, step->b == 255 ? NULL : memory, size);
	if (length >= (ssize_t)sizeof(struct quartet_event))
		took_event(hand, (void *)memory, step->a & 0xc0);
	if (length < 0 && errno >= 512)
		fault("read gave errno %d", errno);
	return length < 0 ? -errno : length;
}

long do_poll(const struct step *step)
{
	struct pollfd fds[HANDS];
	int i;

	record("POLL");
	for (i = 0; i < HANDS; i++)
		fds[i] = (struct pollfd){ .fd = hands[i].fd, .events = step->b };
	return poll(fds, HANDS, step->a % 3);
}

/* The same handle once more: nobody asks by it in an orderly round. */
long do_dup(const struct step *step)
{
	struct hand *from = &hands[step->a % HANDS];
	struct hand *to = &hands[OBJECTS + step->b % (HANDS - OBJECTS)];
	int fd;

	if (from == to || from->fd < 0)
		return SKIPPED;
	record("DUP %d over %d", from->fd, to->fd);
	fd = to->fd < 0 || step->c & 1 ? dup(from->fd) : dup2(from->fd, to->fd);
	if (fd >= 0 && fd != to->fd)
		hand_close(to);
	if (fd >= 0)
		hand_make(to, fd, from->object, false);
	return fd;
}

int pass_handle(int socket, int fd, char object, int flags)
{
	char room[CMSG_SPACE(sizeof(int))] = "";
	struct iovec data = { &object, 1 };
	struct msghdr message = {
		.msg_iov = &data, .msg_iovlen = 1, .msg_control = room,
		.msg_controllen = sizeof(room),
	};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &fd, sizeof(int));
	return sendmsg(socket, &message, flags) < 0 ? -errno : 0;
}

int receive_handle(int socket, char *object, int flags)
{
	char room[CMSG_SPACE(sizeof(int))] = "";
	struct iovec data = { object, 1 };
	struct msghdr message = {
		.msg_iov = &data, .msg_iovlen = 1, .msg_control = room,
		.msg_controllen = sizeof(room),
	};
	struct cmsghdr *header;
	int fd;

	if (recvmsg(socket, &message, flags | MSG_CMSG_CLOEXEC) < 1)
		return errno ? -errno : -EPIPE;
	header = CMSG_FIRSTHDR(&message);
	if (!header || header->cmsg_len != CMSG_LEN(sizeof(int)))
		return -EMFILE;
	memcpy(&fd, CMSG_DATA(header), sizeof(int));
	return fd;
}

long do_send(const struct step *step)
{
	const struct hand *hand = &hands[step->a % HANDS];

	record("SEND %d", hand->fd);
	if (hand->fd < 0)
		return SKIPPED;
	return pass_handle(sockets[0], hand->fd, hand->object, MSG_DONTWAIT);
}

long do_receive(const struct step *step)
{
	char object;
	int fd;

	record("RECEIVE");
	fd = receive_handle(sockets[1], &object, MSG_DONTWAIT);
	if (fd >= 0)
		hand_make(hand_free(step->a), fd, object, false);
	return fd;
}

/* A mapping that is left goes with the process. */
long do_map(const struct step *step)
{
	struct hand *hand = hand_of(step->a, POOL);
	size_t length = step->b & 3 ? 4096 : word_of(step->b * 256 + step->c) & 0xffffff;
	int protection = step->c & 4 ? PROT_READ : PROT_READ | PROT_WRITE;
	char *map;

	record("MAP %d %zx", hand->fd, length);
	map = mmap(NULL, length, protection, step->c & 8 ? MAP_PRIVATE : MAP_SHARED, hand->fd,
		   step->c == 255 ? 4096 : 0);
	if (map == MAP_FAILED)
		return -errno;
	if (protection & PROT_WRITE && length == 4096)
		map[step->c] = step->b;
	if (step->c & 1)
		mprotect(map, length, step->c & 2 ? PROT_READ | PROT_EXEC : PROT_NONE);
	return step->c & 16 ? 0 : munmap(map, length);
}

/* Sound parameters, but for one that may be anything. */
long do_create(const struct step *step)
{
	struct quartet_create args = setup.objects[step->a % OBJECTS];
	__u32 *words = (__u32 *)&args;
	const struct hand from = { .fd = device };
	struct hand *hand;
	__u64 word = word_of(step->b * 256 + step->c);
	unsigned int at = step->b % (sizeof(args) / sizeof(*words));
	long fd;

	if (step->a & 0x80) {
		args.name = address(names[step->c % NAMES]);
		args.name_len = strlen(names[step->c % NAMES]);
		args.mode = step->c & 8 ? 0 : 0600;
	} else {
		words[at] = word;
		if (step->c & 1 && at + 1 < sizeof(args) / sizeof(*words))
			words[at + 1] = word >> 32;
	}
	record("CREATE %u w%u=%llx", args.kind, at, (unsigned long long)word);
	fd = ask(&from, QUARTET_CREATE, &args);
	if (fd >= 0) {
		hand = hand_free(step->c);
		hand_make(hand, fd, -1, true);
	}
	return fd;
}

long do_name(const struct step *step)
{
	const char *name = names[step->b % NAMES];
	struct quartet_entry entries[4];
	struct quartet_list list = {
		.size = sizeof(list), .entries = address(entries), .room = step->b % 5,
	};
	int fd;

	record("%s %s", step->a % 4 == 0 ? "UNLINK" : step->a % 4 == 1 ? "LIST" : "OPEN", name);
	switch (step->a % 4) {
	case 0:
		return unlink_named(device, name) ? -errno : 0;
	case 1:
		return ioctl(device, QUARTET_LIST, &list) ? -errno : (long)list.count;
	default:
		fd = open_named(device, name);
		if (fd < 0)
			return -errno;
		hand_make(hand_free(step->c), fd, -1, true);
		return fd;
	}
}

/* One descriptor, one command, and whatever comes: to a handle only where nobody relies on it. */
long do_raw(const struct step *step)
{
	static const unsigned long of_handles[] = {
		QUARTET_CANCEL, QUARTET_LOCK, QUARTET_UNLOCK, QUARTET_CONSISTENT,
		QUARTET_MUTEX_STATE, QUARTET_POOL_GET, QUARTET_POOL_PUT, QUARTET_POOL_GIVE,
		QUARTET_POOL_STATE, QUARTET_MEMO_GET, QUARTET_MEMO_FULFIL, QUARTET_MEMO_ABANDON,
		QUARTET_MEMO_FORGET, QUARTET_MEMO_CLEAR, QUARTET_MEMO_STATE, 0xfb7f, 0x5401,
	};
	static const unsigned long of_device[] = {
		QUARTET_INFO, QUARTET_OPEN, QUARTET_UNLINK, QUARTET_LIST, QUARTET_CREATE, 0xfb7f,
	};
	const struct hand any = { .fd = device };
	const struct hand *hand = setup.wild && step->a & 1 ? &hands[step->a % HANDS] : &any;
	unsigned long command = hand == &any ? of_device[step->b % 6] : of_handles[step->b % 17];
	unsigned int random = step->c << 16 | step->b << 8 | step->a;
	__u64 args[16];
	size_t i;
	long fd;

	for (i = 0; i < 16; i++)
		args[i] = word_of(rand_r(&random));
	if (step->c & 7)
		args[0] = (__u32)args[0] % 160 | (step->c & 8 ? 0 : args[1] << 32);
	if (hand != &any && args[0] >> 32 & QUARTET_BY_HANDLE)
		shared->by_handle = true;
	record("RAW %d %lx %llx", hand->fd, command, (unsigned long long)args[0]);
	if (hand->fd < 0)
		return SKIPPED;
	fd = ask(hand, command, step->c == 255 ? (void *)args[1] : (void *)args);
	if (hand == &any && fd > 2 && (command == QUARTET_CREATE || command == QUARTET_OPEN))
		close(fd);
	return fd;
}
