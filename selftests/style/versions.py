# SPDX-License-Identifier: GPL-2.0-only
"""What differs between kernel versions is in one place: compat.h of base, and of the detector, which
includes nothing of quartet."""

import re

import tree as sources

VERSION = re.compile(r"\b(LINUX_VERSION_CODE|KERNEL_VERSION|LINUX_VERSION_(MAJOR|PATCHLEVEL))\b")
PLACES = ("kmod/base/compat.h", "kmod/race/compat.h")


def check(tree):
    return [f"{path}:{number}: {found[0]}: only compat.h knows versions"
            for path in sources.written_in(tree, "c", "kmod") if path not in PLACES
            for number, line in enumerate(sources.lines(tree, path), 1)
            if (found := VERSION.search(line))]
