# SPDX-License-Identifier: GPL-2.0-only
"""What the checks need of a kernel: its source and its headers."""

import pathlib
import subprocess

LAB = pathlib.Path(__file__).resolve().parents[1] / "lab/lab"
VERSION = "6.1"


def source():
    return lab("fetch", "source")


def headers():
    return lab("fetch", VERSION)


def lab(*arguments):
    """Run the lab; its progress and complaints go to stderr, the folder it prints is returned."""
    return subprocess.run([LAB, *arguments], check=True, stdout=subprocess.PIPE,
                          text=True).stdout.strip()
