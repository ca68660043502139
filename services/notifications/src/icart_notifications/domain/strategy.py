"""What agencies are told of a strategy discussion, and the police of a suspected crime (SC-12, SC-14).

An invitation says which child, when and how; nothing of what happened, and nothing of who told us (CO-5, CO-7).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from icart_common.contracts.at_once import PoliceTold
from icart_common.contracts.base import AgencyId
from icart_common.contracts.strategy import (
    AgreedAction,
    Attendance,
    StrategyDiscussionCalledOff,
    StrategyDiscussionClosed,
    StrategyInformationShared,
    StrategyOutcome,
    StrategyPartnersInvited,
    TookPart,
)
from icart_common.policy import PolicyPack
from icart_common.policy.strategy_views import (
    StrategyCalledOffView,
    StrategyInformationView,
    StrategyInvitationView,
    StrategyRecordView,
)
from icart_common.policy.views import (
    CrimeToPoliceView,
)
from icart_common.policy.wording import (
    NOT_GIVEN,
    day_in_words,
    instant_in_words,
)
from icart_notifications.domain.leaving import ToSend
from icart_notifications.domain.letterhead import letterhead
from icart_notifications.domain.told_child import named, whole
from icart_notifications.domain.ways import to_agency, to_kind

_BRING: Final = "what your agency knows of the child and the family, and who works with them"
_OUTCOMES: Final[dict[StrategyOutcome, str]] = {
    "s47-single": "enquiries under section 47, by social care alone",
    "s47-joint": "enquiries under section 47, by social care together with the police",
    "no-s47": "no enquiries under section 47",
}
_TOOK_PART: Final[dict[TookPart, str]] = {
    "came": "came",
    "by-telephone": "consulted by telephone",
    "absent": "did not take part",
}


def crime(event: PoliceTold, pack: PolicyPack) -> Iterable[ToSend]:
    """A suspected crime against a child, to the police at once (SC-12)."""
    view = CrimeToPoliceView(
        **letterhead(pack),
        reference=event.reference,
        **whole(event.child),
        concern=event.concern,
    )
    yield ToSend("crime-to-police", view, to_kind(pack, "police"), event.contact, event.reference)


def invited(event: StrategyPartnersInvited, pack: PolicyPack) -> Iterable[ToSend]:
    """Each agency that was asked, once."""
    view = StrategyInvitationView(
        **letterhead(pack),
        reference=event.reference,
        **whole(event.child),
        meets=instant_in_words(event.meets_at),
        how=event.how,
        bring=_BRING,
        reconvened="It follows an earlier discussion." if event.reconvened else None,
    )
    for agency in dict.fromkeys(seat.agency for seat in event.seats if seat.agency):
        yield ToSend("strategy-invitation", view, to_agency(pack, agency), event.undertaking, event.reference)


def shared(event: StrategyInformationShared, pack: PolicyPack) -> Iterable[ToSend]:
    """What one agency is given beforehand (CO-8)."""
    grounds = {ground.id: ground.name for ground in pack.consent_grounds}
    view = StrategyInformationView(
        **letterhead(pack),
        reference=event.reference,
        child_name=named(event.child)["child_name"],
        information=event.information,
        ground=grounds.get(event.ground, "the family agreed"),
    )
    yield ToSend("strategy-information", view, to_agency(pack, event.agency), event.undertaking, event.reference)


def closed(event: StrategyDiscussionClosed, pack: PolicyPack) -> Iterable[ToSend]:
    """The record, to every agency that was asked or took part."""
    view = StrategyRecordView(
        **letterhead(pack),
        reference=event.reference,
        **named(event.child),
        held=instant_in_words(event.held_at),
        took_part=tuple(_took_part(one, pack) for one in event.attendance),
        outcome=_OUTCOMES[event.outcome],
        reasons=event.reasons,
        actions=tuple(_action(one, pack) for one in event.actions if one.settled != "withdrawn"),
    )
    for agency in event.told:
        yield ToSend("strategy-record", view, to_agency(pack, agency), event.undertaking, event.reference)


def called_off(event: StrategyDiscussionCalledOff, pack: PolicyPack) -> Iterable[ToSend]:
    """To every agency that was asked: it does not take place."""
    view = StrategyCalledOffView(**letterhead(pack), reference=event.reference, **named(event.child))
    for agency in event.told:
        yield ToSend("strategy-called-off", view, to_agency(pack, agency), event.undertaking, event.reference)


def _took_part(one: Attendance, pack: PolicyPack) -> str:
    """By the agency's name: that of its seat could say whose contact it was (CO-5)."""
    who = f", {one.who}" if one.who else ""
    return f"{_agency(one.seat.agency, pack)}{who}: {_TOOK_PART[one.took_part]}"


def _action(one: AgreedAction, pack: PolicyPack) -> str:
    owner = f"{one.owner.who} ({_agency(one.owner.agency, pack)})" if one.owner else NOT_GIVEN
    done = ", done" if one.settled == "done" else ""
    return f"{one.number}. {one.what} {owner}, by {day_in_words(one.due) if one.due else NOT_GIVEN}{done}"


def _agency(agency: AgencyId | None, pack: PolicyPack) -> str:
    if agency is None:
        return pack.authority.name
    held = pack.known_agency(agency)
    return held.name if held else agency
