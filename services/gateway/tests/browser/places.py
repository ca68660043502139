"""Every page of the gateway: where it is, who looks at it, and what has to have come for something to stand on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from playwright.async_api import Page

from icart_common.contracts.ids import derived_id
from icart_common.contracts.meetings import meeting_id
from icart_common.testing import example
from icart_gateway.ops.runbook import runbook
from icart_gateway.pages.forms.place import MATTERS
from services.gateway.tests.browser.conftest import Desk
from services.gateway.tests.conftest import FAILS, NOW, Gateway
from services.gateway.tests.contacts_told import (
    CHILD,
    MENTION,
    OTHER_CHILD,
    RECEIVED,
    contact_id,
    opened,
    received,
    two_children,
)
from services.gateway.tests.test_contact_page import a_contact
from services.gateway.tests.test_mornings import NIGHT, of_night

MANAGER, WORKER, OPERATOR = "social-work-manager", "social-worker", "operations"
CONTACT: Final = f"/contacts/{contact_id(1)}"
UNKNOWN: Final = f"/contacts/{contact_id(99)}"
OFFER: Final = "0198c2a4-7d02-7002-8002-000000000001"
LETTER: Final = "0198c2a4-7d17-7017-8017-4f6a1b2c0017"
MERGE: Final = "0198c2a4-7d02-7002-8002-000000000002"
REPORT: Final = "0198c2a4-7d03-7003-8003-4f6a1b2c0003"
NOTICE: Final = "0198c2a4-7d04-7004-8004-4f6a1b2c0004"
"""As the examples of their messages say."""
NO_PAGES: Final = {
    "/": "leads on to the first page of one's menu",
    "/static/{name}": "style and script",
    "/sign-in": "leads on to the identity provider",
    "/sign-in/back": "leads on to where one was",
    "/live": "a stream",
    "/live/since": "what an open page asks",
    "/present/{subject}": "a part of a page",
    "/answers/{message}": "a part of a page",
    "/performance/{name}.csv": "a file",
    "/contacts/{contact}/documents/{document}": "a file",
    "/contacts/{contact}/record/{reader}.{form}": "a file",
    "/local-sign-in/.well-known/openid-configuration": "what programs read",
    "/local-sign-in/keys": "what programs read",
}
"""Routes that answer GET with no page, and why."""


@dataclass(frozen=True)
class Place:
    """A page, and who looks at it."""

    picture: str
    route: str
    address: str = ""
    """Where the route has something in it that stands for others."""
    role: str = MANAGER
    """Empty: nobody is signed in."""
    authority: str = "halton"

    async def open(self, desk: Desk) -> Page:
        """Look at it."""
        if self.role:
            await desk.sign_in("w-101", self.role, authority=self.authority)
        else:
            await desk.context.clear_cookies()
        return await desk.go(self.address or self.route)


EMPTY: Final = (
    Place("desktops-empty", "/desktops"),
    Place("allocation-empty", "/allocation"),
    Place("drafts-empty", "/drafts"),
    Place("night-empty", "/nights"),
    Place("meeting-empty", "/meetings", role="advice-manager", authority="york"),
    Place("meeting-none", "/meetings"),
    Place("matches-empty", "/matches"),
    Place("guarding-empty", "/guarding"),
    Place("police-reports-empty", "/assessments"),
    Place("notices-empty", "/notices"),
    Place("notices-none", "/notices", role="advice-manager", authority="york"),
    Place("take-a-referral", "/referrals"),
    Place("performance-empty", "/performance"),
    Place("letters-empty", "/ops/dead-letters", role=OPERATOR),
    Place("deliveries-empty", "/ops/deliveries", role=OPERATOR),
)
"""Before anything has come."""
FULL: Final = (
    Place("desktops", "/desktops"),
    Place("desktops-triage", "/desktops", "/desktops?stage=triage"),
    Place("desktops-none-like-that", "/desktops", "/desktops?late=1&stage=authorisation"),
    Place("allocation", "/allocation"),
    Place("contact", "/contacts/{contact}", CONTACT, WORKER),
    Place("contact-forms", "/contacts/{contact}/do", f"{CONTACT}/do"),
    Place("contact-reads", "/contacts/{contact}/reads", f"{CONTACT}/reads"),
    Place("contact-form", "/contacts/{contact}/do/{step}", f"{CONTACT}/do/record-section", WORKER),
    Place("search", "/search"),
    Place("matches", "/matches"),
    Place("match", "/matches/{offer}", f"/matches/{OFFER}"),
    Place("merge", "/merges/{merge}", f"/merges/{MERGE}"),
    Place("mention", "/mentions/{mention}", f"/mentions/{MENTION}"),
    Place("two-people", "/people/{one}/and/{other}", f"/people/{CHILD}/and/{OTHER_CHILD}"),
    Place("police-reports", "/assessments"),
    Place("police-report", "/assessments/{vpa}", f"/assessments/{REPORT}"),
    Place("notices", "/notices"),
    Place("notice", "/notices/{notice}", f"/notices/{NOTICE}", "contact-officer"),
    Place("night", "/nights/{day}", f"/nights/{NIGHT}"),
    Place("meeting", "/meetings/{day}", f"/meetings/{NOW.date()}", "advice-manager", "york"),
    Place("front-door-forms", "/do"),
    Place("front-door-form", "/do/{step}", "/do/mark-away"),
    Place("guarding", "/guarding"),
    Place("own-family", "/own-family", role=WORKER),
    Place("break-glass", "/contacts/{contact}/break-glass", f"/contacts/{contact_id(3)}/break-glass", WORKER),
    Place("performance", "/performance"),
    Place("ops", "/ops", role=OPERATOR),
    Place("ops-letters", "/ops/dead-letters", role=OPERATOR),
    Place("ops-letter", "/ops/dead-letters/{identifier}", f"/ops/dead-letters/{LETTER}", OPERATOR),
    Place("ops-deliveries", "/ops/deliveries", role=OPERATOR),
    Place("ops-topics", "/ops/topics", role=OPERATOR),
    Place("ops-runbook", "/ops/runbook", role=OPERATOR),
    Place("ops-chapter", "/ops/runbook/{name}", f"/ops/runbook/{next(iter(runbook()))}", OPERATOR),
    Place("role", "/role"),
    Place("error-403-role", "/ops", role=WORKER),
    Place("error-404", "/contacts/{contact}", UNKNOWN),
    Place("error-404-anywhere", "/desktops", "/nothing-here"),
    Place("error-404-runbook", "/ops/runbook/{name}", "/ops/runbook/none", OPERATOR),
    Place("error-500", "/desktops", FAILS),
    Place("error-422-address", "/nights/{day}", "/nights/no-day"),
    Place("api-document", "/api/v1/docs", role=""),
    Place("signed-out", "/signed-out", role=""),
    Place("sign-in", "/local-sign-in/authorize", "/sign-in", role=""),
    Place("sign-in-wrong", "/local-sign-in/authorize", role=""),
    Place("sign-in-refused", "/signed-out", "/sign-in/back?code=none", role=""),
    Place("refer-start", "/refer/{authority}", "/refer/halton", role=""),
    Place("error-404-refer", "/refer/{authority}", "/refer/nowhere", role=""),
)
"""When there is something of everything."""
ELSEWHERE: Final = {
    "/search/{wanted}", "/contacts/{contact}/undertakings/{undertaking}/do/{step}", "/undertakings/{undertaking}/do/{step}",
    *(f"{pages}/{{matter}}/do/{{step}}" for pages in MATTERS.values()), "/referrals/{draft}", "/referrals/{draft}/{step}",
    "/refer/{authority}/{step}", "/refer/{authority}/documents", "/refer/{authority}/check", "/refer/{authority}/done",
}  # fmt: skip
"""Pages whose addresses only come about on the way to them: in the tests below."""


async def something_of_everything(gateway: Gateway) -> None:
    """Contacts with documents and a possible match, a night, a meeting, a record that is shut, and what operations look after."""
    await a_contact(gateway, referrer={"kind": "public", "name": "Ottoline Marsh"})
    await gateway.hear(opened(3), received(3))
    await gateway.hear(example("icart.document.clean.v1", submission=str(derived_id(RECEIVED, "submission", "1"))))
    await gateway.hear(*two_children(5))
    for said in ("merge-proposed", "people-merged", "merge-undone", "mention-moved"):
        await gateway.hear(example(f"icart.intake.{said}.v1"))
    await gateway.hear(example("icart.police-vpa.recorded.v1"), example("icart.police-vpa.proposed.v1", version=2))
    await gateway.hear(
        example("icart.notifications.notice-recorded.v1"), example("icart.notifications.notice-checked.v1", version=2)
    )
    await _a_night(gateway)
    await _a_meeting(gateway)
    await _a_shut_record(gateway)
    await gateway.hear(
        example("icart.dead-letter.recorded.v1"), example("icart.notifications.failed.v1"),
        example("icart.screening.closed.v1", at=RECEIVED.isoformat()), example("icart.timers.met.v1"),
    )  # fmt: skip


async def _a_night(gateway: Gateway) -> None:
    handed = example("icart.screening.handed-over.v1").model_dump(mode="json")
    item = {"kind": "contact", "item": str(contact_id(1)), "section_47_begun": True, "wrong_desktop": True}
    opens = {"night": str(NIGHT), "opens_at": NOW.isoformat()}
    await gateway.hear(
        of_night("handed-over", 1, by_night=handed["by_night"] | item, **opens),
        of_night("night-alert-raised", 2, night=str(NIGHT), item=str(uuid4())),
    )


async def _a_meeting(gateway: Gateway) -> None:
    head = {"undertaking": str(meeting_id("york", NOW.date())), "authority": "york", "contact": None}
    listed = example("icart.screening.enquiry-listed.v1", **head, version=2)
    enquiry = listed.model_dump(mode="json")["presented"]["enquiry"]
    called = example("icart.screening.meeting-called.v1", **head, version=1, on=str(NOW.date()))
    decided = example("icart.screening.enquiry-decided.v1", **head, version=3, enquiry=enquiry)
    await gateway.hear(called, listed, decided)


async def _a_shut_record(gateway: Gateway) -> None:
    """A manager restricts the third contact, and another opens it all the same."""
    why = {"reason": "Somebody of the family works in the building"}
    mark = await gateway.sign_in("m-1", MANAGER)
    shut = {"csrf": mark, "message": str(uuid4()), "reference": "QK7WM-00003", "staff": "", **why}
    assert (await gateway.client.post("/guarding/shut", data=shut)).status_code == 303
    mark = await gateway.sign_in("m-2", MANAGER)
    glass = {"csrf": mark, "message": str(uuid4()), **why}
    assert (await gateway.client.post(f"/contacts/{contact_id(3)}/break-glass", data=glass)).status_code == 303
