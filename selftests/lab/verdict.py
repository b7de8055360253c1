# SPDX-License-Identifier: GPL-2.0-only
"""Judge a boot by what it left behind: console log, exit marker, QEMU's exit code.

A test that provokes the kernel announces it through /dev/kmsg:

    quartet-expect: begin <extended regular expression>
    quartet-expect: end

Complaints between the two that match are allowed, and there must be one.
"""

import re

COMPLAINT, LEAK, PANIC, EMULATOR, HANG, POWEROFF, CANNOT_BOOT = 120, 121, 122, 123, 124, 125, 126
MEANING = {
    COMPLAINT: ("complaint", "the kernel complained, or an announced complaint did not come"),
    LEAK: ("leak", "live objects, a slab cache or a module that cannot be removed stayed behind"),
    PANIC: ("panic", "the kernel panicked or oopsed"),
    EMULATOR: ("emulator", "QEMU ran what was not there any more, or stuck as it booted: to be run again"),
    HANG: ("hang", "soft lockup, hung task, RCU stall, or the time limit passed"),
    POWEROFF: ("poweroff", "the guest ended without saying so"),
    CANNOT_BOOT: ("cannot boot", "no kernel, no modules, no QEMU, or the guest never got ready"),
}

# Any of these in a line is a complaint. User programs that crash are not: that is their status.
COMPLAINTS = re.compile("|".join((
    r"\bBUG\b", r"WARNING:", r"\[#\d+\]", r"\bOops\b", r"general protection fault[:,]",
    r"[Uu]nable to handle (kernel|page)", r"Kernel panic", r"\bINFO: (possible|trying|suspicious)",
    r"\bINFO: task .* blocked for", r"\bINFO: rcu", r"rcu.*(detected.*stall|kthread starved)",
    r"soft lockup", r"hard LOCKUP", r"\bK(A|C|M)SAN:", r"UBSAN:", r"kmemleak: .*suspected",
    # One that has stopped finds nothing, and says no more.
    r"kmemleak: .*detector disabled", r"kmemleak: Cannot (allocate a kmemleak_object|insert)",
    r"scheduling while atomic", r"still has objects", r"Objects remaining in", r"refcount_t:",
    r"list_(add|del) corruption", r"stack-protector:", r"ODEBUG:", r"DEBUG_LOCKS_WARN_ON",
    r"locking correctness validator", r"exited with (preempt_count|irqs disabled)",
    r"preempt leak", r"huh, entered", r"page allocation failure", r"invoked oom-killer",
    r"nobody cared", r"cannot create duplicate filename", r"debugfs: .* already present",
    r"printk messages dropped",
    # The kernel's words on what a module of ours still uses.
    r"(?i:\bquartet.*\bdeprecated|\bdeprecated.*\bquartet)",
)))
# QEMU before 8.1 may go on with an int3 that the kernel has put in its text, and taken out again on
# all CPUs: then the byte before the one marked is another. If the kernel takes it for a probe that
# has just gone, the CPU runs it for ever: so a kernel that locks up before our init is QEMU's doing.
STALE_BREAKPOINT = re.compile(r"\bint3: 0000 \[#1\]")
BYTE_BEFORE = re.compile(r"Code: .*\b([0-9a-f]{2}) <[0-9a-f]{2}>")
CUT_HERE = "[ cut here ]"
CUT_HEADER = re.compile(r"WARNING:|kernel BUG at")
# Since 6.19 (or so) the message of a WARN() comes after its header, not before.
CUT_MESSAGE_FOLLOWS = re.compile(r"WARNING: \S+:\d+ at .*, CPU#\d+: ")
HANG_PANIC = re.compile(r"Kernel panic .*(softlockup|hung_task|RCU [Ss]tall|LOCKUP)")
LEFTOVER = re.compile(r"still has objects|Objects remaining in")
PREFIX = re.compile(r"^\[ *\d+\.\d+\](\[ *[TC]\d+\])? ")
# PREEMPT_RT prints from a thread. A CPU that prints a WARN() takes the console from it, even in the
# middle of a line, says this, and prints that line anew.
REPLAY = "** replaying previous printk message **"
LAB = "quartet-lab: "
START, END = LAB + "start", LAB + "end"
EXPECT = re.compile(r"quartet-expect: *(begin|end) *(.*)")


def qemu_code(status):
    """What QEMU's exit device makes of a guest's status."""
    return min(status, 127) * 2 + 1


def judge(console, result, code, limit=None, stderr="", code_of=qemu_code):
    """Return (exit status, what happened, indices of the console lines worth showing).

    `result` is what followed the command's output, `code` the machine's exit code and `code_of` what
    it ought to be for a status, `limit` the time limit if it passed. What the kernel complains of before our init has started is not our doing.
    """
    lines = [PREFIX.sub("", line) for line in without_cut_lines(console.splitlines())]
    end = [len(lines) - 1] if lines else []
    panic = next((i for i, line in enumerate(lines) if "Kernel panic" in line), None)
    stale = stale_breakpoint(lines)
    found = complaints(lines) if START in lines else []
    if stale is not None and (not found or found[0][0] == stale):
        return outcome(EMULATOR, lines[stale], [stale])
    if START not in lines:
        reason = never_started(lines, panic, code, limit, stderr)
        stuck = HANG_PANIC.search(reason)
        return outcome(EMULATOR if stuck else CANNOT_BOOT, reason, end if panic is None else [panic])
    if panic is not None:
        number, text = (found or [(panic, lines[panic])])[0]
        return outcome(HANG if HANG_PANIC.search(lines[panic]) else PANIC, text, [number])
    if limit is not None:
        return outcome(HANG, f"no end after {limit:g} s", numbers(found) + end)
    status = marker(result)
    if status is None:
        return outcome(POWEROFF, f"the machine ended with code {code}, and never said why", end)
    if code != code_of(status):
        return outcome(POWEROFF, f"the guest said {status}, but ended with code {code}", end)
    said = [(i, line.removeprefix(LAB)) for i, line in enumerate(lines) if line.startswith(LAB)]
    if END not in lines:
        return outcome(COMPLAINT, "the kernel's log is cut short", end)
    leaks = [(i, text.removeprefix("leak: ")) for i, text in said if text.startswith("leak: ")]
    leaks += [report for report in found if LEFTOVER.search(report[1])]
    unready = [(i, text) for i, text in said if text.startswith("cannot ")]
    for exit_status, faults in ((CANNOT_BOOT, unready), (LEAK, leaks), (COMPLAINT, found)):
        if faults:
            more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
            return outcome(exit_status, faults[0][1] + more, numbers(faults))
    return status, f"command: exit status {status}", []


def stale_breakpoint(lines):
    """Where the kernel died of a breakpoint that was not there any more, or None."""
    first = next((i for i, line in enumerate(lines) if STALE_BREAKPOINT.search(line)), len(lines))
    codes = filter(None, map(BYTE_BEFORE.search, lines[first:]))
    return first if next(codes, ["", "cc"])[1] != "cc" else None


def without_cut_lines(lines):
    """Blank, so that the others keep their numbers, what was printed of a line before its replay."""
    lines = lines[:]
    for at in [number for number, line in enumerate(lines) if line == REPLAY]:
        anew = "".join(lines[at + 1:at + 2])
        lines[at] = ""
        # More than one, if the replay was cut as well.
        while at and (anew.startswith(lines[at - 1]) or REPLAY.startswith(lines[at - 1])):
            at -= 1
            lines[at] = ""
    return lines


def is_foreign_race(line):
    """A data race in which no module takes part: the kernel has some of its own."""
    return "KCSAN: data-race" in line and "[" not in line


def outcome(status, reason, indices):
    return status, f"{MEANING[status][0]}: {reason}", indices


def numbers(faults):
    return [number for number, _ in faults[:3]]


def never_started(lines, panic, code, limit, stderr):
    if panic is not None:
        return lines[panic]
    if limit is not None:
        return f"the guest was not ready after {limit:g} s"
    said = stderr.strip().split("\n")[-1]
    return said or f"the machine ended with code {code} before the guest was ready"


def marker(result):
    """The status in the exit marker, which must be the last thing said."""
    found = re.fullmatch(r"lab-exit (\d+)\n", result)
    return int(found[1]) if found else None


def complaints(lines):
    """What went against the announcements: (index, text) of each complaint and broken promise."""
    found, open_at, expected, seen = [], None, None, False
    for number, text in reports(lines):
        order = EXPECT.match(text)
        if not order:
            if expected and expected.search(text):
                seen = True
            else:
                found.append((number, text.split("\n")[-1]))
        elif order[1] == "begin":
            if open_at is not None:
                found.append((open_at, f"begun again before its end: {lines[open_at]}"))
            open_at, seen = number, False
            try:
                expected = re.compile(order[2])
            except re.error as error:
                expected = None
                found.append((number, f"bad expression: {error}: {text}"))
        elif open_at is None:
            found.append((number, f"no begin: {text}"))
        else:
            if not seen:
                found.append((open_at, f"announced, but did not come: {lines[open_at]}"))
            open_at = expected = None
    if open_at is not None:
        found.append((open_at, f"no end: {lines[open_at]}"))
    return found


def reports(lines):
    """The announcements and complaints among `lines`. What WARN() and BUG() print between "cut
    here" and their header is one complaint with it."""
    cut, after = None, []
    start = lines.index(START)
    for number, line in enumerate(lines[start:], start):
        if after:
            after = []
        elif EXPECT.match(line):
            yield number, line
        elif CUT_HERE in line:
            cut = []
        elif CUT_HEADER.search(line):
            after = lines[number + 1:number + 2] if CUT_MESSAGE_FOLLOWS.search(line) else []
            yield number, "\n".join([*(cut or []), *after, line])
            cut = None
        elif cut is not None:
            cut.append(line)
        elif COMPLAINTS.search(line) and not is_foreign_race(line):
            yield number, line


def excerpt(console, indices, before=4, after=16):
    """The lines around `indices`, numbered as an editor would."""
    lines = console.splitlines()
    shown = sorted({i for at in indices for i in range(at - before, at + after + 1)})
    return [f"{i + 1:5} {lines[i]}" for i in shown if 0 <= i < len(lines)]
