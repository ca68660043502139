"""How a contact stands, folded from all that was said about it: what forms are filled from and what may be done next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from icart_common.contracts.at_once import ContactSteppedUp
from icart_common.contracts.base import Message
from icart_common.contracts.corrections import RecordCorrected
from icart_common.contracts.family import LeftOut
from icart_common.contracts.intake import ContactOpened
from icart_common.contracts.joint_work import (
    CopiedDecision,
    CopiedFromSibling,
    NoticeAdded,
    NoticeSeparated,
    SiblingDismissed,
    SiblingIncluded,
)
from icart_common.contracts.meetings import DecidedAtMeeting
from icart_common.contracts.referral import Consent, Person, PrivacyShown
from icart_common.contracts.screening import (
    ConsentRecorded,
    ContactAllocated,
    ContactClosed,
    ContactEvent,
    ContactMoved,
    ContactReceived,
    ContactSentBack,
    ContactStepped,
    ContactSubmitted,
    ContactTriaged,
    PrivacyNoticeRecorded,
    Proposed,
    SectionRecorded,
)
from icart_common.contracts.standing_still import ClocksPaused, ClocksResumed
from icart_common.contracts.undertakings import UndertakingEvent
from icart_common.policy.lives import LIFE_WITH
from icart_common.policy.lives.contact import state_of
from icart_common.policy.lives.life import Life
from icart_common.policy.lives.open_steps import Facts


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that was said, and when."""

    at: datetime
    body: Message


@dataclass(frozen=True, slots=True)
class Undertaking:
    """A check, a strategy discussion, a meeting: its kind's life, where it is in it, and all that was said of it."""

    id: UUID
    life: Life
    state: str
    version: int
    said: tuple[UndertakingEvent, ...]

    def last(self, kind: type[UndertakingEvent]) -> UndertakingEvent | None:
        """What was said last of that type."""
        return next((one for one in reversed(self.said) if isinstance(one, kind)), None)

    def at(self, version: int) -> Undertaking:
        """The undertaking as it stood at a version that it has reached."""
        said = tuple(one for one in self.said if one.version <= version)
        return replace(self, state=_state(self.life, said), version=version, said=said)


@dataclass(frozen=True, slots=True)
class Standing:
    """One contact as it stands at a version."""

    id: UUID
    authority: str
    reference: str = ""
    pack_version: str = ""
    version: int = 0
    closed: bool = False
    desktop: str | None = None
    strand: str | None = None
    urgency: str | None = None
    worker: str | None = None
    proposed: Proposed | None = None
    submitted: ContactSubmitted | None = None
    actions: tuple[str, ...] = ()
    """What the manager wants done since it was sent back."""
    sections: dict[str, str] = field(default_factory=dict)
    statements: dict[str, tuple[str, str]] = field(default_factory=dict)
    """The section that each was written in, and its text."""
    draft: CopiedDecision | None = None
    """A level, outcome and reasons that were copied or decided at the meeting, for the worker to submit."""
    consents: dict[str, Consent] = field(default_factory=dict)
    privacy: dict[str, PrivacyShown] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()
    notices: tuple[NoticeAdded, ...] = ()
    siblings: tuple[UUID, ...] = ()
    paused: bool = False
    opened: ContactOpened | None = None
    child: UUID | None = None
    """Our id of the child whom it is about now; None before intake has said."""
    undertakings: dict[UUID, Undertaking] = field(default_factory=dict)
    said: tuple[Told, ...] = ()
    """What was said about the contact itself, in the order of its versions."""
    heard: tuple[Told, ...] = ()
    """The same with all that came for it and all that was said of its undertakings, in the order of time."""

    @property
    def state(self) -> str:
        """One of the states of a contact's life."""
        status = "closed" if self.closed else "open"
        return state_of(status, self.strand, self.worker, submitted=self.submitted is not None)

    @property
    def people(self) -> tuple[Person, ...]:
        """The child first, then the family, as the referral named them."""
        return (self.opened.child, *self.opened.family) if self.opened else ()

    def facts(self, person: str) -> Facts:
        """What is known of the contact and somebody who would act on it."""
        submitted = self.submitted
        return Facts(
            submitted_it=bool(submitted and submitted.by.person == person),
            works_on_it=self.worker == person,
            closed=self.closed,
            outcome=submitted.outcome if submitted else None,
        )


def stand(
    contact: UUID, authority: str, told: Iterable[Told], opened: ContactOpened | None, child: UUID | None,
    follows: Standing | None = None,
) -> Standing:  # fmt: skip
    """The contact after all of `told`; `child`: whom it is about now; `follows`: as that stands from which it was opened."""
    told = list(told)
    own = sorted(
        (one for one in told if isinstance(one.body, ContactEvent)), key=lambda one: (_version(one.body), one.at)
    )
    now = Standing(
        contact,
        authority,
        opened=opened,
        child=child,
        said=tuple(own),
        heard=tuple(sorted(told, key=lambda one: one.at)),
    )
    for one in own:
        if isinstance(one.body, ContactStepped) and follows:
            now = replace(
                now, proposed=follows.proposed, consents=follows.consents, privacy=follows.privacy,
                left_out=follows.left_out, notices=follows.notices, siblings=follows.siblings,
            )  # fmt: skip
        now = _after(now, one.body)
    events = [one.body for one in told if isinstance(one.body, UndertakingEvent)]
    return replace(now, undertakings=undertakings(events))


def undertakings(events: Sequence[UndertakingEvent]) -> dict[UUID, Undertaking]:
    """Each undertaking that the events are about, in the order in which they began."""
    by_id: dict[UUID, list[UndertakingEvent]] = {}
    for event in sorted(events, key=lambda one: (one.at, one.version)):
        by_id.setdefault(event.undertaking, []).append(event)
    found = {}
    for undertaking, said in by_id.items():
        said.sort(key=lambda one: one.version)
        life = LIFE_WITH.get(type(said[0]))
        if life is not None:
            found[undertaking] = Undertaking(undertaking, life, _state(life, said), said[-1].version, tuple(said))
    return found


def _state(life: Life, said: Sequence[UndertakingEvent]) -> str:
    state: str | None = None
    for event in said:
        step = life.taken(state, type(event))
        if step and step.reaches:
            state = step.reaches
    return state or life.states[0]


def _version(body: Message) -> int:
    return body.version if isinstance(body, ContactEvent) else 0


def _after(now: Standing, body: Message) -> Standing:
    if not isinstance(body, ContactEvent):
        return now
    now = replace(now, version=max(now.version, body.version))
    match body:
        case ContactReceived():
            return replace(
                now, reference=body.reference, pack_version=body.pack_version, desktop=body.desktop,
                proposed=body.proposed, left_out=body.left_out, siblings=body.siblings,
            )  # fmt: skip
        case ContactStepped():
            return replace(
                now, reference=body.reference, pack_version=body.pack_version, desktop=body.desktop,
                strand=body.strand, urgency=body.urgency,
            )  # fmt: skip
        case ContactTriaged():
            worker = now.worker if body.strand == now.strand else None
            return replace(now, strand=body.strand, urgency=body.urgency, worker=worker, submitted=None)
        case ContactSteppedUp():
            worker = now.worker if body.strand == now.strand else None
            return replace(now, strand=body.strand, urgency="immediate", worker=worker, submitted=None)
        case ContactAllocated():
            return replace(now, worker=body.worker)
        case ContactMoved():
            return replace(now, desktop=body.to_desktop)
        case ContactSubmitted():
            return replace(now, submitted=body, actions=(), draft=None)
        case ContactSentBack():
            return replace(now, submitted=None, actions=body.actions)
        case ContactClosed():
            return replace(now, closed=True)
    return _written(now, body)


def _written(now: Standing, body: ContactEvent) -> Standing:
    match body:
        case SectionRecorded() | RecordCorrected():
            sections = {**now.sections, **({body.section: body.text} if body.text else {})}
            statements = {name: (body.section, text) for name, text in body.statements.items()}
            return replace(now, sections=sections, statements={**now.statements, **statements})
        case CopiedFromSibling():
            statements = {name: (body.written_in[name], text) for name, text in body.statements.items()}
            return replace(
                now, sections={**now.sections, **body.sections}, statements={**now.statements, **statements},
                draft=body.decision or now.draft,
            )  # fmt: skip
        case DecidedAtMeeting() if now.submitted is None:
            return replace(now, draft=CopiedDecision(outcome=body.outcome, level=body.level, reasons=body.reasons))
        case ConsentRecorded():
            return replace(now, consents={**now.consents, body.consent.person: body.consent})
        case PrivacyNoticeRecorded():
            return replace(now, privacy={**now.privacy, body.notice.person: body.notice})
        case SiblingIncluded() | SiblingDismissed():
            return replace(now, left_out=tuple(one for one in now.left_out if one.person != body.person))
        case NoticeAdded():
            return replace(now, notices=(*now.notices, body))
        case NoticeSeparated():
            return replace(now, notices=tuple(one for one in now.notices if one.told.notice != body.notice))
        case ClocksPaused():
            return replace(now, paused=True)
        case ClocksResumed():
            return replace(now, paused=False)
    return now
