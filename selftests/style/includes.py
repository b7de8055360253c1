# SPDX-License-Identifier: GPL-2.0-only
"""The include rule: a file includes its own room, and of the others only what its row names."""

import os
import re

import tree as sources

INCLUDE = re.compile(r'\s*#\s*include\s*(["<])([^">]+)')
SEARCHED = ("kmod/include", "uapi", "kmod/base", "user/lib", "kmod", "")
BANNED = {"utils", "util", "common", "misc"}

# In the order of the drawing. A room is a folder, or a name with any suffix in a folder. A public
# header may use only what is installed with it; the torture, only what any module may, and what of
# base is not about quartet; the detector, which watches all, nothing.
ABI = ("uapi", "kmod/include")
PRIMITIVES = (*ABI, "kmod/base", "kmod/lock", "kmod/pool", "kmod/memo")
ROOMS = {
    "uapi": (),
    "kmod/include": ("uapi",),
    "kmod/base": ABI,
    "kmod/lock": PRIMITIVES[:3],
    "kmod/pool": PRIMITIVES[:4],
    "kmod/memo": PRIMITIVES[:4],
    "kmod/debugfs": PRIMITIVES,
    "kmod/dev": (*PRIMITIVES, "kmod/debugfs"),
    "kmod/main": (*PRIMITIVES, "kmod/debugfs", "kmod/dev"),
    "kmod/torture": (*ABI, "kmod/base/histogram", "kmod/base/compat", "kmod/base/sized"),
    "kmod/race": (),
    "user/lib": ("uapi",),
    "user/examples": ("user/lib",),
    "user/cli": ("uapi", "user/lib", "kmod/base/histogram"),
    "user/sim/race": (*ABI, "kmod/race", "user/sim"),
    "user/sim": (*PRIMITIVES, "kmod/dev"),
    "bench/contest": (*ABI, "user/sim"),
    "bench/processes": ("uapi", "user/lib"),
    "selftests/kapi": ABI,
    "selftests": ("uapi", "kmod/base/histogram", "kmod/base/sized", "user"),
}


def check(tree):
    paths = set(sources.files(tree))
    bad = [f"{path}: name it for what it holds" for path in sorted(paths)
           if BANNED & {part.split(".")[0] for part in path.split("/")}]
    for path in sources.written_in(tree, "c"):
        room = next((room for room in ROOMS if lies_in(path, room)), None)
        if not room:
            bad.append(f"{path}: in no room: see ROOMS in selftests/style/includes.py")
            continue
        for number, line in enumerate(sources.lines(tree, path), 1):
            found = INCLUDE.match(line)
            fault = found and judge(paths, path, room, found[1] == '"', found[2])
            if fault:
                bad.append(f"{path}:{number}: {fault}")
    return bad


def judge(paths, path, room, quoted, name):
    if name.endswith(".c"):
        return f"{name} is no header"
    target = resolve(paths, path, quoted, name)
    # The shim has headers of the kernel's names, which stand in front of the real ones.
    if room == "user/sim" and f"user/sim/include/{name}" in paths:
        return None
    if target:
        if not any(lies_in(target, other) for other in (room, *ROOMS[room])):
            return f"{room} may not include {target}"
    # The tests' harness is found in the kernel's source, by quoted names.
    elif quoted and room != "selftests" or re.match(r"quartet/|linux/quartet", name):
        return f"{name} is not in the tree"
    return None


def resolve(paths, path, quoted, name):
    """The file of ours that an include means, or None."""
    folders = (os.path.dirname(path), *SEARCHED) if quoted else SEARCHED
    found = (os.path.normpath(os.path.join(folder, name)) for folder in folders)
    return next((target for target in found if target in paths), None)


def lies_in(path, room):
    return path.startswith((room + "/", room + "."))
