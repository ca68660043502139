"""A daily meeting and a chain of managers that can work (AU-7, SC-15, SC-16)."""

from __future__ import annotations

from collections.abc import Iterator

from icart_common.policy.fault import Fault, names, unknown
from icart_common.policy.pack import PolicyPack
from icart_common.worktime.allowance import Elapsed


def meeting_faults(pack: PolicyPack) -> Iterator[Fault]:
    """A meeting on a desktop that is none, with clocks that do not time it, or links to roles that are not there."""
    rule = pack.daily_meeting
    desktops = [desktop.id for desktop in pack.desktops if desktop.kind == "meeting"]
    if rule is None:
        if desktops:
            fix = "Add `daily_meeting`, or give the desktop another kind."
            yield Fault(("desktops",), "there is a meeting's desktop, but no daily meeting", fix)
        return
    at = ("daily_meeting",)
    yield from unknown((*at, "strand"), "strand", rule.strand, names(pack.strands))
    if not any(strand.id == rule.strand and strand.desktop in desktops for strand in pack.strands):
        fix = "Give the strand a desktop of kind `meeting`."
        yield Fault((*at, "strand"), "the strand's desktop is not a meeting's", fix)
    clocks = {clock.id: clock for clock in pack.clocks}
    for key, moment in (("clock", "meeting_decided"), ("pack_clock", "meeting_prepared")):
        wanted = getattr(rule, key)
        yield from unknown((*at, key), "clock", wanted, set(clocks))
        if wanted in clocks and moment not in clocks[wanted].ends_on:
            yield Fault((*at, key), f"clock {wanted!r} does not end on {moment}", "Name the clock that does.")
    for index, mailbox in enumerate(rule.links_to):
        yield from unknown((*at, "links_to", index, "role"), "role", mailbox.role, names(pack.roles))


def chain_faults(pack: PolicyPack) -> Iterator[Fault]:
    """Stages in roles that may not decide, or whose clocks time something else; absences whose clock is no moment of theirs."""
    clocks = {clock.id: clock for clock in pack.clocks}
    wanted, where = pack.decision_chain.absence_clock, ("decision_chain", "absence_clock")
    yield from unknown(where, "clock", wanted, set(clocks))
    if wanted in clocks and (clocks[wanted].starts_on, clocks[wanted].allowance) != (
        "absence_marked",
        Elapsed(hours=0),
    ):
        fix = "Name a clock that starts on absence_marked and allows {kind: elapsed, hours: 0}."
        yield Fault(where, f"clock {wanted!r} does not go off at the moment of an absence", fix)
    deciding = {role.id for role in pack.roles if role.may("authorise")}
    for index, stage in enumerate(pack.decision_chain.stages):
        at = ("decision_chain", "stages", index)
        if stage.role is not None:
            yield from unknown((*at, "role"), "role that may authorise", stage.role, deciding)
        last = index + 1 == len(pack.decision_chain.stages)
        if stage.clock is None and not last:
            yield Fault(at, "nothing says when the next manager is approached", "Name the clock of this stage.")
        if stage.clock is not None:
            yield from unknown((*at, "clock"), "clock", stage.clock, set(clocks))
            if stage.clock in clocks and clocks[stage.clock].starts_on != "decision_needed":
                fix = "Name a clock that starts on decision_needed."
                yield Fault((*at, "clock"), f"clock {stage.clock!r} times something else", fix)
