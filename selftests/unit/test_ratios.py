# SPDX-License-Identifier: GPL-2.0-only
"""Tests of bench/ratios: the sums, on rounds whose ratios are known."""

import importlib.machinery
import importlib.util
import pathlib
import unittest

PATH = pathlib.Path(__file__).resolve().parents[2] / "bench/ratios"
LOADER = importlib.machinery.SourceFileLoader("ratios", str(PATH))
ratios = importlib.util.module_from_spec(importlib.util.spec_from_loader("ratios", LOADER))
LOADER.exec_module(ratios)

HEADER = "impl,threads,hold_ns,grants_per_s\n"


class Ratios(unittest.TestCase):
    def rounds(self, *values):
        text = "".join(f"{HEADER}ours,2,0,{our}\npeer,2,0,{peer}\n" for our, peer in values)
        return ratios.rows_of(text)

    def test_first_round_is_the_warm_up(self):
        rounds = self.rounds((1, 1), (30, 10), (20, 10))
        found = ratios.ratios(rounds, "ours", "peer", "grants_per_s")
        self.assertEqual([ratio for ratio, *_ in found[2, 0]], [3, 2])

    def test_peer_that_did_nothing_is_left_out(self):
        found = ratios.ratios(self.rounds((1, 1), (1, 0)), "ours", "peer", "grants_per_s")
        self.assertEqual(found, {})

    def test_mean_is_geometric(self):
        self.assertAlmostEqual(ratios.mean([0.5, 2]), 1)

    def test_scaling_is_of_one_impl_in_one_round(self):
        rounds = [[dict(impl=impl, threads=threads, grants_per_s=value, hold_ns="0")
                   for impl, pair in (("ours", ours), ("peer", (10, 20)))
                   for threads, value in zip("12", pair)] for ours in ((4, 8), (4, 6), (0, 6))]
        found = ratios.ratios(ratios.scaled(rounds, "grants_per_s"), "ours", "peer", "scaling")
        self.assertEqual([ratio for ratio, *_ in found[2, 0]], [1, 0.75])

    def test_rounds_alternate(self):
        script = ratios.script("mutex", ("a", "b"), ratios.THROUGHPUT, 3, "1ms")
        self.assertEqual([part.partition("--impl ")[2][:3] for part in script.split("; ")],
                         ["b,a", "a,b", "b,a", "a,b"])


if __name__ == "__main__":
    unittest.main()
