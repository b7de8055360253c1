# SPDX-License-Identifier: GPL-2.0-only
"""Tests of the lab's verdict, on logs of every way to end."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lab"))
import verdict

BOOT = ["Linux version 6.1.0", "RETBleed: WARNING: not our doing", "Run /init as init process"]
OK = "lab-exit 0\n"

WARN = """------------[ cut here ]------------
refcount_t: underflow; use-after-free.
WARNING: CPU: 1 PID: 77 at lib/refcount.c:28 refcount_warn_saturate+0xba/0x110
Modules linked in: quartet(OE)
Call Trace:
 <TASK>
 quartet_put+0x20/0x30 [quartet]
 </TASK>
---[ end trace 0000000000000000 ]---"""
WARN_7 = """------------[ cut here ]------------
WARNING: kmod/lock/mutex.c:38 at quartet_put+0x91/0xa0 [quartet], CPU#2: cat/141
refcount_t: underflow; use-after-free.
Modules linked in: quartet(OE)"""
LOCKUP = """watchdog: BUG: soft lockup - CPU#1 stuck for 13s! [spinner:77]
RIP: 0010:spin+0xe/0x10 [quartet]
Kernel panic - not syncing: softlockup: hung tasks"""
OOPS = """BUG: kernel NULL pointer dereference, address: 0000000000000000
Oops: 0002 [#1] PREEMPT SMP NOPTI
Kernel panic - not syncing: Fatal exception"""
BREAKPOINT = """Oops: int3: 0000 [#1] SMP NOPTI
RIP: 0010:sched_clock_cpu+0x9/0x1f0
Code: f3 0f 1e fa 41 54 55 53 {} <90> e8 91 72 ed ff
Kernel panic - not syncing: Fatal exception in interrupt"""
RCU = """rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:
Kernel panic - not syncing: RCU Stall"""
HUNG = """INFO: task sh:108 blocked for more than 30 seconds.
Kernel panic - not syncing: hung_task: blocked tasks"""
SLAB = """BUG quartet_node (Tainted: G OE): Objects remaining in quartet_node on shutdown
quartet-lab: leak: slab cache quartet_node still exists"""

COMPLAINTS = (
    "BUG: KASAN: slab-use-after-free in quartet_put+0x20/0x30 [quartet]",
    "BUG: KCSAN: data-race in a [quartet] / b",
    "BUG: scheduling while atomic: sh/77/0x00000002",
    "BUG: sleeping function called from invalid context at kernel/locking/mutex.c:580",
    "general protection fault, probably for non-canonical address 0xdead: 0000 [#1] SMP",
    "divide error: 0000 [#1] PREEMPT SMP",
    "INFO: possible recursive locking detected",
    "WARNING: possible circular locking dependency detected",
    "WARNING: suspicious RCU usage",
    "INFO: task sh:108 blocked for more than 30 seconds.",
    "rcu: INFO: rcu_preempt self-detected stall on CPU",
    "watchdog: BUG: soft lockup - CPU#0 stuck for 13s! [sh:77]",
    "UBSAN: shift-out-of-bounds in kmod/base/histogram.h:30:2",
    "kmemleak: 1 new suspected memory leaks (see /sys/kernel/debug/kmemleak)",
    "kmemleak: Kernel memory leak detector disabled",
    "kmemleak: Cannot allocate a kmemleak_object structure",
    "refcount_t: addition on 0; use-after-free.",
    "list_add corruption. prev->next should be next",
    "note: sh[77] exited with preempt_count 1",
    "debugfs: Directory 'quartet' with parent '/' already present!",
    "** 3 printk messages dropped **",
    "workqueue: work func sweep [quartet] enqueued on deprecated workqueue. Use another instead.",
    "quartet_race: the Deprecated interface is used",
)
HARMLESS = (
    "quartet: loading out-of-tree module taints kernel.",
    "quartet: module verification failed: signature and/or required key missing - tainting kernel",
    "traps: test[77] general protection fault ip:401000 sp:7ffd error:0 in test[401000+1000]",
    "test[77]: segfault at 0 ip 401000 sp 7ffd error 4 in test[401000+1000]",
    "quartet: DEBUG build",
    "workqueue: work func free_work [theirs] enqueued on deprecated workqueue. Use another instead.",
    "kmemleak: Cannot allocate a scan area, scanning the full object",
    "BUG: KCSAN: data-race in tick_sched_do_timer / tick_sched_do_timer",
)


def log(*body, end=True):
    """A console log as the serial port has it: times, carriage returns, our init's marks."""
    said = [*BOOT, verdict.START, *"\n".join(body).splitlines(), *([verdict.END] if end else [])]
    return "".join(f"[{i:5}.000000] {line}\r\n" for i, line in enumerate(said))


def begin(expression):
    return f"quartet-expect: begin {expression}"


END = "quartet-expect: end"


class Judge(unittest.TestCase):
    def judged(self, status, reason, *arguments, **more):
        got, why, _ = verdict.judge(*arguments, **more)
        self.assertEqual(status, got, why)
        self.assertIn(reason, why)

    def complains(self, reason, *body):
        self.judged(verdict.COMPLAINT, "complaint: " + reason, log(*body), OK, 1)

    def passes(self, *body):
        self.judged(0, "", log(*body), OK, 1)

    def test_success(self):
        self.passes()
        self.passes(*HARMLESS)

    def test_status_of_the_command(self):
        for status, code in ((7, 15), (126, 253), (127, 255), (128, 255), (255, 255)):
            self.judged(status, f"exit status {status}", log(), f"lab-exit {status}\n", code)

    def test_panic(self):
        self.judged(verdict.PANIC, "panic: BUG: kernel NULL", log(OOPS, end=False), "", 0)
        text = "Kernel panic - not syncing: sysrq triggered crash"
        self.judged(verdict.PANIC, f"panic: {text}", log(text, end=False), "", 0)

    def test_breakpoint_of_the_emulator(self):
        stale = log(BREAKPOINT.format("66"), end=False)
        self.judged(verdict.EMULATOR, "emulator: Oops: int3", stale, "", 0)
        self.judged(verdict.EMULATOR, "emulator: Oops: int3", stale.replace(verdict.START, ""), "", 0)
        self.judged(verdict.PANIC, "int3", log(BREAKPOINT.format("cc"), end=False), "", 0)
        self.judged(verdict.PANIC, "KASAN",
                    log(COMPLAINTS[0], BREAKPOINT.format("66"), end=False), "", 0)

    def test_lockup_before_the_start(self):
        booting = "\r\n".join([*BOOT, *LOCKUP.split("\n")])
        self.judged(verdict.EMULATOR, "emulator: Kernel panic - not syncing: softlockup", booting, "", 0)

    def test_hang(self):
        for text in (LOCKUP, RCU, HUNG):
            self.judged(verdict.HANG, f"hang: {text[:20]}", log(text, end=False), "", 0)
        self.judged(verdict.HANG, "hang: no end after 15 s", log(end=False), "", None, limit=15)

    def test_announced_hang_is_still_a_hang(self):
        text = log(begin("soft lockup"), LOCKUP, end=False)
        self.judged(verdict.HANG, "hang", text, "", 0)

    def test_poweroff(self):
        self.judged(verdict.POWEROFF, "poweroff: ", log(end=False), "", 0)
        self.judged(verdict.POWEROFF, "poweroff: ", log(), "lab-ex", 1)
        self.judged(verdict.POWEROFF, "poweroff: ", log(), OK + "more", 1)
        self.judged(verdict.POWEROFF, "poweroff: ", log(), OK, 0)
        self.judged(verdict.POWEROFF, "poweroff: ", log(), OK, 15)
        self.judged(verdict.POWEROFF, "poweroff: ", log(), OK, -9)

    def test_cannot_boot(self):
        booting = "\r\n".join(BOOT)
        panic = "Kernel panic - not syncing: VFS: Unable to mount root fs"
        self.judged(verdict.CANNOT_BOOT, "no such kernel", "", "", 1, stderr="a\nno such kernel\n")
        self.judged(verdict.CANNOT_BOOT, "code 1", "", "", 1)
        self.judged(verdict.CANNOT_BOOT, panic, f"{booting}\r\n{panic}\r\n", "", 0)
        self.judged(verdict.CANNOT_BOOT, "after 15 s", booting, "", None, limit=15)
        text = log("quartet-lab: cannot load quartet: invalid module format")
        self.judged(verdict.CANNOT_BOOT, "cannot load quartet", text, "lab-exit 1\n", 3)

    def test_cut_log(self):
        self.judged(verdict.COMPLAINT, "cut short", log(end=False), OK, 1)

    def test_leak(self):
        self.judged(verdict.LEAK, "leak: slab cache", log(SLAB), OK, 1)
        self.judged(verdict.LEAK, "leak: BUG quartet_node", log(SLAB.split("\n")[0]), OK, 1)

    def test_each_complaint(self):
        for text in COMPLAINTS:
            with self.subTest(text):
                self.complains(text, text)
                self.passes(begin("."), text, END)

    def test_complaint_outranks_status(self):
        self.judged(verdict.COMPLAINT, "WARNING", log(WARN), "lab-exit 7\n", 15)

    def test_warning_is_one_complaint(self):
        self.assertNotIn("more", verdict.judge(log(WARN), OK, 1)[1])
        self.passes(begin("refcount_t: underflow"), WARN, END)
        self.passes(begin("refcount_warn_saturate"), WARN, END)
        self.assertNotIn("more", verdict.judge(log(WARN_7), OK, 1)[1])
        self.passes(begin("refcount_t: underflow"), WARN_7, END)
        self.passes(begin("quartet_put"), WARN_7, END)
        self.assertIn("(and 1 more)", verdict.judge(log(WARN, WARN), OK, 1)[1])

    def test_announcement_covers_only_what_matches(self):
        self.complains("BUG: x", begin("WARNING"), WARN, "BUG: x", END)
        self.complains("WARNING", begin("underflow"), WARN, END, WARN)

    def test_announced_but_missing(self):
        self.complains("announced, but did not come", begin("WARNING: CPU"), END)
        self.complains("announced, but did not come", WARN.join(
            [f"{begin('WARNING')}\n", f"\n{END}\n{begin('WARNING')}\n{END}"]))

    def test_unbalanced(self):
        self.complains("no begin", END)
        self.complains("no end", begin("WARNING"), WARN)
        self.complains("begun again", begin("WARNING"), begin("WARNING"), WARN, END)
        self.complains("bad expression", begin("("), END)

    def test_line_printed_anew_counts_once(self):
        text = log(begin("refcount_warn_saturate"), WARN, END)
        for line in text.splitlines():
            for seen in ("", line[:5], line[:-4], line, f"{line[:-4]}\n{verdict.REPLAY[:9]}"):
                replayed = text.replace(line, f"{seen}\n{verdict.REPLAY}\n{line}")
                with self.subTest(replayed):
                    self.judged(0, "command: exit status 0", replayed, OK, 1)
        # What was said before another line was printed anew stays said.
        text = log("BUG: x", "another")
        another = text.splitlines()[-2]
        text = text.replace(another, f"[    4.9\n{verdict.REPLAY}\n{another}")
        self.judged(verdict.COMPLAINT, "complaint: BUG: x", text, OK, 1)

    def test_excerpt_is_within_the_log(self):
        text = log(WARN)
        lines = verdict.excerpt(text, verdict.judge(text, OK, 1)[2])
        self.assertTrue(any("WARNING: CPU" in line for line in lines))
        self.assertEqual(verdict.excerpt("", []), [])


if __name__ == "__main__":
    unittest.main()
