# SPDX-License-Identifier: GPL-2.0-only
"""The files of a source tree: which there are, and what language each is written in."""

import os
import re
import subprocess

SUFFIXES = {".c": "c", ".h": "c", ".py": "python", ".sh": "sh", ".rst": "rst", ".mk": "make",
            ".litmus": "litmus", ".3": "man", ".7": "man"}
NAMES = {"Makefile": "make", "Kbuild": "make"}
SHEBANG = re.compile(r"#!\s*\S*/(?:env\s+)?(?:(python)|(?:ba|da)?(sh))")


class Skip(Exception):
    """A check that cannot be made here, and why."""


def files(tree):
    """Relative paths of all files that are, or on the next `git add` would be, committed."""
    listed = subprocess.run(
        ["git", "-C", tree, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        check=True, capture_output=True, text=True).stdout
    paths = (os.path.join(tree, path) for path in set(listed.split("\0")) if path)
    return sorted(os.path.relpath(path, tree) for path in paths
                  if os.path.isfile(path) and not os.path.islink(path))


def lines(tree, path):
    with open(os.path.join(tree, path), encoding="utf-8", errors="replace") as file:
        return file.read().splitlines()


def language(tree, path):
    """c, python, sh, rst, make, litmus, or None."""
    stem, suffix = os.path.splitext(os.path.basename(path))
    if suffix in SUFFIXES or stem in NAMES:
        return SUFFIXES.get(suffix) or NAMES[stem]
    found = SHEBANG.match("".join(lines(tree, path)[:1]))
    return found and (found[1] or found[2])


def written_in(tree, name, *folders):
    """The files in one language, in some folders or everywhere."""
    inside = tuple(folder + "/" for folder in folders) or ""
    return [path for path in files(tree)
            if path.startswith(inside) and language(tree, path) == name]
