# SPDX-License-Identifier: GPL-2.0-only
"""Nothing committed depends on one developer's machine, or on one server of packages."""

import re

import tree as sources

MACHINE = re.compile(
    r"(?<![\w.)}])/(?:work|home|tmp/(?:w|bash_jobs\.?\w*))/"
    r"|\b(?:deb|ftp|security|snapshot|archive)\.(?:debian|ubuntu)\.(?:org|com)\b"
    r"|\bregistry\.npmjs|\bpypi\.org|\bproxy\.golang|\b(?:index|static)\.crates\.io")


def check(tree):
    return [f"{path}:{number}: {found[0]}" for path in sources.files(tree)
            for number, line in enumerate(sources.lines(tree, path), 1)
            if (found := MACHINE.search(line))]
