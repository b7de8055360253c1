# SPDX-License-Identifier: GPL-2.0-only
"""Boot a kernel, run a command in it, and judge what happened."""

import contextlib
import os
import pathlib
import select
import shutil
import subprocess
import sys
import tempfile
import termios
import time
import tty

import fetch
import guest
import kvm
import qemu
import uml
import verdict
from host import BUILD, Failure, say

SEPARATOR = b"\x1e"	# lab-exit writes it between the command's output and its marker

def boot(kernel, command, modules=None, append="", timeout=300, added=None,
         **options):
    """Run `command` in a guest, its output to our standard output; return the exit status."""
    machine = new_machine(kernel, append=append, **options)
    files = guest.files(command, modules, terminal_size(), machine.static, added)
    console, status, reason, indices = try_guest(machine, files, timeout)
    if status == verdict.EMULATOR and verdict.START not in console:
        say(f"{kernel}: {reason}: once more")
        console, status, reason, indices = try_guest(machine, files, timeout)
    log = BUILD / f"console-{kernel}{f'-{os.getpid()}' if status else ''}.log"
    log.write_text(console, errors="replace")
    if status:
        report(kernel, reason, console, indices, log)
    else:
        say(f"{kernel}: the command succeeded, the kernel's log is clean, nothing was left behind")
    return status


def new_machine(name, append="", icount=False, plugin=None, cpus=None, nodes=1, **options):
    options["cpus"] = cpus or fetch.KERNELS[name].cpus
    if nodes > (1 if icount else options["cpus"]):
        raise Failure("each node has a CPU at least")
    options["append"] = f"{fetch.KERNELS[name].cmdline} {append}"
    kernel = fetch.kernel(name)
    if fetch.KERNELS[name].machine == "qemu":
        works = not icount and kvm.works(kernel, run_guest)
        return qemu.Qemu(kernel, icount=icount, plugin=plugin, kvm=works, nodes=nodes,
                         **options)
    if icount or plugin or nodes > 1:
        raise Failure("only QEMU counts instructions, takes a plugin or has nodes")
    return uml.Uml(kernel, **options)


def try_guest(machine, files, timeout):
    """The console, and what verdict.judge() says of it."""
    console, *rest = run_guest(machine, files, timeout, emit)
    return console, *verdict.judge(console, *rest)


def report(kernel, reason, console, indices, log):
    say(f"{kernel}: {reason}")
    for line in verdict.excerpt(console, indices):
        print(f"  {line}", file=sys.stderr)
    say(f"{kernel}: the kernel's log is in {os.path.relpath(log)}")


def run_guest(machine, files, timeout, output):
    """Return what verdict.judge() wants to know: console, result, code, limit, stderr, code_of."""
    with tempfile.TemporaryDirectory(prefix="boot-", dir=BUILD) as name:
        folder = pathlib.Path(name)
        # The guest must not outlive us, even if we are killed.
        argv = ["setpriv", "--pdeathsig", "KILL", *machine.prepare(folder, files)]
        result, code, limit = "", None, None
        with open(folder / "stderr", "wb") as stderr:
            running = start(argv, stderr)
        deadline = time.monotonic() + timeout
        try:
            result = follow(running, folder / machine.log, deadline, output)
            code = running.wait(max(0, deadline - time.monotonic()))
        except (TimeoutError, subprocess.TimeoutExpired):
            limit = timeout
        finally:
            running.kill()
            running.wait()
        return (text(folder / machine.log), result, code, limit, text(folder / "stderr"),
                machine.code)


def start(argv, stderr):
    try:
        return subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                stderr=stderr)
    except FileNotFoundError:
        raise Failure(f"{argv[0]}: not installed") from None


def follow(running, console, deadline, output):
    """Pass the command's output on as it comes; return what the guest says after it."""
    held, released, typed = b"", False, [sys.stdin] if is_raw() else []
    while True:
        marked = held.endswith(b"\n") and not released
        # PREEMPT_RT prints from a thread: let the guest go only when its last word is out.
        if marked and verdict.END in text(console):
            with contextlib.suppress(BrokenPipeError):
                running.stdin.write(b"\n")
                running.stdin.flush()
            released = True
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        ready = select.select([running.stdout, *typed], [], [], min(left, 0.05) if marked else left)[0]
        if sys.stdin in ready:
            keys(running)
        if running.stdout not in ready:
            continue
        data = os.read(running.stdout.fileno(), 65536)
        if not data:
            return held.removeprefix(SEPARATOR).decode(errors="replace")
        held += data
        # The command may use the byte as well: only what follows the last one can be the marker.
        cut = held.rfind(SEPARATOR)
        cut = len(held) if cut < 0 else cut
        output(held[:cut])
        held = held[cut:]


@contextlib.contextmanager
def terminal():
    """Every key goes to the guest, which echoes and interprets it."""
    old = termios.tcgetattr(sys.stdin)
    tty.setraw(sys.stdin)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, old)


def keys(running):
    """Pass on what was typed; only `lab shell` has a terminal in raw mode to type it in."""
    running.stdin.write(os.read(sys.stdin.fileno(), 4096))
    running.stdin.flush()


def is_raw():
    return sys.stdin.isatty() and not termios.tcgetattr(sys.stdin)[3] & termios.ICANON


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
