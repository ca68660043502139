"""A case for every form: who fills it in and with what, and what of it the command has to hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from icart_common.contracts.decisions import chain_id
from icart_common.contracts.handover import handover_id
from icart_common.contracts.meetings import meeting_id
from services.gateway.tests.conftest import NOW

SIBLING = UUID("0198c2a4-7d07-7007-8007-4f6a1b2c0777")


def day(name: str) -> dict[str, str]:
    """A day as its three boxes send it."""
    return {name: "16", f"{name}-month": "11", f"{name}-year": "2026"}


def moment(name: str) -> dict[str, str]:
    return {**day(name), f"{name}-time": "09:30"}


HALF_PAST_NINE = "2026-11-16T09:30:00Z"


@dataclass(frozen=True)
class Case:
    """A form, who fills it in and with what, and what of it the command has to hold."""

    slug: str
    typed: Mapping[str, Any]
    holds: Mapping[str, Any]
    who: str = "w1 social-worker"
    state: str = "allocated"
    """Of the contact; or where the pages are of what belongs to no life."""
    told: tuple[str, ...] = ()
    """Events by which its undertaking came to where it is."""
    part: str = ""
    authority: str = "halton"
    changes: Mapping[str, Any] = field(default_factory=dict)
    """To the last of those events; of what belongs to no life, to each."""
    service: str = "screening"
    """Which it is sent to."""


M1, YORK = "m1 social-work-manager", "a1 advice-manager"
FROM_THE_PAGE = ("NOTICE", "SOURCE", "HELD", "PLAN", "OUTCOME", "FLAG", "ENQUIRY", "ITEM", "TASK")
WHY = {"reason": "as agreed"}
CASES = (
    Case(
        "triage",
        {"strand": "safeguarding", "urgency": "urgent", **WHY},
        {"strand": "safeguarding", "urgency": "urgent", **WHY},
        M1,
        "arrived",
    ),
    Case("step-up-now", {**WHY, "crime": "seen twice"}, {**WHY, "crime": "seen twice"}, M1, "arrived"),
    Case("tell-police", {"concern": "bruises"}, {"concern": "bruises"}, M1, "arrived"),
    Case("pause-clocks", WHY, WHY, M1, "arrived"),
    Case("resume-clocks", WHY, WHY, M1, "arrived"),
    Case(
        "record-consent",
        {
            "consent.person": "p2",
            "consent.status": "given",
            "consent.sought_by": "Robin",
            **moment("consent.when"),
            "consent.how": "by telephone",
        },
        {
            "consent": {
                "person": "p2",
                "status": "given",
                "sought_by": "Robin",
                "when": HALF_PAST_NINE,
                "how": "by telephone",
            }
        },
        M1,
        "arrived",
    ),
    Case(
        "record-privacy-notice",
        {"notice.person": "p2", "notice.shown_by": "Robin", **moment("notice.when")},
        {"notice": {"person": "p2", "shown_by": "Robin", "when": HALF_PAST_NINE}},
        M1,
        "arrived",
    ),
    Case("include-sibling", {"person": str(SIBLING), **WHY}, {"person": str(SIBLING), **WHY}, M1, "arrived"),
    Case("dismiss-sibling", {"person": str(SIBLING), **WHY}, {"person": str(SIBLING), **WHY}, M1, "arrived"),
    Case("separate-notice", {"notice": "NOTICE", **WHY}, WHY, M1, "with a notice"),
    Case(
        "copy-from-sibling",
        {"source": "SOURCE", "sections": ["contact-record"], "decision": "no"},
        {"sections": ["contact-record"], "decision": False},
        state="sibling",
    ),
    Case("allocate", {"worker": "other", "worker_number": "w7", **WHY}, {"worker": "w7", **WHY}, M1),
    Case(
        "record-section",
        {"text": "what I found", "statements.needs": "a warm meal"},
        {"section": "contact-record", "text": "what I found", "statements": {"needs": "a warm meal"}},
        part="contact-record",
    ),
    Case(
        "correct-record",
        {"text": "what is right", **WHY},
        {"section": "contact-record", "text": "what is right", **WHY},
        state="submitted",
        part="contact-record",
    ),
    Case(
        "submit",
        {
            "level": "3",
            "outcome": "assessment-s17",
            "reasons": "hungry",
            "need_code": "N1",
            "factors": "poverty\nisolation",
            "without_consent": "crime",
        },
        {
            "level": 3,
            "outcome": "assessment-s17",
            "reasons": "hungry",
            "need_code": "N1",
            "factors": ["poverty", "isolation"],
            "without_consent": "crime",
        },
    ),
    Case("abandon", {"reason": "of another town"}, {"reason": "of another town"}),
    Case("authorise", {"note": "well done"}, {"note": "well done"}, "m2 social-work-manager", "submitted"),
    Case(
        "send-back",
        {"actions": "ask the school\nask the GP"},
        {"actions": ["ask the school", "ask the GP"]},
        "m2 social-work-manager",
        "submitted",
    ),
    Case(
        "close-advice",
        {"outcome": "OUTCOME", "reasons": "advice was enough"},
        {"reasons": "advice was enough"},
        "w1 advice-worker",
        authority="york",
    ),
    Case(
        "request-check",
        {"agencies": ["brackenfield-high"], "questions": [], "parents_told": "the school"},
        {"rule": "education", "agencies": ["brackenfield-high"], "parents_told": "the school"},
        part="education",
    ),
    Case(
        "record-check-answer",
        {"answer": "nothing known", "answered_by": "the desk"},
        {"answer": "nothing known", "answered_by": "the desk"},
        told=("check-requested",),
    ),
    Case("cancel-check", WHY, WHY, told=("check-requested",)),
    Case("pause-undertaking-clocks", WHY, WHY, M1, told=("check-requested",)),
    Case("resume-undertaking-clocks", WHY, WHY, M1, told=("check-requested",)),
    Case(
        "authorise-sharing",
        {"agencies": ["cheshire-police"], "ground": "crime", "reasons": "at once"},
        {"agencies": ["cheshire-police"], "ground": "crime", "reasons": "at once"},
        M1,
    ),
    Case("withdraw-sharing", WHY, WHY, M1, told=("sharing-authorised",)),
    Case(
        "decide-not-to-share",
        {"agency": "cheshire-police", "ground": "not-needed", "reasons": "no need"},
        {"agency": "cheshire-police", "ground": "not-needed", "reasons": "no need"},
    ),
    Case("decide-strategy-discussion", {"because": "harm"}, {"because": "harm"}, M1),
    Case(
        "reconvene-strategy-discussion",
        {"undertaking": "HELD", "because": "new facts"},
        {"because": "new facts"},
        M1,
        told=("strategy-discussion-decided", "strategy-discussion-held"),
    ),
    Case(
        "invite-to-strategy-discussion",
        {"seats": ["police:cheshire-police"], **moment("meets_at"), "how": "by video"},
        {"seats": [{"partner": "police", "agency": "cheshire-police"}], "meets_at": HALF_PAST_NINE, "how": "by video"},
        told=("strategy-discussion-decided",),
    ),
    Case(
        "share-for-strategy-discussion",
        {"agency": "cheshire-police", "information": "what was seen", "ground": "consent"},
        {"agency": "cheshire-police", "information": "what was seen", "ground": "consent"},
        told=("strategy-discussion-decided", "strategy-partners-invited"),
        changes={"seats": [{"partner": "police", "agency": "cheshire-police"}]},
    ),
    Case(
        "record-strategy-attendance",
        {"seat": "police:cheshire-police", "took_part": "came", "who": "the sergeant"},
        {"seat": {"partner": "police", "agency": "cheshire-police"}, "took_part": "came", "who": "the sergeant"},
        told=("strategy-discussion-decided",),
    ),
    Case(
        "note-strategy-action",
        {"what": "see the child", "owner.who": "the duty worker", **day("due")},
        {"what": "see the child", "owner": {"who": "the duty worker"}, "due": "2026-11-16"},
        told=("strategy-discussion-decided",),
    ),
    Case(
        "settle-strategy-action",
        {"number": "1", "how": "done", "note": "seen"},
        {"number": 1, "how": "done", "note": "seen"},
        told=("strategy-discussion-decided", "strategy-action-noted"),
        changes={"number": 1},
    ),
    Case(
        "hold-strategy-discussion",
        moment("held_at"),
        {"held_at": HALF_PAST_NINE},
        told=("strategy-discussion-decided",),
    ),
    Case(
        "close-strategy-discussion",
        {"outcome": "s47-joint", "reasons": "harm"},
        {"outcome": "s47-joint", "reasons": "harm"},
        M1,
        told=("strategy-discussion-decided", "strategy-discussion-held"),
    ),
    Case(
        "call-off-strategy-discussion",
        {"reasons": "a mistake"},
        {"reasons": "a mistake"},
        M1,
        told=("strategy-discussion-decided",),
    ),
    Case(
        "ask-step-up",
        {"agency": "hearthside-halton", "lead_professional": "Bertrand"},
        {"agency": "hearthside-halton", "lead_professional": "Bertrand"},
    ),
    Case(
        "review-step-up", {"level": "3", "reasons": "worse"}, {"level": 3, "reasons": "worse"}, told=("step-up-asked",)
    ),
    Case(
        "record-step-up-meeting",
        {
            **moment("held_at"),
            "attended.person": "w1",
            "recommendations": "an assessment",
            "assessment": "yes",
            "reasons": "worse",
        },
        {"held_at": HALF_PAST_NINE, "recommendations": ["an assessment"], "assessment": True, "reasons": "worse"},
        told=("step-up-asked", "step-up-agreed"),
    ),
    Case(
        "authorise-step-up",
        {"need_code": "N1", "factors": "neglect"},
        {"need_code": "N1", "factors": ["neglect"]},
        "m2 social-work-manager",
        "closed",
        told=("step-up-asked", "step-up-agreed", "step-up-met"),
    ),
    Case("override-step-up", {"because": "harm"}, {"because": "harm"}, told=("step-up-asked",)),
    Case(
        "step-down",
        {"service": "hearthside-halton", "plan_kind": "PLAN", "plan": "weekly visits", "because": "better"},
        {"service": "hearthside-halton", "plan": "weekly visits", "because": "better"},
        state="closed",
    ),
    Case(
        "take-up-step-down",
        day("first_meeting"),
        {"first_meeting": "2026-11-16"},
        state="closed",
        told=("stepped-down",),
    ),
    Case("return-step-down", {"because": "moved"}, {"because": "moved"}, state="closed", told=("stepped-down",)),
    Case("record-screening-tool", {"EVERY": "not-known"}, {}, part="TOOL"),
    Case("begin-profile", {"adults": ["p2", "p3"]}, {"adults": ["p2", "p3"]}),
    Case(
        "record-profile-flag",
        {"flag": "FLAG", "answer": "yes", "source": "the school"},
        {"answer": "yes", "source": "the school"},
        told=("profile-begun",),
        changes={"adults": ["p2"]},
    ),
    Case("complete-profile", {"summary": "known"}, {"summary": "known"}, told=("profile-begun",)),
    Case(
        "raise-disagreement",
        {"agency": "brackenfield-high", "about": "the outcome", "because": "worse", "wants": "a visit"},
        {"agency": "brackenfield-high", "about": "the outcome", "because": "worse", "wants": "a visit"},
    ),
    Case("answer-disagreement", {"answer": "it stands"}, {"answer": "it stands"}, M1, told=("disagreement-raised",)),
    Case("raise-higher", {"because": "not content"}, {"because": "not content"}, told=("disagreement-raised",)),
    Case(
        "resolve-disagreement",
        {"resolution": "a visit", "upheld": "yes"},
        {"resolution": "a visit", "upheld": True},
        M1,
        told=("disagreement-raised",),
    ),
    Case(
        "prepare-meeting",
        day("on"),
        {"on": "2026-11-16", "undertaking": str(meeting_id("york", NOW.date()))},
        YORK,
        "authority",
        authority="york",
    ),
    Case(
        "decide-at-meeting",
        {
            "enquiry": "ENQUIRY",
            "outcome": "no-further-action",
            "level": "1",
            "reasons": "well",
            "plan": "visits",
            "tasks.1.what": "call",
            "tasks.1.owner": "the school",
            **day("tasks.1.by"),
        },
        {
            "outcome": "no-further-action",
            "level": 1,
            "reasons": "well",
            "plan": "visits",
            "tasks": [{"what": "call", "owner": "the school", "by": "2026-11-16"}],
        },
        YORK,
        "authority",
        ("meeting-called", "enquiry-listed", "meeting-prepared"),
        authority="york",
    ),
    Case(
        "tick-off-task",
        {"task": "TASK"},
        {"authority": "york"},
        YORK,
        "authority",
        ("meeting-called", "enquiry-listed", "meeting-prepared", "enquiry-decided"),
        authority="york",
    ),
    Case(
        "end-meeting",
        {},
        {"authority": "york"},
        YORK,
        "authority",
        ("meeting-called", "enquiry-listed", "meeting-prepared"),
        authority="york",
    ),
    Case(
        "alert-night-team",
        {**day("night"), "about": "QK7WM-3HXPA", "alert": "look out"},
        {
            "night": "2026-11-16",
            "about": "QK7WM-3HXPA",
            "alert": "look out",
            "undertaking": str(handover_id("halton", NOW.date())),
        },
        state="authority",
    ),
    Case("accept-item", {"item": "ITEM"}, {}, state="authority", told=("night-alert-raised",)),
    Case("report-night", day("night"), {"night": "2026-11-16"}, state="authority"),
    Case(
        "mark-away",
        {"person": "m1", "role": "social-work-manager", **moment("since"), **moment("until")},
        {
            "person": "m1",
            "role": "social-work-manager",
            "since": HALF_PAST_NINE,
            "undertaking": str(chain_id("halton")),
        },
        M1,
        "authority",
    ),
    Case(
        "mark-back",
        {"person": "m1", "role": "social-work-manager", **moment("absence")},
        {"person": "m1", "absence": HALF_PAST_NINE, "undertaking": str(chain_id("halton"))},
        M1,
        "authority",
    ),
)
