# SPDX-License-Identifier: GPL-2.0-only
"""Build user/sim with the sources of a tree, and put them to a case."""

import os
import re
import subprocess

import worktree

SIM = worktree.ROOT / "user/sim"
PARTS = ("kmod", "uapi")
AT_ONCE = 2
# For a native case: a bug that takes longer to be seen is caught by luck.
SECONDS = "2"
TIMEOUT = 60
VERDICT = r"^# ((?:exclusion|assertion|leak|deadlock|livelock|lost wake-up|overtaken)\b.*)"
REPORTS = {
    **dict.fromkeys(worktree.EXPLORERS, VERDICT),
    "tsan": r"^WARNING: ThreadSanitizer: (.*?) \(pid",
    "asan": r"(?:ERROR: AddressSanitizer: |runtime error: )(.*?)(?: on address.*)?$",
    "stress": r"(.+)",
}
# One report is enough, and a stack frame that is gone is memory that is gone.
SANITIZERS = {"TSAN_OPTIONS": "halt_on_error=1", "ASAN_OPTIONS": "detect_stack_use_after_return=1"}


def build(tree, program):
    done = subprocess.run(
        ["make", "--silent", f"--jobs={AT_ONCE}", "-C", SIM, "-f", worktree.HERE / "sim.mk",
         f"TREE={tree}", f"O={tree}/sim", "CFLAGS=-O1", "headers=Makefile",
         f"{tree}/sim/{program}-mutant"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise RuntimeError("does not build:\n" + done.stdout)


def run(tree, command, seconds=SECONDS):
    """Exit status and output of a checker on the tree's program."""
    program, case, *options = command.split()
    if program not in worktree.EXPLORERS:
        options += ["-s", seconds]
    try:
        done = subprocess.run([tree / f"sim/{program}-mutant", *options, case],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              errors="replace", timeout=TIMEOUT, env={**os.environ, **SANITIZERS})
    except subprocess.TimeoutExpired:
        raise RuntimeError(f"no end after {TIMEOUT} s")
    return done.returncode, done.stdout


def finding(program, status, output):
    """What the checker has found, in a few words, or nothing."""
    if not status:
        return ""
    found = re.search(REPORTS[program], output, re.MULTILINE)
    if found:
        return found[1]
    return f"dies of signal {-status}" if program in worktree.EXPLORERS and status < 0 else ""
