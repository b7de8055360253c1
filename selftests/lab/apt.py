# SPDX-License-Identifier: GPL-2.0-only
"""Suites of the package archive: the machine's own, and others beside it.

Another suite has package lists and caches of its own in our cache, so that the machine's apt
knows nothing of it. Its archive is the one that the machine's own packages come from.
"""

import os
import re

from host import Failure, cache, run, say

# Run by root, apt drops to a user who may not write to the cache.
ROOT_WRITES = ("-o", "APT::Sandbox::User=root")


def debian_archive():
    """The address that the machine's own packages of Debian's main archive come from."""
    rows = run("apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)",
               "Created-By: Packages")
    for address, _, component in (row.split() for row in rows.splitlines()):
        if component == "main" and not address.rstrip("/").endswith("-security"):
            return address
    raise Failure("this machine's apt has no archive with Debian's main component")


class Suite:
    """`name` is None for whatever the machine itself uses."""

    def __init__(self, name=None):
        self.name = name

    def folder(self):
        return cache() / "suites" / self.name

    def options(self):
        if not self.name:
            return ROOT_WRITES
        folder = self.folder()
        settings = {"Dir::Etc::SourceList": folder / "sources.list",
                    "Dir::Etc::SourceParts": "/nonexistent", "Dir::State::Lists": folder / "lists",
                    "Dir::Cache": folder / "cache", "Dir::Cache::pkgcache": folder / "pkgcache.bin",
                    "Dir::Cache::srcpkgcache": folder / "srcpkgcache.bin"}
        return (*ROOT_WRITES,
                *(word for key, value in settings.items() for word in ("-o", f"{key}={value}")))

    def update(self):
        if self.name:
            (self.folder() / "lists/partial").mkdir(parents=True, exist_ok=True)
            (self.folder() / "cache/archives/partial").mkdir(parents=True, exist_ok=True)
            (self.folder() / "sources.list").write_text(
                f"deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] "
                f"{debian_archive()} {self.name} main\n")
        # Else a suite that cannot be reached is only a warning, and the old lists are used.
        run("apt-get", *self.options(), "-o", "APT::Update::Error-Mode=any", "update")

    def ask(self, *arguments, **how):
        return run("apt-cache", *self.options(), *arguments, **how)

    def download(self, packages, choose):
        """Download what `choose` makes of `packages`; refresh the lists only if that is needed."""
        debs = cache() / "debs"
        debs.mkdir(parents=True, exist_ok=True)
        try:
            return self.get(debs, choose(self, packages))
        except Failure:
            say(f"updating the package lists{f' of {self.name}' if self.name else ''}")
        try:
            self.update()
        except Failure as failure:
            say(failure)
        return self.get(debs, choose(self, packages))

    def get(self, debs, names):
        apt = ("apt-get", "-qq", *self.options(), "download")
        run(*apt, *names, cwd=debs)
        # Asked in `debs`, apt would be silent about files that are there already.
        uris = run(*apt, "--print-uris", *names, cwd="/")
        files = [line.split()[1] for line in uris.splitlines()]
        return [debs / file
                for file in sorted(files, key=lambda file: names.index(file.split("_")[0]))]


def concrete(suite, packages):
    """Follow metapackages to the packages that hold the files; the first is the one that counts."""
    depends = suite.ask("depends", "--recurse", "--important", *packages)
    names = re.findall(r"^linux-(?:image|binary|headers|kbuild|source)-\d\S*", depends, re.MULTILINE)
    if not names:
        raise Failure(f"the package archive has nothing behind {' '.join(packages)}")
    return sorted(set(names), key=lambda name: (not re.match("linux-(image|source)", name), name))
