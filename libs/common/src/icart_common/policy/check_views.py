"""What an agency sees of a check: the question, a reminder, that no answer is needed, what became of its answer (CO-7)."""

from __future__ import annotations

from icart_common.policy.view import View


class AgencyCheckView(View):
    """To an agency that is asked about a child: the questions and the identifiers they need, no more (CO-7)."""

    AUDIENCE = "agency"
    reference: str
    check: str | None = None
    """The id that an answer on the agency's topic of replies gives back; None when it has no such topic."""
    child_name: str
    child_born: str | None = None
    child_address: str | None = None
    child_nhs_number: str | None = None
    child_upn: str | None = None
    questions: tuple[str, ...]
    due: str | None = None


class CheckReminderView(View):
    """To an agency that has not answered: which question, by its reference alone (TM-11)."""

    AUDIENCE = "agency"
    reference: str
    asked: str
    due: str
    late: str | None = None
    """Words that stand there when its time is over."""


class CheckNotNeededView(View):
    """To an agency whose answer is no longer needed. It does not hear why."""

    AUDIENCE = "agency"
    reference: str


class CheckAnswerTakenView(View):
    """To an agency that answered by message: what became of its answer."""

    AUDIENCE = "agency"
    reference: str
    late: str | None = None
    repeat: str | None = None
    more: str | None = None
    not_needed: str | None = None
    """Words that stand there when it is so."""
