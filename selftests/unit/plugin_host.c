// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stands in for QEMU, to a plugin that counts instructions (selftests/lab/locked.c):
 * loads it, has it look at a block of code, executes that twice, and prints what
 * version the plugin wants. Built with VERSION 1 it is QEMU 7.2, with 3 QEMU 10.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/types.h>

#define CPU	0

struct qemu_plugin_insn {
	const char *code;
	size_t size;
	void (*call)(unsigned int cpu, void *data);
	void *data;
	__u64 *counter[2];
};

#define INSN(code)	{ code, sizeof(code) - 1 }
/* A mark that begins path 7, three instructions, of which two are locked, and the end's mark. */
static struct qemu_plugin_insn block[] = {
	INSN("\x90"),
	INSN("\x0f\x1f\x80\x07\x00\x43\x51"),
	INSN("\xf0\x48\x0f\xb1\x0f"),	/* lock cmpxchg */
	INSN("\x87\x07"),		/* xchg with memory */
	INSN("\x87\xc7"),		/* xchg of registers */
	INSN("\x0f\x1f\x80\xff\xff\x43\x51"),
	INSN("\xf0\xff\x07"),
};

#define INSNS	(sizeof(block) / sizeof(*block))

static void (*translated)(__u64 id, void *tb);

void qemu_plugin_register_vcpu_tb_trans_cb(__u64 id, void (*call)(__u64 id, void *tb))
{
	(void)id;
	translated = call;
}

size_t qemu_plugin_tb_n_insns(const void *tb)
{
	(void)tb;
	return INSNS;
}

struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const void *tb, size_t index)
{
	(void)tb;
	return &block[index];
}

size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn)
{
	return insn->size;
}

void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    void (*call)(unsigned int cpu, void *data),
					    int flags, void *data)
{
	(void)flags;
	insn->call = call;
	insn->data = data;
}

static void insn_counts(struct qemu_plugin_insn *insn, __u64 *counter)
{
	insn->counter[insn->counter[0] ? 1 : 0] = counter;
}

#if VERSION == 1
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn)
{
	return insn->code;
}

void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *insn, int op,
						void *counter, __u64 addend)
{
	if (!op && addend == 1)
		insn_counts(insn, counter);
}
#else
struct counter {
	char *board;
	size_t offset;
};

size_t qemu_plugin_insn_data(const struct qemu_plugin_insn *insn, void *copy, size_t room)
{
	size_t size = room < insn->size ? room : insn->size;

	memcpy(copy, insn->code, size);
	return size;
}

void *qemu_plugin_scoreboard_new(size_t size)
{
	return calloc(1, size);
}

void *qemu_plugin_scoreboard_find(void *board, unsigned int cpu)
{
	return cpu == CPU ? board : NULL;
}

void qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(struct qemu_plugin_insn *insn, int op,
							 struct counter counter, __u64 addend)
{
	if (!op && addend == 1)
		insn_counts(insn, (__u64 *)(counter.board + counter.offset));
}
#endif

static void execute(const struct qemu_plugin_insn *insn)
{
	int i;

	if (insn->call)
		insn->call(CPU, insn->data);
	for (i = 0; i < 2; i++)
		if (insn->counter[i])
			++*insn->counter[i];
}

int main(int argc, char **argv)
{
	void *plugin = argc == 3 ? dlopen(argv[1], RTLD_NOW) : NULL;
	int (*install)(__u64 id, const void *info, int argc, char **argv);
	size_t i;

	if (!plugin) {
		fprintf(stderr, "%s\n", dlerror());
		return 1;
	}
	printf("%d\n", *(int *)dlsym(plugin, "qemu_plugin_version"));
	install = dlsym(plugin, "qemu_plugin_install");
	if (install(1, NULL, 1, argv + 2))
		return 1;
	translated(1, NULL);
	for (i = 0; i < 2 * INSNS; i++)
		execute(&block[i % INSNS]);
	return 0;
}
