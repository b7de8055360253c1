# SPDX-License-Identifier: GPL-2.0-only
"""What the race detector adds to a module's build."""

import errno
import os
import pathlib
import re
import runpy
import subprocess
import tempfile
import textwrap
import unittest

from test_cli import QUARTET, Failure, quartet, setUpModule  # pylint: disable=unused-import

ROOT = pathlib.Path(__file__).resolve().parents[2]
UNMODELLED = ROOT / "kmod/race/unmodelled.sh"
CALLS = ("mutex_init_somehow", "down_unheard_of", "percpu_ref_get_many", "strlen_of",
         "misc_register", "__qrace_mutex_lock", "__tsan_read8", "quartet_race_check",
         "refcount_warn_saturate")


class Unmodelled(unittest.TestCase):
    def test_lists_what_looks_like_synchronisation(self):
        with tempfile.TemporaryDirectory() as folder:
            source = pathlib.Path(folder) / "module.c"
            source.write_text("".join(f"void {name}(void);\n" for name in CALLS) +
                              "void run(void) {" + "".join(f"{name}();" for name in CALLS) + "}\n")
            subprocess.run(["gcc", "-c", source, "-o", source.with_suffix(".o")], check=True)
            said = subprocess.run([UNMODELLED, source.with_suffix(".o")], check=True,
                                  stdout=subprocess.PIPE, text=True).stdout
        self.assertEqual([line.rsplit(" ", 1)[1] for line in said.splitlines()],
                         ["down_unheard_of", "misc_register", "percpu_ref_get_many"])


class Makefile(unittest.TestCase):
    def test_adds_nothing_without_race(self):
        """Whatever a Kbuild sets is as it was before the include."""
        text = "obj-m := module.o\ninclude {}\nall:\n\t@echo '$(ccflags-y)|$(always-y)|" \
               "$(KBUILD_EXTRA_SYMBOLS)'\n".format(ROOT / "kmod/race/quartet-race.mk")
        said = subprocess.run(["make", "-s", "-f", "-", "all"], input=text, check=True, text=True,
                              stdout=subprocess.PIPE).stdout
        self.assertEqual(said, "||\n")


def said(*words):
    return subprocess.run([QUARTET, *words], check=True, stdout=subprocess.PIPE, text=True).stdout


class Manual(unittest.TestCase):
    def test_tells_of_commands_and_options(self):
        page = (ROOT / "user/man/quartet-race.1").read_text().replace("\\-", "-")
        page = re.sub(r"\\f.", "", page)
        commands = re.findall(r"^  (\w+) ", said("race", "--help"), re.MULTILINE)
        self.assertEqual(sorted(re.findall(r"^\.SS (\w+)", page, re.MULTILINE)), commands)
        for command in commands:
            for option in re.findall(r" (--\w+)", said("race", command, "--help")):
                self.assertTrue(option == "--usage" or option in page, (command, option))

    def test_tells_of_exit_statuses(self):
        page = (ROOT / "user/man/quartet-race.1").read_text()
        races = re.search(r"define EXIT_RACES\s+(\d+)",
                          (ROOT / "user/cli/race_run.c").read_text())[1]
        names = re.findall(r"^\t(EXIT_\w+),", (ROOT / "user/cli/quartet.h").read_text(),
                           re.MULTILINE)
        statuses = re.findall(r"^\.TP\n\.B (\d+)$", page, re.MULTILINE)
        self.assertEqual(statuses, [races, str(names.index("EXIT_USAGE")),
                                    str(names.index("EXIT_CANNOT_RUN"))])


# A module that knows nothing of quartet, and what of quartet_race it is linked with.
MODULE = textwrap.dedent("""\
    #include <linux/module.h>
    #include <linux/mutex.h>
    static DEFINE_MUTEX(lock);
    static DECLARE_RWSEM(unknown);
    int shared, other;
    void lone(void);
    static noinline void twin(void) { shared++; }
    static __always_inline void inlined(void)
    {
    \tother = 1; /* here */
    }
    void lone(void)
    {
    \tmutex_lock(&lock);
    \ttwin();
    \tinlined(); /* into this */
    \tmutex_unlock(&lock);
    \tdown_read(&unknown);
    }
    MODULE_LICENSE("GPL");
    """)
EXPORTS = ("__qrace_mutex_lock", "__qrace_mutex_unlock", "__tsan_init", "__tsan_func_entry",
           "__tsan_func_exit", "__tsan_read4", "__tsan_write4", "quartet_race_of_version_1")


def setting(folder, **more):
    return {**os.environ, "QUARTET_TREE": str(ROOT), "QUARTET_RACE_SYMVERS": f"{folder}/symvers",
            **more}


def third_party(folder):
    """Its folder, without a word of RACE in it."""
    module = pathlib.Path(folder) / "theirs"
    module.mkdir()
    (module / "theirs.c").write_text(MODULE)
    (module / "Makefile").write_text("obj-m := theirs.o\nccflags-y := $(EXTRA)\n")
    (pathlib.Path(folder) / "symvers").write_text("".join(
        f"0x12345678\t{name}\tquartet_race\tEXPORT_SYMBOL_GPL\t\n" for name in EXPORTS))
    return module


def race(*words, env=None, **more):
    return subprocess.run([QUARTET, "race", *map(str, words)], env=env, capture_output=True,
                          text=True, check=False, **more)


def listing(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


class Built(unittest.TestCase):
    """A third party's module, built once."""

    @classmethod
    def setUpClass(cls):
        cls.headers = listing(ROOT / "selftests/lab/lab", "fetch", "6.1").strip()
        cls.folder = tempfile.TemporaryDirectory()  # pylint: disable=consider-using-with
        cls.addClassCleanup(cls.folder.cleanup)
        cls.module = third_party(cls.folder.name)
        cls.built = race("build", cls.module, cls.headers, "EXTRA=-DTHEIRS=1",
                         env=setting(cls.folder.name))

    def test_calls_the_wrappers_and_the_compiler_does_the_rest(self):
        self.assertEqual(self.built.returncode, 0, self.built.stderr)
        calls = set(listing("nm", "-u", self.module / "theirs.ko").split())
        self.assertLessEqual(set(EXPORTS), calls)
        self.assertNotIn("mutex_lock", calls)

    def test_leaves_the_files_as_they_were(self):
        self.assertEqual((self.module / "theirs.c").read_text(), MODULE)

    def test_says_what_is_not_modelled(self):
        self.assertEqual(self.built.stdout, "quartet_race: not modelled: down_read\n")

    def frame(self, function, call):
        """As a report has it: where `function` goes on after its last call of `call`."""
        code = listing("objdump", "-dr", f"--disassemble={function}", self.module / "theirs.ko")
        start = int(re.search(rf"^([0-9a-f]+) <{function}>:", code, re.MULTILINE)[1], 16)
        after = re.findall(rf"{call}.*\n\s*([0-9a-f]+):", code)[-1]
        return f"  {function}+0x{int(after, 16) - start:x}/0x100 [theirs]"

    def lines(self, *report):
        done = race("lines", "--modules", self.folder.name, input="\n".join(report) + "\n",
                    env=setting(self.folder.name))
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.splitlines()

    def test_lines_are_those_of_the_calls(self):
        number = [line.partition("/*")[2] for line in MODULE.splitlines()]
        here, into = number.index(" here */") + 1, number.index(" into this */") + 1
        lone, twin = self.frame("lone", "__tsan_write4"), self.frame("twin", "__tsan_write4")
        self.assertEqual(self.lines("WARNING: DATA RACE in lone [theirs]", lone, twin),
                         ["WARNING: DATA RACE in lone [theirs]",
                          f"{lone} theirs.c:{here} < theirs.c:{into}", f"{twin} theirs.c:7"])

    def test_what_is_not_known_stays_as_it_is(self):
        report = ["  vfs_write+0x10/0x20", "  nobody+0x1/0x2 [theirs]", "  lone+0x1/0x2 [ours]", ""]
        self.assertEqual(self.lines(*report), report)


class Refused(Failure):
    """One line says why."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()  # pylint: disable=consider-using-with
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.module = third_party(self.folder)
        self.kernel = self.folder / "kernel"
        (self.kernel / "include/config").mkdir(parents=True)
        self.config = self.kernel / "include/config/auto.conf"
        self.config.write_text("CONFIG_SMP=y\n")

    def build(self, *words, **more):
        return race("build", *words, env=setting(self.folder, **more))

    def test_folders(self):
        self.one_line(self.build("/nonexistent"), 3, "/nonexistent: No such file")
        self.one_line(self.build(self.module, "/nonexistent"), 3, "/nonexistent: No such file")
        self.one_line(self.build(self.kernel, self.kernel), 3, "neither a Kbuild nor a Makefile")
        self.one_line(self.build(self.module, self.module), 3, "auto.conf: No such file")
        self.one_line(self.build(self.module, self.kernel, "third"), 2, "'third'")
        self.one_line(self.build(), 2, "no folder given")

    def test_a_kernel_with_kcsan(self):
        self.config.write_text("CONFIG_KCSAN=y\n")
        self.one_line(self.build(self.module, self.kernel), 3, "has KCSAN")

    def test_no_quartet(self):
        self.one_line(self.build(self.module, self.kernel, QUARTET_TREE="/nonexistent"), 3,
                      "set QUARTET_TREE")
        (self.folder / "symvers").write_text("0x12345678\tprintk\tvmlinux\tEXPORT_SYMBOL\t\n")
        self.one_line(self.build(self.module, self.kernel), 3, "nothing of quartet_race")

    def test_run_and_lines(self):
        self.one_line(race("run"), 2, "no command given")
        self.one_line(race("lines", "--modules", "/nonexistent"), 3, "/nonexistent: No such file")
        self.one_line(race("lines", "report"), 2, "'report'")

    def test_run_without_what_it_takes(self):
        self.one_line(quartet("race", "run", "-m", "/nonexistent", "true"), 3,
                      "quartet_race is not loaded: /nonexistent/quartet_race.ko: No such file")
        for error, said in ((errno.ENOENT, "debugfs is not mounted; as root: mount -t debugfs"),
                            (errno.EACCES, "only root may use it"), (errno.EIO, "Input/output error")):
            self.one_line(quartet("race", "run", "true", race=error), 3,
                          f"/sys/kernel/debug/quartet_race/reset: {'not there: ' if error == 2 else ''}"
                          + said)


REPORT = textwrap.dedent("""\
    WARNING: DATA RACE in two [theirs]
    This write of 4 bytes at 0x10 by b/2:
      two+0x1/0x2 [theirs] list.h:7 < theirs.c:8
      caller+0x1/0x2 [theirs] theirs.c:9
    Previous read of 4 bytes at 0x10 by a/1:
      one+0x1/0x2 [theirs] theirs.c:5
    exit status 66
    """)


class Others(unittest.TestCase):
    """What is said of reports of the distribution's modules."""

    @classmethod
    def setUpClass(cls):
        cls.others = runpy.run_path(str(ROOT / "selftests/race/others/others"))

    def judge(self, text, *rows):
        known = [self.others["Known"](f"theirs\t{row}") for row in rows]
        return self.others["judge"](text, known)

    def test_what_is_known_in_either_order(self):
        self.assertEqual(self.judge(REPORT, "always\tone theirs.c:5; two theirs.c:(8|9)"), [])
        self.assertEqual(self.judge(REPORT, "sometimes\ttwo theirs.c:8; one theirs.c:5"), [])

    def test_what_is_not_known(self):
        self.assertEqual(self.judge(REPORT, "sometimes\tone theirs.c:5; two theirs.c:88"),
                         ["new: two theirs.c:8; one theirs.c:5"])

    def test_what_is_missing(self):
        self.assertEqual(self.judge("exit status 0\n", "always\tone; two", "sometimes\tsix; ten"),
                         ["not seen: one; two"])

    def test_an_exercise_that_failed(self):
        self.assertEqual(self.judge("exit status 1\n"), ["the exercise failed"])
        self.assertEqual(self.judge(""), ["the exercise failed"])

    def test_the_list_is_of_subjects(self):
        for row in self.others["known"]():
            self.assertIn(row.subject, self.others["SUBJECTS"])
            self.assertIn(row.often, ("always", "sometimes"))
            re.compile(row.pattern)


if __name__ == "__main__":
    unittest.main()
