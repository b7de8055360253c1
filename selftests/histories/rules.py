# SPDX-License-Identifier: GPL-2.0-only
"""What a history must keep to. A rule yields what breaks it: a line, and why it is wrong there."""

import bisect
import collections
import errno
import itertools

from history import ASKS, NEVER, Grant, History


def by(calls, key):
    groups = collections.defaultdict(list)
    for call in calls:
        groups[key(call)].append(call)
    return groups


def named(calls):
    """The first call of each grant, by its object and token."""
    found = {}
    for call in calls:
        found.setdefault((call.object, call.token), call)
    return found


class Forgets:
    """Calls that make a memo forget a key."""

    def __init__(self, calls):
        calls = sorted(calls, key=lambda call: call.begin)
        self.begins = [call.begin for call in calls]
        self.last_ends = list(itertools.accumulate((call.end for call in calls), max))
        done = sorted((call for call in calls if call.ok), key=lambda call: call.end)
        self.ends = [call.end for call in done]
        self.last_begins = list(itertools.accumulate((call.begin for call in done), max))

    def between(self, begin, end):
        """May one have been effective there?"""
        place = bisect.bisect_left(self.begins, end)
        return place > 0 and self.last_ends[place - 1] > begin

    def before(self, line):
        """When the latest began, of those that were answered by then."""
        place = bisect.bisect_left(self.ends, line)
        return self.last_begins[place - 1] if place else 0


class Facts:
    """What the rules ask of a history."""

    def __init__(self, history):
        self.history = history
        self.turns = None	# made when they are asked for
        self.unlocks = named(history.of("unlock"))
        self.repairs = named(history.of("consistent"))
        self.results = named(history.of("fulfil", "abandon"))
        self.locks = by(history.of("lock"), lambda call: call.object)
        self.mutexes = {name: self.granted(calls, self.unlocks)
                        for name, calls in self.locks.items()}
        self.asks = by(history.of("ask"), lambda call: (call.object, call.key))
        self.leads = {name: self.granted([c for c in calls if c.said == "lead"], self.results)
                      for name, calls in self.asks.items()}
        forgets = by(history.of("forget"), lambda call: (call.object, call.key))
        clears = by(history.of("clear"), lambda call: call.object)
        self.forgets = {name: Forgets(forgets[name] + clears[name[0]]) for name in self.asks}
        self.takes = by(history.of("take"), lambda call: (call.process, call.slot))

    @staticmethod
    def granted(calls, releases):
        grants = [Grant(call, releases.get((call.object, call.token))) for call in calls if call.ok]
        return sorted(grants, key=lambda grant: grant.start)

    def forgotten(self, name, begin, end):
        """May the key have been forgotten between these?"""
        return self.forgets[name].between(begin, end)

    def excused(self, name):
        """Two leads of a key that was forgotten between them, whichever was granted first."""
        def between(one, two):
            return self.forgotten(name, min(one.call.begin, two.call.begin),
                                  max(one.start, two.start))
        return between

    def slots(self):
        """Grants of slots: by GET, and from a GIVE on in the hand that it was given to."""
        ends = by(self.history.of("put", "give"), lambda call: (call.handle, call.slot))
        begins = [call for call in self.history.of("get") if call.ok]
        for give in self.history.of("give"):
            if give.ok:
                begins.append(self.received(give))
        for call in begins:
            later = [end for end in ends[call.handle, call.slot] if end.begin > call.begin]
            yield Grant(call, later[0] if later else None)

    def received(self, give):
        """The handle may have been opened long before, and not been used."""
        taken = [call for call in self.takes[give.process, give.slot] if call.end > give.begin]
        return Received(give, taken[0].handle if taken else give.handle)


class Received:
    """A slot that was given: held by the other handle since the answer to GIVE."""

    def __init__(self, give, handle):
        self.begin, self.end, self.handle = give.begin, give.end, handle
        self.object, self.slot, self.token = give.object, give.slot, 0
        self.process = handle.life.number


def never(*_):
    return False


def overlaps(grants, allowed=never):
    """Two that are held at once; in the order of their answers."""
    held = []
    for grant in sorted(grants, key=lambda grant: grant.start):
        held = [other for other in held if other.end > grant.start]
        for other in held:
            if grant.end > grant.start and not allowed(other, grant):
                yield other, grant
        held.append(grant)


def one_owner(facts):
    for name, grants in facts.mutexes.items():
        for first, second in overlaps(grants):
            yield second.start, (f"{name} was granted to process {second.call.process}, while "
                                 f"{first.call.process} had it since line {first.start}")


def one_hand(facts):
    for (name, slot), grants in by(facts.slots(), lambda grant: (grant.call.object,
                                                                 grant.call.slot)).items():
        for first, second in overlaps(grants):
            yield second.start, (f"slot {slot} of {name} was granted to process "
                                 f"{second.call.process}, while {first.call.process} had it since "
                                 f"line {first.start}")


def one_leader(facts):
    for name, leads in facts.leads.items():
        for first, second in overlaps(leads, facts.excused(name)):
            yield second.start, (f"{name[0]}, key {name[1]}: process {second.call.process} leads, "
                                 f"while {first.call.process} does since line {first.start}")


def tokens_grow(facts):
    """What is asked for after an answer gets a larger token, of whatever object."""
    calls = [call for call in facts.history.of("lock", "ask") if call.ok and call.token]
    events = sorted([(call.begin, 0, call) for call in calls] +
                    [(call.end, 1, call) for call in calls], key=lambda event: event[:2])
    floor, asked = 0, {}
    for line, is_answer, call in events:
        if not is_answer:
            asked[call] = floor
            continue
        if call.token <= asked[call]:
            yield line, f"token {call.token}, after {asked[call]} had been granted"
        floor = max(floor, call.token)


def tokens_are_unique(facts):
    seen = {}
    for call in facts.history.of("lock", "ask"):
        if call.ok and call.token:
            if call.token in seen:
                yield call.end, f"token {call.token} again, as in line {seen[call.token]}"
            seen[call.token] = call.end


def tokens_in_turn(facts):
    """As grants exclude each other, they were granted in the order of their answers."""
    owned = [(grants, never) for grants in facts.mutexes.values()]
    led = [(leads, facts.excused(name)) for name, leads in facts.leads.items()]
    for grants, excused in (*owned, *led):
        sure = [grant for grant in grants if grant.start < grant.call.handle.doom]
        for first, second in itertools.pairwise(sure):
            if first.token >= second.token and not excused(first, second):
                yield second.start, f"{second.call.object}: token {second.token} after {first.token}"


class Turn:
    """A grant of a mutex, in the order of tokens, and how the one before it ended."""

    def __init__(self, facts, before, grant, unheard):
        self.grant, self.before = grant, before
        self.told = grant.call.said == "died"
        self.release = before.release if before else None
        # Who may have been granted it in between, and died of it without an answer.
        self.unheard = [call for call in unheard
                        if call.handle.doom < grant.start and call.begin < grant.start
                        and call.handle.over > left(before)]
        self.dead = bool(before) and not self.release and before.end < NEVER
        self.maybe = bool(self.release) and self.release.opened
        self.unrepaired = bool(before and self.release and self.release.ok and
                               before.call.said == "died" and not repaired(facts, before))

    def suspects(self):
        if self.before and (self.dead or self.maybe):
            yield self.before.call.handle
        for call in self.unheard:
            yield call.handle


def repaired(facts, grant):
    call = facts.repairs.get((grant.call.object, grant.token))
    return bool(call) and call.ok is not False


def left(grant):
    """From then on another may be granted it."""
    if not grant:
        return 0
    return grant.release.begin if grant.release else grant.end


def turns_of(facts, name):
    grants = sorted(facts.mutexes[name], key=lambda grant: grant.token)
    befores = [None, *grants[:-1]]
    # Of each grant and those after it: who is over by then is no suspect any more.
    floors = list(itertools.accumulate(map(left, reversed(befores)), min))[::-1]
    coming = sorted((call for call in facts.locks[name] if call.opened),
                    key=lambda call: -call.handle.doom)
    suspects = []
    for before, grant, floor in zip(befores, grants, floors):
        while coming and coming[-1].handle.doom < grant.start:
            suspects.append(coming.pop())
        suspects = [call for call in suspects if call.handle.over > floor]
        yield name, Turn(facts, before, grant, suspects)


def turns(facts):
    if facts.turns is None:
        facts.turns = [turn for name in facts.mutexes for turn in turns_of(facts, name)]
    return facts.turns


def deaths_are_told(facts):
    for name, turn in turns(facts):
        if turn.dead and not turn.told:
            yield turn.grant.start, (f"{name}: process {turn.before.call.process} was granted it in "
                                     f"line {turn.before.start} and died, and nobody is told")


def only_deaths_are_told(facts):
    for name, turn in turns(facts):
        if turn.told and not (turn.dead or turn.maybe or turn.unheard or turn.unrepaired):
            yield turn.grant.start, f"{name}: told of a death that was none"


def the_dead_are_named(facts):
    for name, turn in turns(facts):
        pids = {handle.life.pid for handle in turn.suspects()}
        if turn.told and turn.grant.call.pid and pids and turn.grant.call.pid not in pids:
            yield turn.grant.start, (f"{name}: told that {turn.grant.call.pid} died, which cannot "
                                     f"have had it: {sorted(pids)}")


def unrepaired_is_lost(facts):
    for name, turn in turns(facts):
        if turn.unrepaired:
            yield turn.grant.start, f"{name}: granted, though its last owner left it unrepaired"


def repaired_is_of_use(facts):
    left = [turn.release.begin for _, turn in turns(facts) if turn.unrepaired]
    left += [grant.release.begin for grants in facts.mutexes.values() for grant in grants
             if grant.release and grant.call.said == "died" and not repaired(facts, grant)]
    for call in facts.history.of("lock"):
        if call.error == -errno.ENOTRECOVERABLE and not any(line < call.end for line in left):
            yield call.end, f"{call.object}: is said to be of no use, and nobody left it so"


def grants_last(facts):
    """Who has something can give it back."""
    grants = itertools.chain(*facts.mutexes.values(), *facts.leads.values(), facts.slots())
    uses = [(grant, grant.release) for grant in grants if grant.release]
    uses += [(grant, facts.repairs.get((grant.call.object, grant.token)))
             for owned in facts.mutexes.values() for grant in owned]
    for grant, call in uses:
        if call and call.ok is False and call.end < grant.call.handle.doom:
            yield call.end, (f"{call.object}: {call.op} of what was granted in line {grant.start} "
                             f"is refused: {errno.errorcode.get(-call.error, call.error)}")


def grants_end(facts):
    """TRY is refused only where somebody may have it, or be about to."""
    for name, calls in facts.locks.items():
        ends = {grant.call: grant.until for grant in facts.mutexes[name]}
        calls = sorted(calls, key=lambda call: call.begin)
        begins = [call.begin for call in calls]
        until = [ends.get(call, call.handle.over if call.opened else call.end) for call in calls]
        last = [[(0, None), (0, None)]]
        for end, call in zip(until, calls):
            last.append(sorted([*last[-1], (end, call)], key=lambda pair: pair[0])[-2:])
        for call in calls:
            if call.asked != "try" or call.error != -errno.EAGAIN:
                continue
            others = [end for end, other in last[bisect.bisect_left(begins, call.end)]
                      if other is not call]
            if max(others) < call.begin:
                yield call.end, f"{name}: refused to TRY, while nobody can have it"


def gifts_arrive(facts):
    """What is taken has been given to that handle."""
    gives = by(facts.history.of("give"), lambda call: (call.process, call.object, call.slot))
    for take in facts.history.of("take"):
        if take.ok and not any(give.begin < take.end and give.ok is not False for give in
                               gives[take.process, take.object, take.slot]):
            yield take.end, f"{take.object}: slot {take.slot} arrives, and nobody has given it"


class Results:
    """Of a key: what was fulfilled, and when its lead began."""

    def __init__(self, facts, name):
        self.leads = [lead for lead in facts.leads[name]
                      if lead.release and lead.release.op == "fulfil"]
        self.by_value = by(self.leads, lambda lead: lead.release.value)
        kept = [lead for lead in self.leads
                if lead.release.ok and not is_error(lead.release.value)
                and not facts.forgotten(name, lead.call.begin, lead.release.end)]
        kept.sort(key=lambda lead: lead.release.end)
        self.ends = [lead.release.end for lead in kept]
        self.newest = list(itertools.accumulate((lead.start for lead in kept), max))
        self.forgets = facts.forgets[name]

    def sources(self, call):
        """Computations that it may have the value of."""
        return [lead for lead in self.by_value[call.value]
                if lead.release.begin < call.end and lead.release.ok is not False]

    def kept_before(self, line):
        """When the newest lead began, of those whose value was there."""
        place = bisect.bisect_left(self.ends, line)
        return self.newest[place - 1] if place else 0


def is_error(value):
    return len(value) == 16 and value.startswith("ffffffff")


def answers(facts):
    for name, calls in facts.asks.items():
        results = Results(facts, name)
        for call in calls:
            if call.ok and call.said not in ("lead", ""):
                yield f"{name[0]}, key {name[1]}", call, results, results.sources(call)


def values_were_computed(facts):
    for where, call, _, sources in answers(facts):
        if not sources:
            yield call.end, f"{where}: {call.said} {call.value}, which nobody had computed"


def the_joined_waited(facts):
    for where, call, _, sources in answers(facts):
        if call.said == "joined" and sources and all(
                lead.release.end < call.begin for lead in sources):
            yield call.end, f"{where}: joined a computation that was over"


def values_are_new(facts):
    for where, call, results, sources in answers(facts):
        newest = max((lead.start for lead in sources), default=NEVER)
        if newest < results.kept_before(call.begin):
            yield call.end, f"{where}: {call.said} {call.value}, and a newer one had been kept"


def the_forgotten_is_gone(facts):
    for where, call, results, sources in answers(facts):
        over = results.forgets.before(call.begin)
        if sources and all(lead.start < over for lead in sources):
            yield call.end, f"{where}: {call.said} {call.value}, which had been forgotten"


def promotion_has_a_reason(facts):
    for name, leads in facts.leads.items():
        gone = [lead.release.begin for lead in leads
                if lead.release and lead.release.op == "abandon"]
        gone += [call.handle.doom for call in facts.asks[name]
                 if call.opened or call.ok and call.said == "lead"]
        for lead in leads:
            if lead.call.attempt > 1 and not any(line < lead.start for line in gone):
                yield lead.start, (f"{name[0]}, key {name[1]}: attempt {lead.call.attempt}, and "
                                   "nobody has died or given up")


def nobody_waits_for_ever(facts):
    if not facts.history.ended:
        return
    for call in facts.history.calls:
        if call.opened and call.handle.doom == NEVER:
            what = "waits for" if call.op in ASKS else "does not return from"
            yield call.begin, f"process {call.process} {what} {call.op} of {call.object} for ever"


RULES = (one_owner, one_hand, one_leader, tokens_grow, tokens_are_unique, tokens_in_turn,
         deaths_are_told, only_deaths_are_told, the_dead_are_named, unrepaired_is_lost,
         repaired_is_of_use, grants_last, grants_end, gifts_arrive, values_were_computed,
         the_joined_waited, values_are_new, the_forgotten_is_gone, promotion_has_a_reason,
         nobody_waits_for_ever)


def judge(lines):
    """The rules that are broken, each with where and why."""
    facts = Facts(History(lines))
    found = ((rule.__name__.replace("_", " "), sorted(rule(facts))) for rule in RULES)
    return facts, [(name, breaches) for name, breaches in found if breaches]
