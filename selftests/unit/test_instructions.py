# SPDX-License-Identifier: GPL-2.0-only
"""bench/instructions on reports that are right, wrong, and not what the list says."""

import contextlib
import io
import pathlib
import runpy
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BENCH = runpy.run_path(str(ROOT / "bench/instructions"))
PAIRS = BENCH["PAIRS"]

TURNS = {"calibration": (2, 0), "raw_spin_lock": (19, 1), "quartet_mutex_lock": (24, 2)}
LIST = "# how\npath,instructions,locked\n" + "".join(
    f"{path},{a},{b}\n" for path, (a, b) in TURNS.items())


def report(unit="instructions", pairs=PAIRS, **changed):
    rows = {path: turn for path, (turn, _) in TURNS.items()} | changed
    return f"path,{unit},without_loop,turns\n" + "".join(
        f"{path},{turn},{turn - 2},{pairs}\n" for path, turn in rows.items())


def counts(few=PAIRS, **changed):
    """As the plugin writes them: a constant of 6, and an interrupt in the first round."""
    return "".join(
        f"{number} {int(turn * pairs) + 6 + disturbed} {int(locked * pairs) + disturbed // 100}\n"
        for number, (turn, locked) in enumerate((TURNS | changed).values())
        for pairs in (few, 2 * few) for disturbed in (1234, 0, 0))


class Instructions(unittest.TestCase):
    def run_main(self, written=LIST, measured=None, options=()):
        """Exit status, output, and what the list holds afterwards."""
        reports = measured or (report(), counts())
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "list")
            path.write_text(written)
            with contextlib.redirect_stdout(io.StringIO()) as output:
                status = BENCH["main"](["--list", str(path), *options],
                                       lambda: ("6.1-test", *reports))
            return status, output.getvalue(), path.read_text()

    def assert_fails(self, said, **how):
        status, output, after = self.run_main(**how)
        self.assertEqual(status, 1)
        self.assertRegex(output, said)
        self.assertEqual(after, how.get("written", LIST))

    def test_as_listed(self):
        status, output, _ = self.run_main()
        self.assertEqual((status, output.count("\nok ")), (0, 3), output)
        self.assertIn("1..3\n", output)

    def test_seeded_wrong_list(self):
        """A path dearer than the list has it, cheaper, of other locked operations; each by name."""
        for wrong, said in (
                ("raw_spin_lock,18,1", r"not ok 2 .*raw_spin_lock\n# 19 .*: dearer"),
                ("raw_spin_lock,20,1", r"not ok 2 .*raw_spin_lock\n# 19 .*: cheaper.*--update"),
                ("raw_spin_lock,19,0", "not ok 2 .*: dearer"),
                ("raw_spin_lock,19,2", "not ok 2 .*: cheaper"),
                ("raw_spin_lock,20,0", "not ok 2 .*: dearer"),
                ("other,19,1", r"not ok 2 .*raw_spin_lock\n.*not listed\n")):
            with self.subTest(wrong):
                self.assert_fails("(?s)" + said, written=LIST.replace("raw_spin_lock,19,1", wrong))
        self.assert_fails("not ok 4 .*gone\n# is listed", written=LIST + "gone,1,0\n")

    def test_few_turns_have_leeway(self):
        """Two hundredths, from the list and between the two ways to count, and no more."""
        memo = {"memo_miss": (2000, 3)}
        for turn, good in (2000, True), (2039, True), (1961, True), (2041, False), (1959, False):
            for exact in False, True:
                pairs = PAIRS if exact else 64
                reports = (report(pairs=pairs, memo_miss=turn),
                           counts(pairs, memo_miss=(turn, 3)))
                with self.subTest(turn=turn, exact=exact):
                    status, output, _ = self.run_main(LIST + "memo_miss,2000,3\n", reports)
                    self.assertEqual(status == 0, good and not (exact and turn != 2000), output)
        self.assert_fails("2050 instructions .* 2000 by the plugin", measured=(
            report(pairs=64, memo_miss=2050), counts(64, **memo)))

    def test_what_it_was_listed_under(self):
        self.assert_fails("# how, listed\n# Linux 6.1-test; .*, now", written=LIST + "gone,1,0\n")

    def test_update(self):
        status, output, after = self.run_main(written="", options=["--update"])
        self.assertEqual((status, output.count("\nok ")), (0, 3), output)
        self.assertEqual(after.split("\n", 1)[1], LIST.split("\n", 1)[1])
        self.assertTrue(after.startswith("# Linux 6.1-test; "))

    def test_bail_out(self):
        """Whatever cannot be trusted is no figure, and --update does not write it."""
        no_ticks = report(unit="ticks")
        for measured, said in (
                ((no_ticks, counts()), "does not count instructions"),
                (("", counts()), "does not count instructions"),
                ((report(), ""), "counted 3 paths, the plugin 0"),
                ((report(raw_spin_lock=18), counts()), "18 instructions .* 19 by the plugin"),
                ((report(raw_spin_lock=19.5), counts(raw_spin_lock=(19.5, 1))), "not whole"),
                ((report(), counts(raw_spin_lock=(19, 1.5))), "not whole")):
            for options in [], ["--update"]:
                with self.subTest(said, options=options):
                    self.assert_fails("^Bail out! .*" + said, measured=measured, options=options)

    def test_the_committed_list(self):
        """It has the targets: a pair of ours costs no more than the kernel's, a memo's so much."""
        then, _ = BENCH["listed"](BENCH["LIST"].read_text())
        for ours, peer in (("quartet_spin_lock", "raw_spin_lock"),
                           ("quartet_mutex_lock", "mutex_lock")):
            self.assertTrue(all(a <= b for a, b in zip(then[ours], then[peer])), ours)
        self.assertLessEqual(then["quartet_mutex_lock"], (26, 2))
        bare = then["loop"][0]
        for ours, peer, times in (("memo_hit", "rhashtable_hit", 1.25),
                                  ("memo_miss", "rhashtable_miss", 2),
                                  ("memo_crowd", "completion_crowd", 1.5)):
            self.assertLessEqual(then[ours][0] - bare, times * (then[peer][0] - bare), ours)


if __name__ == "__main__":
    unittest.main()
