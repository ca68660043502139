"""What the authority's own teams are told: references and times, no name of a child (SC-15, SC-16, ED-4, ED-5, ED-7)."""

from __future__ import annotations

from icart_common.policy.view import View


class TeamAlertView(View):
    """To a team or its manager: a clock that runs out or has run out, without any name (ED-4)."""

    AUDIENCE = "team"
    clock: str
    reference: str
    due: str
    state: str


class DecisionWaitsView(View):
    """To a manager whose turn it is, or to the front door when nobody is there: what waits, by its reference (SC-16)."""

    AUDIENCE = "team"
    reference: str
    since: str
    turn: str
    nobody: str | None = None
    """Words that stand there when everybody of the chain is away."""


class MeetingDecisionView(View):
    """To the duty worker, the assessment manager and admin: that the daily meeting decided (SC-15)."""

    AUDIENCE = "team"
    reference: str
    on: str


class NightAlertView(View):
    """To the night team: what the day team asks it to look out for (ED-7)."""

    AUDIENCE = "team"
    night: str
    about: str
    alert: str


class MorningReportView(View):
    """To the team: every child of the night by reference, section 47 enquiries first (ED-5)."""

    AUDIENCE = "team"
    night: str
    says: str
    lines: tuple[str, ...]
