# SPDX-License-Identifier: GPL-2.0-only
"""Suites of the package archive: the machine's own, and others beside it.

Another suite has package lists and caches of its own in our cache, so that the machine's apt
knows nothing of it. Its archive is the one that the machine's own packages come from. A release
comes with its security updates, as on a machine of that release.
"""

import re
import shutil

from host import RELEASES, Failure, cache, release, run, say

# Run by root, apt drops to a user who may not write to the cache.
ROOT_WRITES = ("-o", "APT::Sandbox::User=root")


SECURITY = "-security"


def archives(security=False):
    """Addresses of Debian's main archive, or of its security archive, in the machine's sources."""
    if not shutil.which("apt-get"):
        raise Failure("apt-get: not installed: kernels are packages of Debian; the cache of a Debian "
                      f"machine, copied to {cache()}, serves as well")
    rows = run("apt-get", "indextargets", "--format",
               "$(REPO_URI) $(COMPONENT) $(RELEASE) $(ORIGIN)", "Created-By: Packages")
    # The origin is known once the lists have been fetched.
    return [address for address, component, _, *origin in map(str.split, rows.splitlines())
            if component == "main" and (origin or ["Debian"]) == ["Debian"]
            and address.rstrip("/").endswith(SECURITY) == security]


def debian_archive():
    """The address that the machine's own packages of Debian's main archive come from."""
    for address in archives():
        return address
    raise Failure("this machine's apt has no archive with Debian's main component")


class Suite:
    """`name` is a release, or a suite beside the releases."""

    def __init__(self, name):
        self.name = name

    def is_own(self):
        """Is it what the machine itself uses?"""
        return self.name == release()

    def lines(self):
        """Its sources.list."""
        signed = "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]"
        places = [(debian_archive(), self.name)]
        if self.name in RELEASES:
            places += [(address, self.name + SECURITY) for address in archives(security=True)[:1]]
        return "".join(f"{signed} {address} {suite} main\n" for address, suite in places)

    def folder(self):
        return cache() / "suites" / self.name

    def options(self):
        if self.is_own():
            return ROOT_WRITES
        folder = self.folder()
        settings = {"Dir::Etc::SourceList": folder / "sources.list",
                    "Dir::Etc::SourceParts": "/nonexistent", "Dir::State::Lists": folder / "lists",
                    "Dir::Cache": folder / "cache", "Dir::Cache::pkgcache": folder / "pkgcache.bin",
                    "Dir::Cache::srcpkgcache": folder / "srcpkgcache.bin"}
        return (*ROOT_WRITES,
                *(word for key, value in settings.items() for word in ("-o", f"{key}={value}")))

    def update(self):
        if not self.is_own():
            (self.folder() / "lists/partial").mkdir(parents=True, exist_ok=True)
            (self.folder() / "cache/archives/partial").mkdir(parents=True, exist_ok=True)
            (self.folder() / "sources.list").write_text(self.lines())
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
            say(f"updating the package lists of {self.name}")
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
