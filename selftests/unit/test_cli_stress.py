# SPDX-License-Identifier: GPL-2.0-only
"""`quartet stress` without its device; with it: selftests/dev/stress.sh."""
import os
import unittest

from test_cli import Failure, quartet


class Stress(Failure):
    def test_objects_that_there_are_not(self):
        self.one_line(quartet("stress", "mutex", "spin"), 2, "'spin' is not mutex, pool or memo")

    def test_numbers_out_of_their_limits(self):
        self.one_line(quartet("stress", "--processes", "65"), 2, "1 to 64")
        self.one_line(quartet("stress", "--threads", "0"), 2, "1 to 16")
        self.one_line(quartet("stress", "--time", "5"), 2, "a time with its unit")
        self.one_line(quartet("stress", "--kill", "1us"), 2, "1ms to 1s")

    @unittest.skipIf(os.path.exists("/dev/quartet"), "quartet is loaded")
    def test_without_the_module(self):
        self.one_line(quartet("stress", "--kill", "0", "pool"), 3, "is quartet loaded?")


if __name__ == "__main__":
    unittest.main()
