# SPDX-License-Identifier: GPL-2.0-only
"""libquartet as it is built and installed: what it exports, declares, documents and links."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIB = ROOT / "user/lib"
BUILT = ROOT / "build/user/lib"
SHARED = BUILT / "libquartet.so.0"

PROTOTYPE = re.compile(r"^(\w[\w ]*?[ *]+)(quartet_\w+)\(((?:[^()]|\([^()]*\))*)\);", re.MULTILINE)
STRUCT = re.compile(r"^struct (\w+) \{\n(.*?)^\};", re.MULTILINE | re.DOTALL)
FIELD = re.compile(r"^\t.*?(\w+)(?:\[[^]]*\])?;", re.MULTILINE)
NODE = re.compile(r"^(LIBQUARTET_[\d.]+) \{(.*?)\}", re.MULTILINE | re.DOTALL)

# Nothing that needs the device.
PROGRAM = """
#include <errno.h>
#include <quartet.h>

int main(void)
{
	struct quartet_device *device;

	quartet_cancel(-1);
	return quartet_device_open(&device, "/nowhere") == -ENOENT ? 42 : 1;
}
"""


def output(*command, **options):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, **options).stdout


def mapped():
    """Symbol to the version that libquartet.map puts it in."""
    return {symbol: version for version, body in NODE.findall((LIB / "libquartet.map").read_text())
            for symbol in re.findall(r"(\w+);", body.split("local:")[0])}


def prototypes(text):
    """Name to the whole of it, in one spelling."""
    return {found[2]: re.sub(r"\s*([(),*])\s*", r"\1", " ".join(found[0].split()))
            for found in PROTOTYPE.finditer(text)}


def declared():
    return prototypes(re.sub(r"/\*.*?\*/", "", (LIB / "quartet.h").read_text(), flags=re.DOTALL))


def pages():
    """Name to text, in the folder that is installed; links as they are."""
    return {path.stem: path.read_text() for path in (BUILT / "man/man3").glob("*.3")}


def synopsis(page):
    section = page.partition(".SH SYNOPSIS\n")[2].partition(".SH DESCRIPTION\n")[0]
    return prototypes("".join(bare(line) for line in section.splitlines()))


def bare(line):
    """A line of a synopsis as it reads: .BI puts its arguments side by side."""
    if not line.startswith(".BI "):
        return "\n"
    parts = re.findall(r'"([^"]*)"|(\S+)', line[4:])
    return "".join(quoted or word for quoted, word in parts) + "\n"


class Symbols(unittest.TestCase):
    def test_exported(self):
        listed = output("nm", "-D", "--defined-only", "--with-symbol-versions", SHARED)
        exported = dict(line.split()[-1].split("@@") for line in listed.splitlines()
                        if " A " not in line)
        self.assertEqual(exported, mapped())

    def test_declared(self):
        self.assertEqual(set(declared()), set(mapped()))

    def test_soname(self):
        self.assertIn("Library soname: [libquartet.so.0]", output("readelf", "-d", SHARED))

    def test_names_of_the_archive(self):
        listed = output("nm", "-g", "--defined-only", BUILT / "libquartet.a")
        names = re.findall(r"^[0-9a-f]+ [^V] (\S+)$", listed, re.MULTILINE)
        self.assertLessEqual(set(mapped()), set(names))
        self.assertEqual([name for name in names if not re.match("(lib)?quartet_", name)], [])


class Layout(unittest.TestCase):
    """Of structs: programs that are linked already have it."""

    def listed(self):
        lines = pathlib.Path(__file__).with_name("lib.abi").read_text().splitlines()
        return dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))

    def expressions(self):
        found = {}
        for name, body in STRUCT.findall((LIB / "quartet.h").read_text()):
            found[name] = f"sizeof(struct {name})"
            found |= {f"{name}.{field}": f"__builtin_offsetof(struct {name}, {field})"
                      for field in FIELD.findall(body)}
        return found

    def test_nothing_has_changed(self):
        listed, found = self.listed(), self.expressions()
        self.assertEqual(list(listed), list(found))
        source = "#include <quartet.h>\n" + "".join(
            f'_Static_assert({found[name]} == {listed[name]}, "{name}");\n' for name in found)
        run = subprocess.run(["cc", "-fsyntax-only", "-xc", "-", f"-I{LIB}", f"-I{ROOT}/uapi"],
                             input=source, text=True, stderr=subprocess.PIPE)
        self.assertEqual(run.stderr, "")


class Manual(unittest.TestCase):
    def test_a_page_a_function(self):
        self.assertEqual(set(pages()), set(mapped()))

    def test_links(self):
        for name, text in pages().items():
            link = re.fullmatch(r"\.so man3/(\w+)\.3\n", text)
            if link:
                self.assertIn(name, synopsis(pages()[link[1]]), name)
            else:
                self.assertIn(name, synopsis(text), name)

    def test_prototypes(self):
        found = {}
        for text in pages().values():
            found |= synopsis(text)
        self.assertEqual(found, declared())

    def test_references(self):
        for name, text in pages().items():
            for other in re.findall(r"\b(quartet_\w+) \(3\)", text):
                self.assertIn(other, mapped(), name)

    def test_no_warnings(self):
        if not shutil.which("man"):
            self.skipTest("man is not installed")
        for path in (ROOT / "user/man").glob("*.[137]"):
            run = subprocess.run(["man", "--warnings=all", "-E", "UTF-8", "-l", path],
                                 capture_output=True, text=True)
            self.assertEqual(run.stderr, "", path.name)


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.root = pathlib.Path(folder.name)
        output("make", "-s", "-C", LIB, "install", f"DESTDIR={cls.root}", "PREFIX=/usr")
        cls.environment = os.environ | {
            "PKG_CONFIG_SYSROOT_DIR": str(cls.root), "LD_LIBRARY_PATH": str(cls.root / "usr/lib"),
            "PKG_CONFIG_LIBDIR": str(cls.root / "usr/lib/pkgconfig"),
            "MANPATH": str(cls.root / "usr/share/man"),
            # Else what is in /usr is left out, sysroot or not.
            "PKG_CONFIG_ALLOW_SYSTEM_CFLAGS": "1", "PKG_CONFIG_ALLOW_SYSTEM_LIBS": "1",
        }

    def flags(self, *options):
        return output("pkg-config", "--cflags", "--libs", *options, "libquartet",
                      env=self.environment).split()

    def runs(self, compiler, suffix, *flags):
        source = self.root / f"program{suffix}"
        source.write_text(PROGRAM)
        subprocess.run([*compiler, "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-o",
                        self.root / "program", source, *flags], check=True)
        return subprocess.run([self.root / "program"], env=self.environment).returncode

    def test_shared(self):
        if not shutil.which("pkg-config"):
            self.skipTest("pkg-config is not installed")
        self.assertEqual(self.runs(["cc"], ".c", *self.flags()), 42)
        self.assertIn("libquartet.so.0", output("readelf", "-d", self.root / "program"))

    def test_examples(self):
        if not shutil.which("pkg-config"):
            self.skipTest("pkg-config is not installed")
        for path in (ROOT / "user/examples").glob("*.c"):
            output("cc", "-Wall", "-Wextra", "-Werror", "-o", self.root / path.stem, path,
                   *self.flags(), env=self.environment)

    def test_static(self):
        if not shutil.which("pkg-config"):
            self.skipTest("pkg-config is not installed")
        self.assertEqual(self.runs(["cc", "-static"], ".c", *self.flags("--static")), 42)

    def test_cpp(self):
        if not shutil.which("c++"):
            self.skipTest("c++ is not installed")
        self.assertEqual(self.runs(["c++"], ".cc", f"-I{self.root}/usr/include",
                                   f"-L{self.root}/usr/lib", "-lquartet"), 42)

    def test_manual(self):
        if not shutil.which("man"):
            self.skipTest("man is not installed")
        for name, said in ("quartet_mutex_trylock", "deadline"), ("quartet", "Forks"):
            self.assertIn(said, output("man", "-P", "cat", name, env=self.environment))


if __name__ == "__main__":
    unittest.main()
