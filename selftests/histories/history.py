# SPDX-License-Identifier: GPL-2.0-only
"""A history of `quartet stress`, as Documentation/stress.rst describes it.

The time of a record is its line. An invocation stands before the call, an answer after it: so what
was granted is held for certain from its answer on, until somebody may have ended it.
"""

import csv
import math

NEVER = math.inf
ASKS = ("lock", "get", "ask")


class Bad(Exception):
    """It is no history."""


class Life:
    """A process: `doom` is when it may die at the earliest, `gone` when it has been reaped."""

    def __init__(self, number):
        self.number, self.pid = number, 0
        self.doom = self.gone = self.forked = NEVER


class Handle:
    """A descriptor of a process, until it begins to close it."""

    def __init__(self, life):
        self.life, self.cancels = life, ()
        self.closing = self.closed = NEVER

    @property
    def doom(self):
        """Until then what is granted by it is held."""
        return min(self.closing, self.life.doom)

    @property
    def over(self):
        """After that nothing is. A forked child may have what the process has closed, and a CANCEL
        that another thread is in keeps it open."""
        used = [call.end for call in self.cancels
                if call.begin < self.closed and call.end > self.closing]
        closed = max([self.closed, *used]) if self.closed < self.life.forked else NEVER
        return min(closed, self.life.gone)


class Call:
    """A command, from its invocation to its answer, which may be missing."""

    def __init__(self, line, row, handle):
        self.begin, self.end, self.ok = line, NEVER, None
        self.handle = handle
        self.op, self.object, self.asked = row["op"], row["object"], row["said"]
        self.take(row)

    def take(self, row):
        self.said, self.value = row["said"], row["value"]
        self.key, self.slot, self.pid, self.token, self.attempt, self.error = (
            int(row[name] or 0) for name in ("key", "slot", "pid", "token", "attempt", "error"))

    def answer(self, line, row):
        self.end, self.ok = line, row["phase"] == "ok"
        self.take(row)

    @property
    def opened(self):
        return self.ok is None

    @property
    def process(self):
        return self.handle.life.number


class Grant:
    """What a call was granted, and the call that gave it back."""

    def __init__(self, call, release):
        self.call, self.release = call, release
        self.start, self.token = call.end, call.token
        given_back = release.begin if release else NEVER
        self.end = min(given_back, call.handle.doom)

    @property
    def until(self):
        """After that it is not held."""
        if self.release and self.release.ok:
            return self.release.end
        return self.call.handle.over


COLUMNS = ("phase", "call", "op", "process", "pid", "object", "handle", "key", "slot", "token",
           "attempt", "said", "value", "error")


def numbered(lines):
    """Lines that are none of the remarks, and their numbers."""
    kept = [(number, line) for number, line in enumerate(lines, 1) if not line.startswith("#")]
    return [number for number, _ in kept], [line for _, line in kept]


class History:
    def __init__(self, lines):
        self.calls, self.lives, self.handles, self.open = [], {}, {}, {}
        self.cancels = {}
        self.ended = False
        numbers, kept = numbered(lines)
        if not kept:
            raise Bad("it is empty")
        for number, row in zip(numbers[1:], csv.DictReader(kept)):
            self.read(number, {name: row.get(name) or "" for name in COLUMNS})

    def life(self, row):
        number = int(row["process"])
        return self.lives.setdefault(number, Life(number))

    def handle(self, row):
        life = self.life(row)
        place = life.number, row["handle"]
        if place not in self.handles:
            self.handles[place] = Handle(life)
            self.handles[place].cancels = self.cancels.setdefault(place, [])
        return self.handles[place]

    def read(self, line, row):
        try:
            known = {"start": self.start, "death": self.death, "end": self.finish,
                     "fork": self.fork, "exec": self.exec}
            known.get(row["op"], self.command)(line, row)
        except (KeyError, ValueError) as error:
            raise Bad(f"line {line}: {error!r}") from error

    def start(self, _, row):
        self.life(row).pid = int(row["pid"])

    def death(self, line, row):
        life = self.life(row)
        if row["phase"] == "invoke":
            life.doom = min(life.doom, line)
        else:
            life.gone = line

    def finish(self, *_):
        self.ended = True

    def fork(self, line, row):
        life = self.life(row)
        life.forked = min(life.forked, line)

    def exec(self, line, row):
        """All descriptors are closed but the one that is named."""
        life = self.life(row)
        for (process, number), handle in list(self.handles.items()):
            if process == life.number and number != row["handle"]:
                handle.closing = line
                del self.handles[process, number]

    def command(self, line, row):
        if self.life(row).gone < line:
            raise Bad(f"line {line}: process {row['process']} has been reaped")
        if row["phase"] == "invoke":
            self.invoke(line, row)
        else:
            call = self.open.pop(int(row["call"]))
            call.answer(line, row)
            if call.op == "close":
                call.handle.closed = line

    def invoke(self, line, row):
        call = Call(line, row, self.handle(row))
        if int(row["call"]) in self.open:
            raise Bad(f"line {line}: call {row['call']} has begun before")
        self.calls.append(call)
        if call.op == "cancel":
            call.handle.cancels.append(call)
        self.open[int(row["call"])] = call
        if call.op == "close":
            call.handle.closing = line
            del self.handles[call.process, row["handle"]]

    def of(self, *ops):
        return [call for call in self.calls if call.op in ops]
