# SPDX-License-Identifier: GPL-2.0-only
"""The plugin that counts instructions, in a program that stands in for QEMU, an old one and a new one."""

import pathlib
import subprocess
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
PLUGIN = HERE.parent / "lab/locked.c"


class Plugin(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror", "-o",
                        self.folder / "locked.so", PLUGIN], check=True)

    def run_in(self, version):
        """The version that the plugin wants in a QEMU of this one, and the lines that it writes."""
        host, counts = self.folder / "host", self.folder / "counts"
        subprocess.run(["cc", f"-DVERSION={version}", "-Wall", "-Werror", "-rdynamic", "-o", host,
                        HERE / "plugin_host.c", "-ldl"], check=True)
        wanted = subprocess.run([host, self.folder / "locked.so", f"out={counts}"], check=True,
                                capture_output=True, text=True).stdout
        return int(wanted), counts.read_text().splitlines()

    def test_counts_in_each_version(self):
        # The mark that begins counts, the one that ends does not.
        for version in 1, 3:
            with self.subTest(version):
                self.assertEqual(self.run_in(version), (version, ["7 4 2", "7 4 2"]))


if __name__ == "__main__":
    unittest.main()
