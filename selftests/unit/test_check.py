# SPDX-License-Identifier: GPL-2.0-only
"""The sums of selftests/check, selftests/run.sh and selftests/unit/run, on good and on lost TAP."""

import os
import pathlib
import re
import runpy
import subprocess
import tempfile
import textwrap
import unittest
import unittest.mock

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHECK = runpy.run_path(str(ROOT / "selftests/check"))
RESULTS = re.compile(r"^(?:(?:not )?ok|1\.\.).*", re.MULTILINE)
LOST = "not ok {} lost: exit status 127"
UNIT = runpy.run_path(str(ROOT / "selftests/unit/run"))


def tally(text):
    return CHECK["tally"](textwrap.dedent(text).splitlines(keepends=True))


class TallyTest(unittest.TestCase):
    def test_good(self):
        self.assertEqual(tally("""\
            TAP version 13
            1..4
            # ok 9 a comment
            ok 1 first
                not ok 1 nested
                1..1
            ok 2 - second
            okay is no result, nor is OK
            ok 3 # SKIP no device
            ok 4 fourth # SKIP too few CPUs
            """), (["first", "second"],
                   [("test 3", "no device"), ("fourth", "too few CPUs")], []))

    def test_failed(self):
        self.assertEqual(tally("not ok 1 a.b\nok 2 c\n1..2\n"), (["c"], [], [("a.b", "")]))

    def test_what_a_failed_program_said(self):
        self.assertEqual(tally("""\
            # ok 1 early
            # # x.c:9:late:Expected 1 (1) == 2 (2)
            # # late: Test failed
            # not ok 2 late
            not ok 1 program
            1..1
            """)[2], [("program", "x.c:9:late:Expected 1 (1) == 2 (2) | not ok 2 late")])

    def test_all_skipped(self):
        self.assertEqual(tally("1..0 # SKIP no spatch\n"), ([], [("all", "no spatch")], []))

    def assert_amiss(self, text, why):
        self.assertEqual(tally(text)[2], [("suite", why)])

    def test_no_tests(self):
        self.assert_amiss("", "ran no test")
        self.assert_amiss("hello\n1..0\n", "ran no test")

    def test_lost_plan(self):
        self.assert_amiss("ok 1 a\n", "planned no number of tests, saw 1")

    def test_other_than_planned(self):
        self.assert_amiss("1..3\nok 1 a\nok 2 b\n", "planned 3 tests, saw 2")
        self.assert_amiss("1..1\nok 1 a\nok 2 b\n", "planned 1 tests, saw 2")
        self.assert_amiss("1..1\n1..1\nok 1 a\n", "planned 1 and 1 tests, saw 1")

    def test_bail_out(self):
        self.assertIn(("suite", "Bail out! no VM"), tally("1..1\nBail out! no VM\n")[2])


class SuiteTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, 0o755)
        return path

    def test_exit_status(self):
        crashed = self.write("suite", "#!/bin/sh\nprintf '1..1\\nok 1 a\\n'\nkill -SEGV $$\n")
        self.assertEqual(CHECK["run"](crashed), (["a"], [], [("suite", "exit status -11")]))
        failed = self.write("suite", "#!/bin/sh\nprintf '1..1\\nnot ok 1 a\\n'\nexit 1\n")
        self.assertEqual(CHECK["run"](failed), ([], [], [("a", "")]))

    def test_what_the_lab_said(self):
        died = self.write("suite", """#!/bin/sh
            printf 'ok 1 a\n'
            echo 'lab: trying KVM, for a while' >&2
            echo 'lab: 6.1: panic: BUG: no such page' >&2
            echo '   12 [    9.1] RIP: 0010:memo_hit+0x10/0x20 [quartet]' >&2
            echo "lab: 6.1: the kernel's log is in build/console.log" >&2
            exit 3
            """)
        self.assertEqual(CHECK["run"](died)[2], [
            ("suite", "planned no number of tests, saw 1"),
            ("suite", "panic: BUG: no such page | RIP: 0010:memo_hit+0x10/0x20 [quartet]")])

    def test_once_more_if_the_emulator_failed(self):
        fails = self.write("suite", """#!/bin/sh
            echo "lab: 6.1: emulator: int3" >&2
            [ -e "$0.again" ] && exec printf '1..1\nok 1 a\n'
            touch "$0.again"
            exit 123
            """)
        self.assertEqual(CHECK["run"](fails), (
            ["a"], [("suite", "the first time, as QEMU failed: emulator: int3")], []))
        always = self.write("suite", "#!/bin/sh\necho 'lab: 6.1: emulator: int3'\nexit 123\n")
        self.assertIn(("suite", "emulator: int3"), CHECK["run"](always)[2])

    def test_is_not_part_of_the_make_that_calls(self):
        suite = self.write("suite", "#!/bin/sh\necho 1..1\n[ \"$MAKEFLAGS$MAKELEVEL\" ] || echo ok 1 a\n")
        with unittest.mock.patch.dict(os.environ, MAKEFLAGS="w", MAKELEVEL="1"):
            self.assertEqual(CHECK["run"](suite), (["a"], [], []))

    def test_cannot_start(self):
        passed, skipped, failed = CHECK["run"](os.path.join(self.folder, "absent"))
        self.assertEqual((passed, skipped, len(failed)), ([], [], 1))
        self.assertIn("cannot start", failed[0][1])

    def test_every_suite_has_its_minutes(self):
        self.assertEqual([name for name, *_ in CHECK["SUITES"]], list(CHECK["budgets"]()))

    def test_nightly_suites_are_suites_and_not_short(self):
        names = [name for name, *_ in CHECK["SUITES"]]
        self.assertLessEqual(set(CHECK["NIGHTLY"]), set(names) - set(CHECK["SHORT"]))

    def test_last_line(self):
        suites = (("good", self.write("good", "#!/bin/sh\necho 1..1\necho ok 1 a\n"), ""),
                  ("bad", self.write("bad", "#!/bin/sh\necho 1..1\necho not ok 1 b\n"), ""),
                  ("late", self.write("late", "#!/bin/sh\necho 1..1\necho ok 1 c\n"), ""))
        program = textwrap.dedent(f"""\
            import runpy, sys
            check = runpy.run_path({str(ROOT / "selftests/check")!r})
            main = check["main"]
            main.__globals__["SUITES"] = {suites!r}
            main.__globals__["NIGHTLY"] = ("late",)
            sys.exit(main())
            """)
        for only, last, status in ((["--all"], "1 passed, 1 failed, 0 skipped", 1),
                                   (["--nightly"], "2 passed, 1 failed, 0 skipped", 1),
                                   (["--only", "late"], "1 passed, 0 failed, 0 skipped", 0)):
            done = subprocess.run(["python3", "-c", program, *only], capture_output=True, text=True)
            self.assertEqual(done.stdout.splitlines()[-1], last, done.stderr)
            self.assertEqual(done.returncode, status)

    def programs(self, **scripts):
        """What run.sh makes of test programs: results and plan, and its exit status."""
        paths = [self.write(name, f"#!/bin/sh\n{textwrap.dedent(script)}")
                 for name, script in scripts.items()]
        paths.append(os.path.join(self.folder, "lost"))
        done = subprocess.run([ROOT / "selftests/run.sh", *paths], capture_output=True, text=True)
        self.assertEqual(done.stderr, "")
        return RESULTS.findall(done.stdout), done.returncode

    def test_programs_good(self):
        harness = """\
            echo TAP version 13
            echo 1..3
            echo '#  RUN           global.first ...'
            echo 'ok 1 global.first'
            echo '#  RUN           box.second ...'
            echo 'ok 2 # SKIP no device'
            echo 'ok 3 - third'
            """
        self.assertEqual(self.programs(a=harness, b="echo '1..0 # SKIP no CPUs'; exit 4"), ([
            "ok 1 a.first", "ok 2 a.box.second # SKIP no device",
            "ok 3 a.third", "ok 4 b # SKIP no CPUs", LOST.format(5), "1..5"], 1))

    def test_programs_bad(self):
        self.assertEqual(self.programs(
            a="echo 1..1; echo ok 1 global.x; echo -n torn; kill -SEGV $$",
            b="exit 0",
            c="echo ok 1 x",
            d="echo 1..2; echo ok 1 x",
            e="echo 1..1; echo not ok 1 x; exit 1"), ([
                "ok 1 a.x", "not ok 2 a: exit status 139",
                "not ok 3 b: ran no test", "ok 4 c.x", "not ok 5 c: no plan",
                "ok 6 d.x", "not ok 7 d: planned 2 tests, ran 1", "not ok 8 e.x",
                LOST.format(9), "1..9"], 1))

    def test_unittests(self):
        self.write("test_seeded.py", textwrap.dedent("""\
            import unittest

            class Seeded(unittest.TestCase):
                def test_a_good(self): pass
                def test_b_bad(self): self.fail()
                def test_c_skipped(self): self.skipTest("no device")
                def test_d_subtest(self):
                    with self.subTest(): self.fail()
                @unittest.expectedFailure
                def test_e_unexpected(self): pass

            class SetUp(unittest.TestCase):
                @classmethod
                def setUpClass(cls): raise OSError
                def test_f(self): pass
            """))
        self.write("test_unparsed.py", "if\n")
        results = {name.split(".")[-1]: word for word, name, _ in UNIT["python"](self.folder)}
        self.assertEqual(results, {
            "test_a_good": "ok", "test_b_bad": "not ok", "test_c_skipped # SKIP no device": "ok",
            "test_d_subtest": "not ok", "test_e_unexpected": "not ok", "test_f": "not ok",
            "test_unparsed": "not ok"})


if __name__ == "__main__":
    unittest.main()
