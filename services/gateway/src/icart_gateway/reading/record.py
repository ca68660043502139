"""Everything about one contact, as its page shows it: folded from what was said, and from nothing else (SC-3, SC-19, SC-25)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from icart_common.contracts.base import Actor, Message
from icart_common.contracts.checks import CheckReplied, CheckRepliedAgain, CheckRequested
from icart_common.contracts.corrections import RecordCorrected
from icart_common.contracts.intake import ContactOpened, Gap
from icart_common.contracts.joint_work import CopiedFromSibling, NoticeJoined, NoticeSeparated
from icart_common.contracts.meetings import DecidedAtMeeting
from icart_common.contracts.screening import (
    AnswersRecorded,
    ContactAllocated,
    ContactClosed,
    ContactMoved,
    ContactReceived,
    ContactSentBack,
    ContactSubmitted,
    ContactTriaged,
    ReferralCreated,
    SectionRecorded,
    WrittenReferralAdded,
)
from icart_common.policy import PolicyPack
from icart_common.policy.errors import UnknownPolicy
from icart_gateway.reading.words import marked
from icart_gateway.standing import Standing, Undertaking

_HEAD: Final = {"contact", "undertaking", "authority", "pack_version", "version", "at", "by", "reference"}
_OPENED_FIRST: Final = "came in"


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the record: what stands in it, who wrote that last, and what was wrong before."""

    id: str
    name: str
    text: str
    statements: tuple[tuple[str, str], ...]
    by: str
    at: datetime | None
    corrections: tuple[tuple[str, datetime, str], ...]
    """Who corrected it, when, and why."""
    copied: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened. `said`: what was said with it, by name."""

    title: str
    when: datetime
    by: str
    said: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """A check with an agency, or in our own records."""

    undertaking: Undertaking
    name: str
    agency: str
    asked: CheckRequested
    answers: tuple[CheckReplied | CheckRepliedAgain, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """Somebody else's notice of the same event that is worked here (IN-20)."""

    received_at: datetime
    agency: str
    what: str
    because: tuple[str, ...]
    separated: str
    """Why it was given a contact of its own; empty while it is worked here."""


@dataclass(frozen=True, slots=True)
class Record:
    """The parts of the page that are folded from the log."""

    sections: tuple[Section, ...]
    decisions: tuple[Line, ...]
    happened: tuple[Line, ...]
    gaps: tuple[Gap, ...]
    answers: tuple[AnswersRecorded, ...]
    checks: tuple[Check, ...]
    others: tuple[Undertaking, ...]
    notices: tuple[Notice, ...]
    matched: tuple[Any, ...]
    would_change: tuple[str, ...]
    concern: tuple[tuple[str, bool], ...]
    """What happened, in pieces; a piece that is true is one of the words that the proposal rests on."""
    referred: bool
    """Whether a referral came of it: then there is a record for the area team."""


def record(contact: Standing, pack: PolicyPack, staff: Mapping[str, str]) -> Record:
    """Fold the contact's log. What the pack knows no more is shown by its code. `staff`: names by id."""
    said = [one.body for one in contact.heard]
    proposed = contact.proposed
    words = [word for one in proposed.matched for word in one.words] if proposed else []
    statements = {one.id: one.text for one in pack.thresholds.statements}
    joined = [one for one in said if isinstance(one, NoticeJoined)]
    return Record(
        sections=tuple(_sections(contact, pack, said, staff)),
        decisions=tuple(_decisions(contact, pack, staff)),
        happened=tuple(_happened(contact, staff)),
        gaps=_gaps(contact.opened, said),
        answers=tuple(one for one in said if isinstance(one, AnswersRecorded)),
        checks=tuple(_checks(contact, pack)),
        others=tuple(one for one in contact.undertakings.values() if one.life.kind != "check"),
        notices=tuple(_notices(joined, said, pack)),
        matched=proposed.matched if proposed else (),
        would_change=tuple(statements.get(one, _words(one)) for one in proposed.would_change) if proposed else (),
        concern=marked(contact.opened.event.what, words) if contact.opened else (),
        referred=any(isinstance(one, ReferralCreated) for one in said),
    )


def submissions(contact: Standing) -> tuple[UUID, ...]:
    """Of the contact and of the notices that it joined: what documents came with."""
    own = (contact.opened.submission,) if contact.opened else ()
    return (*own, *(one.body.notice.submission for one in contact.heard if isinstance(one.body, NoticeJoined)))


def called(find: Any, code: str | None) -> str:
    """The pack's name for a code; the code in words when this version of the pack has it no more."""
    if code is None:
        return ""
    try:
        found: str = find(code).name
    except UnknownPolicy:
        return _words(code)
    return found


def _sections(contact: Standing, pack: PolicyPack, said: list[Message], staff: Mapping[str, str]) -> Iterator[Section]:
    """The sections in the authority's order: those of the strand, and any other in which something stands."""
    questions = {one.id: one.question for one in pack.required_statements}
    on_strand = pack.strand(contact.strand).sections if contact.strand else ()
    others = {name for strand in pack.strands for name in strand.sections} - set(on_strand)
    for section in sorted(pack.sections, key=lambda one: one.order):
        text = contact.sections.get(section.id, "")
        answers = tuple(
            (questions.get(name, _words(name)), words)
            for name, (where, words) in contact.statements.items()
            if where == section.id
        )
        if not (text or answers) and section.id in others and contact.strand:
            continue
        wrote = [one for one in said if isinstance(one, SectionRecorded) and one.section == section.id]
        mended = [one for one in said if isinstance(one, RecordCorrected) and one.section == section.id]
        copied = any(isinstance(one, CopiedFromSibling) and section.id in one.sections for one in said)
        last = wrote[-1] if wrote else None
        yield Section(
            section.id, section.name, text, answers, _by(last.by, staff) if last else "", last.at if last else None,
            tuple((_by(one.by, staff), one.at, one.reason) for one in mended), copied,
        )  # fmt: skip


def _decisions(contact: Standing, pack: PolicyPack, staff: Mapping[str, str]) -> Iterator[Line]:
    """What people decided, beside what had been proposed (design promise 2)."""
    for one in contact.said:
        match body := one.body:
            case ContactTriaged():
                was = body.proposed
                proposed = f"{called(pack.strand, was.strand)}, {was.urgency}, level {was.level}"
                yield Line(
                    f"Triaged to {called(pack.strand, body.strand)}, {body.urgency}", body.at, _by(body.by, staff),
                    _filled(("Reason", body.reason), ("Had been proposed", proposed), ("Instructions", body.instructions)),
                )  # fmt: skip
            case ContactAllocated():
                words = _filled(
                    ("Instructions", body.instructions),
                    ("From", body.before and staff[body.before]),
                    ("Reason", body.reason),
                )
                yield Line(f"Given to {staff[body.worker]}", body.at, _by(body.by, staff), words)
            case ContactSubmitted() | DecidedAtMeeting():
                how = "Submitted" if isinstance(body, ContactSubmitted) else "Decided at the meeting"
                title = f"{how}: {called(pack.outcome, body.outcome)}, level {body.level}"
                without = getattr(body, "without_consent", None)
                yield Line(
                    title, body.at, _by(body.by, staff),
                    _filled(("Reasons", body.reasons), ("Without consent because", without)),
                )  # fmt: skip
            case ContactSentBack():
                yield Line("Sent back", body.at, _by(body.by, staff), _filled(("To be done", "; ".join(body.actions))))
            case ContactClosed():
                how = "Authorised" if body.authorised else "Closed without authorisation"
                title = f"{how}: {called(pack.outcome, body.outcome)}, level {body.level}"
                yield Line(title, body.at, _by(body.by, staff), _filled(("Reasons", body.reasons), ("Note", body.note)))


def _happened(contact: Standing, staff: Mapping[str, str]) -> Iterator[Line]:
    """The trail of everything, the newest first; what was written stands above and is not repeated."""
    for one in reversed(contact.heard):
        body = one.body
        title = _OPENED_FIRST if isinstance(body, ContactOpened) else _words(body.TYPE.split(".")[-2])
        yield Line(title.capitalize(), one.at, _by(getattr(body, "by", None), staff), tuple(_short(body, staff)))


def _short(body: Message, staff: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Codes, days, single words and staff of an event; texts stand where they belong."""
    match body:
        case ContactMoved():
            yield "Because", body.because
        case ContactReceived():
            yield "Proposed", f"{_words(body.proposed.strand)}, {body.proposed.urgency}, level {body.proposed.level}"
        case _:
            for name in type(body).model_fields:
                value = getattr(body, name)
                if name not in _HEAD and isinstance(value, str | int) and not isinstance(value, bool) and value != "":
                    yield _words(name).capitalize(), staff.get(str(value), str(value))[:160]


def _gaps(opened: ContactOpened | None, said: list[Message]) -> tuple[Gap, ...]:
    """The questions that are still open (IN-3)."""
    gaps = list(opened.gaps) if opened else []
    for one in said:
        if isinstance(one, WrittenReferralAdded) and one.notice is None:
            gaps = list(one.gaps)
        if isinstance(one, AnswersRecorded) and one.notice is None:
            gaps = [gap for gap in gaps if gap not in one.closed]
    return tuple(gaps)


def _checks(contact: Standing, pack: PolicyPack) -> Iterator[Check]:
    for one in contact.undertakings.values():
        asked = one.said[0]
        if isinstance(asked, CheckRequested):
            answers = tuple(said for said in one.said if isinstance(said, CheckReplied | CheckRepliedAgain))
            yield Check(one, asked.name, called(pack.agency, asked.agency) or "our own records", asked, answers)


def _notices(joined: Iterable[NoticeJoined], said: list[Message], pack: PolicyPack) -> Iterator[Notice]:
    out = {one.notice: one.reason for one in said if isinstance(one, NoticeSeparated)}
    for one in joined:
        notice = one.notice
        yield Notice(
            notice.received_at, called(pack.agency, notice.agency), notice.event.what, one.because,
            out.get(notice.contact, ""),
        )  # fmt: skip


def _filled(*said: tuple[str, str | None]) -> tuple[tuple[str, str], ...]:
    return tuple((name, words) for name, words in said if words)


def _by(actor: Actor | None, staff: Mapping[str, str]) -> str:
    return f"{staff[actor.person]} ({_words(actor.role)})" if actor else ""


def _words(code: str) -> str:
    return code.replace("_", " ").replace("-", " ")
