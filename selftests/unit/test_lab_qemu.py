# SPDX-License-Identifier: GPL-2.0-only
"""Tests of how QEMU is told what machine to be."""

import pathlib
import re
import sys
import unittest
from unittest import mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lab"))
import boot
import host
import qemu


def nodes_of(argv):
    """(CPUs, megabytes) of each node, as QEMU reads it."""
    text = " ".join(argv)
    sizes = dict(re.findall(r"memory-backend-ram,id=(\w+),size=(\d+)M", text))
    return [(range(int(first), int(last) + 1), int(sizes[memory])) for first, last, memory
            in re.findall(r"-numa node,nodeid=\d+,cpus=(\d+)-(\d+),memdev=(\w+)", text)]


class Nodes(unittest.TestCase):
    def test_share_out_cpus_and_memory(self):
        for nodes, cpus in (2, 2), (2, 4), (3, 4), (4, 4), (3, 8):
            with self.subTest(nodes=nodes, cpus=cpus):
                found = nodes_of(qemu.Qemu(pathlib.Path("/k"), cpus=cpus, nodes=nodes).argv)
                self.assertEqual([cpu for part, _ in found for cpu in part], list(range(cpus)))
                self.assertEqual(sum(size for _, size in found), qemu.MEGABYTES)
                self.assertEqual(len(found), nodes)

    def test_one_is_no_argument(self):
        self.assertNotIn("-numa", qemu.Qemu(pathlib.Path("/k"), cpus=4, nodes=1).argv)

    def test_refused_without_a_cpu_each_and_outside_of_qemu(self):
        with mock.patch("fetch.kernel", return_value=pathlib.Path("/k")):
            for options in {"name": "6.1", "cpus": 2, "nodes": 3}, {"name": "uml", "nodes": 2}, \
                    {"name": "6.1", "nodes": 2, "icount": True}:
                with self.subTest(options), self.assertRaises(host.Failure):
                    boot.new_machine(**options)


if __name__ == "__main__":
    unittest.main()
