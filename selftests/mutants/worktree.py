# SPDX-License-Identifier: GPL-2.0-only
"""Copies of our tree in which mutants are tried, and what a mutant's header says."""

import pathlib
import re
import shutil
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
EXPLORERS = ("explore", "explore-race")


def seed(tree, parts, *patches):
    """Make `parts` of `tree` what ours are but for the patches. Only what differs is written, so that
    make compiles only that again."""
    wanted = [source for part in parts for source in [ROOT / part, *(ROOT / part).rglob("*")]
              if source.is_file()]
    for path in [path for part in parts for path in (tree / part).rglob("*") if path.is_file()]:
        if not (ROOT / path.relative_to(tree)).exists():
            path.unlink()
    for source in wanted:
        copy = tree / source.relative_to(ROOT)
        if not copy.exists() or copy.read_bytes() != source.read_bytes():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, copy)
    for patch in patches:
        subprocess.run(["patch", "--quiet", "--strip=1", "--fuzz=0", f"--input={patch}"],
                       cwd=tree, check=True)


def header(patch, field):
    """What the patch says after `field`, or None."""
    found = re.search(rf"^{field}: (.+)$", patch.read_text(), re.MULTILINE)
    return found and found[1]


def blind():
    """Of the mutants that somebody wrote without sight of the tests: how many have a checker that
    catches them, and how many there are."""
    those = [patch for patch in HERE.glob("*/*.patch") if header(patch, "Blind")]
    return sum(bool(header(patch, "Killed-by")) for patch in those), len(those)


def name(patch):
    return str(patch.relative_to(HERE).with_suffix(""))


def in_sim(patch):
    """Is it for selftests/mutants/sim, or for a kernel?"""
    killer = header(patch, "Killed-by") or "Survives"
    return killer.split()[0] in (*EXPLORERS, "tsan", "asan", "stress", "Survives")
