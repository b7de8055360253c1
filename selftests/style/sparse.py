# SPDX-License-Identifier: GPL-2.0-only
"""sparse over the modules, by kbuild."""

import os
import shutil
import subprocess

import kernel


def check(tree):
    if not shutil.which("sparse"):
        return ["sparse is not installed"]
    folder = kernel.build(tree)
    # C=2 checks all files, compiled or not; flags other than the build's would compile them again.
    make = ["make", "-s", "-C", kernel.headers(), f"M={folder}", f"-j{os.cpu_count()}", "W=1",
            "CONFIG_DEBUG_INFO_BTF_MODULES=", "QUARTET_KAPI=m", "C=2", "CF=-D__CHECK_ENDIAN__", "modules"]
    run = subprocess.run(make, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if run.returncode:
        return [f"make ended with {run.returncode}", *run.stderr.splitlines()]
    # The kernel's headers have findings of their own.
    ours = folder + os.sep
    return [line.replace(ours, "") for line in run.stderr.splitlines() if line.startswith(ours)]
