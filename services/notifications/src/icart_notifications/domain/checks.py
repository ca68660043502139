"""What an agency is told of a check: the question, a reminder, that no answer is needed, what became of its answer (CO-7).

Each goes to the agency that is asked and to nobody else: its own topic, or its secure mailboxes when it has none (CO-8).
"""

from __future__ import annotations

from collections.abc import Iterable

from icart_common.contracts.checks import CheckCancelled, CheckChased, CheckReplied, CheckRepliedAgain, CheckRequested
from icart_common.contracts.ids import reference
from icart_common.policy import PolicyPack
from icart_common.policy.check_views import AgencyCheckView, CheckAnswerTakenView, CheckNotNeededView, CheckReminderView
from icart_common.policy.wording import born_in_words, instant_in_words, name_in_words
from icart_notifications.domain.leaving import ToSend
from icart_notifications.domain.letterhead import letterhead
from icart_notifications.domain.ways import to_agency


def asked(event: CheckRequested, pack: PolicyPack) -> Iterable[ToSend]:
    """The pack's questions, and the identifiers that they need. Nothing of the contact but these is in the event's `about`."""
    if event.agency is None:
        return
    child, agency = event.about, pack.known_agency(event.agency)
    view = AgencyCheckView(
        **letterhead(pack),
        reference=reference(event.undertaking),
        check=str(event.undertaking) if agency is not None and "replies" in agency.may_write else None,
        child_name=name_in_words(child.given_name, child.family_name),
        child_born=born_in_words(child.born, child.expected) if child.born or child.expected else None,
        child_address=child.address,
        child_nhs_number=child.nhs_number,
        child_upn=child.upn,
        questions=event.questions,
        due=instant_in_words(event.due) if event.due else None,
    )
    yield ToSend("agency-check", view, to_agency(pack, event.agency), event.undertaking, view.reference)


def reminded(event: CheckChased, pack: PolicyPack) -> Iterable[ToSend]:
    """Which question still waits, without whom it is about (TM-11)."""
    view = CheckReminderView(
        **letterhead(pack),
        reference=reference(event.undertaking),
        asked=instant_in_words(event.asked_at),
        due=instant_in_words(event.due),
        late="late" if event.late else None,
    )
    yield ToSend("agency-check-reminder", view, to_agency(pack, event.agency), event.undertaking, view.reference)


def cancelled(event: CheckCancelled, pack: PolicyPack) -> Iterable[ToSend]:
    """That no answer is needed any more. Why is not the agency's to know."""
    if event.agency is not None:
        view = CheckNotNeededView(**letterhead(pack), reference=reference(event.undertaking))
        yield ToSend("agency-check-not-needed", view, to_agency(pack, event.agency), event.undertaking, view.reference)


def answered(event: CheckReplied | CheckRepliedAgain, pack: PolicyPack) -> Iterable[ToSend]:
    """What became of an answer that came by message; whoever answered by telephone has been thanked there."""
    if event.agency is None or event.way != "message":
        return
    because = event.because if isinstance(event, CheckRepliedAgain) else None
    view = CheckAnswerTakenView(
        **letterhead(pack),
        reference=reference(event.undertaking),
        late="late" if event.late and because is None else None,
        repeat="repeat" if because == "repeat" else None,
        more="more" if because == "more" else None,
        not_needed="not needed" if because == "after-cancellation" else None,
    )
    yield ToSend("agency-answer-taken", view, to_agency(pack, event.agency), event.undertaking, view.reference)
