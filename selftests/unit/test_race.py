# SPDX-License-Identifier: GPL-2.0-only
"""What the race detector adds to a module's build."""

import pathlib
import subprocess
import tempfile
import unittest

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


if __name__ == "__main__":
    unittest.main()
