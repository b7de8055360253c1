// SPDX-License-Identifier: GPL-2.0-only
/*
 * A plugin for QEMU: counts the instructions, and among them the locked
 * operations, that an x86-64 guest executes between two marks
 * (kmod/torture/count.c). A pair of marks makes a line `path instructions
 * locked` in the file of the argument out=FILE. For one CPU.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "qemu_plugin.h"

/* nopl mark(%rax), with the path in the lower half of the mark. */
#define MARK_OPCODE	"\x0f\x1f\x80"
#define MARK_SIZE	7
#define MARK		0x5143
#define MARK_END	0xffff

#define CODE_MAX	15	/* no x86 instruction is longer */

int qemu_plugin_version;

struct counts {
	__u64 instructions;
	__u64 locked;
};

/* Where QEMU counts: in a board of its own, or before 9.0 in @counts. */
static struct qemu_plugin_scoreboard *board;
static struct counts counts, begun;
static unsigned long path;
static FILE *out;

/* Read before qemu_plugin_install() is called: it has to be right once the plugin is loaded. */
__attribute__((constructor)) static void choose_version(void)
{
	qemu_plugin_version = qemu_plugin_scoreboard_new ? 3 : 1;
}

static const struct counts *now(unsigned int cpu)
{
	return board ? qemu_plugin_scoreboard_find(board, cpu) : &counts;
}

/* Makes QEMU add 1 to the counter at @offset whenever @insn is executed. */
static void count(struct qemu_plugin_insn *insn, size_t offset)
{
	struct qemu_plugin_u64 counter = { board, offset };

	if (board)
		qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(insn,
								    QEMU_PLUGIN_INLINE_ADD_U64,
								    counter, 1);
	else
		qemu_plugin_register_vcpu_insn_exec_inline(insn, QEMU_PLUGIN_INLINE_ADD_U64,
							   (char *)&counts + offset, 1);
}

/* The instruction's bytes, in @copy if QEMU only copies them. */
static const unsigned char *code_of(const struct qemu_plugin_insn *insn, unsigned char *copy)
{
	const void *(*data)(const struct qemu_plugin_insn *insn) = (void *)qemu_plugin_insn_data;

	if (!board)
		return data(insn);
	qemu_plugin_insn_data(insn, copy, CODE_MAX);
	return copy;
}

static void begin(unsigned int cpu, void *data)
{
	path = (uintptr_t)data;
	begun = *now(cpu);
}

static void end(unsigned int cpu, void *data)
{
	const struct counts *ended = now(cpu);

	(void)data;
	fprintf(out, "%lu %llu %llu\n", path, ended->instructions - begun.instructions,
		ended->locked - begun.locked);
	fflush(out);
}

static void find_mark(struct qemu_plugin_insn *insn, const unsigned char *code, size_t size)
{
	unsigned long number;

	if (size != MARK_SIZE || memcmp(code, MARK_OPCODE, 3) || (code[6] << 8 | code[5]) != MARK)
		return;
	number = code[4] << 8 | code[3];
	qemu_plugin_register_vcpu_insn_exec_cb(insn, number == MARK_END ? end : begin,
					       QEMU_PLUGIN_CB_NO_REGS, (void *)number);
}

/* By its prefix, or an xchg with memory, which needs none. */
static bool is_locked(const unsigned char *code, size_t size)
{
	static const unsigned char prefixes[] = {
		0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf2, 0xf3,
	};
	size_t i = 0;

	while (i < size && memchr(prefixes, code[i], sizeof(prefixes)))
		i++;
	if (i < size && code[i] == 0xf0)
		return true;
	if (i < size && (code[i] & 0xf0) == 0x40)
		i++;
	return i + 1 < size && (code[i] & 0xfe) == 0x86 && code[i + 1] < 0xc0;
}

static void translate(__u64 id, struct qemu_plugin_tb *tb)
{
	unsigned char copy[CODE_MAX];
	size_t i, size;

	(void)id;
	for (i = 0; i < qemu_plugin_tb_n_insns(tb); i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		const unsigned char *code = code_of(insn, copy);

		size = qemu_plugin_insn_size(insn);
		find_mark(insn, code, size);
		count(insn, offsetof(struct counts, instructions));
		if (is_locked(code, size))
			count(insn, offsetof(struct counts, locked));
	}
}

int qemu_plugin_install(__u64 id, const void *info, int argc, char **argv)
{
	(void)info;
	if (qemu_plugin_scoreboard_new)
		board = qemu_plugin_scoreboard_new(sizeof(struct counts));
	if (argc != 1 || strncmp(argv[0], "out=", 4))
		return -1;
	out = fopen(argv[0] + 4, "w");
	if (!out)
		return -1;
	qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
	return 0;
}
