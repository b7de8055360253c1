# SPDX-License-Identifier: GPL-2.0-only
"""Small is a feature: the length of files and of functions in the module and the programs."""

import re

import tree as sources

FILE = 600
FUNCTION = 60
HEAD = re.compile(r"\w.*?(\w+)\(")


def check(tree):
    bad = []
    for path in sources.written_in(tree, "c", "kmod", "user"):
        lines = sources.lines(tree, path)
        if len(lines) > FILE:
            bad.append(f"{path}: {len(lines)} lines, at most {FILE}")
        bad += [f"{path}:{start}: {name}: {length} lines, at most {FUNCTION}"
                for name, start, length in functions(lines) if length > FUNCTION]
    return bad


def functions(lines):
    """Name, first line and length of each: in kernel style, only their braces are flush left."""
    name, start = "?", None
    for number, line in enumerate(lines, 1):
        head = HEAD.match(line)
        if head:
            name = head[1]
        if line.startswith("{"):
            start = number
        elif line.startswith("}") and start:
            yield name, start, number - start + 1
            start = None
