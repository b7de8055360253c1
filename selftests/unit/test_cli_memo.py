# SPDX-License-Identifier: GPL-2.0-only
"""`quartet torture memo` on a device that is played: see test_cli.py."""

import json
import unittest

from test_cli import Failure, quartet

STATS = ("hits", "misses", "joined", "computations", "refreshes", "promotions", "abandoned",
         "errors", "left", "deadlocks", "evictions", "expiries", "forgotten")


def memo(*args, **fake):
    return quartet("torture", "memo", "--duration=1ms", *args, **fake)


def memo_runs(*args, **fake):
    return json.loads(memo("--json", *args, **fake).stdout)["runs"]


class Memo(Failure):
    def test_bad_values(self):
        for arg, said in [
                ("--pattern=zigzag", "'zigzag'"), ("--work=play", "'play'"),
                ("--work=cpu,io", "more than one"), ("--amount=5", "only with --work"),
                ("--scan=10ns", "'10ns'"), ("--signal=0us", "1us to 60s"),
                ("--timeout=11ms", "0 to 10ms"), ("--workers=0", "--workers"),
                ("--impl=queued", "'queued'"), ("--require=private", "hits, misses"),
                ("--trylock=5", "a memo table has none")]:
            with self.subTest(arg):
                self.one_line(memo(arg), 2, said)

    def test_values(self):
        run, = memo_runs("--impl=monitor", "--threads=3", "--pattern=leaving", "--scan=5ms",
                         "--signal=2ms", "--timeout=3us", "--hold=1us")
        want = {"impl": "monitor", "threads": 3, "pattern": "leaving", "scan_us": 5000,
                "signal_us": 2000, "timeout_ns": 3000, "hold_ns": 1000}
        self.assertEqual({key: run[key] for key in want}, want)

    def test_default_matrix(self):
        self.assertEqual([(run["impl"], run["pattern"]) for run in memo_runs()],
                         [(impl, pattern) for impl in ("rcu", "lock", "monitor")
                          for pattern in ("stampede", "zipf")])

    def test_work_is_misses_of_one_table(self):
        self.assertEqual([(run["impl"], run["pattern"], run["threads"])
                          for run in memo_runs("--work=io", "--workers=1..3")],
                         [("rcu", "misses", threads) for threads in (1, 2, 3)])

    def test_verdicts(self):
        for args, fake, verdict, status in [
                (["--impl=rcu"], {}, "ok", 0),
                (["--impl=lock"], {"violations": 1}, "VIOLATED", 1),
                (["--impl=busted-monitor"], {"violations": 1}, "flagged", 0),
                (["--impl=busted-rcu"], {}, "NOT FLAGGED", 1)]:
            with self.subTest(args=args, **fake):
                args = [*args, "--pattern=stampede", "--threads=2"]
                run, = memo_runs(*args, **fake)
                self.assertEqual(run["verdict"], verdict)
                self.assertEqual(memo(*args, **fake).returncode, status)

    def test_an_event_that_was_promised_and_never_seen_fails_the_run(self):
        for pattern, events in [("mixed", ("hits", "refreshes", "errors", "expiries")),
                                ("dying", ("promotions", "abandoned", "joined")),
                                ("leaving", ("left",)), ("pressure", ("evictions",))]:
            for event in events:
                args = (f"--pattern={pattern}", "--impl=rcu", "--threads=4", f"--require={event}")
                self.assertEqual(memo(*args).returncode, 0, event)
                self.assertEqual(memo(*args, untaken=1 << STATS.index(event)).returncode, 1, event)

    def test_what_cannot_be_is_not_promised(self):
        for args in (["--require=promotions"], ["--require=left"], ["--require=deadlocks"],
                     ["--require=hits", "--impl=rhashtable"]):
            with self.subTest(args):
                self.one_line(memo("--impl=rcu", "--pattern=hits", *args), 2, "can take")


if __name__ == "__main__":
    unittest.main()
