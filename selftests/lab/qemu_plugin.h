/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What we use of QEMU's interface for plugins, version 1 (QEMU 4.2 to 8.2): no
 * package of the distribution has the header.
 */
#ifndef QEMU_PLUGIN_H
#define QEMU_PLUGIN_H

#include <stddef.h>
#include <linux/types.h>

#define QEMU_PLUGIN_VERSION	1

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
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    void (*call)(unsigned int cpu, void *data),
					    enum qemu_plugin_flags flags, void *data);
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *insn,
						enum qemu_plugin_op op, void *counter,
						__u64 addend);

#endif /* QEMU_PLUGIN_H */
