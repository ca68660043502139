"""What people do with a strategy discussion, what refuses them, and which outcomes begin one (SC-14; S3, S4)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from icart_common.contracts.at_once import ContactSteppedUp
from icart_common.contracts.base import Actor, AgencyId, Slug
from icart_common.contracts.screening import ContactClosed
from icart_common.contracts.strategy import (
    CallOffStrategyDiscussion,
    CloseStrategyDiscussion,
    DecideStrategyDiscussion,
    HoldStrategyDiscussion,
    InviteToStrategyDiscussion,
    NoteStrategyAction,
    ReconveneStrategyDiscussion,
    RecordStrategyAttendance,
    Seat,
    SettleStrategyAction,
    ShareForStrategyDiscussion,
    StrategyActionNoted,
    StrategyActionSettled,
    StrategyActionsFinished,
    StrategyAttendanceRecorded,
    StrategyConcluded,
    StrategyDiscussionCalledOff,
    StrategyDiscussionClosed,
    StrategyDiscussionDecided,
    StrategyDiscussionHeld,
    StrategyDiscussionReconvened,
    StrategyInformationShared,
    StrategyPartnersInvited,
)
from icart_common.policy.lives.strategy_discussion import UNDER_WAY
from icart_screening.domain.consent import consent_stands
from icart_screening.domain.contact import Change, Contact, head
from icart_screening.domain.evolve import after
from icart_screening.domain.refusal import Refusal
from icart_screening.domain.undertakings.agencies import known_agency
from icart_screening.domain.undertakings.standing_still import STANDING_STILL
from icart_screening.domain.undertakings.strategy import StrategyDiscussion
from icart_screening.domain.undertakings.undertaking import Circumstances, Done, Kind, Progress

CONSENT: Final = "consent"


def _decide(_: None, command: DecideStrategyDiscussion, on: Circumstances) -> Iterable[Progress]:
    _may_begin(on)
    _known_partners(command.also, on)
    said = command.model_dump(include={"because", "also"})
    yield on.begin(StrategyDiscussion, StrategyDiscussionDecided, by=command.actor, **said)


def _reconvene(
    first: StrategyDiscussion | None, command: ReconveneStrategyDiscussion, on: Circumstances
) -> Iterable[Progress]:
    if first is None:
        raise Refusal("unknown-undertaking", "this contact has no such strategy discussion", ("decide a new one",))
    _may_begin(on)
    _known_partners(command.also, on)
    said = command.model_dump(include={"because", "also"})
    yield on.begin(StrategyDiscussion, StrategyDiscussionReconvened, by=command.actor, follows=first.id, **said)


def _invite(held: StrategyDiscussion, command: InviteToStrategyDiscussion, on: Circumstances) -> Iterable[Progress]:
    _known_partners(command.also, on)
    for seat in command.seats:
        _may_sit(seat, on)
    said = command.model_dump(include={"seats", "meets_at", "how", "also"})
    told = {**_about(_contact(on)), "reconvened": held.follows is not None}
    yield on.go_on(held, (StrategyPartnersInvited, {"by": command.actor, **said, **told}))


def _share(held: StrategyDiscussion, command: ShareForStrategyDiscussion, on: Circumstances) -> Iterable[Progress]:
    """Only who was asked is given anything, and without the family's agreement only by whoever may decide that (CO-4, CO-8)."""
    if command.agency not in {seat.agency for seat in held.invited}:
        raise Refusal("not-invited", "that agency was not asked to the discussion", ("ask it to the discussion first",))
    _has_ground(command.actor, command.ground, on)
    said = command.model_dump(include={"agency", "information", "ground"})
    yield on.go_on(held, (StrategyInformationShared, {"by": command.actor, **said, **_about(_contact(on))}))


def _attend(held: StrategyDiscussion, command: RecordStrategyAttendance, on: Circumstances) -> Iterable[Progress]:
    _may_sit(command.seat, on)
    attendance = command.model_dump(include={"seat", "took_part", "who", "brought"})
    yield on.go_on(held, (StrategyAttendanceRecorded, {"by": command.actor, "attendance": attendance}))


def _note(held: StrategyDiscussion, command: NoteStrategyAction, on: Circumstances) -> Iterable[Progress]:
    number = command.number or len(held.actions) + 1
    if command.number:
        _unsettled(held, command.number)
    if command.owner and command.owner.agency:
        known_agency(on.pack, command.owner.agency)
    said = command.model_dump(include={"what", "owner", "due"})
    yield on.go_on(held, (StrategyActionNoted, {"by": command.actor, "number": number, **said}))


def _settle(held: StrategyDiscussion, command: SettleStrategyAction, on: Circumstances) -> Iterable[Progress]:
    _unsettled(held, command.number)
    if command.how == "withdrawn":
        on.needs(command.actor, "strategy")
    said = command.model_dump(include={"number", "how", "note"})
    is_last = held.state == "closed" and len(held.outstanding) == 1
    finished = ((StrategyActionsFinished, dict[str, object]()),) if is_last else ()
    yield on.go_on(held, (StrategyActionSettled, {"by": command.actor, **said}), *finished)


def _hold(held: StrategyDiscussion, command: HoldStrategyDiscussion, on: Circumstances) -> Iterable[Progress]:
    if not _contact(on).arrival.received_at <= command.held_at <= on.at:
        why = "a discussion was held after the contact arrived, and before it is recorded"
        raise Refusal("not-then", why, ("give the time at which it was held",))
    yield on.go_on(held, (StrategyDiscussionHeld, {"by": command.actor, "held_at": command.held_at}))


def _close(held: StrategyDiscussion, command: CloseStrategyDiscussion, on: Circumstances) -> Iterable[Done]:
    _whole(held, on)
    contact = _contact(on)
    record = {
        **command.model_dump(include={"outcome", "reasons"}),
        **_about(contact),
        "held_at": held.held_at,
        "attendance": held.attendance,
        "actions": held.actions,
        "told": held.told(),
    }
    finished = () if held.outstanding else ((StrategyActionsFinished, dict[str, object]()),)
    yield on.go_on(held, (StrategyDiscussionClosed, {"by": command.actor, **record}), *finished)
    if contact.status == "open":
        shown = {"by": command.actor, "discussion": held.id, "outcome": command.outcome}
        concluded = StrategyConcluded.model_validate({**head(contact, on.at), **shown})
        yield Change(after(contact, concluded), (concluded,))


def _call_off(held: StrategyDiscussion, command: CallOffStrategyDiscussion, on: Circumstances) -> Iterable[Progress]:
    """The decision is taken back. Not while the contact's outcome rests on it, nor with something agreed that nobody settled."""
    contact = _contact(on)
    if contact.ending and on.pack.outcome(contact.ending.outcome).needs_strategy_discussion:
        why = f"the contact ended in '{on.pack.outcome(contact.ending.outcome).name}', which needs it"
        raise Refusal("outcome-needs-it", why, ("hold it, and close it with what it came to",))
    if held.outstanding:
        names = (f"settle action {action.number}, or withdraw it" for action in held.outstanding)
        raise Refusal("action-outstanding", "something was agreed that nobody has settled", names)
    said = {"by": command.actor, "reasons": command.reasons, "told": held.told(), **_about(contact)}
    yield on.go_on(held, (StrategyDiscussionCalledOff, said))


def _whole(held: StrategyDiscussion, on: Circumstances) -> None:
    """Raises Refusal that names every action without owner or day, and every needed partner who was not heard."""
    actions = []
    for action in held.incomplete:
        if action.owner is None:
            actions.append(f"give action {action.number} an owner")
        if action.due is None:
            actions.append(f"give action {action.number} a date")
    partners = [partner.name for partner in held.unheard(on.pack.strategy)]
    if actions or partners:
        missing = [f"action {action.number} has no {_lacks(action.owner, action.due)}" for action in held.incomplete]
        missing += [f"{name} neither came nor was consulted" for name in partners]
        allowed = (*actions, *(f"consult {name} by telephone, and record it" for name in partners))
        raise Refusal("action-incomplete" if actions else "partner-missing", "; ".join(missing), allowed)


def _lacks(owner: object, due: object) -> str:
    return " and no ".join(name for name, value in (("owner", owner), ("date", due)) if value is None)


def _may_begin(on: Circumstances) -> None:
    """One at a time, and where the work is done now."""
    contact = _contact(on)
    if contact.ending and contact.ending.successor:
        raise Refusal("closed", "the work goes on in another contact", ("decide it for the contact that followed",))
    if _is_under_way(on):
        raise Refusal("under-way", "a strategy discussion about this child is under way", ("close that one first",))


def _is_under_way(on: Circumstances) -> bool:
    return any(isinstance(one, StrategyDiscussion) and one.state in UNDER_WAY for one in on.beside)


def _known_partners(partners: Iterable[Slug], on: Circumstances) -> None:
    for partner in partners:
        if on.pack.strategy.partner(partner) is None:
            names = (f"{one.name} ({one.id})" for one in on.pack.strategy.partners)
            raise Refusal("unknown-partner", "the authority's policy has no such partner", names)


def _may_sit(seat: Seat, on: Circumstances) -> None:
    """Raises Refusal unless the agency may take the seat: nobody else's agency hears of the child (CO-8)."""
    _known_partners((seat.partner,), on)
    partner = on.pack.strategy.partner(seat.partner)
    agency = known_agency(on.pack, seat.agency) if seat.agency else None
    arrival = _contact(on).arrival
    # Who told us is nobody's to know, unless they did so for their agency (CO-5).
    referrer: AgencyId | None = arrival.agency if arrival.reply_to.kind == "professional" else None
    if partner is None or not partner.seats(agency, referrer):
        those = [one for one in on.pack.agencies if partner and partner.seats(one, referrer)]
        names = [f"{one.name} ({one.id})" for one in those] or ["the authority itself: name no agency"]
        raise Refusal("not-of-partner", "that agency does not take this seat", names)


def _has_ground(actor: Actor, ground: Slug, on: Circumstances) -> None:
    grounds = {one.id: one.name for one in on.pack.consent_grounds}
    if ground == CONSENT and consent_stands(_contact(on), on.pack):
        return
    if ground not in grounds:
        why = "no consent is recorded" if ground == CONSENT else "the authority's policy has no such ground"
        raise Refusal("unknown-ground", why, (f"{name} ({one})" for one, name in grounds.items()))
    on.needs(actor, "share-without-consent")


def _unsettled(held: StrategyDiscussion, number: int) -> None:
    if number not in {action.number for action in held.outstanding}:
        names = [f"action {action.number}" for action in held.outstanding] or ["none is outstanding"]
        raise Refusal("unknown-action", "no such action is outstanding", names)


def _about(contact: Contact) -> dict[str, object]:
    """What an agency is told of the child and the contact (CO-7)."""
    return {"reference": contact.reference, "child": contact.arrival.child.told()}


def _contact(on: Circumstances) -> Contact:
    if on.contact is None:
        raise ValueError("a strategy discussion belongs to a contact")
    return on.contact


def _after_contact(change: Change, on: Circumstances) -> Iterable[Done]:
    """A discussion begins with the authorisation of an outcome that needs one, unless it has led to enquiries already, and with
    a step-up that decides one. Never a second beside one that is under way."""
    if _is_under_way(on):
        return
    for event in change.events:
        if isinstance(event, ContactSteppedUp) and event.strategy:
            yield on.begin(StrategyDiscussion, StrategyDiscussionDecided, by=event.by, because=event.strategy)
        elif isinstance(event, ContactClosed) and _asks_for_one(event, change.contact, on):
            yield on.begin(
                StrategyDiscussion,
                StrategyDiscussionDecided,
                by=event.by,
                because=event.reasons,
                outcome=event.outcome,
            )


def _asks_for_one(closed: ContactClosed, contact: Contact, on: Circumstances) -> bool:
    return on.pack.outcome(closed.outcome).needs_strategy_discussion and contact.strategy in (None, "no-s47")


STRATEGY_DISCUSSION: Final = Kind(
    holds=StrategyDiscussion,
    deciders={
        DecideStrategyDiscussion: _decide,
        ReconveneStrategyDiscussion: _reconvene,
        InviteToStrategyDiscussion: _invite,
        ShareForStrategyDiscussion: _share,
        RecordStrategyAttendance: _attend,
        NoteStrategyAction: _note,
        SettleStrategyAction: _settle,
        HoldStrategyDiscussion: _hold,
        CloseStrategyDiscussion: _close,
        CallOffStrategyDiscussion: _call_off,
        **STANDING_STILL,
    },
    after_contact=_after_contact,
)
