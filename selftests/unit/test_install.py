# SPDX-License-Identifier: GPL-2.0-only
"""Tests of what make says of packages that are not there, with programs that stand in for dpkg and apt."""

import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
INSTALL = ROOT / "selftests/lab/install"
DPKG = """#!/bin/sh
case $4 in
installed) echo install ok installed ;;
removed) echo deinstall ok config-files ;;
*) echo "no packages found matching $4" >&2; exit 1 ;;
esac
"""


class Install(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.program("grep", '#!/bin/sh\nexec /bin/grep "$@"\n')

    def program(self, name, text):
        (self.folder / name).write_text(text)
        (self.folder / name).chmod(0o755)

    def install(self, *packages):
        return subprocess.run(["/bin/sh", INSTALL, *packages], env={"PATH": str(self.folder)},
                              capture_output=True, text=True, check=False)

    def machine(self, user=0, apt="exit 0"):
        self.program("dpkg-query", DPKG)
        self.program("id", f"#!/bin/sh\necho {user}\n")
        self.program("apt-get", f'#!/bin/sh\necho "$@" >>{self.folder}/asked\n{apt}\n')

    def asked(self):
        asked = self.folder / "asked"
        return asked.read_text().splitlines() if asked.exists() else []

    def test_another_distribution_is_told_the_names_and_goes_on(self):
        done = self.install("build-essential", "qemu-system-x86")
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stderr, r"\A[^\n]*not a Debian.*: build-essential qemu-system-x86\n\Z")

    def test_nothing_is_missing(self):
        self.machine(user=1000)
        done = self.install("installed", "installed")
        self.assertEqual((done.returncode, done.stderr, self.asked()), (0, "", []))

    def test_an_ordinary_user_is_told_what_to_install(self):
        self.machine(user=1000)
        done = self.install("installed", "spin", "removed")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr, "install: missing; as root: apt-get install spin removed\n")
        self.assertEqual(self.asked(), [])

    def test_root_gets_what_is_missing(self):
        self.machine()
        done = self.install("installed", "spin", "removed")
        self.assertEqual((done.returncode, done.stderr), (0, "installing: spin removed\n"))
        self.assertEqual(self.asked(), ["-qq update", "-qq install --no-install-recommends -y "
                                        "spin removed"])

    def test_apt_that_fails(self):
        self.machine(apt="exit 100")
        self.assertEqual(self.install("spin").returncode, 100)

    def test_make_asks_it_for_every_list(self):
        """As a user on a machine with nothing: one line, and nothing is begun."""
        self.machine(user=1000)
        for name in "make", "sed", "uname", "printf":
            path = subprocess.run(["sh", "-c", f"command -v {name}"], capture_output=True, text=True,
                                  check=True).stdout.strip()
            if path.startswith("/"):
                (self.folder / name).symlink_to(path)
        for target in "run", "style", "check", "quick", "bench":
            with self.subTest(target):
                done = subprocess.run([self.folder / "make", "-s", "-C", ROOT, "KDIR=/none", target],
                                      env={"PATH": str(self.folder)}, capture_output=True, text=True,
                                      check=False)
                self.assertEqual(done.returncode, 2)
                self.assertRegex(done.stderr, r"\Ainstall: missing; as root: apt-get install build-ess")
                self.assertEqual(self.asked(), [])


if __name__ == "__main__":
    unittest.main()
