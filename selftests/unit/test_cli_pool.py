# SPDX-License-Identifier: GPL-2.0-only
"""`quartet torture pool` on a device that is played: see test_cli.py."""

import csv
import io
import json
import unittest

from test_cli import Failure, quartet

STATS = ("private", "shared", "near", "far", "victim", "fresh", "failed", "puts", "dropped",
         "reclaimed")


def pool(*args, **fake):
    return quartet("torture", "pool", "--duration=1ms", *args, **fake)


def pool_runs(*args, **fake):
    return json.loads(pool("--json", *args, **fake).stdout)["runs"]


class Pool(Failure):
    def test_bad_values(self):
        for arg, said in [
                ("--pattern=zigzag", "'zigzag'"), ("--pattern=", "''"), ("--size=260", "260"),
                ("--size=8", "32B to 4K"), ("--size=1G", "'1G'"), ("--ctor=11ms", "0 to 10ms"),
                ("--scan=0us", "1us to 60s"), ("--scan=10ns", "'10ns'"), ("--failing=101", "0 to 100"),
                ("--impl=queued", "'queued'"), ("--require=handoff", "private, shared"),
                ("--trylock=5", "a pool has none"), ("--nest", "--nest")]:
            with self.subTest(arg):
                self.one_line(pool(arg), 2, said)

    def test_zero_is_not_for_constructed(self):
        self.one_line(pool("--zero", "--ctor=1us"), 2, "not with --ctor")

    def test_values(self):
        run, = pool_runs("--impl=quartet", "--threads=3", "--pattern=mix", "--size=4K",
                         "--ctor=2us", "--scan=5ms", "--failing=2.5", "--hold=1us", "--softirq",
                         "--hardirq")
        want = {"impl": "quartet", "threads": 3, "pattern": "mix", "object_size": 4096,
                "ctor_ns": 2000, "scan_us": 5000, "fail_permille": 25, "hold_ns": 1000,
                "softirq": True, "hardirq": True, "zero": False}
        self.assertEqual({key: run[key] for key in want}, want)

    def test_default_matrix(self):
        self.assertEqual([(run["impl"], run["pattern"]) for run in pool_runs()],
                         [(impl, pattern) for impl in ("quartet", "kmem_cache", "mempool", "seed")
                          for pattern in ("local", "pipeline")])

    def test_verdicts(self):
        for args, fake, verdict, status in [
                (["--impl=quartet"], {}, "ok", 0),
                (["--impl=quartet"], {"violations": 1}, "VIOLATED", 1),
                (["--impl=busted"], {"violations": 1}, "flagged", 0),
                (["--impl=busted"], {}, "NOT FLAGGED", 1)]:
            with self.subTest(args=args, **fake):
                args = [*args, "--pattern=burst", "--threads=2"]
                run, = pool_runs(*args, **fake)
                self.assertEqual(run["verdict"], verdict)
                self.assertEqual(pool(*args, **fake).returncode, status)

    def promised(self, source, *args):
        """The exit status of a run that never saw what it promised."""
        return pool("--impl=quartet", "--threads=4", "--pattern=mix", f"--require={source}", *args,
                    untaken=1 << STATS.index(source)).returncode

    def test_a_source_without_hits_fails_the_run_that_promised_it(self):
        for source in "private", "shared", "fresh", "puts":
            self.assertEqual(self.promised(source), 1, source)
        for source in "victim", "reclaimed":
            self.assertEqual(self.promised(source, "--scan=1ms"), 1, source)
        self.assertEqual(self.promised("failed", "--failing=10"), 1)

    def test_what_cannot_be_is_not_promised(self):
        for args in (["--require=victim"], ["--require=shared", "--pattern=local"],
                     ["--require=failed"], ["--require=private", "--impl=kmem_cache"]):
            with self.subTest(args):
                self.one_line(pool("--impl=quartet", "--pattern=burst", *args), 2, "can take")

    def test_csv(self):
        row, = csv.DictReader(io.StringIO(
            pool("--csv", "--impl=quartet", "--pattern=burst", "--threads=2").stdout))
        self.assertEqual([row[stat] for stat in STATS], ["7"] * len(STATS))
        self.assertEqual((row["pattern"], row["object_size"]), ("burst", "256"))

    def test_rejected_run_is_named(self):
        self.one_line(pool("--impl=objpool", "--pattern=burst", "--threads=3", pool=95), 3,
                      "objpool, 3 threads")


if __name__ == "__main__":
    unittest.main()
