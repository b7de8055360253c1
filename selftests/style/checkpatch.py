# SPDX-License-Identifier: GPL-2.0-only
"""checkpatch --strict on all C; exceptions are the lines `path TAB type TAB why` of ALLOW, where a
path that ends with a slash is a folder with all that is in it."""

import os
import re
import subprocess

import kernel
import tree as sources

ALLOW = "selftests/style/checkpatch.allow"
FINDING = re.compile(r"(?P<file>.+?):\d+: (?:ERROR|WARNING|CHECK):(?P<type>[A-Z0-9_]+): ")


def check(tree):
    script = os.path.join(kernel.source(), "scripts/checkpatch.pl")
    files = sources.written_in(tree, "c", "kmod", "uapi", "user", "selftests")
    if not files:
        return []
    command = [script, "--strict", "--no-tree", "--terse", "--show-types", "--no-summary", "-f"]
    jobs = min(os.cpu_count(), len(files))
    runs = [subprocess.Popen([*command, *files[job::jobs]], cwd=tree, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True, errors="replace")
            for job in range(jobs)]
    output = []
    for run in runs:
        said = run.communicate()[0].splitlines()
        # 1 means findings.
        if run.returncode not in (0, 1) or (run.returncode and not said):
            said.append(f"checkpatch ended with {run.returncode}")
        output += said
    return judge(sorted(output), allowed(tree))


def judge(output, allow):
    """Lines that no exception covers, and exceptions that cover no line."""
    used, bad = set(), []
    for line in output:
        found = FINDING.match(line)
        keys = found and covering(found["file"], found["type"]) & allow
        if keys:
            used |= keys
        else:
            bad.append(line)
    stale = [f"{ALLOW}: {file}: {name} no longer occurs" for file, name in sorted(allow - used)]
    return bad + stale


def covering(file, name):
    """The exceptions that would cover a finding: of its file, and of each folder that it is in."""
    parts = file.split("/")
    folders = ["/".join(parts[:depth]) + "/" for depth in range(1, len(parts))]
    return {(path, name) for path in [file, *folders]}


def allowed(tree):
    if not os.path.exists(os.path.join(tree, ALLOW)):
        return set()
    entries = set()
    for line in sources.lines(tree, ALLOW):
        if line.startswith("#") or not line:
            continue
        fields = line.split("\t")
        if len(fields) != 3 or not all(fields):
            raise ValueError(f"{ALLOW}: not `path TAB type TAB why`: {line}")
        entries.add((fields[0], fields[1]))
    return entries
