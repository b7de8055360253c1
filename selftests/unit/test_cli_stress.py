# SPDX-License-Identifier: GPL-2.0-only
"""`quartet stress` without its device; with it: selftests/dev/stress.sh."""
import errno
import pathlib
import subprocess
import unittest

from test_cli import Failure, quartet

HISTORIES = pathlib.Path(__file__).resolve().parents[1] / "histories"


class Stress(Failure):
    def test_objects_that_there_are_not(self):
        self.one_line(quartet("stress", "mutex", "spin"), 2, "'spin' is not mutex, pool or memo")

    def test_numbers_out_of_their_limits(self):
        self.one_line(quartet("stress", "--processes", "65"), 2, "1 to 64")
        self.one_line(quartet("stress", "--threads", "0"), 2, "1 to 16")
        self.one_line(quartet("stress", "--time", "5"), 2, "a time with its unit")
        self.one_line(quartet("stress", "--kill", "1us"), 2, "1ms to 1s")

    def test_without_the_module(self):
        for error in errno.ENOENT, errno.ENODEV, errno.ENXIO:
            self.one_line(quartet("stress", "pool", objects=error), 3, "/dev/quartet: not there: "
                          "quartet is not loaded; as root: modprobe quartet")

    def test_without_the_right(self):
        for fake, who in (({}, "only root may"), ({"mode": 0o660}, "only root may"),
                          ({"mode": 0o640, "group": 3}, "only root may"),
                          ({"mode": 0o660, "group": 3}, "only root and group sys may"),
                          ({"mode": 0o660, "group": 31337}, "only root and group 31337 may")):
            for error in errno.EACCES, errno.EPERM:
                self.one_line(quartet("stress", objects=error, **fake), 3,
                              f"/dev/quartet: {who} use it")

    def test_another_version_of_the_module(self):
        for error in errno.ENOTTY, errno.EINVAL, errno.E2BIG:
            self.one_line(quartet("stress", objects=0, info=error), 3,
                          "/dev/quartet: the loaded module is of another version than this command")

    def test_another_reason(self):
        self.one_line(quartet("stress", objects=errno.EMFILE), 3,
                      "/dev/quartet: Too many open files")
        self.one_line(quartet("stress", objects=0, info=errno.ENOMEM), 3,
                      "/dev/quartet: Cannot allocate memory")

    def test_object_that_cannot_be_created(self):
        self.one_line(quartet("stress", "pool", objects=0), 3, "no pool: ")


class Histories(unittest.TestCase):
    """The checker, by its exit status and what it prints; what it refuses: selftests/histories/run."""
    def check(self, *names):
        return subprocess.run([HISTORIES / "check", *(HISTORIES / name for name in names)],
                              capture_output=True, text=True, check=False)

    def test_right(self):
        done = self.check("right/death-told.csv")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, "7 calls, 4 locks and leads, 2 deaths: ok\n$")

    def test_broken_says_where(self):
        done = self.check("right/plain.csv", "broken/two-owners.csv")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("one owner: line 7: mutex0 was granted to process 2", done.stdout)

    def test_no_history(self):
        done = self.check("run")
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)


if __name__ == "__main__":
    unittest.main()
