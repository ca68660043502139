"""A statutory notice from its arrival to its reply (ST-1; S1, "Probation Letters / Statutory Notifications")."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from icart_common.contracts.base import Actor, AgencyId, AuthorityId, Instant, Part, Problem, ShortText
from icart_common.contracts.cases import Services
from icart_common.contracts.intake import PeopleIdentified
from icart_common.contracts.notices import ProbationCheckRequested
from icart_common.contracts.notifications import AnswerNotice, AskedAbout, KnownToServices
from icart_common.contracts.referral import Person
from icart_common.contracts.timers import ClockMessage
from icart_common.policy import ClockFacts, PolicyPack, UnknownPolicy
from icart_common.policy.notices import SERVICES, NoticeRule
from icart_common.policy.running_clocks import RunningClocks
from icart_common.policy.views import ProbationReplyView
from icart_common.policy.wording import day_in_words, listed, london_day
from icart_notifications.domain.leaving import ToSend
from icart_notifications.domain.letterhead import letterhead
from icart_notifications.domain.refusal import Refusal
from icart_notifications.domain.ways import to_address, to_agency

OWNER: Final = "notifications"
PROBATION_CHECK: Final = "probation-check"


class Notice(Part):
    """The state of one notice. Its version goes up by one with each change."""

    id: UUID
    authority: AuthorityId
    agency: AgencyId
    pack_version: str
    """The pack under which it was received; it keeps it (AU-6)."""
    kind: Literal["probation-check"] = "probation-check"
    reference: ShortText
    received_at: Instant
    version: int = 1
    people: tuple[Person, ...]
    proposed: tuple[KnownToServices, ...] = ()
    answers: tuple[KnownToServices, ...] = ()
    answered_by: Actor | None = None
    answered_at: Instant | None = None
    clocks: RunningClocks = RunningClocks()

    @property
    def state(self) -> Literal["recorded", "checked", "answered"]:
        if self.answers:
            return "answered"
        return "checked" if self.proposed else "recorded"


def refused(request: ProbationCheckRequested, pack: PolicyPack, held: Notice | None) -> Problem | None:
    """Why a notice cannot be taken in: the authority answers none of this kind, or its id is somebody else's."""
    rule = notice_rule(pack)
    agency = pack.known_agency(request.agency)
    if rule is None or agency is None or agency.kind not in rule.from_agency_kinds:
        return Problem(
            path="$",
            found="a probation check to an authority that does not take it from this agency by message",
            expected="a notice that the authority's policy pack answers",
            fix="telephone the front door",
        )
    if held is not None and (held.agency, held.authority) != (request.agency, request.authority):
        fix = "send it again with a new UUIDv7 as its notice"
        return Problem(path="$.notice", found="an id that another notice has", expected="a new id", fix=fix)
    return None


def notice_rule(pack: PolicyPack) -> NoticeRule | None:
    """The pack's rule for probation checks; None when the authority answers none."""
    try:
        return pack.notice(PROBATION_CHECK)
    except UnknownPolicy:
        return None


def recorded(
    request: ProbationCheckRequested, pack: PolicyPack, at: datetime
) -> tuple[Notice, tuple[ClockMessage, ...]]:
    """The notice taken in and its clocks started: the reply, and the chase (TM-8)."""
    clocks, commands = RunningClocks().on(
        "notice_recorded",
        ClockFacts(agency=request.agency, agency_kind=pack.agency(request.agency).kind),
        pack=pack,
        owner=OWNER,
        subject=request.notice,
        received_at=at,
        at=at,
    )
    notice = Notice(
        id=request.notice,
        authority=request.authority,
        agency=request.agency,
        pack_version=pack.version,
        reference=request.reference,
        received_at=at,
        people=request.people,
        clocks=clocks,
    )
    return notice, commands


def asked_about(request: ProbationCheckRequested) -> tuple[AskedAbout, ...]:
    """Its people, for whoever answers it."""
    return tuple(
        AskedAbout(
            ref=person.ref,
            given_name=person.given_name,
            family_name=person.family_name,
            born=person.born,
            addresses=tuple(one.on_one_line() for one in person.addresses),
        )
        for person in request.people
    )


def checked(notice: Notice, found: PeopleIdentified, pack: PolicyPack) -> Notice | None:
    """The answer that is proposed. Only services that the notice asks about are told (CO-8). None when it came too late."""
    if notice.state != "recorded":
        return None
    asked = pack.notice(notice.kind).checks
    known = {one.ref: one for one in found.people}
    proposed = []
    for person in notice.people:
        one = known.get(person.ref)
        held = one.services if one else Services()
        case = one.case if one else None
        services = Services(**{name: getattr(held, name) for name in asked})
        is_open = case is not None and case.status == "open"
        proposed.append(
            KnownToServices(
                ref=person.ref,
                known=is_open or any(getattr(services, name) for name in asked),
                services=services,
                open_case=is_open,
                lead=(case.worker or case.team) if case is not None and is_open else None,
            )
        )
    return notice.model_copy(update={"proposed": tuple(proposed), "version": notice.version + 1})


def answer(
    notice: Notice, command: AnswerNotice, pack: PolicyPack, at: datetime
) -> tuple[Notice, tuple[ClockMessage, ...]] | Refusal:
    """A person in the pack's role confirms or corrects the answer; the reply's clocks are met."""
    refusal = _refusal(notice, command, pack)
    if refusal is not None:
        return refusal
    clocks, commands = notice.clocks.on(
        "reply_sent",
        ClockFacts(agency=notice.agency),
        pack=pack,
        owner=OWNER,
        subject=notice.id,
        received_at=notice.received_at,
        at=at,
    )
    changes = {
        "answers": command.answers,
        "answered_by": command.actor,
        "answered_at": at,
        "clocks": clocks,
        "version": notice.version + 1,
    }
    return notice.model_copy(update=changes), commands


def _refusal(notice: Notice, command: AnswerNotice, pack: PolicyPack) -> Refusal | None:
    rule = pack.notice(notice.kind)
    role = pack.role(rule.answer_role)
    if command.actor.role != role.id:
        return Refusal("role-may-not", f"a {rule.name.lower()} is answered in another role", (role.name,))
    if command.seen_version != notice.version:
        why = f"the notice is at version {notice.version}, and version {command.seen_version} was seen"
        return Refusal("version-moved", why, ("look at the notice as it is now, and answer again",), notice.version)
    if notice.state == "answered":
        return Refusal("already-answered", "the reply has left", ("send the delivery again",), notice.version)
    if notice.state == "recorded":
        why = "its people have not been looked up yet"
        return Refusal("not-checked", why, ("answer when the check is there",), notice.version)
    refs = sorted(person.ref for person in notice.people)
    if sorted(one.ref for one in command.answers) != refs:
        why = "the answers are not for each of the notice's people, once"
        return Refusal("answers-incomplete", why, (f"answer for {listed(refs)}",), notice.version)
    return None


def reply(notice: Notice, pack: PolicyPack, *, remarks: str | None, at: datetime) -> tuple[ToSend, ...]:
    """The reply to the agency's own way, and to both secure mailboxes (ST-1)."""
    rule = pack.notice(notice.kind)
    by_ref = {one.ref: one for one in notice.answers}
    lines = [_line(number, by_ref[person.ref], rule) for number, person in enumerate(notice.people, start=1)]
    if remarks:
        lines.append(f"Remarks: {remarks}")
    view = ProbationReplyView(
        **letterhead(pack),
        notice_reference=notice.reference,
        checked=day_in_words(london_day(at)),
        answers=tuple(lines),
    )
    ways = [*to_agency(pack, notice.agency)]
    for mailbox in rule.reply_mailboxes:
        ways += [way for way in to_address(notice.agency, mailbox) if way not in ways]
    return (ToSend(rule.reply_template, view, tuple(ways), notice.id, notice.reference, in_reply_to=notice.id),)


def _line(number: int, one: KnownToServices, rule: NoticeRule) -> str:
    """`Person 1: known to CAF; not known to child protection ...`, by the order of probation's own notice."""
    known = [SERVICES[name] for name in rule.checks if getattr(one.services, name)]
    unknown = [SERVICES[name] for name in rule.checks if not getattr(one.services, name)]
    parts = [f"known to {listed(known)}"] if known else []
    if unknown:
        parts.append(f"not known to {listed(unknown)}")
    if one.open_case:
        parts.append("open case" + (f", speak to {one.lead}" if one.lead else ""))
    return f"Person {number}: " + "; ".join(parts)
