#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Copy quartet_race's reports from standard input; each place in a module of FOLDER gets its line."""

import collections
import functools
import pathlib
import re
import subprocess
import sys

FRAME = re.compile(r"(\S+)\+0x([0-9a-f]+)/0x([0-9a-f]+) \[(\w+)\]$")
# Of objdump -t: address, flags, section, size, name.
SYMBOL = re.compile(r"([0-9a-f]+) .{7} (\S+)\s+[0-9a-f]+ (?:\.hidden )?(\S+)$")

Symbol = collections.namedtuple("Symbol", "name section address")


def run(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                          check=False)
    return done.stdout.splitlines()


def find_modules(folder):
    """By the names that the kernel has for them."""
    return {path.stem.replace("-", "_"): path for path in pathlib.Path(folder).rglob("*.ko")}


@functools.cache
def symbols(module):
    found = [SYMBOL.match(line) for line in run("objdump", "-t", module)]
    return [Symbol(match[3], match[2], int(match[1], 16)) for match in found
            if match and match[2].startswith(".") and match[3] != match[2]]


def size(symbol, module):
    """As the kernel has it: up to the next one. None: up to the section's end."""
    later = [other.address for other in symbols(module)
             if other.section == symbol.section and other.address > symbol.address]
    return min(later) - symbol.address if later else None


def candidates(name, length, module):
    """Static functions may share a name; then the length tells, mostly."""
    named = [symbol for symbol in symbols(module) if symbol.name == name]
    exact = [symbol for symbol in named if size(symbol, module) in (length, None)]
    return exact if len(named) > 1 and exact else named


@functools.cache
def lines(symbol, offset, module):
    """The line, and those that it was inlined into."""
    # What is reported is where a call returns to.
    said = run("addr2line", "-i", "-e", module, "-j", symbol.section,
               hex(symbol.address + offset - 1))
    places = [re.sub(r" \(discriminator \d+\)$", "", line) for line in said]
    return " < ".join(pathlib.PurePath(place).name for place in places if place[0] != "?")


def place(frame, modules):
    name, offset, length, module = frame.groups()
    if module not in modules:
        return ""
    found = candidates(name, int(length, 16), modules[module])
    return " or ".join(lines(symbol, int(offset, 16), modules[module]) for symbol in found)


def main():
    modules = find_modules(sys.argv[1] if len(sys.argv) > 1 else ".")
    for line in sys.stdin:
        line = line.rstrip("\n")
        frame = FRAME.search(line)
        print(f"{line} {frame and place(frame, modules) or ''}".rstrip())


if __name__ == "__main__":
    main()
