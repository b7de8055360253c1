# SPDX-License-Identifier: GPL-2.0-only
"""A release's compiler: the machine's own, or in a small root of its own in the cache."""

import os
import shutil

import apt
from host import RELEASES, Failure, cache, release, run, say

# In a mount namespace of its own, so that the binds end with it: $1 is the root, then a path a
# word that is to be seen at the same place inside, then --, then the command.
ENTER = """
root=$1; shift
while [ "$1" != -- ]; do mkdir -p "$root$1" && mount --rbind "$1" "$root$1" || exit; shift; done
shift
exec chroot "$root" "$@"
"""


class Toolchain:
    """A release and its packages; see fetch.py for what a recipe is."""

    def __init__(self, name, packages):
        self.release, self.packages = name, packages
        self.compiler = packages[0]

    def is_here(self):
        """Does the machine serve as it is? What the headers bring runs on their release, and later."""
        later = RELEASES[RELEASES.index(self.release):]
        return release() in later and shutil.which(self.compiler) is not None

    def recipe(self):
        return self.release, self.packages

    def make(self, root):
        """Fill `root`; return the compiler's version."""
        archive = root / "root.tar"
        say(f"installing {' '.join(self.packages)} of {self.release} in a folder")
        run("mmdebstrap", "--quiet", "--variant=essential", f"--include={','.join(self.packages)}",
            self.release, archive, apt.debian_archive(), env={**os.environ, "TMPDIR": str(root)})
        # The devices are the machine's own, and whoever runs the lab owns the files.
        run("tar", "-xf", archive, "--exclude=./dev/*", "--no-same-owner", "-C", root)
        archive.unlink()
        status = (root / "var/lib/dpkg/status").read_text()
        for paragraph in status.split("\n\n"):
            fields = dict(line.split(": ", 1) for line in paragraph.splitlines()
                          if ": " in line and not line.startswith(" "))
            if fields.get("Package") == self.compiler:
                return fields["Version"]
        raise Failure(f"{self.release} has no {self.compiler}")


def enter(root, *paths):
    """The words before a command that runs it in `root`, with `paths` in their places."""
    own = () if os.geteuid() == 0 else ("--map-root-user",)
    return ("unshare", "--mount", *own, "--", "sh", "-c", ENTER, "sh", str(root),
            "/dev", "/proc", str(cache()), *map(str, paths), "--")
