# SPDX-License-Identifier: GPL-2.0-only
"""Whether KVM is of any use here: /dev/kvm may open, create a VM, and still hang a stock kernel."""

import os
import pathlib

import guest
import qemu
import verdict
from host import cache, lock, say

TRIAL = 15	# seconds


def works(kernel, run_guest):
    """Tried once a host boot, with `kernel`; `run_guest` is what boots it."""
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return False
    answer = cache() / "kvm" / "answer"
    host_boot = pathlib.Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    with lock(answer.parent):
        known = answer.read_text().split() if answer.exists() else []
        if known[:1] == [host_boot]:
            return known[1:] == ["works"]
        say(f"trying KVM, for at most {TRIAL} s")
        trial = qemu.Qemu(kernel, cpus=1, kvm=True)
        outcome = run_guest(trial, guest.files(["true"]), TRIAL, lambda data: None)
        good = verdict.judge(*outcome)[0] == 0
        say("KVM works" if good else "KVM does not work here: using emulation")
        answer.write_text(f"{host_boot} {'works' if good else 'fails'}\n")
        return good
