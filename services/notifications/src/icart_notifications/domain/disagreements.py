"""Who is told of a disagreement: the agency how it stands, the front door and the board what they are to settle (SC-20)."""

from __future__ import annotations

from collections.abc import Iterable

from icart_common.contracts.disagreements import (
    DisagreementAnswered,
    DisagreementEvent,
    DisagreementRaised,
    DisagreementRaisedHigher,
    DisagreementResolved,
)
from icart_common.policy import PolicyPack
from icart_common.policy.views import DisagreementProgressView, DisagreementToSettleView
from icart_notifications.domain.leaving import ToSend
from icart_notifications.domain.letterhead import letterhead
from icart_notifications.domain.ways import Way, to_address, to_agency, to_front_door

_HIGHER = "if you are not content, raise it to the board"


def raised(event: DisagreementRaised, pack: PolicyPack) -> Iterable[ToSend]:
    """A receipt for the agency; the front door's managers settle it."""
    yield _progress(event, pack, "with the managers", None, "they answer you")
    yield _to_settle(event, pack, f"the managers of {pack.authority.front_door}", to_front_door(pack))


def answered(event: DisagreementAnswered, pack: PolicyPack) -> Iterable[ToSend]:
    """The answer."""
    by_board = event.stage == "board"
    stands = f"answered by {pack.board.name}" if by_board else "answered by the managers"
    yield _progress(event, pack, stands, event.answer, "how it ended is recorded" if by_board else _HIGHER)


def raised_higher(event: DisagreementRaisedHigher, pack: PolicyPack) -> Iterable[ToSend]:
    """The board settles it now; the front door knows."""
    yield _progress(event, pack, f"with {pack.board.name}", None, "the board answers you")
    ways = (*to_address(pack.authority.id, pack.board.email), *to_front_door(pack))
    yield _to_settle(event, pack, pack.board.name, ways)


def resolved(event: DisagreementResolved, pack: PolicyPack) -> Iterable[ToSend]:
    """How it ended; the board hears it of what it settled."""
    stands = "resolved: you were right in the main" if event.upheld else "resolved: the decision stands"
    board = to_address(pack.authority.id, pack.board.email) if event.stage == "board" else ()
    yield _progress(event, pack, stands, event.resolution, "nothing is open any more", board)


def _progress(
    event: DisagreementEvent,
    pack: PolicyPack,
    stands: str,
    said: str | None,
    next_step: str,
    also: tuple[Way, ...] = (),
) -> ToSend:
    view = DisagreementProgressView(
        **letterhead(pack), reference=event.reference, stands=stands, said=said, next_step=next_step
    )
    ways = (*to_agency(pack, event.agency), *also)
    return ToSend("disagreement-progress", view, ways, event.undertaking, event.reference, in_reply_to=event.submitted)


def _to_settle(
    event: DisagreementRaised | DisagreementRaisedHigher, pack: PolicyPack, addressee: str, ways: tuple[Way, ...]
) -> ToSend:
    agency = pack.known_agency(event.agency)
    view = DisagreementToSettleView(
        **letterhead(pack),
        addressee=addressee,
        reference=event.reference,
        agency=agency.name if agency else event.agency,
        about=event.about,
        because=event.because,
        wants=event.wants,
    )
    return ToSend("disagreement-to-settle", view, ways, event.undertaking, event.reference)
