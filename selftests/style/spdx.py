# SPDX-License-Identifier: GPL-2.0-only
"""The licence line: there in every source file, and the one that its folder has."""

import re

import tree as sources

TAG = re.compile(r"^(?:/\*|\(\*|//|#|\.\.|\.\\\") SPDX-License-Identifier: (.+?)(?: \*[/)])?$")
DUAL = "(GPL-2.0-only OR LGPL-2.1-or-later)"

# The first that a path begins with.
LICENCES = (
    ("kmod/base/histogram.h", DUAL),  # shared with programs
    ("uapi/", "GPL-2.0 WITH Linux-syscall-note"),
    ("selftests/dev/quartet-", "GPL-2.0 WITH Linux-syscall-note"),  # a version of that, kept
    ("user/lib/", "LGPL-2.1-or-later"),
    ("user/man/", "LGPL-2.1-or-later"),
    ("user/examples/", "LGPL-2.1-or-later"),
    ("", "GPL-2.0-only"),
)


def check(tree):
    bad = []
    for path in sources.files(tree):
        if not sources.language(tree, path):
            continue
        want = next(licence for prefix, licence in LICENCES if path.startswith(prefix))
        tags = [TAG.match(line) for line in sources.lines(tree, path)[:2]]
        found = next((tag[1] for tag in tags if tag), "no licence line")
        if found != want:
            bad.append(f"{path}: {found}, want {want}")
    return bad
