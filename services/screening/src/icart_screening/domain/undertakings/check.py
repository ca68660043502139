"""Checks with agencies, and in our own records: asked, answered, cancelled, each a life of its own (SC-5, CO-7, TM-11)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar, Final, Literal

from icart_common.contracts.base import Actor, AgencyId, Instant, LongText, Part, ShortText
from icart_common.contracts.checks import (
    Basis,
    CancelCheck,
    CheckAnswered,
    CheckCancelled,
    CheckReplied,
    CheckRepliedAgain,
    CheckRequested,
    Fact,
    Outstanding,
    RecordCheckAnswer,
    RequestCheck,
)
from icart_common.contracts.standing_still import UndertakingClocksResumed
from icart_common.policy.agencies import AgencyKind
from icart_common.policy.clocks import ClockFacts
from icart_common.policy.lives.check import LIFE
from icart_common.policy.lives.life import Life
from icart_common.policy.pack import PolicyPack
from icart_common.worktime.pauses import Pause
from icart_screening.domain.consent import consent_stands
from icart_screening.domain.contact import Change
from icart_screening.domain.refusal import Refusal
from icart_screening.domain.undertakings.asking import asked, due_by
from icart_screening.domain.undertakings.profile import said_by
from icart_screening.domain.undertakings.standing_still import STANDING_STILL
from icart_screening.domain.undertakings.undertaking import Circumstances, Kind, Progress, Undertaking

Way = Literal["message", "telephone", "own-records"]


class Answer(Part):
    """One answer, and what it came after."""

    at: Instant
    way: Way
    text: LongText
    facts: tuple[Fact, ...] = ()
    answered_by: ShortText | None = None
    late: bool = False
    because: Literal["more", "after-cancellation"] | None = None
    """None for the first, which the check waited for."""


class Check(Undertaking):
    """One question to one agency, or to our own records."""

    LIFE: ClassVar[Life] = LIFE

    rule: str = ""
    name: str = ""
    agency: AgencyId | None = None
    agency_kind: AgencyKind | None = None
    basis: Basis | None = None
    due: Instant | None = None
    answers: tuple[Answer, ...] = ()

    def facts(self) -> ClockFacts:
        """Whom it was asked of, and what."""
        return ClockFacts(agency=self.agency, agency_kind=self.agency_kind, check=self.rule)

    def due_after(self, pauses: tuple[Pause, ...], pack: PolicyPack) -> datetime | None:
        """Until when the answer has time: later by as long as the clocks that may pause stood still."""
        return due_by(self.facts(), pack, self.begun_at, pauses)

    def late(self, at: datetime) -> bool:
        """Whether an answer that comes then is late. Where its clocks stand still, as on the moment when they stopped."""
        return self.due is not None and (self.standing_still_since or at) > self.due

    def after(self, event: object) -> dict[str, object]:
        """What an event changes in it. A repeat stands in the log alone: nothing is there twice."""
        match event:
            case CheckRequested():
                names = ("rule", "name", "agency", "agency_kind", "basis", "due")
                return {name: getattr(event, name) for name in names}
            case UndertakingClocksResumed():
                return {"due": event.due}
            case CheckReplied():
                return {"answers": (*self.answers, _answer(event))}
            case CheckRepliedAgain() if event.because != "repeat":
                return {"answers": (*self.answers, _answer(event))}
            case _:
                return {}


def _answer(event: CheckReplied | CheckRepliedAgain) -> Answer:
    return Answer(
        at=event.at,
        way=event.way,
        text=event.answer,
        facts=event.facts,
        answered_by=event.answered_by,
        late=event.late,
        because=event.because if isinstance(event, CheckRepliedAgain) and event.because != "repeat" else None,
    )


def outstanding(undertakings: Iterable[Undertaking]) -> tuple[Outstanding, ...]:
    """The checks that wait for an answer, as the manager is told of them."""
    return tuple(
        Outstanding(check=one.id, name=one.name, agency=one.agency, due=one.due)
        for one in undertakings
        if isinstance(one, Check) and one.open
    )


def _request(_: None, command: RequestCheck, on: Circumstances) -> Iterable[Progress]:
    waiting = {(one.rule, one.agency) for one in on.beside if isinstance(one, Check)}
    for number, said in enumerate(asked(command, on)):
        if (said["rule"], said["agency"]) in waiting:
            why = f"{said['agency'] or 'a worker'} has been asked already, and the answer is awaited"
            raise Refusal("asked-already", why, ("wait for the answer", "cancel the check first"))
        yield on.begin(Check, CheckRequested, number=number, **said)


def _record(held: Check, command: RecordCheckAnswer, on: Circumstances) -> Iterable[Progress]:
    way: Way = "telephone" if held.agency else "own-records"
    yield _replied(held, command, way, command.actor, on)


def _hear(held: Check, said: CheckAnswered, on: Circumstances) -> Iterable[Progress]:
    replied = _replied(held, said, "message", None, on)
    yield replied
    again = {one.because for one in replied.events if isinstance(one, CheckRepliedAgain)}
    if again <= {"more"}:  # after a cancellation a worker decides what is made of it; a repeat says nothing new
        yield from said_by(held.id, held.facts(), said.facts, on)


def _replied(
    held: Check, said: RecordCheckAnswer | CheckAnswered, way: Way, by: Actor | None, on: Circumstances
) -> Progress:
    fields: dict[str, object] = {
        "agency": held.agency,
        "way": way,
        "by": by,
        "answer": said.answer,
        "facts": said.facts,
        "answered_by": said.answered_by,
        "late": held.late(on.at),
    }
    if held.open:
        return on.go_on(held, (CheckReplied, fields))
    if any((one.text, one.facts) == (said.answer, said.facts) for one in held.answers):
        because = "repeat"
    else:
        because = "after-cancellation" if held.state == "cancelled" else "more"
    return on.go_on(held, (CheckRepliedAgain, {**fields, "because": because}))


def _cancel(held: Check, command: CancelCheck, on: Circumstances) -> Iterable[Progress]:
    yield cancelled(held, "person", command.reason, on, by=command.actor)


def _felt(change: Change, on: Circumstances) -> Iterable[Progress]:
    """No answer is waited for when the contact has closed, or when the consent that alone allowed the question is withdrawn."""
    closed, stands = change.contact.status == "closed", consent_stands(change.contact, on.pack)
    for held in on.beside:
        if not isinstance(held, Check):
            continue
        if closed:
            yield cancelled(held, "contact-closed", "the contact is closed", on)
        elif held.basis and held.basis.kind == "consent" and not stands:
            yield cancelled(held, "consent-withdrawn", "the consent that it rested on is withdrawn", on)


def cancelled(held: Check, because: str, reason: str, on: Circumstances, by: Actor | None = None) -> Progress:
    """The check after it was cancelled, by somebody or because of something else."""
    fields = {"by": by, "agency": held.agency, "because": because, "reason": reason}
    return on.go_on(held, (CheckCancelled, fields))


CHECK: Final = Kind(
    holds=Check,
    deciders={
        RequestCheck: _request,
        RecordCheckAnswer: _record,
        CancelCheck: _cancel,
        CheckAnswered: _hear,
        **STANDING_STILL,
    },
    after_contact=_felt,
)
