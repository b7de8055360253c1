// SPDX-License-Identifier: GPL-2.0-only
/* What fdinfo and debugfs say of objects: by one number they can be found everywhere. */
#include <stdlib.h>

#include "kselftest_harness.h"
#include "../dev/device.h"

#define DEBUGFS	"/sys/kernel/debug/quartet/"

FIXTURE(seen) {
	int device;
	int mutex;
	int pool;
	int memo;
};

FIXTURE_SETUP(seen)
{
	if (access(DEBUGFS, F_OK))
		SKIP(return, "no debugfs");
	self->device = device_open();
	ASSERT_LE(0, self->device);
	self->mutex = create_named(self->device, mutex_args(), "seen");
	self->pool = create(self->device, pool_args(2));
	self->memo = create(self->device, memo_args());
	ASSERT_LE(0, self->mutex);
	ASSERT_LE(0, self->pool);
	ASSERT_LE(0, self->memo);
}

FIXTURE_TEARDOWN(seen)
{
	unlink_named(self->device, "seen");
	close(self->memo);
	close(self->pool);
	close(self->mutex);
	close(self->device);
}

/* What follows @key in the first line that begins with it; @into has room for 128. */
static bool find_line(const char *path, const char *key, char *into)
{
	FILE *file = fopen(path, "r");
	char line[512];
	bool found = false;

	while (file && !found && fgets(line, sizeof(line), file)) {
		found = !strncmp(line, key, strlen(key));
		if (found)
			snprintf(into, 128, "%.*s", (int)strcspn(line + strlen(key), "\n"),
				 line + strlen(key));
	}
	if (file)
		fclose(file);
	return found;
}

static bool read_fdinfo(int fd, const char *key, char *into)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	return find_line(path, key, into);
}

static unsigned long long id_of(int fd)
{
	char text[128] = "";

	read_fdinfo(fd, "quartet-id:\t", text);
	return strtoull(text, NULL, 10);
}

TEST_F(seen, fdinfo)
{
	char text[128] = "";
	int clone = clone_handle(self->mutex);

	EXPECT_LT(0, id_of(self->mutex));
	EXPECT_LT(id_of(self->mutex), id_of(self->pool));
	EXPECT_LT(id_of(self->pool), id_of(self->memo));
	EXPECT_EQ(id_of(self->mutex), id_of(clone));
	ASSERT_TRUE(read_fdinfo(self->mutex, "quartet-kind:\t", text));
	EXPECT_STREQ("mutex", text);
	ASSERT_TRUE(read_fdinfo(self->mutex, "quartet-name:\t", text));
	EXPECT_STREQ("seen", text);
	EXPECT_FALSE(read_fdinfo(self->pool, "quartet-name:\t", text));
	close(clone);
}

TEST_F(seen, row_of_the_object)
{
	char key[128], text[128] = "", want[128];

	snprintf(key, sizeof(key), "%llu mutex ", id_of(self->mutex));
	ASSERT_TRUE(find_line(DEBUGFS "object", key, text));
	snprintf(want, sizeof(want), "seen %u 600 1 0 0", getuid());
	EXPECT_STREQ(want, text);
	snprintf(key, sizeof(key), "%llu pool ", id_of(self->pool));
	EXPECT_TRUE(find_line(DEBUGFS "object", key, text));
	snprintf(key, sizeof(key), "%llu memo ", id_of(self->memo));
	ASSERT_TRUE(find_line(DEBUGFS "object", key, text));
	snprintf(want, sizeof(want), "- %u 000 1 0 %u", getuid(), 1 << 20);
	EXPECT_STREQ(want, text);
}

/* The engines know an object by its number too. */
TEST_F(seen, rows_of_the_engines)
{
	char key[128], text[128];

	snprintf(key, sizeof(key), "device-%llu ", id_of(self->pool));
	EXPECT_TRUE(find_line(DEBUGFS "pool", key, text));
	snprintf(key, sizeof(key), "device-%llu ", id_of(self->memo));
	EXPECT_TRUE(find_line(DEBUGFS "memo", key, text));
}

/* Each wait that has ended is counted, by how long it was, under the object's number. */
TEST_F(seen, waits_of_a_memo)
{
	struct quartet_memo_get lead = {
		.size = sizeof(lead), .key = address("key"), .key_len = 3,
	}, wait = lead;
	struct quartet_memo_info state = { .size = sizeof(state) };
	char key[128], text[128] = "";
	pid_t child;
	int i;

	snprintf(key, sizeof(key), "device-%llu ", id_of(self->memo));
	EXPECT_FALSE(find_line(DEBUGFS "memo_wait", key, text));
	ASSERT_EQ(0, ioctl(self->memo, QUARTET_MEMO_GET, &lead));
	child = fork();
	if (!child)
		_exit(ioctl(clone_handle(self->memo), QUARTET_MEMO_GET, &wait) != 0);
	for (i = 0; i < 30000 && !state.waiters; i++) {
		usleep(1000);
		ASSERT_EQ(0, ioctl(self->memo, QUARTET_MEMO_STATE, &state));
	}
	ASSERT_EQ(0, grant_command(self->memo, QUARTET_MEMO_ABANDON, lead.token));
	EXPECT_EQ(0, wait_for(child));
	ASSERT_TRUE(find_line(DEBUGFS "memo_wait", key, text));
	/* From how many ns on, and how often. */
	EXPECT_STREQ(" 1", strrchr(text, ' '));
	/* No function computes here. */
	EXPECT_FALSE(find_line(DEBUGFS "memo_compute", key, text));
}

static int live(const char *what)
{
	char key[32], text[128] = "-1";

	snprintf(key, sizeof(key), "%s ", what);
	find_line(DEBUGFS "live", key, text);
	return atoi(text);
}

/* A worker takes down the network namespaces of tests before this one, and their names. */
static bool settles(const char *what, int number)
{
	int tries;

	for (tries = 0; tries < 500 && live(what) != number; tries++)
		usleep(10000);
	return live(what) == number;
}

TEST_F(seen, live)
{
	int settled = settles("objects", 3) && settles("names", 1);
	int objects = live("objects"), handles = live("handles"), names = live("names");
	int tables = live("memos"), pools = live("pools");
	int fd = create_named(self->device, memo_args(), "alive");
	int other = clone_handle(fd);

	EXPECT_TRUE(settled);
	EXPECT_LE(3, objects);
	EXPECT_LE(3, handles);
	EXPECT_LE(1, names);
	EXPECT_LE(1, tables);
	EXPECT_LE(1, pools);
	EXPECT_EQ(objects + 1, live("objects"));
	EXPECT_EQ(handles + 2, live("handles"));
	EXPECT_EQ(names + 1, live("names"));
	EXPECT_EQ(tables + 1, live("memos"));
	EXPECT_EQ(pools, live("pools"));
	close(other);
	close(fd);
	EXPECT_EQ(objects + 1, live("objects"));
	EXPECT_EQ(handles, live("handles"));
	ASSERT_EQ(0, unlink_named(self->device, "alive"));
	EXPECT_EQ(objects, live("objects"));
	EXPECT_EQ(names, live("names"));
	EXPECT_EQ(tables, live("memos"));
	/* What failed leaves nothing. */
	EXPECT_REFUSED(EEXIST, create_named(self->device, memo_args(), "seen"));
	EXPECT_EQ(objects, live("objects"));
	EXPECT_EQ(names, live("names"));
	EXPECT_EQ(tables, live("memos"));
}

TEST_F(seen, live_mappings)
{
	int before = live("mappings"), objects = live("objects"), pools = live("pools");
	char *memory = mmap(NULL, 4096, PROT_READ, MAP_SHARED, self->pool, 0);

	ASSERT_NE(MAP_FAILED, memory);
	EXPECT_LE(0, before);
	EXPECT_EQ(before + 1, live("mappings"));
	close(self->pool);
	EXPECT_EQ(objects, live("objects"));
	EXPECT_EQ(pools, live("pools"));
	munmap(memory, 4096);
	EXPECT_EQ(before, live("mappings"));
	EXPECT_EQ(objects - 1, live("objects"));
	EXPECT_EQ(pools - 1, live("pools"));
}

TEST_HARNESS_MAIN
