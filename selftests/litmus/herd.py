#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Run herd7 with the kernel's memory model on litmus tests; its options may come first.

Both come from packages, unpacked in the lab's cache. herd7 is only in the unstable suite, whose C
library it wants: it is started by that one's loader, and the machine's own is not touched.
"""

import os
import pathlib
import shutil
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lab"))

import apt
import compiled
import fetch
from host import Failure, cache, run


class Herd:
    """herd7 in a root of its own; see fetch.py for what a recipe is."""
    series, packages, suite = "", ("herdtools7", "libc6", "libgmp10"), "sid"

    def recipe(self):
        return self.packages, self.suite

    def make(self, root):
        debs, found = fetch.obtain(self, lambda suite, packages: packages)
        for deb in debs:
            run("dpkg-deb", "-x", deb, root)
        # A tenth of the package: its other programs are as large, and not needed.
        for program in root.glob("usr/bin/*"):
            if program.name != "herd7":
                program.unlink()
        for folder in ("usr/share/doc", "usr/share/man", "usr/share/i18n", "usr/lib/*/gconv"):
            for path in root.glob(folder):
                shutil.rmtree(path)
        run(*start(root), "-version")	# or another package has become necessary
        return found


class Model:
    """The memory model, of the newest packaged kernel: the contract is one for all of them, but 6.1
    states it without atomic_or() and its like, and without operations that continue a release."""
    series, packages, suite = "", ("linux-source",), fetch.NEWEST_SUITE

    def recipe(self):
        return self.packages, self.suite

    def make(self, root):
        debs, found = fetch.obtain(self, apt.concrete)
        run("dpkg-deb", "-x", debs[0], root / "package")
        run("tar", "-xJf", compiled.only(root / "package", "usr/src/*.tar.xz"),
            "--strip-components=3", "--wildcards", "*/tools/memory-model/linux-kernel.*",
            "*/tools/memory-model/*.cat", cwd=root)
        shutil.rmtree(root / "package")
        return found


def start(root):
    """The words before herd7's arguments."""
    loader = compiled.only(root, "usr/lib/*/ld-linux*.so.*")
    return (str(loader), "--library-path", str(loader.parent), str(root / "usr/bin/herd7"),
            "-set-libdir", str(root / "usr/share/herdtools7/herd"))


def obtain():
    """The words before a test's name, and the folder to say them in."""
    model = fetch.entry(cache() / "memory-model", Model())
    words = start(fetch.entry(cache() / "herd7", Herd()))
    return (*words, "-conf", "linux-kernel.cfg"), model


def main(arguments):
    words, model = obtain()
    paths = [os.path.abspath(word) if os.path.exists(word) else word for word in arguments]
    os.chdir(model)
    os.execv(words[0], (*words, *paths))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Failure as failure:
        sys.exit(f"herd: {failure}")
