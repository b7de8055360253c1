# SPDX-License-Identifier: GPL-2.0-only
"""Build the modules against a kernel's headers, and the helper that ends the guest."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

import fetch
import toolchain
from host import BUILD, ROOT, Failure, lock, run

SOURCES = re.compile(r".*\.([chS]|mk|sh)|Kbuild|Makefile")
FAULT = re.compile(r"warning:|WARNING:|error:|ERROR:|\*\*\*")
# Say nothing about our code: the headers come without the exact tools.
NOTICE = re.compile("the compiler differs from the one used|pahole version differs from the one used")


def modules(kernel, tree=ROOT):
    """Build in <tree>/build/<kernel>, and return that folder. A warning is a failure."""
    folder = tree / "build" / kernel
    with lock(tree / "build"):
        farm(tree, folder)
        make(kernel, tree, folder, folder, "QUARTET_KAPI=m")
        if (folder / "quartet_race.ko").exists():
            cases = folder / "selftests/race/module"
            make(kernel, tree, folder, cases, "RACE=1")
            for module in cases.glob("*.ko"):
                shutil.copy(module, folder)
            loops(kernel, tree, folder)
    return folder


def loops(kernel, tree, folder, *variables):
    """What is counted with RACE=1 and without."""
    make(kernel, tree, folder, folder / "selftests/race/loops", *variables)
    shutil.copy(folder / "selftests/race/loops/quartet_race_loops.ko", folder)


def race_modules(kernel, tree=ROOT):
    """The same, but watched by quartet_race.ko, which comes with them."""
    plain = modules(kernel, tree)
    folder = tree / "build" / f"{kernel}-race"
    if not (plain / "quartet_race.ko").exists():
        raise Failure(f"{kernel}: there is no quartet_race.ko for it")
    with lock(tree / "build"):
        farm(tree, folder)
        # Of the others in there are others with these names.
        symbols = (plain / "Module.symvers").read_text().splitlines(keepends=True)
        symvers = folder / "quartet_race.symvers"
        symvers.write_text("".join(line for line in symbols if
                                   pathlib.Path(line.split("\t")[2]).name == "quartet_race"))
        watched = "RACE=1", f"QUARTET_RACE_SYMVERS={symvers}"
        make(kernel, tree, folder, folder, *watched)
        loops(kernel, tree, folder, *watched)
        shutil.copy(plain / "quartet_race.ko", folder)
    return folder


def traced_modules(kernel, tree=ROOT):
    """quartet.ko, which tells quartet_trace_pc.ko where it is run, for the fuzzer."""
    folder = tree / "build" / f"{kernel}-trace-pc"
    with lock(tree / "build"):
        farm(tree, folder)
        make(kernel, tree, folder, folder, "QUARTET_TRACE_PC=m")
    return folder


def counted_modules(kernel, tree=ROOT):
    """The same, but they count which of their lines are run (GCOV_KERNEL)."""
    if "CONFIG_GCOV_KERNEL=y" not in (fetch.kernel(kernel) / "headers/.config").read_text():
        raise Failure(f"{kernel}: it does not count what is run")
    folder = tree / "build" / f"{kernel}-counted"
    with lock(tree / "build"):
        farm(tree, folder)
        make(kernel, tree, folder, folder, "QUARTET_KAPI=m", "QUARTET_GCOV=y")
    return folder


def make(kernel, tree, folder, target, *variables):
    """Build the modules of `target`, which is in `folder`."""
    headers = fetch.kernel(kernel) / "headers"
    recipe = fetch.KERNELS[kernel]
    inside = ()
    if not fetch.TOOLCHAINS[recipe.toolchain].is_here():
        inside = toolchain.enter(fetch.toolchain(recipe.toolchain), tree)
    # No BTF: the headers come without the vmlinux that it would be made from.
    command = (*inside, "make", "-C", headers, *recipe.make_options, f"M={target}", "W=1",
               f"-j{os.cpu_count()}", *variables, "CONFIG_DEBUG_INFO_BTF_MODULES=", "modules")
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    faults = [line for line in done.stdout.splitlines()
              if FAULT.search(line) and not NOTICE.search(line)]
    if done.returncode or faults:
        sys.stderr.write(done.stdout)
        # A second make would be silent about the files that it need not compile again.
        shutil.rmtree(folder)
        raise Failure(f"{kernel}: make: {(faults or [f'exit status {done.returncode}'])[0]}")


def farm(tree, folder):
    """Link the sources into `folder`: kbuild leaves its objects beside them."""
    for path in folder.rglob("*"):
        if path.is_symlink():
            path.unlink()
    for top in ("Kbuild", "kmod", "uapi", "selftests/kapi", "selftests/fuzz/trace",
                "selftests/race/module", "selftests/race/loops"):
        for source in [tree / top, *(tree / top).rglob("*")]:
            if source.is_file() and SOURCES.fullmatch(source.name):
                link = folder / source.relative_to(tree)
                link.parent.mkdir(parents=True, exist_ok=True)
                link.symlink_to(source.absolute())


def guest_exit():
    """The static program that ends the guest with a status (exit.c)."""
    source, program = ROOT / "selftests/lab/exit.c", BUILD / "lab-exit"
    if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
        BUILD.mkdir(exist_ok=True)
        part = f"{program}.{os.getpid()}"
        run("cc", "-static", "-O2", "-Wall", "-Werror", "-o", part, source)
        os.replace(part, program)
    return program
