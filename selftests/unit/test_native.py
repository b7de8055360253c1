# SPDX-License-Identifier: GPL-2.0-only
"""Tests of bench/native: the tables, on rounds whose ratios are known, and which it makes."""

import contextlib
import io
import pathlib
import runpy
import unittest

NATIVE = runpy.run_path(str(pathlib.Path(__file__).resolve().parents[2] / "bench/native"))
LOCKS, POOLS, MEMOS = NATIVE["CONTESTS"]


def rows(contestant, *ns, shape="pair"):
    """Rounds of a contestant, whose operations took that long."""
    values = ((number, shape, contestant, 2, 10, 10 * each) for number, each in enumerate(ns, 1))
    return [dict(zip(NATIVE["COLUMNS"], row)) for row in values]


def table(contest, shape, found, missing=(), **faults):
    """What is said of each contestant of which there is something to say, split."""
    there = [row["contestant"] for row in found] + list(faults)
    contest = contest._replace(contestants=[*there, *missing])
    faults = {(shape, contestant): fault for contestant, fault in faults.items()}
    with contextlib.redirect_stdout(io.StringIO()) as said:
        NATIVE["report"](contest, shape, found, faults, there)
    return {line.split()[0]: line.split()[1:] for line in said.getvalue().splitlines()[3:]}


class Native(unittest.TestCase):
    def test_pools_are_compared_with_that_of_go(self):
        found = table(POOLS, "pair", rows("quartet-pool", 2, 3, 30) + rows("go-pool", 10, 10, 10))
        self.assertEqual(found["quartet-pool"], ["3.0", "2.0-30.0", "0.30"])
        self.assertEqual(found["go-pool"], ["10.0", "10.0-10.0", "1.00"])

    def test_locks_are_compared_with_the_mutex_of_pthread(self):
        found = table(LOCKS, "spin", rows("go-mutex", 8, shape="spin") +
                      rows("pthread-mutex", 4, shape="spin"))
        self.assertEqual(found["go-mutex"][-1], "2.00")

    def test_without_go_there_are_figures_and_no_ratio(self):
        found = table(POOLS, "pair", rows("quartet-pool", 2), ["go-pool"])
        self.assertEqual(found["quartet-pool"], ["2.0", "2.0-2.0", "-"])
        self.assertEqual(" ".join(found["go-pool"]), "- skipped: needs golang-go")

    def test_a_fault_is_said(self):
        found = table(POOLS, "pair", [], malloc="no end in 30 s")
        self.assertEqual(" ".join(found["malloc"]), "- no end in 30 s")

    def test_a_shape_is_of_one_contest(self):
        shapes = [shape for contest in (LOCKS, POOLS, MEMOS) for shape in contest.shapes]
        self.assertEqual(len(shapes), len(set(shapes)))


if __name__ == "__main__":
    unittest.main()
