"""One `CINdetails` of the census: a referral, and what followed from it."""

from __future__ import annotations

from datetime import date
from typing import Any, Final, get_args

from icart_cli.feed.census_values import Found
from icart_cli.feed.xml import Element
from icart_common.contracts.base import SourceCode
from icart_common.contracts.cases import ClosureCode, NeedCode

_DATES: Final = {"CINclosureDate": "closed", "DateOfInitialCPC": "conference"}
_CODES: Final = {
    "ReferralSource": ("source", get_args(SourceCode)),
    "PrimaryNeedCode": ("need", get_args(NeedCode)),
    "ReasonForClosure": ("closure", get_args(ClosureCode)),
}
_LINES: Final = {
    "Assessments": ("assessment", "AssessmentActualStartDate", "AssessmentAuthorisationDate", "assessment"),
    "CINPlanDates": ("plan", "CINPlanStartDate", "CINPlanEndDate", "child in need plan"),
    "Section47": ("other", "S47ActualStartDate", None, "section 47 enquiry"),
}  # fmt: skip
"""Element: kind of line, its first day, its last, and what it is called."""
_PASSED_BY: Final = {
    "Assessments": {"AssessmentInternalReviewDate", "AssessmentFactors"},
    "CINPlanDates": set(),
    "Section47": {"InitialCPCtarget", "DateOfInitialCPC", "ICPCnotRequired"},
    "ChildProtectionPlans": {"LatestCategoryOfAbuse", "NumberOfPreviousCPP", "Reviews", "CPPreviewDate"},
}


def episode_of(
    details: Element, found: Found, history: list[dict[str, Any]], taken: set[str], team: str | None
) -> dict[str, Any] | None:
    """The episode of a `CINdetails`, and its lines of the chronology added to `history`. None when it has no referral date.

    The dates decide whether it is open: closed on or before the file's day, or begun after it (`planned`), it is not.
    """
    dated = details.all("CINreferralDate")
    opened = found.day(dated[0]) if dated else None
    if opened is None:
        found.rejected(
            details, "an episode without a date of referral", "give CINreferralDate: without it nothing is sent"
        )
        return None
    fields: dict[str, Any] = {"episode": _identifier(opened, taken), "opened": opened}
    for part in details.children:
        _take(part, fields, history, found)
    fields["status"] = status = _status(fields, details, found)
    if status == "open":
        if team:
            fields |= {"allocated": True, "team": team}
        if fields.get("no_further_action"):
            do = "check ReferralNFA: the dates decide, and it is sent as open"
            found.note(details, "an episode without further action that has no closure", do)
    if any(_runs(plan, found.today) for plan in fields.get("plans", ())):
        fields["kind"] = "child-protection"
    return fields


def _identifier(opened: str, taken: set[str]) -> str:
    """Census episodes have no id: the day of the referral, with a number when it has been used."""
    number = 1
    while (name := opened if number == 1 else f"{opened}-{number}") in taken:
        number += 1
    return name


def _take(part: Element, fields: dict[str, Any], history: list[dict[str, Any]], found: Found) -> None:
    value: Any
    if part.name in _DATES:
        name, value = _DATES[part.name], found.day(part)
    elif part.name in _CODES:
        name, codes = _CODES[part.name]
        value = found.code(part, codes)
    elif part.name == "ReferralNFA":
        name, value = "no_further_action", found.flag(part)
    elif part.name == "ChildProtectionPlans":
        name, plan = "plans", _plan(part, found)
        value = [*fields.get("plans", ()), plan] if plan else None
    elif part.name in _LINES:
        _line(part, history, found)
        return
    elif part.name == "CINreferralDate":
        return
    else:
        found.unknown(part)
        return
    if value is not None:
        fields[name] = value


def _status(fields: dict[str, Any], details: Element, found: Found) -> str:
    opened, closed = date.fromisoformat(fields["opened"]), fields.get("closed")
    if closed and date.fromisoformat(closed) < opened:
        found.note(details, "a closure before the referral", "check both dates: both are sent")
    if opened > found.today:
        return "planned"
    return "closed" if closed and date.fromisoformat(closed) <= found.today else "open"


def _plan(part: Element, found: Found) -> dict[str, Any] | None:
    plan: dict[str, Any] = {}
    for one in part.children:
        match one.name:
            case "CPPstartDate":
                plan["started"] = found.day(one)
            case "CPPendDate":
                plan["ended"] = found.day(one)
            case "InitialCategoryOfAbuse":
                plan["category"] = one.text or None
            case name if name in _PASSED_BY["ChildProtectionPlans"]:
                found.not_carried(one)
            case _:
                found.unknown(one)
    if plan.get("started"):
        return plan
    found.rejected(
        part, "a child protection plan without a start", "give CPPstartDate: without it the plan is not sent"
    )
    return None


def _runs(plan: dict[str, Any], day: date) -> bool:
    ended = plan.get("ended")
    return date.fromisoformat(plan["started"]) <= day and (not ended or date.fromisoformat(ended) > day)


def _line(part: Element, history: list[dict[str, Any]], found: Found) -> None:
    """A line of the chronology; what lies ahead is noted, and has not happened."""
    kind, first, last, called = _LINES[part.name]
    days: dict[str, str | None] = {}
    for one in part.children:
        if one.name in {first, last}:
            days[one.name] = found.day(one)
        elif one.name in _PASSED_BY[part.name]:
            found.not_carried(one)
        else:
            found.unknown(one)
    began, ended = days.get(first), days.get(last or "")
    if not began:
        found.rejected(part, f"a record without {first}", f"give {first}: without it this record is not sent")
    elif date.fromisoformat(began) <= found.today:
        done = f", ended {ended}" if ended and date.fromisoformat(ended) <= found.today else ""
        history.append({"on": began, "kind": kind, "outcome": f"{called}{done}"})
