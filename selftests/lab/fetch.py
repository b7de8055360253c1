# SPDX-License-Identifier: GPL-2.0-only
"""Distribution kernels and kernel source, from the machine's own package archive to the cache.

Nothing is installed: packages are downloaded and unpacked in the cache. An entry is made beside
its place and renamed when whole. Its `version` says which package it came from.
"""

import os
import re
import shutil

from host import Failure, cache, lock, run, say

# Metapackages, so that the archive decides which build of the series is current.
KERNELS = {
    "6.1": ("linux-image-cloud-amd64", "linux-headers-cloud-amd64"),
    "6.1-rt": ("linux-image-rt-amd64", "linux-headers-rt-amd64"),
}

SOURCE = "linux-source-6.1"
SOURCE_MEMBERS = (
    "scripts/checkpatch.pl", "scripts/spelling.txt", "scripts/const_structs.checkpatch",
    "scripts/coccicheck", "scripts/coccinelle", "scripts/kernel-doc",
    "tools/testing/selftests/kselftest.h", "tools/testing/selftests/kselftest_harness.h",
    "tools/include",
)


def kernel(name):
    """The folder of a kernel, with `vmlinuz`, `headers`, `version`; fetched if need be."""
    return entry(folder(name), KERNELS[name], unpack_kernel)


def folder(name):
    return cache() / "kernels" / name


def source():
    """The folder with the parts of the kernel source that the tests use."""
    return entry(cache() / "source-6.1", (SOURCE,), unpack_source)


def version(place):
    """The package version of a cached entry, None if it is not cached."""
    try:
        return (place / "version").read_text().strip()
    except FileNotFoundError:
        return None


def entry(place, packages, unpack):
    if version(place):
        return place
    with lock(cache()):
        if version(place):
            return place
        say(f"fetching {' '.join(packages)}")
        debs = download(packages)
        found = run("dpkg-deb", "-f", debs[0], "Version").strip()
        series = place.name.removeprefix("source-").removesuffix("-rt")
        if not found.startswith(series + "."):
            raise Failure(f"this machine's packages offer {found}, not {series}")
        part = place.with_name(f".{place.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        try:
            unpack(part, debs)
            (part / "version").write_text(found + "\n")
            part.rename(place)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    say(f"{place.name}: version {found}, from {debs[0].name}")
    return place


def download(packages):
    """Download what the packages stand for; refresh apt's lists only if that is what it takes."""
    debs = cache() / "debs"
    debs.mkdir(parents=True, exist_ok=True)
    try:
        return get(debs, packages)
    except Failure:
        say("updating the package lists")
    try:
        run("apt-get", "update")
    except Failure as failure:
        say(failure)
    return get(debs, packages)


def get(debs, packages):
    names = concrete(packages)
    # Run by root, apt drops to a user who may not write to the cache.
    apt = ("apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download")
    run(*apt, *names, cwd=debs)
    # Asked in `debs`, apt would be silent about files that are there already.
    uris = run(*apt, "--print-uris", *names, cwd="/")
    files = [line.split()[1] for line in uris.splitlines()]
    return [debs / file for file in sorted(files, key=lambda file: names.index(file.split("_")[0]))]


def concrete(packages):
    """Follow metapackages to the packages that hold the files; the first is the one that counts."""
    depends = run("apt-cache", "depends", "--recurse", "--important", *packages)
    names = re.findall(r"^linux-(?:image|headers|kbuild|source)-\d\S*", depends, re.MULTILINE)
    if not names:
        raise Failure(f"the package archive has nothing behind {' '.join(packages)}")
    return sorted(set(names), key=lambda name: (not re.match("linux-(image|source)", name), name))


def unpack_kernel(root, debs):
    for deb in debs:
        run("dpkg", "-x", deb, root)
    # Packages expect to live in /usr/src; made relative, they work wherever the cache is.
    for makefile in root.glob("usr/src/linux-headers-*/Makefile"):
        text = makefile.read_text()
        makefile.write_text(text.replace("include /usr/src/", "include ../"))
    for link in root.glob("lib/modules/*/*"):
        if link.is_symlink() and os.readlink(link).startswith("/"):
            target = os.path.relpath(f"{root}{os.readlink(link)}", link.parent)
            link.unlink()
            link.symlink_to(target)
    (root / "vmlinuz").symlink_to(only(root, "boot/vmlinuz-*"))
    (root / "headers").symlink_to(only(root, "usr/src/linux-headers-*/.config").parent)


def only(root, pattern):
    found = list(root.glob(pattern))
    if len(found) != 1:
        raise Failure(f"{len(found)} files match {pattern} in the unpacked packages, not one")
    return found[0].relative_to(root)


def unpack_source(root, debs):
    archive = f"usr/src/{SOURCE}.tar.xz"
    run("dpkg", "-x", debs[0], root)
    run("tar", "-xJf", archive, "--strip-components=1",
        *(f"{SOURCE}/{member}" for member in SOURCE_MEMBERS), cwd=root)
    shutil.rmtree(root / "usr")
