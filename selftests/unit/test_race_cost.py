# SPDX-License-Identifier: GPL-2.0-only
"""How bench/race reads what guests say, and judges it."""

import contextlib
import importlib.machinery
import importlib.util
import io
import pathlib
import tempfile
import unittest
from unittest import mock

ROOT = pathlib.Path(__file__).resolve().parents[2]
LOADER = importlib.machinery.SourceFileLoader("race_cost", str(ROOT / "bench/race"))
race = importlib.util.module_from_spec(importlib.util.spec_from_loader("race_cost", LOADER))
LOADER.exec_module(race)

MEMORY = "6.1.0\nblocks 4096 VmallocUsed: 30000 kB\nblocks 8192 VmallocUsed: 38192 kB\n"


def report(loop, mutex):
    return (f'"array read",{loop * 1024}\n'
            f"impl,threads,elapsed_ns,grants\nquartet,2,{mutex * 100},100\n"
            "impl,pattern,elapsed_ns,grants\nquartet,local,5000,100\n"
            "impl,pattern,elapsed_ns,grants\nrcu,zipf,6000,100\n")


class Cost(unittest.TestCase):
    def run_with(self, watched):
        said = io.StringIO()
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(said), \
             mock.patch.object(race, "boot", side_effect=[MEMORY, report(4, 600), watched]):
            path = pathlib.Path(folder, "list")
            status = race.main(["--list", str(path)])
            return status, said.getvalue(), path.read_text() if path.exists() else ""

    def test_writes_the_ratios(self):
        status, _, written = self.run_with(report(40, 3000))
        self.assertEqual(status, 0)
        self.assertEqual(written.splitlines()[1:], [
            "array read,loop,4,40,10.0,25", "mutex,work,600,3000,5.0,10",
            "pool local,work,50,50,1.0,10", "memo zipf,work,60,60,1.0,10",
            "watched byte,memory,1,4.0,4.0,5"])

    def test_says_what_costs_too_much(self):
        status, said, _ = self.run_with(report(104, 3000))
        self.assertEqual(status, 1)
        self.assertIn("not ok 1 race.loop.array read", said)
        self.assertEqual(said.count("not ok"), 1)

    def test_says_that_something_was_not_measured(self):
        status, said, _ = self.run_with("")
        self.assertEqual(status, 1)
        self.assertIn("Bail out!", said)


if __name__ == "__main__":
    unittest.main()
