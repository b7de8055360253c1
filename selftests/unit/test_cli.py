# SPDX-License-Identifier: GPL-2.0-only
"""Tests of the quartet command, on the stand-in for its device (torture_device.c)."""
import csv
import errno
import io
import json
import os
import signal
import subprocess
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.environ.get("O", os.path.join(HERE, "../../build/user"))
QUARTET = os.path.join(BUILD, "stand-in/quartet")
TRANSITIONS = ["pending", "queued", "depth3", "handoff", "emptied", "nested", "fallback",
               "retry", "yield"]
STATS = ["spun", "queued", "woken", "lost", "taken", "handoffs", "starving", "normal", "cancelled",
         "crossed"]


def setUpModule():
    if not os.access(QUARTET, os.X_OK):
        raise FileNotFoundError(f"{QUARTET} is not there: make -C selftests/unit")


def quartet(*args, **fake):
    env = {"FAKE_" + name.upper(): str(value) for name, value in fake.items()}
    return subprocess.run([QUARTET, *args], env=env, capture_output=True, text=True, timeout=60)


def spin(*args, **fake):
    return quartet("torture", "spin", "--duration=1ms", *args, **fake)


def mutex(*args, **fake):
    return quartet("torture", "mutex", "--duration=1ms", *args, **fake)


def mutex_runs(*args, **fake):
    return json.loads(mutex("--json", *args, **fake).stdout)["runs"]


def runs(*args, **fake):
    """The runs of the JSON report."""
    return json.loads(spin("--json", *args, **fake).stdout)["runs"]


def mask(*names):
    return sum(1 << TRANSITIONS.index(name) for name in names)


class Failure(unittest.TestCase):
    def one_line(self, done, status, said):
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertTrue(done.stderr.startswith("quartet"), done.stderr)
        self.assertIn(said, done.stderr)


class Usage(Failure):
    def test_commands(self):
        for args in [], ["torture"], ["spin"], ["torture", "nothing"], ["--nothing"]:
            with self.subTest(args):
                self.one_line(quartet(*args), 2, "")

    def test_version_and_help(self):
        self.assertEqual(quartet("--version").stdout, "quartet test\n")
        for command in [], ["torture"], ["torture", "spin"], ["torture", "mutex"]:
            done = quartet(*command, "--help")
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn(" ".join(["Usage: quartet", *command]), done.stdout)
            self.assertLessEqual(max(map(len, done.stdout.splitlines())), 80)

    def test_bad_values(self):
        for arg, said in [
                ("--threads=", "''"), ("--threads=1,", "''"), ("--threads=,1", "''"),
                ("--threads=-1", "'-1'"), ("--threads=0", "1 to 512"), ("--threads= 1", "' 1'"),
                ("--threads=513", "1 to 512"), ("--threads=1000000", "1 to 512"),
                ("--threads=18446744073709551617", "1 to 512"), ("--threads=1.5", "'1.5'"),
                ("--threads=1.05", "'1.05'"), ("--threads=0x10", "'0x10'"),
                ("--threads=" + "1," * 64 + "1", "more than 64"),
                ("--hold=", "''"), ("--hold=5parsecs", "'5parsecs'"), ("--hold=1 us", "'1 us'"),
                ("--hold=10.000001ms", "0 to 10ms"), ("--hold=1h", "'1h'"),
                ("--hold=.5us", "'.5us'"), ("--hold=0.5ns", "'0.5ns'"),
                ("--hold=1.us", "'1.us'"),
                ("--hold=1.0001us", "1.0001us"),
                ("--hold=18446744073709551615ms", "0 to 10ms"), ("--think=1s", "'1s'"),
                ("--duration=1", "with its unit"), ("--duration=0s", "1ns to 3600s"),
                ("--duration=3601s", "1ns to 3600s"), ("--duration=-1s", "'-1s'"),
                ("--trylock=101", "0 to 100"), ("--trylock=12.55", "'12.55'"),
                ("--trylock=-1", "'-1'"), ("--trylock=%", "'%'"),
                ("--seed=18446744073709551616", "to 18446744073709551615"), ("--seed=x", "'x'"),
                ("--stutter=0.5ms", "whole milliseconds"), ("--shuffle=0ms", "1ms to 60s"),
                ("--onoff=61s", "1ms to 60s"), ("--onoff=5", "with its unit"),
                ("--cpus=", "''"), ("--cpus=0,", "'0,'"), ("--cpus=-1", "'-1'"),
                ("--cpus=3-1", "'3-1'"), ("--cpus=0-", "'0-'"), ("--cpus=0-3:0", "'0-3:0'"),
                ("--cpus=0 1", "'0 1'"), ("--cpus=8192", "above the limit, 8191"),
                ("--cpus=18446744073709551616", "above the limit"),
                ("--impl=", "queued, cas"), ("--impl=queued,", "queued, cas"),
                ("--impl=mutex", "'mutex'"), ("--require=depth4", "depth3, handoff"),
                ("--progress=sometimes", "auto, always or never"), ("--nothing", "--nothing"),
                ("--softirq=1", "--softirq"), ("extra", "'extra'")]:
            with self.subTest(arg):
                self.one_line(spin(arg), 2, said)

    def test_option_without_value(self):
        self.one_line(spin("--hold"), 2, "--hold")

    def test_options_that_contradict(self):
        self.one_line(spin("--nest"), 2, "--softirq")
        for args in [["--require=nested"], ["--require=fallback"],
                     ["--require=depth3", "--threads=1,3"], ["--require=yield", "--impl=cas"]]:
            with self.subTest(args):
                self.one_line(spin(*args), 2, "can take")


class Request(unittest.TestCase):
    def test_values(self):
        run, = runs("--impl=cas", "--threads=2", "--hold=1.5us", "--think=2000", "--trylock=12.5%",
                    "--stutter=1.5s", "--shuffle=20ms", "--onoff=60s", "--softirq", "--nest")
        want = {"impl": "cas", "threads": 2, "hold_ns": 1500, "think_ns": 2000,
                "trylock_permille": 125, "stutter_ms": 1500, "shuffle_ms": 20, "onoff_ms": 60000,
                "softirq": True, "hardirq": False, "nest": True, "exhaust": False,
                "duration_ns": 1000000}
        self.assertEqual({key: run[key] for key in want}, want)

    def test_limits_are_allowed(self):
        run, = runs("--impl=raw", "--threads=512", "--hold=10ms", "--think=0", "--trylock=100")
        self.assertEqual((run["threads"], run["hold_ns"], run["trylock_permille"]),
                         (512, 10000000, 1000))

    def test_matrix_is_the_cross_product(self):
        got = [(r["impl"], r["threads"], r["hold_ns"], r["think_ns"]) for r in
               runs("--impl=raw,cas", "--threads=2,1", "--hold=0,1us", "--think=5,6")]
        self.assertEqual(got, [(i, t, h, k) for i in ("raw", "cas") for t in (2, 1)
                               for h in (0, 1000) for k in (5, 6)])

    def test_default_matrix(self):
        got = [(r["impl"], r["threads"], r["hold_ns"]) for r in runs()]
        self.assertEqual(got, [(i, t, h) for i in ("queued", "cas", "yield", "ticket", "raw")
                               for t in (1, 4) for h in (0, 1000)])

    def test_cpus(self):
        for text, cpus in [("0", 1), ("0-3,5", 0x2f), ("0-3,2,1-2,0", 0xf), ("0-8:4", 0x111),
                           ("63,64", 3 << 63), ("8191", 1 << 8191)]:
            with self.subTest(text):
                done = spin("--impl=raw", "--threads=1", "--hold=0", "--cpus=" + text,
                            cpus=f"{cpus:02048x}")
                self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(spin("--cpus=1", cpus=f"{1:02048x}").returncode, 3)

    def test_seed(self):
        for seed in 0, 2**64 - 1:
            done = spin("--impl=raw", f"--seed={seed}")
            self.assertIn(f"seed {seed}\n", done.stdout)
        drawn = {json.loads(spin("--json", "--impl=raw").stdout)["seed"] for _ in range(3)}
        self.assertEqual(len(drawn), 3)


class Verdict(unittest.TestCase):
    def verdict(self, want, status, *args, **fake):
        args = ["--threads=4", "--hold=0", *args]
        run, = runs(*args, **fake)
        self.assertEqual((run["verdict"], run["good"]), (want, status == 0))
        done = spin(*args, **fake)
        self.assertEqual(done.returncode, status)
        self.assertIn(want + "\n", done.stdout)
        return run, done.stdout

    def test_words(self):
        self.verdict("ok", 0, "--impl=queued")
        self.verdict("VIOLATED", 1, "--impl=queued", violations=1)
        self.verdict("OVERTOOK", 1, "--impl=queued", inversions=1)
        self.verdict("VIOLATED", 1, "--impl=queued", violations=1, inversions=1)
        self.verdict("NO GRANTS", 1, "--impl=queued", grants=0)
        self.verdict("flagged", 0, "--impl=busted", violations=1, inversions=1)
        self.verdict("NOT FLAGGED", 1, "--impl=busted")

    def test_busted_alone_has_nothing_to_violate(self):
        self.verdict("ok", 0, "--impl=busted", "--threads=1")

    def test_measure(self):
        for what, flags in (("throughput", (True, True)), ("latency", (True, False))):
            run, = runs("--impl=queued", "--threads=1", "--hold=0", f"--measure={what}")
            self.assertEqual((run["unchecked"], run["untimed"]), flags)
        self.assertEqual(spin("--measure=speed").returncode, 2)

    def test_required_transition(self):
        untaken = mask("depth3", "queued")
        run, text = self.verdict("never", 1, "--impl=queued", "--require=depth3", untaken=untaken)
        self.assertEqual((run["never"], run["missing"]), (["queued", "depth3"], ["depth3"]))
        self.assertIn("    never: queued, depth3 (required)\n", text)
        self.verdict("ok", 0, "--impl=queued", "--require=depth3,queued", untaken=mask("handoff"))

    def test_requirement_spares_runs_that_cannot_meet_it(self):
        done = spin("--impl=queued,cas", "--threads=1,4", "--require=depth3,retry",
                    untaken=mask("yield"))
        self.assertEqual(done.returncode, 0)

    def test_one_bad_verdict_is_enough(self):
        self.assertEqual(spin("--impl=busted,raw", "--threads=4", violations=1).returncode, 1)

    def test_never_names_only_what_is_within_reach(self):
        queue = ["queued", "handoff", "emptied"]
        for args, want in [
                (["--impl=queued", "--threads=1"], []),
                (["--impl=queued", "--threads=2"], ["pending"]),
                (["--impl=queued", "--threads=3"], ["pending", *queue]),
                (["--impl=queued", "--threads=4"], ["pending", "depth3", *queue]),
                (["--impl=queued", "--threads=4", "--nest", "--softirq", "--exhaust"],
                 ["pending", "depth3", "nested", "fallback", *queue]),
                (["--impl=cas", "--threads=4"], ["retry"]),
                (["--impl=yield", "--threads=4"], ["yield"]),
                (["--impl=raw,ticket,busted,cas-preemptible", "--threads=4"], [])]:
            with self.subTest(args):
                for run in runs("--hold=0", *args, untaken=mask(*TRANSITIONS)):
                    self.assertCountEqual(run["never"], want)


class Report(unittest.TestCase):
    def test_table_fits_120_columns(self):
        for args in [], ["--trylock=0.1"], ["--trylock=50", "--per-contender", "--softirq"]:
            for impl in "queued,busted", "cas-preemptible,busted":
                lines = spin("--impl=" + impl, "--threads=512", "--hold=9.999999ms",
                             "--think=999ns", *args, untaken=mask(*TRANSITIONS)).stdout.splitlines()
                self.assertLessEqual(max(map(len, lines)), 120)
                self.assertIn("NOT FLAGGED", "".join(lines))

    def test_table_columns_are_aligned(self):
        lines = spin("--trylock=50", "--impl=queued,cas-preemptible").stdout.splitlines()[1:]
        verdict = lines[0].index("verdict")
        self.assertEqual({line[verdict - 1:] for line in lines[1:]}, {" ok"})

    def test_table_figures(self):
        row = spin("--impl=queued", "--threads=4", "--hold=1us").stdout.splitlines()[2]
        self.assertEqual(row.split(), ["queued", "4", "1us", "0ns", "1G", "0.999", "101ns",
                                       "101ns", "50.2us", "1ms", "0", "0/1.23M", "ok"])

    def test_json(self):
        done = spin("--json", "--impl=queued", "--threads=4", "--hold=0,1us", "--seed=7",
                    "--softirq", "--trylock=10", "--per-contender")
        got = json.loads(done.stdout)
        self.assertEqual((got["version"], got["seed"], len(got["runs"])), ("test", 7, 2))
        self.assertEqual(got["kernel"], os.uname().release)
        run = got["runs"][0]
        self.assertEqual(run["wait_ns"], {"p50": 101, "p99": 101, "p99.9": 50175, "max": 1000000})
        self.assertEqual(run["transitions"], dict.fromkeys(TRANSITIONS, 7))
        self.assertEqual([c["context"] for c in run["contenders"]], ["task"] * 4 + ["softirq"])
        self.assertEqual((run["tries"], run["failed_tries"]), (500, 250))

    def test_json_carries_64_bits(self):
        run, = runs("--impl=raw", "--threads=4", "--hold=0", violations=2**64 - 1)
        self.assertEqual(run["violations"], 2**64 - 1)

    def test_csv(self):
        for extra in [], ["--per-contender"]:
            text = spin("--csv", "--impl=queued,busted", "--threads=4", *extra,
                        untaken=mask("queued", "depth3")).stdout
            header, *rows = csv.reader(io.StringIO(text))
            self.assertEqual({len(row) for row in rows}, {len(header)})
            self.assertEqual(len(rows), 20 if extra else 4)
            first = dict(zip(header, rows[0]))
            self.assertEqual((first["impl"], first["never"], first["verdict"], first["p99.9_ns"]),
                             ("queued", "queued depth3", "ok", "50175"))
            self.assertEqual(dict(zip(header, rows[-1])).get("context"), "task" if extra else None)


class Mutex(Failure):
    def test_bad_values(self):
        for arg, said in [
                ("--starve=", "''"), ("--starve=sometimes", "default, always, never"),
                ("--starve=3601s", "0ns to 3600s"), ("--starve=1", "with its unit"),
                ("--starve=-1ms", "'-1ms'"), ("--interruptible=101", "0 to 100"),
                ("--signal=0us", "1us to 60s"), ("--signal=10ns", "'10ns'"),
                ("--timeout=11ms", "0 to 10ms"), ("--rt=x", "'x'"), ("--hog=1", "--hog"),
                ("--impl=queued", "'queued'"), ("--require=pending", "spun, queued"),
                ("--softirq", "--softirq"), ("--nest", "--nest")]:
            with self.subTest(arg):
                self.one_line(mutex(arg), 2, said)

    def test_shares_exceed_the_whole(self):
        self.one_line(mutex("--trylock=50", "--timed=50.1"), 2, "more than 100")

    def test_values(self):
        run, = mutex_runs("--impl=quartet", "--threads=3", "--hold=1us", "--think=2us",
                          "--starve=1.5ms", "--interruptible=10", "--killable=5", "--timed=20",
                          "--async=2.5", "--trylock=1", "--timeout=3us", "--signal=5ms", "--rt=25",
                          "--nap=0.1", "--hog")
        want = {"impl": "quartet", "threads": 3, "hold_ns": 1000, "think_ns": 2000,
                "starve_ns": 1500000, "interruptible_permille": 100, "killable_permille": 50,
                "timed_permille": 200, "async_permille": 25, "trylock_permille": 10,
                "timeout_ns": 3000, "signal_us": 5000, "rt_permille": 250, "nap_permille": 1,
                "hog": True, "interrupted": 100, "timed_out": 200}
        self.assertEqual({key: run[key] for key in want}, want)

    def test_default_matrix(self):
        got = [(r["impl"], r["threads"], r["starve_ns"], r["hold_ns"]) for r in mutex_runs()]
        self.assertEqual(got, [(i, t, 1000000, h)
                               for i in ("quartet", "mutex", "rt_mutex", "semaphore", "fifo")
                               for t in (1, 4) for h in (0, 1000)])

    def test_starve_is_a_dimension(self):
        got = [(r["starve_ns"], r["hold_ns"]) for r in
               mutex_runs("--impl=quartet", "--threads=2", "--starve=default,always,never,5us")]
        self.assertEqual(got, [(s, h) for s in (1000000, 0, 2**64 - 1, 5000) for h in (0, 1000)])

    def verdict(self, want, status, *args, **fake):
        args = ["--threads=4", "--hold=0", *args]
        run, = mutex_runs(*args, **fake)
        self.assertEqual((run["verdict"], run["good"]), (want, status == 0))
        done = mutex(*args, **fake)
        self.assertEqual(done.returncode, status)
        self.assertIn(want + "\n", done.stdout)

    def test_verdicts(self):
        self.verdict("ok", 0, "--impl=quartet")
        self.verdict("VIOLATED", 1, "--impl=quartet", violations=1, stuck=1)
        self.verdict("STUCK", 1, "--impl=quartet", stuck=1, inversions=1)
        self.verdict("OVERTOOK", 1, "--impl=quartet", inversions=1)
        for impl, flaw in ("busted", "violations"), ("busted-lifo", "inversions"), \
                          ("busted-wake", "stuck"):
            self.verdict("flagged", 0, "--impl=" + impl, **{flaw: 1})
            self.verdict("NOT FLAGGED", 1, "--impl=" + impl)
            self.verdict("ok", 0, "--impl=" + impl, "--threads=1")
        self.verdict("NOT FLAGGED", 1, "--impl=busted-wake", violations=1)
        self.verdict("STUCK", 1, "--impl=busted", stuck=1)

    def test_require(self):
        untaken = 1 << STATS.index("starving")
        self.verdict("never", 1, "--impl=quartet", "--require=starving,queued", untaken=untaken)
        self.verdict("ok", 0, "--impl=quartet", "--require=queued", untaken=untaken)
        self.one_line(mutex("--require=cancelled"), 2, "can take")
        self.verdict("never", 1, "--impl=quartet", "--require=all", untaken=untaken)
        self.one_line(mutex("--require=crossed", "--async=10"), 2, "can take")
        self.one_line(mutex("--require=handoffs", "--starve=never"), 2, "can take")
        self.one_line(mutex("--require=woken", "--starve=always"), 2, "can take")

    def test_never_names_only_what_is_within_reach(self):
        everything = (1 << len(STATS)) - 1
        for args, missing in [
                ([], ["cancelled", "crossed"]),
                (["--timed=10"], ["crossed"]),
                (["--signal=1ms", "--async=1"], []),
                (["--starve=always"], ["woken", "lost", "taken", "cancelled", "crossed"]),
                (["--starve=never"],
                 ["handoffs", "starving", "normal", "cancelled", "crossed"])]:
            with self.subTest(args):
                run, = mutex_runs("--impl=quartet", "--threads=4", "--hold=0", *args,
                                  untaken=everything)
                self.assertCountEqual(run["never"], set(STATS) - set(missing))
        run, = mutex_runs("--impl=mutex", "--threads=4", "--hold=0", untaken=everything)
        self.assertEqual(run["never"], [])

    def test_table(self):
        row = mutex("--impl=quartet", "--threads=4", "--hold=1us").stdout.splitlines()[2]
        self.assertEqual(row.split(), ["quartet", "4", "1us", "1ms", "1G", "0.999", "101ns",
                                       "101ns", "50.2us", "1ms", "7", "14", "101ns", "0",
                                       "0/1.23M", "ok"])
        row = mutex("--impl=mutex", "--threads=4", "--hold=1us").stdout.splitlines()[2].split()
        self.assertEqual((row[3], row[10], row[11]), ("-", "-", "-"))
        lines = mutex("--impl=quartet,busted-lifo", "--threads=512", "--hold=9.999999ms",
                      "--starve=never,999ms", "--timed=1").stdout.splitlines()
        self.assertLessEqual(max(map(len, lines)), 136)
        self.assertIn("    gave up: 0 for a signal, 10 for a deadline", lines)

    def test_csv(self):
        for extra in [], ["--per-contender"]:
            text = mutex("--csv", "--impl=quartet,fifo", "--threads=4", *extra).stdout
            header, *rows = csv.reader(io.StringIO(text))
            self.assertEqual({len(row) for row in rows}, {len(header)})
            self.assertEqual(len(header), len(set(header)))
            first = dict(zip(header, rows[0]))
            self.assertEqual((first["impl"], first["starve_ns"], first["idle_p50_ns"],
                              first["handoffs"], first["verdict"]),
                             ("quartet", "1000000", "101", "7", "ok"))

    def test_json_idle(self):
        run, = mutex_runs("--impl=quartet", "--threads=4", "--hold=0")
        self.assertEqual(run["idle_ns"], {"p50": 101, "p99": 101, "max": 1000000})
        self.assertEqual(run["stats"], dict.fromkeys(STATS, 7))

    def test_rejected_run_is_named(self):
        self.one_line(mutex("--impl=fifo", "--threads=3", "--hold=2us", mutex=22), 3,
                      "fifo, 3 threads, hold 2us, think 0ns: the lock or the module does not")


class Device(Failure):
    def test_cannot_open(self):
        for command in spin, mutex, lambda **fake: quartet("count", **fake):
            self.one_line(command(open=2), 3, "/dev/quartet_torture: not there: quartet_torture is "
                          "not loaded; as root: modprobe quartet_torture")
            self.one_line(command(open=13), 3, "only root may use it")
            self.one_line(command(open=24), 3, "/dev/quartet_torture: Too many open files")

    def test_rejected_run_is_named(self):
        for error, said in [(16, "another run"), (22, "not support"), (19, "not online"),
                            (25, "another version"), (12, "Cannot allocate memory")]:
            done = spin("--impl=cas", "--threads=3", "--hold=2us", spin=error)
            self.one_line(done, 3, "cas, 3 threads, hold 2us, think 0ns: ")
            self.assertIn(said, done.stderr)
        self.assertEqual(json.loads(spin("--json", spin=22).stdout)["runs"], [])

    def test_full_disk(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([QUARTET, "torture", "spin", "--duration=1ms"], stdout=full,
                                  stderr=subprocess.PIPE, text=True, timeout=60)
        self.one_line(done, 3, "standard output")


def heed_signals():
    """A test run in the background of a shell begins with SIGINT ignored, and hands that on."""
    for number in signal.SIGINT, signal.SIGTERM, signal.SIGHUP:
        signal.signal(number, signal.SIG_DFL)


class Interrupt(unittest.TestCase):
    """A lost signal would leave a run of an hour: the test then fails at communicate()."""

    def interrupt(self, number, *args, progress=False, **fake):
        """Interrupts the first run; once it has shown progress, or else as early as it can."""
        env = {"FAKE_" + name.upper(): str(value) for name, value in fake.items()}
        command = [QUARTET, "torture", "spin", "--duration=3600s", *args,
                   "--progress=always" if progress else "--no-progress"]
        with subprocess.Popen(command, env=env, bufsize=0, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, preexec_fn=heed_signals) as process:
            try:
                seen = (process.stderr if progress else process.stdout).read(1)
                process.send_signal(number)
                out, err = process.communicate(timeout=60)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        self.assertEqual(process.returncode, 128 + number, err)
        return ((out, seen + err) if progress else (seen + out, err))

    def test_rows_so_far(self):
        for number in signal.SIGINT, signal.SIGTERM, signal.SIGHUP:
            out, _ = self.interrupt(number, progress=True)
            self.assertEqual(out.count(b"cut short"), 1)
            run, = json.loads(self.interrupt(number, "--json", progress=True)[0])["runs"]
            self.assertEqual((run["ended"], run["verdict"]), ("signal", "cut short"))

    def test_at_any_moment(self):
        for _ in range(20):
            self.interrupt(signal.SIGINT)

    def test_signal_that_comes_too_early_for_the_ioctl(self):
        self.interrupt(signal.SIGINT, deaf_ms=500)

    def test_ignored_signal_stays_ignored(self):
        done = subprocess.run(
            ["sh", "-c", 'trap "" HUP; "$0" torture spin --duration 1ms --impl raw & kill -HUP $!;'
             " wait $!", QUARTET], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_progress_line(self):
        _, err = self.interrupt(signal.SIGINT, "--impl=raw", "--threads=2", progress=True)
        self.assertIn(b"run 1/2  raw x2  12.3k grants  ETA 7200s", err)
        self.assertTrue(err.endswith(b"\r\033[K"), "the line is not erased")
        self.assertEqual(self.interrupt(signal.SIGINT)[1], b"")


class Count(Failure):
    def test_csv(self):
        rows = list(csv.DictReader(io.StringIO(quartet("count", "--csv").stdout)))
        self.assertEqual(rows[0], {"path": "calibration", "instructions": "2",
                                   "without_loop": "-1", "turns": "10000"})
        self.assertEqual([row["instructions"] for row in rows],
                         [str(2 + i) for i in range(len(rows))])
        self.assertEqual(rows[6]["path"], "mutex_lock")
        self.assertEqual(rows[-1]["turns"], "64")

    def test_what_a_tick_is(self):
        """Only a calibration of exactly two makes it an instruction."""
        for ticks, unit in ("2", "instructions"), ("1", "ticks"), ("3", "ticks"):
            self.assertIn(f",{unit},", quartet("count", "--csv", ticks=ticks).stdout)
            self.assertIn(f" {unit} ", quartet("count", ticks=ticks).stdout)
            self.assertEqual(json.loads(quartet("count", "--json", ticks=ticks).stdout)["unit"],
                             unit)

    def test_json(self):
        paths = json.loads(quartet("count", "--json").stdout)["paths"]
        self.assertEqual(paths[2], {"path": "raw_spin_lock", "turn": 4, "without_loop": 1,
                                    "turns": 10000})

    def test_uncalibrated(self):
        self.one_line(quartet("count", count=errno.ENOTTY), 3, "another version")
        done = quartet("count", "--csv", count=errno.EOPNOTSUPP)
        self.assertEqual(done.returncode, 0)
        self.assertIn("calibration,,,10000\n", done.stdout)

    def test_usage(self):
        self.one_line(quartet("count", "loop"), 2, "'loop'")
        self.one_line(quartet("count", "--none"), 2, "none")
        self.assertIn("Usage: quartet count", quartet("count", "--help").stdout)


if __name__ == "__main__":
    unittest.main()
