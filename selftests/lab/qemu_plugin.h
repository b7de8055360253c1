/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What we use of QEMU's interface for plugins: no package of the distribution
 * has the header. Version 1 is that of QEMU 4.2 to 8.2; 9.0 takes 2 at least,
 * 9.1 and later take 3. Weak is what only some of them have.
 */
#ifndef QEMU_PLUGIN_H
#define QEMU_PLUGIN_H

#include <stddef.h>
#include <linux/types.h>

enum qemu_plugin_op { QEMU_PLUGIN_INLINE_ADD_U64 };
enum qemu_plugin_flags { QEMU_PLUGIN_CB_NO_REGS };

/* Found by name in the plugin. */
extern int qemu_plugin_version;
int qemu_plugin_install(__u64 id, const void *info, int argc, char **argv);

struct qemu_plugin_tb;
struct qemu_plugin_insn;

void qemu_plugin_register_vcpu_tb_trans_cb(__u64 id,
					   void (*call)(__u64 id, struct qemu_plugin_tb *tb));
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t index);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    void (*call)(unsigned int cpu, void *data),
					    enum qemu_plugin_flags flags, void *data);

/* Version 3. Before, it takes the instruction only, and returns where its code is. */
size_t qemu_plugin_insn_data(const struct qemu_plugin_insn *insn, void *copy, size_t room);

/* Version 1: a counter is anywhere. */
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *insn,
						enum qemu_plugin_op op, void *counter,
						__u64 addend);
#pragma weak qemu_plugin_register_vcpu_insn_exec_inline

/* Since version 2: it is in a board, which has a place for each CPU. */
struct qemu_plugin_scoreboard;

struct qemu_plugin_u64 {
	struct qemu_plugin_scoreboard *board;
	size_t offset;
};

struct qemu_plugin_scoreboard *qemu_plugin_scoreboard_new(size_t size);
void *qemu_plugin_scoreboard_find(struct qemu_plugin_scoreboard *board, unsigned int cpu);
void qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(struct qemu_plugin_insn *insn,
							 enum qemu_plugin_op op,
							 struct qemu_plugin_u64 counter,
							 __u64 addend);
#pragma weak qemu_plugin_scoreboard_new
#pragma weak qemu_plugin_scoreboard_find
#pragma weak qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu

#endif /* QEMU_PLUGIN_H */
