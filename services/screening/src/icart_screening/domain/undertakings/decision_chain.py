"""The chain of managers who decide (SC-16, TM-16; S4, "Decision Making and Timing"): who is away, and whose turn it is.

There is one of an authority, and it does not end. Contacts tell it what waits for a decision; it names the first manager who is
there. Of whom nobody has ever been marked, it is taken that somebody in the role is there.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar, Final
from uuid import UUID

from pydantic import Field

from icart_common.contracts.base import Instant, Part, StaffId
from icart_common.contracts.decisions import (
    AbsenceTurned,
    DecisionAsked,
    DecisionNeeded,
    DecisionOverdue,
    DecisionSettled,
    DecisionTaken,
    ManagerAway,
    ManagerBack,
    MarkAway,
    MarkBack,
    Stage,
    chain_id,
)
from icart_common.contracts.undertakings import UndertakingEvent
from icart_common.policy.errors import UnknownPolicy
from icart_common.policy.lives.decision_chain import LIFE
from icart_common.policy.lives.life import Life
from icart_screening.domain.refusal import Refusal
from icart_screening.domain.undertakings.absences import Post, ahead, clocks, from_until, marked
from icart_screening.domain.undertakings.undertaking import Circumstances, Done, Kind, Undertaking

_Said = tuple[type[UndertakingEvent], dict[str, Any]]
_Mark = tuple[type[ManagerAway] | type[ManagerBack], dict[str, Any]]


class Waiting(Part):
    """What waits for a decision, and whose turn it is."""

    decision: UUID
    reference: str
    strand: str
    own_work_of: tuple[StaffId, ...]
    stages: tuple[Stage, ...]
    turn: int
    nobody: bool = False
    needed_at: Instant


class DecisionChain(Undertaking):
    """An authority's managers, as far as they were marked, and what waits for them."""

    LIFE: ClassVar[Life] = LIFE

    posts: tuple[Post, ...] = ()
    waiting: dict[str, Waiting] = Field(default_factory=dict)
    """By the contact's id."""

    def queue(self) -> tuple[Waiting, ...]:
        """What waits: first that for which nobody is there, then what has waited longest."""
        return tuple(sorted(self.waiting.values(), key=lambda one: (not one.nobody, one.needed_at, one.decision)))

    def turn_from(self, first: int, one: Waiting, at: datetime) -> int | None:
        """The first stage from `first` at which somebody is there who may decide; None when there is nobody."""
        for turn in range(first, len(one.stages)):
            known = [post for post in self.posts if post.role == one.stages[turn].role]
            if not known or any(not post.away(at) and post.person not in one.own_work_of for post in known):
                return turn
        return None

    def after(self, event: object) -> dict[str, object]:
        """What an event changes in it."""
        match event:
            case ManagerAway() | ManagerBack():
                return {"posts": marked(self.posts, event)}
            case DecisionAsked():
                one = Waiting.model_validate(event.model_dump())
                return {"waiting": {**self.waiting, str(event.decision): one}}
            case DecisionSettled():
                return {"waiting": {name: one for name, one in self.waiting.items() if name != str(event.decision)}}
            case _:
                return {}


def _asked(chain: DecisionChain | None, one: Waiting, first: int, because: str, at: datetime) -> _Said:
    """Whose turn it is from `first` on; the last one's when nobody is there."""
    found = chain.turn_from(first, one, at) if chain else first
    turn = len(one.stages) - 1 if found is None else found
    said = one.model_dump(exclude={"turn", "nobody"})
    return DecisionAsked, {**said, "turn": turn, "nobody": found is None, "because": because}


def _needed(held: DecisionChain | None, said: DecisionNeeded, on: Circumstances) -> Iterable[Done]:
    one = Waiting.model_validate({**said.model_dump(), "turn": 0, "needed_at": on.at})
    asked, fields = _asked(held, one, 0, "submitted", on.at)
    if held is None:
        yield on.begin(DecisionChain, asked, id=said.undertaking, **fields)
    else:
        yield on.go_on(held, (asked, fields))


def _taken(held: DecisionChain | None, said: DecisionTaken, on: Circumstances) -> Iterable[Done]:
    if held and str(said.decision) in held.waiting:
        yield on.go_on(held, (DecisionSettled, {"decision": said.decision}))


def _overdue(held: DecisionChain | None, said: DecisionOverdue, on: Circumstances) -> Iterable[Done]:
    """The turn of whoever had it has passed, if it is still theirs."""
    one = held.waiting.get(str(said.decision)) if held else None
    if held is None or one is None:
        return
    if one.nobody:
        if held.turn_from(0, one, on.at) is not None:  # somebody's absence is over
            yield on.go_on(held, _asked(held, one, 0, "somebody-is-back", on.at))
    elif one.stages[one.turn].clock == said.rule and one.turn + 1 < len(one.stages):
        yield on.go_on(held, _asked(held, one, one.turn + 1, "no-decision-in-time", on.at))


def _turned(held: DecisionChain | None, said: AbsenceTurned, on: Circumstances) -> Iterable[Done]:
    """An absence begins or ends as it was marked: what waits goes to whoever is there now. The broker's time may lag behind."""
    if held and (turns := _turns(held, max(on.at, said.moment))):
        yield on.go_on(held, *turns)


def _away(held: DecisionChain | None, command: MarkAway, on: Circumstances) -> Iterable[Done]:
    _decides(command, on)
    since, until = from_until(command, on.pack.calendar().timezone)
    if until <= since or until <= on.at:
        raise Refusal("no-time", "that time is over before it begins, or has passed", ("give a time to come",))
    who = {"by": command.actor, "person": command.person, "role": command.role}
    yield _marked(held, (ManagerAway, {**who, "since": since, "until": until}), command, on)


def _back(held: DecisionChain | None, command: MarkBack, on: Circumstances) -> Iterable[Done]:
    _decides(command, on)
    absence = None
    if command.absence is not None:
        absence = ahead(held.posts if held else (), command, on.pack.calendar().timezone, on.at).since
    said = {"by": command.actor, "person": command.person, "role": command.role, "absence": absence}
    yield _marked(held, (ManagerBack, said), command, on)


def _decides(command: MarkAway | MarkBack, on: Circumstances) -> None:
    if command.undertaking != chain_id(command.authority):
        raise Refusal(
            "not-that-chain", "the id is not that of the authority's chain", (str(chain_id(command.authority)),)
        )
    try:
        decides = on.pack.role(command.role).may("authorise")
    except UnknownPolicy:
        decides = False
    if not decides:
        names = (f"{role.name} ({role.id})" for role in on.pack.roles_with("authorise"))
        raise Refusal("role-does-not-decide", "nobody waits for a decision by that role", names)


def _marked(held: DecisionChain | None, mark: _Mark, command: MarkAway | MarkBack, on: Circumstances) -> Done:
    """The mark, the clocks of the absences that it changes, and whose turn it is now for everything that waits."""
    kind, said = mark
    version = held.version + 1 if held else 1
    whole = {"undertaking": command.undertaking, "authority": command.authority, "pack_version": on.pack.version}
    before = held.posts if held else ()
    after = marked(before, kind.model_validate({**whole, "version": version, "at": on.at, **said}))
    asks = tuple(clocks(before, after, on.pack, command.undertaking, on.at))
    if held is None:
        return on.begin(DecisionChain, kind, id=command.undertaking, asks=asks, **said)
    return on.go_on(held, mark, *_turns(held.model_copy(update={"posts": after}), on.at), asks=asks)


def _turns(chain: DecisionChain, at: datetime) -> list[_Said]:
    """What waits for another than it did, now that somebody has gone or come."""
    turns = []
    for one in chain.queue():
        first = 0 if one.nobody else one.turn
        found = chain.turn_from(first, one, at)
        if (found is None) != one.nobody or (found is not None and found != one.turn):
            because = "somebody-is-back" if one.nobody else "somebody-is-away"
            turns.append(_asked(chain, one, first, because, at))
    return turns


DECISION_CHAIN: Final = Kind(
    holds=DecisionChain,
    deciders={
        DecisionNeeded: _needed,
        DecisionTaken: _taken,
        DecisionOverdue: _overdue,
        AbsenceTurned: _turned,
        MarkAway: _away,
        MarkBack: _back,
    },
)
