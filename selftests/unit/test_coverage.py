# SPDX-License-Identifier: GPL-2.0-only
"""What selftests/coverage/run says of a report: too little, what is listed, what is not."""

import pathlib
import runpy
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
RUN = runpy.run_path(str(ROOT / "selftests/coverage/run"))
NAME = "kmod/lock/mutex.c"
TEXTS = {NAME: [f"\tline {number};" for number in range(1, 101)]}


def report(counts):
    """What gcovr tells of a file whose lines ran that often."""
    return {"files": [{"file": NAME, "lines": [
        {"line_number": number, "count": count, "branches": [{"count": count}, {"count": 0}]}
        for number, count in enumerate(counts, 1)]}]}


def judge(gaps, listed=()):
    counts = [int(number not in gaps) for number in range(1, 101)]
    return {name: (good, comments) for good, name, comments in
            RUN["judge"](RUN["lines_of"](report(counts)), TEXTS, dict(listed))}


class JudgeTest(unittest.TestCase):
    def test_all_lines_are_run(self):
        self.assertTrue(all(good for good, _ in judge(()).values()))

    def test_too_few_lines(self):
        self.assertFalse(judge(range(1, 5), [((NAME, f"line {n};"), "") for n in range(1, 5)])["lines"][0])

    def test_lines_that_are_not_listed(self):
        few = range(1, 1 + RUN["CHANCE"])
        self.assertEqual(judge(few)["unreached.listed"],
                         (True, [f"{NAME}:{n}: line {n};" for n in few]))
        self.assertFalse(judge([*few, 50])["unreached.listed"][0])

    def test_a_line_that_is_listed(self):
        verdict = judge([7], [((NAME, "line 7;"), "no way")])
        self.assertEqual(verdict["unreached.listed"], (True, []))
        self.assertIn(f"{NAME}:7: line 7; -- no way", verdict["lines"][1])

    def test_listed_and_reached(self):
        self.assertIn(f"{NAME}: line 7; -- listed, and run",
                      judge((), [((NAME, "line 7;"), "no way")])["lines"][1])

    def test_nothing_was_counted(self):
        self.assertFalse({name: good for good, name, _ in RUN["judge"]({}, {}, {})}["lines"])


class ReportTest(unittest.TestCase):
    def test_a_line_counts_if_one_of_its_copies_is_run(self):
        both = {"files": report([0, 1])["files"] + report([1, 0])["files"]}
        self.assertEqual(RUN["lines_of"](both), {NAME: {1: 1, 2: 1}})

    def test_lines_that_the_kernel_does_not_have(self):
        self.assertEqual(RUN["lines_of"](report([0, 1]), {NAME: {2: 5}}), {NAME: {2: 1}})

    def test_branches(self):
        self.assertEqual(RUN["branches_of"](report([1, 0])), {NAME: (1, 4)})


class ListTest(unittest.TestCase):
    def test_reasons(self):
        text = f"# comment\n{NAME}: needs two CPUs\n\tline 7;\n\n\tline 8;\n"
        self.assertEqual(RUN["read_unreached"](text), {(NAME, "line 7;"): "needs two CPUs",
                                                       (NAME, "line 8;"): "needs two CPUs"})

    def test_no_reason(self):
        with self.assertRaises(ValueError):
            RUN["read_unreached"](f"{NAME}: \n\tline 7;\n")

    def test_no_file(self):
        with self.assertRaises(ValueError):
            RUN["read_unreached"]("\tline 7;\n")


if __name__ == "__main__":
    unittest.main()
