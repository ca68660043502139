"""A case for every form about what belongs to no life: who is who, the police's reports, statutory notices."""

from __future__ import annotations

from icart_common.contracts.cases import Services
from services.gateway.tests.cases_of_forms import M1, WHY, Case
from services.gateway.tests.contacts_told import CHILD, OTHER_CHILD

NO_SERVICE = Services().model_dump()
BESIDE_LIVES = (
    Case(
        "decide-match",
        {"same": "yes", **WHY},
        {"same": True, "seen_version": 1, **WHY},
        state="/matches",
        told=("icart.intake.match-offered.v1",),
        service="intake",
    ),
    Case(
        "propose-merge",
        {"stays": str(CHILD), **WHY},
        {"stays": str(CHILD), "goes": str(OTHER_CHILD), "authority": "halton", **WHY},
        state="/people",
        service="intake",
    ),
    Case(
        "approve-merge",
        {"note": "both schools agree"},
        {"seen_version": 1, "note": "both schools agree"},
        M1,
        "/merges",
        ("icart.intake.merge-proposed.v1",),
        service="intake",
    ),
    Case("refuse-merge", WHY, WHY, M1, "/merges", ("icart.intake.merge-proposed.v1",), service="intake"),
    Case(
        "undo-merge",
        WHY,
        {"seen_version": 2, **WHY},
        M1,
        "/merges",
        ("icart.intake.merge-proposed.v1", "icart.intake.people-merged.v1"),
        service="intake",
    ),
    Case(
        "undo-link",
        WHY,
        {"seen_version": 1, **WHY},
        state="/mentions",
        told=("icart.intake.mention-moved.v1",),
        service="intake",
    ),
    Case(
        "primary-assess",
        {"checks": "PNC\nNiche", "decision": "secondary", **WHY},
        {"checks": ["PNC", "Niche"], "decision": "secondary", "routes": [], "seen_version": 2, **WHY},
        "p1 intelligence-review-officer",
        "/assessments",
        ("icart.police-vpa.recorded.v1", "icart.police-vpa.proposed.v1"),
        service="police-vpa",
    ),
    Case(
        "secondary-assess",
        {
            "decision": "refer",
            **WHY,
            "routes.1.route": "icart",
            "routes.1.recorded_as": "contact-and-referral",
            "marac": "yes",
        },
        {
            "decision": "refer",
            "marac": True,
            "seen_version": 3,
            "routes": [{"child": "p1", "route": "icart", "recorded_as": "contact-and-referral", **WHY}],
        },
        "p2 detective-sergeant",
        "/assessments",
        ("icart.police-vpa.recorded.v1", "icart.police-vpa.proposed.v1", "icart.police-vpa.assessed.v1"),
        changes={"decision": "secondary"},
        service="police-vpa",
    ),
    Case(
        "answer-notice",
        {
            "answers.1.services": ["child_in_need", "caf"],
            "answers.1.open_case": "yes",
            "answers.1.lead": "Area Team South",
            "remarks": "Seen this morning",
        },
        {
            "seen_version": 2,
            "answers": [
                {
                    "ref": "p1",
                    "known": True,
                    "services": {**NO_SERVICE, "child_in_need": True, "caf": True},
                    "open_case": True,
                    "lead": "Area Team South",
                }
            ],
            "remarks": "Seen this morning",
        },
        "c1 contact-officer",
        "/notices",
        ("icart.notifications.notice-recorded.v1", "icart.notifications.notice-checked.v1"),
        service="notifications",
    ),
)
