# SPDX-License-Identifier: GPL-2.0-only
"""A user-mode kernel: an ordinary process of the host, on the host's own file system, read-only."""

import guest

# There is no watchdog for a CPU with interrupts off but the time limit.
CMDLINE = f"con=null con0=null,fd:2 ssl=null ssl1=fd:0,fd:1 {guest.CMDLINE}"


class Uml:
    """How to start one, and with what code it ends."""
    log, static = "stderr", False

    def __init__(self, kernel, append="", cpus=4):
        self.image = kernel / "vmlinuz"
        self.append = append
        self.cpus = cpus

    def prepare(self, folder, files):
        """Put `files` where the guest finds them; return what to run: log by standard error, results
        through standard input and output."""
        for name, data in files.items():
            path = folder / "guest" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            path.chmod(0o755)
        # SMP takes seccomp=on.
        return [str(self.image), "mem=1G", f"ncpus={self.cpus}", "seccomp=on",
                f"uml_dir={folder}", "umid=uml",
                "rootfstype=hostfs", "rootflags=/", "ro", f"init={folder}/guest/uml-init",
                *CMDLINE.split(), *self.append.split()]

    @staticmethod
    def code(status):
        """A machine that is powered off ends with 0, whatever the guest said."""
        return 0
