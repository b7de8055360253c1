# SPDX-License-Identifier: GPL-2.0-only
"""Tests of what the guest holds and of how the command gets into it and its output out."""

import io
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import types
import unittest
from unittest import mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lab"))
import boot
import guest
import host
import verdict


def unpack(archive, name):
    return subprocess.run(["busybox", "cpio", "-i", "--to-stdout", name], input=archive,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout


class Archive(unittest.TestCase):
    def test_arguments_arrive_as_given(self):
        words = ["a  b", "it's", "$HOME", "new\nline", "*", "", "-n", "\\", '"', "\xff", "é"]
        archive = guest.archive(guest.files(["printf", "%s\\0", *words]))
        got = subprocess.run(["sh", "-c", unpack(archive, "command")], stdout=subprocess.PIPE,
                             check=True).stdout
        self.assertEqual(got.split(b"\0")[:-1], [os.fsencode(word) for word in words])

    def test_contents_survive(self):
        for size in range(8):
            record = guest.newc("name"[:1 + size % 4], 0o100000, b"x" * size)
            archive = record + guest.newc("TRAILER!!!", 0, b"")
            self.assertEqual(unpack(archive, "name"[:1 + size % 4]), b"x" * size)

    def test_dynamic_program_is_refused(self):
        with self.assertRaisesRegex(host.Failure, "not a static program"):
            guest.program(sys.executable)

    def test_32_bit_programs(self):
        with tempfile.TemporaryDirectory() as folder:
            for kind in ("static", "no-pie"):
                subprocess.run(["gcc", "-m32", f"-{kind}", "-xc", "-", "-o", f"{folder}/{kind}"],
                               input="int main(void) { return 0; }", text=True, check=True)
            self.assertTrue(guest.program(f"{folder}/static"))
            with self.assertRaisesRegex(host.Failure, "not a static program"):
                guest.program(f"{folder}/no-pie")

    def test_a_folder_is_added(self):
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "file").write_bytes(b"text")
            archive = guest.archive(guest.files(["true"], added=pathlib.Path(folder)))
        self.assertEqual(unpack(archive, "added/file"), b"text")

    def test_folder_without_modules_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            with self.assertRaisesRegex(host.Failure, "no quartet.ko"):
                guest.files(["true"], pathlib.Path(folder))


class Follow(unittest.TestCase):
    """A guest's output, in whatever pieces it comes."""

    def follow(self, *pieces, console=verdict.END):
        shown = io.BytesIO()
        running = types.SimpleNamespace(stdin=io.BytesIO(), stdout=mock.Mock())
        with (mock.patch("select.select", return_value=[[running.stdout]]),
              mock.patch("os.read", side_effect=[*pieces, b""]),
              mock.patch("boot.text", return_value=console)):
            said = boot.follow(running, "console", time.monotonic() + 60, shown.write)
        return shown.getvalue(), said, running.stdin.getvalue()

    def test_marker_is_kept_from_the_output(self):
        self.assertEqual(self.follow(b"out", b"put\n\x1elab-", b"exit 0\n"),
                         (b"output\n", "lab-exit 0\n", b"\n"))

    def test_separator_in_the_output(self):
        self.assertEqual(self.follow(b"a\x1eb\n", b"c\x1elab-exit 3\n"),
                         (b"a\x1eb\nc", "lab-exit 3\n", b"\n"))

    def test_guest_is_held_until_its_log_is_out(self):
        self.assertEqual(self.follow(b"\x1elab-exit 0\n", console="")[2], b"")

    def test_limit(self):
        with self.assertRaises(TimeoutError):
            boot.follow(None, "console", time.monotonic() - 1, None)


if __name__ == "__main__":
    unittest.main()
