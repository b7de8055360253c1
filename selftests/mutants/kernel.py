# SPDX-License-Identifier: GPL-2.0-only
"""Build the modules of a tree, and run tests with them in a guest."""

import re
import subprocess

import worktree

LAB = worktree.ROOT / "selftests/lab/lab"
PARTS = ("Kbuild", "kmod", "uapi", "selftests/kapi", "selftests/race", "selftests/fuzz/trace")
COMPLAINT, LEAK = 120, 121
DEATHS = (COMPLAINT, 122, 124, 125)
RUNNING = re.compile(r"^# +RUN +(\S+) \.\.\.", re.MULTILINE)


def build(tree, kernel, options=()):
    done = subprocess.run([LAB, "build", kernel, "--tree", tree, *options], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise RuntimeError("does not build:\n" + done.stderr)
    return done.stdout.strip()


def boot(kernel, modules, command, enough, timeout=300):
    """Exit status and output; the guest is ended once a line matches `enough`."""
    lines = []
    argv = [LAB, "boot", "--timeout", str(timeout), "--build", modules, kernel, "--", "sh", "-c",
            command]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace") as guest:
        for line in guest.stdout:
            lines.append(line)
            if enough and enough.match(line):
                guest.terminate()
    return guest.returncode, "".join(lines)


def running(output):
    """The test that was the last to begin, or nothing."""
    return (RUNNING.findall(output) or [""])[-1]
