// SPDX-License-Identifier: GPL-2.0-only
/* Tests of kmod/base/sized.h: a struct that has grown, for programs that know less, or more. */
#include <stddef.h>

#include <sized.h>

#include <kselftest_harness.h>

#define GUARD	0x5a

struct first {
	u32 size, flags;
	u64 value;
};

struct grown {
	u32 size, flags;
	u64 value, later, latest;
};

char *user_end;
void (*user_writes)(void);

FIXTURE(sized) {
	struct grown args;
	char *user;
};

static u64 words[2 * PAGE_SIZE / sizeof(u64)];
static char *const memory = (char *)words;

FIXTURE_SETUP(sized)
{
	memset(&self->args, GUARD, sizeof(self->args));
	memset(words, GUARD, sizeof(words));
	user_end = memory + sizeof(words);
	user_writes = NULL;
	self->user = memory;
}

FIXTURE_TEARDOWN(sized)
{
}

static void place(char *user, u32 size)
{
	struct grown all = { size, 1, 2, 3, 4 };

	memcpy(user, &all, size < sizeof(all) ? size : sizeof(all));
	if (size > sizeof(all))
		memset(user + sizeof(all), 0, size - sizeof(all));
}

static int in(struct grown *args, char *user)
{
	return quartet_sized_in(args, sizeof(*args), sizeof(struct first), user);
}

TEST_F(sized, of_the_first_version)
{
	place(self->user, sizeof(struct first));
	user_end = self->user + sizeof(struct first);
	ASSERT_EQ(0, in(&self->args, self->user));
	EXPECT_EQ(sizeof(struct first), self->args.size);
	EXPECT_EQ(2, self->args.value);
	EXPECT_EQ(0, self->args.later);
	EXPECT_EQ(0, self->args.latest);
	self->args.value = 7;
	self->args.later = 8;
	ASSERT_EQ(0, quartet_sized_out(self->user, &self->args, sizeof(self->args)));
	EXPECT_EQ(7, ((struct first *)self->user)->value);
	EXPECT_EQ(GUARD, self->user[sizeof(struct first)]);
}

TEST_F(sized, of_a_version_between)
{
	place(self->user, offsetof(struct grown, latest));
	ASSERT_EQ(0, in(&self->args, self->user));
	EXPECT_EQ(3, self->args.later);
	EXPECT_EQ(0, self->args.latest);
	self->args.later = 8;
	self->args.latest = 9;
	ASSERT_EQ(0, quartet_sized_out(self->user, &self->args, sizeof(self->args)));
	EXPECT_EQ(8, ((struct grown *)self->user)->later);
	EXPECT_EQ(GUARD, self->user[offsetof(struct grown, latest)]);
}

TEST_F(sized, of_a_later_version)
{
	place(self->user, sizeof(struct grown) + 16);
	ASSERT_EQ(0, in(&self->args, self->user));
	EXPECT_EQ(4, self->args.latest);
	ASSERT_EQ(0, quartet_sized_out(self->user, &self->args, sizeof(self->args)));
	EXPECT_EQ(sizeof(struct grown) + 16, ((struct grown *)self->user)->size);
	EXPECT_EQ(0, self->user[sizeof(struct grown)]);
	EXPECT_EQ(GUARD, self->user[sizeof(struct grown) + 16]);
	self->user[sizeof(struct grown) + 15] = 1;
	EXPECT_EQ(-E2BIG, in(&self->args, self->user));
}

TEST_F(sized, limits)
{
	place(self->user, sizeof(struct first));
	*(u32 *)self->user = sizeof(struct first) - 1;
	EXPECT_EQ(-EINVAL, in(&self->args, self->user));
	place(self->user, PAGE_SIZE);
	EXPECT_EQ(0, in(&self->args, self->user));
	place(self->user, PAGE_SIZE + 1);
	EXPECT_EQ(-E2BIG, in(&self->args, self->user));
	place(self->user, sizeof(struct grown));
	user_end = self->user + sizeof(struct grown) - 1;
	EXPECT_EQ(-EFAULT, in(&self->args, self->user));
	user_end = self->user + 3;
	EXPECT_EQ(-EFAULT, in(&self->args, self->user));
}

static void becomes_long(void)
{
	*(u32 *)memory = PAGE_SIZE;
}

/* Another thread makes it long once it has been found short enough. */
TEST_F(sized, read_twice)
{
	place(self->user, sizeof(struct first));
	user_writes = becomes_long;
	ASSERT_EQ(0, in(&self->args, self->user));
	EXPECT_EQ(sizeof(struct first), self->args.size);
	ASSERT_EQ(0, quartet_sized_out(self->user, &self->args, sizeof(self->args)));
	EXPECT_EQ(GUARD, self->user[sizeof(struct first)]);
}

TEST_HARNESS_MAIN
