# SPDX-License-Identifier: GPL-2.0-only
"""Shell and Python: what can be said about them without running them."""

import os
import shutil
import subprocess

import tree as sources


def shell(tree):
    if not shutil.which("shellcheck"):
        raise sources.Skip("shellcheck is not installed")
    scripts = sources.written_in(tree, "sh")
    if not scripts:
        return []
    run = subprocess.run(["shellcheck", "--format=gcc", *scripts], cwd=tree,
                         capture_output=True, text=True)
    output = (run.stdout + run.stderr).splitlines()
    return output or ([f"shellcheck ended with {run.returncode}"] if run.returncode else [])


def python(tree):
    bad = []
    for path in sources.written_in(tree, "python"):
        try:
            with open(os.path.join(tree, path), "rb") as file:
                compile(file.read(), path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            bad.append(f"{path}: {error}")
    return bad
