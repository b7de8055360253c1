# SPDX-License-Identifier: GPL-2.0-only
"""checkpatch --strict on all C; exceptions are the lines `path TAB type TAB why` of ALLOW, where a
path that ends with a slash is a folder with all that is in it."""

import concurrent.futures
import itertools
import os
import pathlib
import re
import shutil
import subprocess
import zlib

import answers
import kernel
import tree as sources

ALLOW = "selftests/style/checkpatch.allow"
FINDING = re.compile(r"(?P<file>.+?):\d+: (?:ERROR|WARNING|CHECK):(?P<type>[A-Z0-9_]+): ")
OPTIONS = ("--strict", "--no-tree", "--terse", "--show-types", "--no-summary")
# More options are read from these, the first that there is.
CONF = (".checkpatch.conf", "~/.checkpatch.conf", ".scripts/.checkpatch.conf")
# It starts slowly, and from one file to the next it keeps names and types: what it says is kept for
# a group of files, which the path of a file decides. An edit costs one group.
GROUPS = 32


def check(tree):
    perl = shutil.which("perl")
    if not perl:
        return ["perl is not installed"]
    folder = pathlib.Path(kernel.source(), "scripts")
    command = [perl, folder / "checkpatch.pl", *OPTIONS, "-f"]
    conf = [os.path.join(tree, os.path.expanduser(name)) for name in CONF]
    # Its lists of words are beside it.
    tool = list(answers.contents([perl, *filter(pathlib.Path.is_file, sorted(folder.iterdir())),
                                  *conf]).values())

    def look(files):
        paths = [os.path.join(tree, path) for path in files]
        return answers.ask(
            lambda: (OPTIONS, tool, files, list(answers.contents(paths).values())),
            lambda: run([*command, *files], tree))

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        files = sources.written_in(tree, "c", "kmod", "uapi", "user", "selftests")
        said = pool.map(look, groups(files))
        return judge(sorted(itertools.chain(*said)), allowed(tree))


def groups(files):
    found = {}
    for path in files:
        found.setdefault(zlib.crc32(path.encode()) % GROUPS, []).append(path)
    return found.values()


def run(command, tree):
    done = subprocess.run(command, cwd=tree, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          env={**os.environ, "LC_ALL": "C"}, text=True, errors="replace")
    said = done.stdout.splitlines()
    # 1 means findings.
    ended = done.returncode == 0 or (done.returncode == 1 and bool(said))
    if not ended:
        said.append(f"checkpatch ended with {done.returncode}")
    return said, ended


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
