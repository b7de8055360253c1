# SPDX-License-Identifier: GPL-2.0-only
"""Each seeded bug applies to the tree as it is, and names who catches it or why nobody does."""

import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PATCHES = sorted((ROOT / "selftests/mutants").glob("*/*.patch"))
HEADER = re.compile(r"^(Killed-by|Survives): \S", re.MULTILINE)


class PatchTest(unittest.TestCase):
    def test_there_are_some(self):
        self.assertTrue(PATCHES)

    def test_each_applies(self):
        for patch in PATCHES:
            with self.subTest(patch.stem):
                done = subprocess.run(["patch", "--quiet", "--strip=1", "--fuzz=0", "--dry-run",
                                       f"--input={patch}"], cwd=ROOT, capture_output=True,
                                      text=True, check=False)
                self.assertEqual(done.returncode, 0, done.stdout)

    def test_each_says_who_catches_it(self):
        for patch in PATCHES:
            with self.subTest(patch.stem):
                self.assertRegex(patch.read_text(), HEADER)

    def test_what_was_written_blind_says_of_what_kind_it_is(self):
        for patch in PATCHES:
            text = patch.read_text()
            if "\nBlind: " in text:
                with self.subTest(patch.stem):
                    self.assertRegex(text, r"(?m)^Blind: (first|second)$")
                    self.assertRegex(text, r"(?m)^Kind: (usual|error|rare|permission)$")


if __name__ == "__main__":
    unittest.main()
