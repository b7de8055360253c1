# SPDX-License-Identifier: GPL-2.0-only
"""A kernel in QEMU, and how it is told to boot."""

import guest
import verdict

# The emulated CPUs share one time stamp counter, which the kernel does not believe by itself; every
# look at the HPET would be emulated I/O. The emulation has no NMI watchdog: a CPU that is stuck with
# interrupts off is noticed by RCU.
CMDLINE = f"console=ttyS0 oops=panic tsc=reliable {guest.CMDLINE}"
# One CPU, which QEMU steps by instructions: a tick of the time stamp counter is one instruction.
# A kernel on one CPU would take the lock prefixes out of its code.
ICOUNT = ("-accel", "tcg,thread=single", "-icount", "shift=0")
ICOUNT_CMDLINE = "noreplace-smp"
MEGABYTES = 1024


def numa(nodes, cpus):
    """Arguments for `nodes` NUMA nodes that share out the CPUs and the memory; one needs none."""
    arguments = []
    for node in range(nodes if nodes > 1 else 0):
        size = share(node + 1, nodes, MEGABYTES) - share(node, nodes, MEGABYTES)
        first, last = share(node, nodes, cpus), share(node + 1, nodes, cpus) - 1
        arguments += ["-object", f"memory-backend-ram,id=node{node},size={size}M",
                      "-numa", f"node,nodeid={node},cpus={first}-{last},memdev=node{node}"]
    return arguments


def share(node, nodes, whole):
    """Where the part of `whole` begins that is the node's."""
    return node * whole // nodes


class Qemu:
    """How to start one, and with what code it ends."""
    log, static = "console", True

    def __init__(self, kernel, append="", cpus=4, icount=False, plugin=None, kvm=False,
                 nodes=1):
        accelerate = ICOUNT if icount else ("-accel", "kvm" if kvm else "tcg,thread=multi")
        if icount:
            cpus, append = 1, f"{ICOUNT_CMDLINE} {append}"
        # Without cx16: QEMU 7.2 emulates cmpxchg16b with stale flags, which kills some kernels.
        self.argv = ["qemu-system-x86_64", *accelerate, "-cpu", "max,-cx16", "-smp", str(cpus),
                     "-m", f"{MEGABYTES}M", *numa(nodes, cpus), "-nodefaults", "-no-user-config",
                     "-display", "none", "-no-reboot", "-kernel", str(kernel / "vmlinuz"),
                     "-append", f"{CMDLINE} {append}",
                     "-device", "isa-debug-exit,iobase=0xf4,iosize=4"]
        self.argv += ["-plugin", plugin] if plugin else []

    def prepare(self, folder, files):
        """Put `files` where the guest finds them; return what to run: log to `folder`/console,
        results through standard input and output."""
        (folder / "initramfs").write_bytes(guest.archive(files))
        return [*self.argv, "-initrd", f"{folder}/initramfs",
                "-serial", f"file:{folder}/console", "-serial", "stdio"]

    @staticmethod
    def code(status):
        """The exit code that a guest which says `status` ends with (exit.c)."""
        return verdict.qemu_code(status)

