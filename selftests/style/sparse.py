# SPDX-License-Identifier: GPL-2.0-only
"""sparse over the modules, with the flags that kbuild gives it."""

import concurrent.futures
import os
import shlex
import shutil
import subprocess

import answers
import kernel
import tree as sources

# All that a module is made from: see farm() in selftests/lab/build.py.
FOLDERS = ("kmod/", "uapi/", "selftests/kapi/")
MARK = "@sparse"


def check(tree):
    program = shutil.which("sparse")
    if not program:
        return ["sparse is not installed"]
    # A folder that is called clean would be kbuild's target of that name.
    tree, headers = os.path.join(os.path.abspath(tree), "."), kernel.headers()
    found, complaint = commands(tree, headers)
    if complaint:
        return complaint
    # Its headers change only with the version.
    fixed = answers.contents([program, os.path.join(os.path.dirname(headers), "version")])
    shared = [os.path.join(tree, path) for path in sources.files(tree)
              if path.startswith(FOLDERS) and not path.endswith(".c")]

    def look(command):
        """What is said of one unit: any header of ours may be in it, but no other unit."""
        options = [word.replace(tree, "") for word in command]
        return answers.ask(lambda: (options, fixed, here(tree, [*shared, command[-1]])),
                           lambda: run([program, *command], tree, headers))

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return [line for lines in pool.map(look, found) for line in lines]


def here(tree, paths):
    """Contents by relative path: what is said of a tree is true of its clones."""
    return [(os.path.relpath(path, tree), held) for path, held in answers.contents(paths).items()]


def commands(tree, headers):
    """sparse's arguments for each unit, and what make complains of. Nothing is compiled or written:
    make only says what it would do."""
    # C=2 checks all files, compiled or not; the target is the modules' objects without modpost.
    make = ["make", "-n", "-s", "-C", headers, f"M={tree}", "W=1", "QUARTET_KAPI=m", "C=2",
            f"CHECK={MARK}", "CF=-D__CHECK_ENDIAN__", tree]
    done = subprocess.run(make, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        return [], [f"make ended with {done.returncode}", *done.stderr.splitlines()]
    found = [shlex.split(line.partition(MARK)[2]) for line in done.stdout.splitlines()
             if MARK in line]
    return found, [] if found else ["make names nothing to check"]


def run(command, tree, headers):
    done = subprocess.run(command, cwd=headers, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          text=True, errors="replace")
    # The kernel's headers have findings of their own, but no errors.
    ours = tree + os.sep
    lines = [line.replace(ours, "") for line in done.stderr.splitlines()
             if line.startswith(ours) or " error: " in line]
    if done.returncode:
        lines += [f"sparse ended with {done.returncode}"]
    return lines, not done.returncode
