# SPDX-License-Identifier: GPL-2.0-only
"""Tests of the lab's cache: what cannot be had is said in one line, and nothing half made is used."""

import contextlib
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

LAB = pathlib.Path(__file__).resolve().parents[1] / "lab"
sys.path.insert(0, str(LAB))
import apt
import compiled
import fetch
import host

AT_ONCE = 'Acquire::Retries "0";'
NO_NETWORK = AT_ONCE + 'Acquire::http::Proxy "http://127.0.0.1:9";'


def lab(*arguments, before=(), **environment):
    return subprocess.run([*before, LAB / "lab", *arguments], capture_output=True, text=True,
                          env={**os.environ, **environment}, check=False)


class Empty(unittest.TestCase):
    """With a cache of its own that is empty."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.cache = self.folder / "quartet"
        self.settings = self.folder.with_suffix(".apt")		# beside it: something is mounted there
        self.addCleanup(self.settings.unlink)
        self.settings.write_text(AT_ONCE)

    def fails(self, done, says):
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertRegex(done.stderr.splitlines()[-1], f"^lab: .*{says}")
        self.assertEqual(list(self.cache.glob("kernels/*")), [])

    def test_unknown_kernel(self):
        done = lab("boot", "5.99", "--", "true")
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr, r"\Alab: .*'5\.99'.*\n\Z")

    def test_no_network(self):
        self.settings.write_text(NO_NETWORK)
        for kernel in ("6.1", "6.12"):
            self.fails(lab("fetch", kernel, XDG_CACHE_HOME=str(self.folder),
                           APT_CONFIG=str(self.settings)), "apt-")

    def test_full_disk(self):
        mount = f'mount -t tmpfs -o size=1m none {self.folder} && exec "$@"'
        own = [] if os.geteuid() == 0 else ["--map-root-user"]
        done = lab("fetch", "6.1", XDG_CACHE_HOME=str(self.folder),
                   APT_CONFIG=str(self.settings), before=("unshare", "--mount", *own, "sh", "-c", mount, "sh"))
        self.fails(done, "No space left on device")

    @contextlib.contextmanager
    def entry(self, version="6.1.1-1", recipe=None):
        with mock.patch.dict(os.environ, XDG_CACHE_HOME=str(self.folder)):
            place = fetch.folder("6.1")
            place.mkdir(parents=True)
            if version:
                (place / "version").write_text(version)
            (place / "recipe").write_text(recipe or fetch.digest(fetch.KERNELS["6.1"]))
            yield place

    def test_entry_is_taken(self):
        with self.entry() as place:
            self.assertEqual(fetch.kernel("6.1"), place)

    def test_half_an_entry_is_not(self):
        with self.entry(version=None) as place:
            self.assertIsNone(fetch.version(place, fetch.KERNELS["6.1"]))

    def test_entry_of_another_version_of_the_lab_is_made_anew(self):
        with self.entry(recipe="0123456789abcdef") as place:
            self.assertIsNone(fetch.version(place, fetch.KERNELS["6.1"]))
            with mock.patch.object(fetch.Packaged, "make", lambda self, root: "6.1.2-1"):
                self.assertEqual(fetch.kernel("6.1"), place)
            self.assertEqual(fetch.version(place, fetch.KERNELS["6.1"]), "6.1.2-1")

    def test_failure_leaves_no_entry(self):
        with mock.patch.dict(os.environ, XDG_CACHE_HOME=str(self.folder)):
            with mock.patch.object(fetch.Packaged, "make", side_effect=host.Failure("no")):
                with self.assertRaises(host.Failure):
                    fetch.kernel("6.1")
        self.assertEqual([path for path in self.cache.glob("kernels/*")], [])


class Configuration(unittest.TestCase):
    def test_later_fragment_counts(self):
        text = compiled.fragments(("uml", "debug"))
        self.assertIn("CONFIG_SMP=n\n", text)
        self.assertNotIn("CONFIG_SMP=y\n", text)

    def test_option_that_is_not_taken(self):
        with tempfile.TemporaryDirectory() as folder:
            tree = pathlib.Path(folder)
            (tree / ".config").write_text("CONFIG_A=y\n")
            with mock.patch.object(compiled, "make"):
                compiled.configure(tree, ("ARCH=um",), "CONFIG_A=y\nCONFIG_C=n\n")
                with self.assertRaisesRegex(host.Failure, "does not take CONFIG_B=y"):
                    compiled.configure(tree, ("ARCH=um",), "CONFIG_A=y\nCONFIG_B=y\n")


class Suite(unittest.TestCase):
    TARGETS = ("http://a/debian/ main bookworm Debian\nhttp://a/debian/ contrib bookworm Debian\n"
               "http://b/debian-security/ main bookworm-security Debian\nhttp://c main sid Other\n")

    def on(self, release, targets=TARGETS):
        """As on a machine of that release, with these package lists."""
        for mocked in (mock.patch("apt.release", lambda: release),
                       mock.patch("apt.run", lambda *argv: targets),
                       mock.patch("shutil.which", lambda name: f"/usr/bin/{name}")):
            mocked.start()
            self.addCleanup(mocked.stop)

    def test_another_suite_has_its_own_lists(self):
        self.on("bookworm")
        for name in "sid", "trixie", "bookworm-backports":
            options = apt.Suite(name).options()
            self.assertTrue(any(option.startswith("Dir::State::Lists=") for option in options))
        self.assertFalse(any("Dir::" in option for option in apt.Suite("bookworm").options()))

    def test_a_release_comes_with_its_security_updates(self):
        self.on("trixie")
        self.assertEqual([line.split()[2:] for line in apt.Suite("bookworm").lines().splitlines()],
                         [["http://a/debian/", "bookworm", "main"],
                          ["http://b/debian-security/", "bookworm-security", "main"]])
        self.assertEqual(len(apt.Suite("bookworm-backports").lines().splitlines()), 1)

    def test_another_distribution(self):
        self.on("noble", "http://a/ubuntu/ main noble Ubuntu\n")
        with self.assertRaisesRegex(host.Failure, "no archive with Debian's main component"):
            apt.Suite("bookworm").lines()

    def test_without_apt(self):
        self.on(None)
        with mock.patch("shutil.which", lambda name: None):
            with self.assertRaisesRegex(host.Failure, "apt-get: not installed: .* packages of Debian"):
                apt.Suite("bookworm").update()


class Names(unittest.TestCase):
    def test_each_kernel_names_its_suite_and_its_compiler(self):
        """Whatever the machine is, the kernel is the same."""
        for name, kernel in [*fetch.KERNELS.items(), ("source", fetch.Source)]:
            with self.subTest(name):
                self.assertIn(kernel.suite.split("-")[0], host.RELEASES)
                if name != "source":
                    self.assertIn(kernel.toolchain, fetch.TOOLCHAINS)
                if kernel.series == "6.1.":
                    self.assertEqual(kernel.suite, "bookworm")

    def test_a_compiled_kernel_is_told_its_compiler(self):
        for name in "uml", "uml-debug", "6.1-kcsan":
            self.assertIn("CC=gcc-12", fetch.KERNELS[name].make_options)

    def is_here(self, release, compilers):
        found = {name: f"/usr/bin/{name}" for name in compilers}
        with mock.patch("toolchain.release", lambda: release), mock.patch("shutil.which", found.get):
            return [name for name, each in fetch.TOOLCHAINS.items() if each.is_here()]

    def test_where_a_compiler_is_used_as_it_is(self):
        self.assertEqual(self.is_here("bookworm", ["gcc-12"]), ["bookworm"])
        # The programs of its headers want the C library of their release.
        self.assertEqual(self.is_here("bookworm", ["gcc-12", "gcc-14"]), ["bookworm"])
        self.assertEqual(self.is_here("trixie", ["gcc-12", "gcc-14"]), ["bookworm", "trixie"])
        self.assertEqual(self.is_here("trixie", ["gcc-14"]), ["trixie"])
        self.assertEqual(self.is_here("noble", ["gcc-12"]), [])
        self.assertEqual(self.is_here(None, ["gcc-12"]), [])

    def test_a_kernel_is_not_compiled_by_another_compiler(self):
        with mock.patch("toolchain.release", lambda: "trixie"), \
                mock.patch("shutil.which", lambda name: None):
            with self.assertRaisesRegex(host.Failure, "gcc-12 of bookworm or later: not installed"):
                fetch.KERNELS["uml"].make(None)


if __name__ == "__main__":
    unittest.main()
