"""What a case system is told of its own feed (IN-5, IN-17)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from icart_common.contracts.cases import LoadSettled, LoadState, RecordRemarked
from icart_common.policy import PolicyPack
from icart_common.policy.views import CaseLoadView, RecordRemarkedView
from icart_notifications.domain.leaving import ToSend
from icart_notifications.domain.letterhead import letterhead
from icart_notifications.domain.referrers import reasons_of
from icart_notifications.domain.ways import to_agency

_WORDS: Final[Mapping[LoadState, tuple[str, str]]] = {
    "complete": ("complete", "nothing"),
    "not-begun": (
        "its beginning is missing, so nobody was marked as no longer held",
        "send its beginning, or a new full load with an id of its own",
    ),
    "too-few": (
        "fewer people came than its end says, so nobody was marked as no longer held",
        "send those that were refused or left out, or the end again with the right number, or a new full load",
    ),
    "too-many": (
        "more people came than its end says, so nobody was marked as no longer held",
        "send the end again with the right number, or a new full load with an id of its own",
    ),
    "too-small": (
        "it leaves out so many of those who were held that nobody was marked: it looks like a part of the whole",
        "look whether it is whole. If it is, send its end again with accepts_fewer; else send a new full load",
    ),
    "broken-off": (
        "it broke off: its end did not come, so nobody was marked as no longer held",
        "send the rest and the end, or a new full load with an id of its own",
    ),
    "superseded": ("a later full load is complete, so this one is not waited for", "nothing"),
}
"""What came of a load, and what to do."""


def settled(event: LoadSettled, pack: PolicyPack) -> Iterable[ToSend]:
    """What came of a full load, to the case system that sent it."""
    outcome, what_to_do = _WORDS[event.state]
    counts = [
        f"{number} {words}"
        for number, words in (
            (event.said, "people named by its end"),
            (event.heard, "people heard"),
            (event.no_longer_held, "people no longer held"),
            (event.would_leave_out, "people would be no longer held"),
        )
        if number is not None
    ]
    view = CaseLoadView(
        **letterhead(pack),
        load=str(event.load),
        outcome=outcome,
        counts=", ".join(counts) or "not counted",
        what_to_do=what_to_do,
    )
    yield ToSend("case-load-settled", view, to_agency(pack, event.agency), event.load, str(event.load))


def remarked(event: RecordRemarked, pack: PolicyPack) -> Iterable[ToSend]:
    """What to look at in a record, to the case system that sent it."""
    view = RecordRemarkedView(**letterhead(pack), case_number=event.number, reasons=reasons_of(event.problems))
    yield ToSend("case-record-remarked", view, to_agency(pack, event.agency), event.remark, event.number)
