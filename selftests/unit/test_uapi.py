# SPDX-License-Identifier: GPL-2.0-only
"""/dev/quartet: its ABI does not change, and the header, the documentation and the tests agree."""

import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
HEADER = (ROOT / "uapi/linux/quartet.h").read_text()
PAGE = (ROOT / "Documentation/uapi.rst").read_text()
ABI = pathlib.Path(__file__).with_name("uapi.abi")
TESTS = sorted((ROOT / "selftests/dev").glob("*.[ch]"))
# Of every command, and so said once; selftests/dev/bad_input.c has them.
OF_ALL = {"EFAULT", "EINVAL", "E2BIG", "ENOTTY", "EBADF"}

STRUCT = re.compile(r"^struct (\w+) \{\n(.*?)^\};", re.MULTILINE | re.DOTALL)
FIELD = re.compile(r"^\t(?:__\w+|char) (\w+)(?:\[[^]]*\])?;", re.MULTILINE)
COMMAND = re.compile(r"^#define (QUARTET_\w+)\s+_IO\(", re.MULTILINE)
NUMBER = re.compile(r"^#define (QUARTET_\w+)[ \t]+\S", re.MULTILINE)
ENUMERATOR = re.compile(r"^\t(QUARTET_\w+)[ ,=]", re.MULTILINE)
TABLE = re.compile(r"^\.\. csv-table:: (.+)\n((?:   .*\n|\n)*)", re.MULTILINE)
ROW = re.compile(r'^   "(\w+)", ', re.MULTILINE)
FUNCTION = re.compile(r"^static (?:inline )?[\w *]+?(\w+)\([^;{]*\)\n\{\n(.*?)^\}",
                      re.MULTILINE | re.DOTALL)
REFUSAL = re.compile(r"_REFUSED\(\s*(E\w+),\s*(.*?)[;\n]")


def structs():
    return {name: FIELD.findall(body) for name, body in STRUCT.findall(HEADER)}


def tables():
    return {title: ROW.findall(rows) for title, rows in TABLE.findall(PAGE)}


def constants():
    return [name for name in NUMBER.findall(HEADER) + ENUMERATOR.findall(HEADER)]


def functions():
    """Those of the tests, and which commands each of them gives."""
    bodies = {name: body for path in TESTS for name, body in FUNCTION.findall(path.read_text())}
    given = {name: set(re.findall(r"\bQUARTET_\w+", body)) & set(COMMAND.findall(HEADER))
             for name, body in bodies.items()}
    for _ in range(3):
        for name, body in bodies.items():
            for called in re.findall(r"(\w+)\(", body):
                given[name] |= given.get(called, set())
    return given


def refused():
    """(command, errno) that a test expects."""
    given, pairs = functions(), set()
    for path in TESTS:
        for error, call in REFUSAL.findall(path.read_text()):
            commands = set(re.findall(r"\bQUARTET_\w+", call)) & set(COMMAND.findall(HEADER))
            for name in re.findall(r"(\w+)\(", call):
                commands |= given.get(name, set())
            pairs |= {(command, error) for command in commands}
    return pairs


class Abi(unittest.TestCase):
    def entries(self):
        lines = [line.rsplit(" ", 1) for line in ABI.read_text().splitlines()
                 if line and not line.startswith("#")]
        return dict(lines)

    def expressions(self):
        named = {f"struct {name}": f"sizeof(struct {name})" for name in structs()}
        for name, fields in structs().items():
            named |= {f"struct {name}.{field}": f"__builtin_offsetof(struct {name}, {field})"
                      for field in fields}
        return named | {name: name for name in constants()}

    def test_everything_is_listed(self):
        self.assertEqual(sorted(self.entries()), sorted(self.expressions()))

    def compiled(self, bits, entries):
        source = "#include <linux/quartet.h>\n" + "".join(
            f'_Static_assert((unsigned long long)({expression}) == {entries[name]}ULL, "{name}");\n'
            for name, expression in self.expressions().items())
        return subprocess.run(
            ["gcc", f"-m{bits}", "-fsyntax-only", "-xc", "-", "-I", ROOT / "uapi", "-isystem",
             "/usr/include/x86_64-linux-gnu"], input=source, text=True, stderr=subprocess.PIPE)

    def test_nothing_has_changed(self):
        """Nor is it different for 32-bit callers."""
        for bits in (64, 32):
            done = self.compiled(bits, self.entries())
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_a_change_is_noticed(self):
        entries = self.entries()
        entries["struct quartet_lock.token"] = "16"
        self.assertIn("struct quartet_lock.token", self.compiled(64, entries).stderr)

    def test_no_holes(self):
        for name, fields in structs().items():
            source = (f"#include <linux/quartet.h>\nstruct {name} x;\n"
                      f"char sum[{'+'.join(f'sizeof(x.{f})' for f in fields)}];\n"
                      f'_Static_assert(sizeof(sum) == sizeof(x), "{name}");\n')
            done = subprocess.run(["gcc", "-fsyntax-only", "-xc", "-", "-I", ROOT / "uapi"],
                                  input=source, text=True, stderr=subprocess.PIPE)
            self.assertEqual(done.returncode, 0, done.stderr)


class Page(unittest.TestCase):
    def test_commands(self):
        titles = re.findall(r"^(QUARTET_\w+)\n~+$", PAGE, re.MULTILINE)
        self.assertEqual(sorted(titles), sorted(COMMAND.findall(HEADER)))

    def test_fields(self):
        documented = {title.removeprefix("struct "): rows for title, rows in tables().items()
                      if title.startswith("struct ")}
        self.assertEqual(documented, structs())

    def test_kernel_doc(self):
        for name, fields in structs().items():
            comment = HEADER.split(f"struct {name} - ")[1].split("*/")[0]
            self.assertEqual(re.findall(r"^ \* @(\w+):", comment, re.MULTILINE), fields, name)

    def test_errors(self):
        """Each that is documented is expected by a test of that command, and the other way round."""
        prefix = "Errors of QUARTET_"
        documented = {("QUARTET_" + title.removeprefix(prefix), error)
                      for title, rows in tables().items() if title.startswith(prefix)
                      for error in rows}
        tested = refused()
        untested = {(command, error) for command, error in documented - tested
                    if error != "ENOMEM"}
        self.assertEqual(untested, set())
        self.assertIn("EXPECT_EQ(ENOMEM, error)",
                      (ROOT / "selftests/dev/failslab.c").read_text())
        # Why CREATE refuses a field is a table of its own: each row has a test of its name.
        rows = re.findall(r"^ROW\((\w+)\)$",
                          (ROOT / "selftests/dev/refused_create.c").read_text(), re.MULTILINE)
        self.assertEqual(tables()["EINVAL of QUARTET_CREATE, by field"], rows)
        undocumented = {(command, error) for command, error in tested - documented
                        if error not in OF_ALL}
        self.assertEqual(undocumented, set())


if __name__ == "__main__":
    unittest.main()
