# SPDX-License-Identifier: GPL-2.0-only
"""The host that the lab runs on: its folders, its tools, and how it fails."""

import contextlib
import errno
import fcntl
import os
import pathlib
import platform
import subprocess
import sys

# Of Debian, oldest first: a program of one runs on those after it.
RELEASES = ("bookworm", "trixie")

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"


class Failure(Exception):
    """What went wrong, in one line fit to be shown as it is."""


def say(text):
    print(f"lab: {text}", file=sys.stderr, flush=True)


def release():
    """The name of the machine's release, or None if it has none."""
    try:
        return platform.freedesktop_os_release().get("VERSION_CODENAME")
    except OSError:
        return None


def cache():
    home = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    return pathlib.Path(home).absolute() / "quartet"


def run(*argv, **how):
    """Run a tool to its end and return what it printed; its complaint becomes the Failure."""
    try:
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, errors="replace", **how)
    except FileNotFoundError:
        raise Failure(f"{argv[0]}: not installed") from None
    if done.returncode:
        lines = done.stderr.strip().split("\n")
        # tar and dpkg name the files that suffered before they come to the cause.
        full = [line for line in lines if os.strerror(errno.ENOSPC) in line]
        raise Failure(f"{argv[0]}: {(full or lines)[0] or f'exit status {done.returncode}'}")
    return done.stdout


@contextlib.contextmanager
def lock(folder):
    """Keep other runs of the lab out of `folder`; the kernel lets go even if we are killed."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / ".lock", "w", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"waiting for another run to leave {folder}")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
