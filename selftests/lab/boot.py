# SPDX-License-Identifier: GPL-2.0-only
"""Boot a kernel in QEMU, run a command in it, and judge what happened."""

import contextlib
import os
import pathlib
import select
import shutil
import subprocess
import sys
import tempfile
import time

import fetch
import initramfs
import verdict
from host import BUILD, Failure, cache, lock, say

# All of the log, as it happens: `quiet` would hide what WARN() prints; no rate limit on what tests
# announce; a buffer that PREEMPT_RT's printing thread cannot lag behind. Watchdogs panic, so
# that a stuck guest dies with its reason on the console. RCU is the one that notices a CPU stuck
# with interrupts off: the emulation has no NMI watchdog. The emulated CPUs share one time stamp
# counter, which the kernel does not believe by itself; every look at the HPET would be emulated I/O.
CMDLINE = (
    "console=ttyS0 ignore_loglevel printk.devkmsg=on log_buf_len=16M panic=-1 oops=panic "
    "slub_nomerge softlockup_panic=1 watchdog_thresh=5 sysctl.kernel.watchdog_thresh=5 "
    "sysctl.kernel.hung_task_panic=1 sysctl.kernel.hung_task_timeout_secs=30 "
    "sysctl.kernel.panic_on_rcu_stall=1 rcupdate.rcu_cpu_stall_timeout=21 "
    "tsc=reliable"
)
SEPARATOR = b"\x1e"	# lab-exit writes it between the command's output and its marker
# One CPU, which QEMU steps by instructions: a tick of the time stamp counter is one instruction.
# A kernel on one CPU would take the lock prefixes out of its code.
ICOUNT = ("-accel", "tcg,thread=single", "-icount", "shift=0")
ICOUNT_CMDLINE = "noreplace-smp"
KVM_TRIAL = 15	# seconds


def boot(kernel, command, modules=None, append="", timeout=300, **machine):
    """Run `command` in a guest, its output to our standard output; return the exit status."""
    vmlinuz = fetch.kernel(kernel) / "vmlinuz"
    archive = initramfs.archive(command, modules, terminal_size())
    argv = guest(vmlinuz, append, **machine)
    console, *rest = run_guest(argv, archive, timeout, emit)
    status, reason, indices = verdict.judge(console, *rest)
    log = BUILD / f"console-{kernel}{f'-{os.getpid()}' if status else ''}.log"
    log.write_text(console, errors="replace")
    if status:
        report(kernel, reason, console, indices, log)
    else:
        say(f"{kernel}: the command succeeded, the kernel's log is clean, nothing was left behind")
    return status


def guest(vmlinuz, append, cpus=4, icount=False, plugin=None):
    if icount:
        argv = qemu(vmlinuz, ICOUNT, 1, f"{ICOUNT_CMDLINE} {append}")
    else:
        accelerator = "kvm" if kvm_works(vmlinuz) else "tcg,thread=multi"
        argv = qemu(vmlinuz, ("-accel", accelerator), cpus, append)
    return argv + ["-plugin", plugin] if plugin else argv


def report(kernel, reason, console, indices, log):
    say(f"{kernel}: {reason}")
    for line in verdict.excerpt(console, indices):
        print(f"  {line}", file=sys.stderr)
    say(f"{kernel}: the kernel's log is in {os.path.relpath(log)}")


def qemu(vmlinuz, accelerate, cpus, append):
    # Without cx16: QEMU 7.2 emulates cmpxchg16b with stale flags, which kills some kernels.
    return ["qemu-system-x86_64", *accelerate, "-cpu", "max,-cx16", "-smp", str(cpus), "-m", "1G",
            "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
            "-kernel", str(vmlinuz), "-append", f"{CMDLINE} {append}",
            "-device", "isa-debug-exit,iobase=0xf4,iosize=4"]


def run_guest(argv, archive, timeout, output):
    """Return what verdict.judge() wants to know: console, result, code, limit, stderr."""
    with tempfile.TemporaryDirectory(prefix="boot-", dir=BUILD) as name:
        folder = pathlib.Path(name)
        (folder / "initramfs").write_bytes(archive)
        # The guest must not outlive us, even if we are killed.
        argv = ["setpriv", "--pdeathsig", "KILL", *argv, "-initrd", f"{folder}/initramfs",
                "-serial", f"file:{folder}/console", "-serial", "stdio"]
        result, code, limit = "", None, None
        with open(folder / "stderr", "wb") as stderr:
            guest = start(argv, stderr)
        deadline = time.monotonic() + timeout
        try:
            result = follow(guest, folder / "console", deadline, output)
            code = guest.wait(max(0, deadline - time.monotonic()))
        except (TimeoutError, subprocess.TimeoutExpired):
            limit = timeout
        finally:
            guest.kill()
            guest.wait()
        return text(folder / "console"), result, code, limit, text(folder / "stderr")


def start(argv, stderr):
    try:
        return subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                stderr=stderr)
    except FileNotFoundError:
        raise Failure(f"{argv[0]}: not installed") from None


def follow(guest, console, deadline, output):
    """Pass the command's output on as it comes; return what the guest says after it."""
    held, released = b"", False
    while True:
        marked = held.endswith(b"\n") and not released
        # PREEMPT_RT prints from a thread: let the guest go only when its last word is out.
        if marked and verdict.END in text(console):
            with contextlib.suppress(BrokenPipeError):
                guest.stdin.write(b"\n")
                guest.stdin.flush()
            released = True
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if not select.select([guest.stdout], [], [], min(left, 0.05) if marked else left)[0]:
            continue
        data = os.read(guest.stdout.fileno(), 65536)
        if not data:
            return held.removeprefix(SEPARATOR).decode(errors="replace")
        held += data
        # The command may use the byte as well: only what follows the last one can be the marker.
        cut = held.rfind(SEPARATOR)
        cut = len(held) if cut < 0 else cut
        output(held[:cut])
        held = held[cut:]


def emit(data):
    if data:
        os.write(sys.stdout.fileno(), data)


def text(path):
    return path.read_text(errors="replace") if path.exists() else ""


def terminal_size():
    """In the words of stty, if somebody watches."""
    if not sys.stdout.isatty():
        return ""
    size = shutil.get_terminal_size()
    return f"rows {size.lines} cols {size.columns}"


def kvm_works(vmlinuz):
    """Try it once a host boot: /dev/kvm may open, create a VM, and still hang a stock kernel."""
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return False
    answer = cache() / "kvm" / "answer"
    host_boot = pathlib.Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    with lock(answer.parent):
        known = text(answer).split()
        if known[:1] == [host_boot]:
            return known[1:] == ["works"]
        say(f"trying KVM, for at most {KVM_TRIAL} s")
        archive = initramfs.archive(["true"])
        argv = qemu(vmlinuz, ("-accel", "kvm"), 1, "")
        outcome = run_guest(argv, archive, KVM_TRIAL, lambda data: None)
        works = verdict.judge(*outcome)[0] == 0
        say("KVM works" if works else "KVM does not work here: using emulation")
        answer.write_text(f"{host_boot} {'works' if works else 'fails'}\n")
        return works
