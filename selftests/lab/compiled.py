# SPDX-License-Identifier: GPL-2.0-only
"""Kernels compiled from the distribution's packaged source, with a configuration of ours.

Of the source and the objects, a cached kernel keeps what building modules for it takes.
"""

import os
import pathlib
import re
import shutil
import subprocess

from host import Failure, run, say

CONFIGS = pathlib.Path(__file__).resolve().parent / "configs"
KEEP = {
    "um": ("Makefile", "Kbuild", ".config", "Module.symvers", "System.map", "scripts", "include",
           "arch/um", "arch/x86/um", "arch/x86/include", "arch/x86/Makefile*", "tools/include",
           "linux"),
    "x86": ("Makefile", "Kbuild", ".config", "Module.symvers", "System.map", "scripts", "include",
            "arch/x86/include", "arch/x86/Makefile*", "tools/include", "tools/objtool/objtool",
            "arch/x86/boot/bzImage"),
}
IMAGE = {"um": "linux", "x86": "arch/x86/boot/bzImage"}


def fragments(names):
    """The configuration as one text; what a later one of `names` says counts."""
    lines = "".join((CONFIGS / f"{name}.config").read_text() for name in names).splitlines()
    options = dict(line.split("=", 1) for line in lines if line.startswith("CONFIG_"))
    return "".join(f"{name}={value}\n" for name, value in options.items())


def compile_kernel(root, deb, arch, names, options):
    """Fill `root` with `headers` (what kbuild calls KDIR) and `vmlinuz`, from a source package;
    `options` are make's."""
    run("dpkg-deb", "-x", deb, root / "package")
    tree = root / "headers"
    tree.mkdir()
    run("tar", "-xJf", only(root / "package", "usr/src/*.tar.xz"), "--strip-components=1", cwd=tree)
    shutil.rmtree(root / "package")
    configure(tree, options, fragments(names))
    say(f"compiling {root.name.strip('.').removesuffix('.part')}: some minutes")
    make(tree, options, f"-j{os.cpu_count()}", "all" if arch == "um" else "bzImage")
    if arch != "um":
        make(tree, options, f"-j{os.cpu_count()}", "modules")
    prune(tree, arch)
    (root / "vmlinuz").symlink_to(f"headers/{IMAGE[arch]}")


def make(tree, options, *arguments):
    log = tree / "make.log"
    with open(log, "w", encoding="utf-8") as output:
        done = subprocess.run(["make", "-C", tree, *options, *arguments],
                              stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                              check=False)
    if done.returncode:
        lines = log.read_text(errors="replace").splitlines()
        errors = [line for line in lines if re.search(r"error:|No space left|\*\*\*", line)]
        raise Failure(f"make: {(errors or lines[-1:] or ['failed'])[0]}")
    log.unlink()


def configure(tree, options, wanted):
    (tree / "wanted.config").write_text(wanted)
    make(tree, options, "KCONFIG_ALLCONFIG=wanted.config", "allnoconfig")
    got = set((tree / ".config").read_text().splitlines())
    missing = [line for line in wanted.splitlines() if not line.endswith("=n") and line not in got]
    if missing:
        raise Failure(f"this kernel's configuration does not take {', '.join(missing)}")


def prune(tree, arch):
    kept = tree.with_name("kept")
    for pattern in KEEP[arch]:
        for path in tree.glob(pattern):
            target = kept / path.relative_to(tree)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)
    shutil.rmtree(tree)
    kept.rename(tree)
    for path in [*tree.rglob("*.o"), *tree.rglob("*.a"), *tree.rglob(".*.cmd")]:
        if not path.is_relative_to(tree / "scripts"):
            path.unlink()


def only(root, pattern):
    found = list(root.glob(pattern))
    if len(found) != 1:
        raise Failure(f"{len(found)} files match {pattern}, not one")
    return found[0]
