# SPDX-License-Identifier: GPL-2.0-only
"""A module of somebody else's, built with the detector's Makefile and without."""

import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
RUNTIME = ROOT / "kmod/race/quartet-race.mk"
SOURCE = """
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
static DEFINE_MUTEX(lock);
static int *shared;
static int __init somebody_init(void)
{
	shared = kzalloc(sizeof(*shared), GFP_KERNEL);
	mutex_lock(&lock);
	if (shared)
		WRITE_ONCE(*shared, 1);
	mutex_unlock(&lock);
	return 0;
}
module_init(somebody_init);
static void __exit somebody_exit(void) { kfree(shared); }
module_exit(somebody_exit);
MODULE_LICENSE("GPL");
"""


class Build(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.headers = subprocess.run([ROOT / "selftests/lab/lab", "fetch", "6.1"], check=True,
                                     stdout=subprocess.PIPE, text=True).stdout.strip()
        cls.scratch = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.scratch.name)
        (cls.folder / "somebody.c").write_text(SOURCE)

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def build(self, kbuild, *variables):
        """The object, compiled anew in the same folder; or what make said."""
        (self.folder / "Kbuild").write_text(kbuild)
        (self.folder / "somebody.o").unlink(missing_ok=True)
        done = subprocess.run(["make", "-s", "-C", self.headers, f"M={self.folder}", *variables,
                               "somebody.o"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True)
        if done.returncode:
            return done.stdout
        return (self.folder / "somebody.o").read_bytes()

    def test_is_the_same_without_race(self):
        plain = self.build("obj-m := somebody.o\n")
        self.assertIsInstance(plain, bytes)
        self.assertEqual(plain, self.build(f"obj-m := somebody.o\ninclude {RUNTIME}\n"))

    def watched(self, *flags):
        symvers = self.folder / "race.symvers"
        symvers.write_text("0x0\t__qrace_mutex_lock\tquartet_race\tEXPORT_SYMBOL_GPL\t\n")
        return self.build(f"obj-m := somebody.o\ninclude {RUNTIME}\n", "RACE=1",
                          f"QUARTET_RACE_SYMVERS={symvers}", *flags)

    def test_is_another_one_with_race(self):
        """Or the test above would compare nothing."""
        found = self.watched()
        self.assertIsInstance(found, bytes)
        for name in (b"__tsan_func_entry", b"__qrace_mutex_lock", b"quartet_race_of_version_"):
            self.assertIn(name, found)

    def test_says_why_not_beside_kcsan(self):
        said = self.watched("KCFLAGS=-DCONFIG_KCSAN=1")
        self.assertIsInstance(said, str)
        self.assertIn("KCSAN, that quartet_race cannot work beside", said)


if __name__ == "__main__":
    unittest.main()
