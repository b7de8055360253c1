# SPDX-License-Identifier: GPL-2.0-only
"""What a guest holds: programs, the modules and the command to run; as an initramfs, if it needs one."""

import os
import pathlib
import shlex
import shutil
import stat
import struct

import build
from host import BUILD, ROOT, Failure

# Every guest's. All of the log, as it happens: `quiet` would hide what WARN() prints; no rate limit
# on what tests announce; a buffer that PREEMPT_RT's printing thread cannot lag behind. Watchdogs
# panic, so that a stuck guest dies with its reason on the console.
CMDLINE = (
    "ignore_loglevel printk.devkmsg=on log_buf_len=16M panic=-1 "
    "slub_nomerge softlockup_panic=1 watchdog_thresh=5 sysctl.kernel.watchdog_thresh=5 "
    "sysctl.kernel.hung_task_panic=1 sysctl.kernel.hung_task_timeout_secs=30 "
    "sysctl.kernel.panic_on_rcu_stall=1 rcupdate.rcu_cpu_stall_timeout=21"
)
FOLDERS = ("added", "bin", "dev", "modules", "proc", "selftests", "sys", "tmp")
MODULES = ("quartet.ko", "quartet_torture.ko", "quartet_kapi.ko", "quartet_race.ko",
           "quartet_race_cases.ko", "quartet_race_second.ko", "quartet_race_stale.ko",
           "quartet_race_nomem.ko", "quartet_race_loops.ko", "quartet_trace_pc.ko")


def files(command, modules=None, terminal="", static=True, added=None):
    """Name to contents; `modules` is a folder with .ko files, `terminal` its size for stty,
    the files of the folder `added` come to one of that name.

    A guest that is not `static` has the host's programs, in a root that uml-init.sh makes."""
    own = "bin" if static else "lab/bin"
    found = {
        "init": (ROOT / "selftests/lab/init.sh").read_bytes(),
        f"{own}/lab-exit": program(build.guest_exit()),
        # Quoted for the shell: each argument arrives exactly as it was given.
        "command": os.fsencode(f"exec {shlex.join(command)}\n"),
        "terminal": terminal.encode(),
    }
    if static:
        found["bin/busybox"] = program(find_busybox())
    else:
        found["uml-init"] = (ROOT / "selftests/lab/uml-init.sh").read_bytes()
    if (BUILD / "user/quartet").exists():
        found[f"{own}/quartet"] = program(BUILD / "user/quartet")
    for path in sorted((BUILD / "user/selftests").glob("*")):
        if path.is_file() and os.access(path, os.X_OK):
            found[f"selftests/{path.name}"] = program(path)
    for name in MODULES if modules else ():
        if (modules / name).exists():
            found[f"modules/{name}"] = (modules / name).read_bytes()
    for path in sorted(added.iterdir()) if added else ():
        found[f"added/{path.name}"] = path.read_bytes()
    if modules and "modules/quartet.ko" not in found:
        raise Failure(f"{modules}: no quartet.ko")
    return found


def archive(contents):
    """An initramfs of `contents`."""
    records = [(name, stat.S_IFDIR, b"") for name in FOLDERS]
    records += [(name, stat.S_IFREG, data) for name, data in contents.items()]
    records.append(("TRAILER!!!", 0, b""))
    return b"".join(newc(*record) for record in records)


def newc(name, kind, data):
    """One record of the cpio format that the kernel reads (buffer-format.rst)."""
    path = os.fsencode(name) + b"\0"
    fields = (0, kind | 0o755, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(path), 0)
    head = b"070701" + b"".join(b"%08x" % field for field in fields) + path
    return head + bytes(-len(head) % 4) + data + bytes(-len(data) % 4)


def program(path):
    data = pathlib.Path(path).read_bytes()
    if data.startswith(b"\x7fELF") and needs_loader(data):
        raise Failure(f"{path}: not a static program, and the guest has no libraries")
    return data


def needs_loader(elf):
    """Is there a PT_INTERP among the program headers? (little-endian)"""
    is_64_bit = elf[4] == 2
    start, = struct.unpack_from("<Q", elf, 32) if is_64_bit else struct.unpack_from("<I", elf, 28)
    size, count = struct.unpack_from("<HH", elf, 54 if is_64_bit else 42)
    return any(struct.unpack_from("<I", elf, start + i * size)[0] == 3 for i in range(count))


def find_busybox():
    path = shutil.which("busybox")
    if not path:
        raise Failure("busybox: not installed")
    return path
