# SPDX-License-Identifier: GPL-2.0-only
"""Each style check passes a clean tree, and fails on a fault seeded into it."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
import unittest.mock

ROOT = pathlib.Path(__file__).resolve().parents[2]
STYLE = ROOT / "selftests/style/style"
COCCI = ROOT / "selftests/style/cocci"

sys.path.append(str(STYLE.parent))

import answers

SOURCE = "// SPDX-License-Identifier: GPL-2.0-only\n"
HEADER = "/* SPDX-License-Identifier: GPL-2.0-only */\n"
SCRIPT = "# SPDX-License-Identifier: GPL-2.0-only\n"
MODULE = SOURCE + """#include <linux/module.h>
#include <linux/slab.h>
#include <quartet/lock.h>

#include "base/count.h"
%s
MODULE_DESCRIPTION("a tree to check");
MODULE_LICENSE("GPL");
"""

CLEAN = {
    "Kbuild": SCRIPT + "obj-m := quartet.o\nquartet-y := kmod/main.o\n"
              "ccflags-y := -I$(src)/kmod/include -I$(src)/uapi\n",
    "kmod/main.c": MODULE % "",
    "kmod/base/count.h": HEADER,
    "kmod/lock/queue.h": HEADER,
    "kmod/include/quartet/lock.h": HEADER + "#include <linux/quartet.h>\n",
    "uapi/linux/quartet.h": "/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */\n",
    "user/cli/tool.c": SOURCE + "#include <linux/quartet.h>\n",
    "selftests/tool": "#!/usr/bin/python3\n" + SCRIPT,
    "selftests/tool.sh": "#!/bin/sh\n" + SCRIPT,
}

# Right, unless COUNT_USER is a type of user memory.
READ = """#ifdef COUNT_USER
static COUNT_USER *p;
int f(void);
int f(void)
{
	return *p;
}
#endif
"""

# check, file, what it holds instead, what the check says
FAULTS = (
    ("checkpatch", "kmod/main.c", MODULE % "int x ;\n", "kmod/main.c:7: WARNING:SPACING"),
    ("checkpatch", "selftests/style/checkpatch.allow", "kmod/main.c\tSPACING\twhy\n",
     "kmod/main.c: SPACING no longer occurs"),
    ("checkpatch", "selftests/style/checkpatch.allow", "kmod/main.c\tSPACING\n",
     "not `path TAB type TAB why`"),
    ("sparse", "kmod/main.c",
     MODULE % "static int __user *p;\nint f(void);\nint f(void)\n{\n\treturn *p;\n}\n",
     "kmod/main.c:11:17: warning: dereference of noderef expression"),
    ("sparse", "kmod/main.c", MODULE % "int broken\n", "error: Expected ; at end"),
    ("sparse", "kmod/main.c", SOURCE + "#include <linux/lost.h>\n", "sparse ended with 1"),
    ("sparse", "Kbuild", SCRIPT + "obj-m := lost.o\n", "make ended with 2"),
    ("sparse", "Kbuild", SCRIPT, "make names nothing to check"),
    ("includes", "kmod/base/count.h", HEADER + '#include "../lock/queue.h"\n',
     "kmod/base/count.h:2: kmod/base may not include kmod/lock/queue.h"),
    ("includes", "kmod/main.c", SOURCE + '#include "part.c"\n',
     "kmod/main.c:2: part.c is no header"),
    ("includes", "kmod/torture/spin.c", SOURCE + '#include "../base/count.h"\n',
     "kmod/torture may not include kmod/base/count.h"),
    ("includes", "kmod/race/race.c", SOURCE + "# include <quartet/lock.h>\n",
     "kmod/race may not include kmod/include/quartet/lock.h"),
    ("includes", "kmod/lock/lock.c", SOURCE + "#include <linux/quartet_lost.h>\n",
     "linux/quartet_lost.h is not in the tree"),
    ("includes", "user/cli/tool.c", SOURCE + '#include "../../kmod/lock/queue.h"\n',
     "user/cli may not include kmod/lock/queue.h"),
    ("includes", "kmod/stray.c", SOURCE, "kmod/stray.c: in no room"),
    ("includes", "kmod/utils/x.h", HEADER, "kmod/utils/x.h: name it for what it holds"),
    ("spdx", "kmod/base/count.h", "", "kmod/base/count.h: no licence line"),
    ("spdx", "uapi/linux/quartet.h", HEADER, "uapi/linux/quartet.h: GPL-2.0-only, want"),
    ("spdx", "selftests/tool", "#!/usr/bin/python3\n", "selftests/tool: no licence line"),
    ("spdx", "user/man/tool.3", '.\\" ' + SOURCE[3:], "user/man/tool.3: GPL-2.0-only, want LGPL"),
    ("shellcheck", "selftests/tool.sh", "#!/bin/sh\necho $1\n", "[SC2086]"),
    ("python", "selftests/tool", "#!/usr/bin/python3\nif\n", "selftests/tool: invalid syntax"),
    ("length", "user/cli/tool.c", "\n" * 601, "user/cli/tool.c: 601 lines, at most 600"),
    ("length", "kmod/main.c", "int f(int a,\n      int b)\n{\n" + "\n" * 59 + "}\n",
     "kmod/main.c:3: f: 61 lines, at most 60"),
    ("versions", "kmod/main.c", "#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)\n#endif\n",
     "kmod/main.c:1: LINUX_VERSION_CODE: only compat.h knows versions"),
    ("paths", "README.md", "see /" + "home/me/quartet\n", "README.md:1: /" + "home/"),
    ("paths", "README.md", "from deb" + ".debian.org\n", "README.md:1: deb" + ".debian.org"),
)


class StyleTest(unittest.TestCase):
    def setUp(self):
        # kbuild has targets that are called so.
        self.tree = tempfile.TemporaryDirectory(suffix="clean")
        self.addCleanup(self.tree.cleanup)
        subprocess.run(["git", "init", "-q", self.tree.name], check=True)
        self.write(".gitignore", "/build/\n")
        for path, text in CLEAN.items():
            self.write(path, text)

    def write(self, path, text):
        path = os.path.join(self.tree.name, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def run_on_tree(self, program, *checks):
        return subprocess.run([program, "--tree", self.tree.name, *checks],
                              capture_output=True, text=True)

    def test_clean(self):
        done = self.run_on_tree(STYLE)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertNotIn("not ok", done.stdout)

    def test_faults(self):
        for check, path, text, finding in FAULTS:
            with self.subTest(check=check, finding=finding):
                if check == "shellcheck" and not shutil.which("shellcheck"):
                    self.skipTest("shellcheck is not installed")
                self.write(path, text)
                done = self.run_on_tree(STYLE, check)
                if path in CLEAN:
                    self.write(path, CLEAN[path])
                else:
                    os.unlink(os.path.join(self.tree.name, path))
                self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
                self.assertIn(f"not ok 1 {check}\n", done.stdout)
                self.assertIn(finding, done.stdout)

    def test_allowed(self):
        self.write("kmod/main.c", MODULE % "int x ;\n")
        self.write("selftests/style/checkpatch.allow", "kmod/main.c\tSPACING\twhy\n")
        done = self.run_on_tree(STYLE, "checkpatch")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.write("selftests/style/checkpatch.allow", "kmod/\tSPACING\tof a folder\n")
        done = self.run_on_tree(STYLE, "checkpatch")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.write("selftests/style/checkpatch.allow", "user/\tSPACING\tof another one\n")
        done = self.run_on_tree(STYLE, "checkpatch")
        self.assertEqual(done.returncode, 1, done.stdout)

    def test_looked_at_again(self):
        """What is kept of a clean tree is not said of a tree with one thing changed."""
        self.write("kmod/main.c", MODULE % READ)
        plain, user = HEADER, HEADER + "#define COUNT_USER int __user\n"
        for text, status in ((plain, 0), (user, 1), (plain, 0)):
            self.write("kmod/base/count.h", text)
            done = self.run_on_tree(STYLE, "sparse")
            self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        flags = CLEAN["Kbuild"] + "ccflags-y += '-DCOUNT_USER=int __user'\n"
        for path, text, check in (("Kbuild", flags, "sparse"),
                                  ("kmod/base/count.h", HEADER + "int x ;\n", "checkpatch"),
                                  (".checkpatch.conf", "--bogus\n", "checkpatch")):
            with self.subTest(path=path):
                self.assertEqual(self.run_on_tree(STYLE, check).returncode, 0)
                self.write(path, text)
                self.assertEqual(self.run_on_tree(STYLE, check).returncode, 1)
                self.write(path, CLEAN.get(path, ""))
                self.write("kmod/main.c", CLEAN["kmod/main.c"])

    def test_unknown_check(self):
        done = self.run_on_tree(STYLE, "chekpatch")
        self.assertEqual(done.returncode, 2)
        self.assertIn("no such check: chekpatch", done.stderr)

    @unittest.skipUnless(shutil.which("spatch"), "spatch is not installed")
    def test_cocci(self):
        done = self.run_on_tree(COCCI, "free/ifnullfree")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.write("kmod/main.c", MODULE % "void f(void *p)\n{\n\tif (p)\n\t\tkfree(p);\n}\n")
        done = self.run_on_tree(COCCI, "free/ifnullfree")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("not ok 1 free/ifnullfree\n# kmod/main.c:10:2-7: WARNING", done.stdout)


class AnswersTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        change = unittest.mock.patch.dict(os.environ, XDG_CACHE_HOME=folder.name)
        change.start()
        self.addCleanup(change.stop)
        self.folder = pathlib.Path(folder.name, "quartet/style")
        self.runs = 0

    def run_tool(self, ended=True):
        self.runs += 1
        return ["a finding"], ended

    def ask(self, *inputs, **how):
        said = answers.ask(lambda: inputs, lambda: self.run_tool(**how))
        self.assertEqual(said, ["a finding"])
        return self.runs

    def test_kept(self):
        self.assertEqual([self.ask(1), self.ask(1), self.ask(2), self.ask(1)], [1, 1, 2, 2])

    def test_failure_is_not_kept(self):
        self.assertEqual([self.ask(1, ended=False), self.ask(1)], [1, 2])

    def test_edited_meanwhile_is_not_kept(self):
        answers.ask(lambda: self.runs, self.run_tool)
        self.runs = 0
        self.assertEqual([self.ask(0), self.ask(0)], [1, 1])

    def test_contents(self):
        path = self.folder.parent
        self.assertEqual(list(answers.contents([path / "none"]).values()), [None])
        path.mkdir()
        held = []
        for text in ("one", "two"):
            (path / "file").write_text(text)
            held += answers.contents([path / "file"]).values()
        self.assertNotEqual(*held)

    def test_forgotten(self):
        self.ask(1)
        answers.forget()
        self.assertEqual(self.ask(1), 1)
        for place in self.folder.iterdir():
            os.utime(place, (0, time.time() - answers.MONTH - 10))
        answers.forget()
        self.assertEqual(self.ask(1), 2)


if __name__ == "__main__":
    unittest.main()
