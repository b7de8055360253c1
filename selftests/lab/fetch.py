# SPDX-License-Identifier: GPL-2.0-only
"""Kernels and kernel source, from the distribution's package archive to the cache.

Nothing is installed: packages are downloaded and unpacked in the cache, and some kernels are
compiled there. An entry is made beside its place and renamed when whole. Its `version` says which
package it came from, its `recipe` what was made of it: an entry with another recipe is made anew.
"""

import dataclasses
import hashlib
import os
import re
import shutil

import apt
import compiled
from host import Failure, cache, lock, run, say
from toolchain import Toolchain

FORMAT = 2	# of entries; another one makes them all anew


def obtain(recipe, choose):
    """Download a recipe's packages; return the files and the version of the first."""
    say(f"fetching {' '.join(recipe.packages)}")
    debs = apt.Suite(recipe.suite).download(recipe.packages, choose)
    found = run("dpkg-deb", "-f", debs[0], "Version").strip()
    if not found.startswith(recipe.series):
        raise Failure(f"the packages offer {found}, not {recipe.series}x")
    return debs, found


@dataclasses.dataclass(frozen=True)
class Packaged:
    """A kernel that the distribution has compiled, by metapackages: the archive decides which
    build of the series is current."""
    series: str
    packages: tuple
    suite: str
    toolchain: str	# the release whose compiler its headers take
    machine, make_options, cpus, cmdline = "qemu", (), 4, ""

    def recipe(self):
        return dataclasses.astuple(self)

    def make(self, root):
        debs, found = obtain(self, apt.concrete)
        unpack_packages(root, debs)
        return found


@dataclasses.dataclass(frozen=True)
class Compiled:
    """A kernel that is compiled here from a source package, with configurations of ours."""
    series: str
    packages: tuple
    suite: str
    arch: str
    configs: tuple
    cpus: int
    cmdline: str = ""	# what it must be told at boot
    toolchain = "bookworm"	# the same compiler everywhere: what it makes of the locks is measured

    @property
    def machine(self):
        return "uml" if self.arch == "um" else "qemu"

    @property
    def make_options(self):
        compiler = TOOLCHAINS[self.toolchain].compiler
        return f"ARCH={self.arch}", f"CC={compiler}", f"HOSTCC={compiler}"

    def recipe(self):
        # Another compiler is another FORMAT.
        return self.packages, self.suite, self.arch, compiled.fragments(self.configs)

    def make(self, root):
        if not TOOLCHAINS[self.toolchain].is_here():
            raise Failure(f"{TOOLCHAINS[self.toolchain].compiler} of {self.toolchain} or later: "
                          "not installed")
        debs, found = obtain(self, apt.concrete)
        compiled.compile_kernel(root, debs[0], self.arch, self.configs, self.make_options)
        return found


NEWEST_SUITE = "trixie-backports"	# of all suites, the one with the newest kernel
CLOUD = ("linux-image-cloud-amd64", "linux-headers-cloud-amd64")
RT = ("linux-image-rt-amd64", "linux-headers-rt-amd64")

# Without it, each CPU keeps arrays of pointers to free objects ("sheaves"), and a pointer stays there
# when its object is handed out. kmemleak takes it for a reference: of 64 leaks in a row, it missed 60
# or all. A cache that is checked has no such arrays.
KMEMLEAK_SEES = "slab_debug=F"

# On more CPUs than the host has, spinlocks that keep an order collapse in a user-mode kernel: the
# next in line is a host thread that the host does not run. In emulation they only get slow.
UML_CPUS = min(2, os.cpu_count())

KERNELS = {
    "uml": Compiled("", ("linux-source",), NEWEST_SUITE, "um", ("uml",), UML_CPUS),
    "uml-debug": Compiled("", ("linux-source",), NEWEST_SUITE, "um", ("uml", "debug"), 1,
                          KMEMLEAK_SEES),
    "uml-untraced": Compiled("", ("linux-source",), NEWEST_SUITE, "um", ("uml", "untraced"), 1),
    "6.1": Packaged("6.1.", CLOUD, "bookworm", "bookworm"),
    "6.1-rt": Packaged("6.1.", RT, "bookworm", "bookworm"),
    "6.1-kcsan": Compiled("6.1.", ("linux-source-6.1",), "bookworm", "x86", ("kcsan",), 4),
    "6.12": Packaged("6.12.", CLOUD, "bookworm-backports", "bookworm"),
    "6.12-rt": Packaged("6.12.", RT, "bookworm-backports", "bookworm"),
    "newest": Packaged("", CLOUD, NEWEST_SUITE, "trixie"),
}

SOURCE = "linux-source-6.1"
SOURCE_MEMBERS = (
    "scripts/checkpatch.pl", "scripts/spelling.txt", "scripts/const_structs.checkpatch",
    "scripts/coccicheck", "scripts/coccinelle", "scripts/kernel-doc",
    "tools/testing/selftests/kselftest.h", "tools/testing/selftests/kselftest_harness.h",
    "tools/include",
)


# The packages' programs run on a later release than theirs, if it has the compiler.
TOOLCHAINS = {
    "bookworm": Toolchain("bookworm", ("gcc-12", "make", "libelf1", "libssl3")),
    "trixie": Toolchain("trixie", ("gcc-14", "make", "libelf1t64", "libssl3t64")),
}


class Source:
    """The parts of the kernel source that the tests use."""
    series, packages, suite = "6.1.", (SOURCE,), "bookworm"

    def recipe(self):
        return self.packages, SOURCE_MEMBERS

    def make(self, root):
        debs, found = obtain(self, lambda suite, packages: packages)
        unpack_source(root, debs)
        return found


def kernel(name):
    """The folder of a kernel, with `vmlinuz`, `headers`, `version`; made if need be."""
    return entry(folder(name), KERNELS[name])


def folder(name):
    return cache() / "kernels" / name


def source():
    return entry(cache() / "source-6.1", Source())


def toolchain(release):
    return entry(cache() / "toolchains" / release, TOOLCHAINS[release])


def digest(recipe):
    return hashlib.sha256(repr((FORMAT, recipe.recipe())).encode()).hexdigest()[:16]


def version(place, recipe):
    """The package version of a cached entry, None if it is not cached, or of another recipe."""
    try:
        if (place / "recipe").read_text().strip() != digest(recipe):
            return None
        return (place / "version").read_text().strip()
    except FileNotFoundError:
        return None


def entry(place, recipe):
    if version(place, recipe):
        return place
    with lock(cache()):
        if not version(place, recipe):
            fill(place, recipe)
    return place


def fill(place, recipe):
    part = place.with_name(f".{place.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        found = recipe.make(part)
        (part / "recipe").write_text(digest(recipe) + "\n")
        (part / "version").write_text(found + "\n")
        shutil.rmtree(place, ignore_errors=True)
        part.rename(place)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    say(f"{place.name}: version {found}")


HERE = "$(patsubst %/,%,$(dir $(realpath $(firstword $(MAKEFILE_LIST)))))"


def unpack_packages(root, debs):
    for deb in debs:
        run("dpkg", "-x", deb, root)
    # Packages expect to live in /usr/src; made relative, they work wherever the cache is.
    for makefile in root.glob("usr/src/linux-headers-*/Makefile"):
        text = makefile.read_text().replace("include /usr/src/", "include ../")
        makefile.write_text(re.sub("^KBUILD_OUTPUT=/usr/src/.*", f"KBUILD_OUTPUT={HERE}", text,
                                   flags=re.MULTILINE))
    for link in root.glob("lib/modules/*/*"):
        if link.is_symlink() and os.readlink(link).startswith("/"):
            target = os.path.relpath(f"{root}{os.readlink(link)}", link.parent)
            link.unlink()
            link.symlink_to(target)
    # Where newer packages have it, first.
    image = [*root.glob("usr/lib/modules/*/vmlinuz"), *root.glob("boot/vmlinuz-*")][:1]
    if not image:
        raise Failure(f"no kernel image in {' '.join(deb.name for deb in debs)}")
    (root / "vmlinuz").symlink_to(image[0].relative_to(root))
    headers = compiled.only(root, "usr/src/linux-headers-*/.config").parent
    (root / "headers").symlink_to(headers.relative_to(root))


def unpack_source(root, debs):
    archive = f"usr/src/{SOURCE}.tar.xz"
    run("dpkg", "-x", debs[0], root)
    run("tar", "-xJf", archive, "--strip-components=1",
        *(f"{SOURCE}/{member}" for member in SOURCE_MEMBERS), cwd=root)
    shutil.rmtree(root / "usr")
