"""Who is who, decided in pages by people; the police's reports; statutory notices (IN-17, PV-2, ST-1)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from icart_common.contracts.people import ProposeMerge
from icart_common.testing import example
from services.gateway.tests.contacts_told import CHILD, MENTION, OTHER_CHILD, clock, contact_id, now_about, two_children
from services.gateway.tests.filled_in import opened
from services.gateway.tests.screening import commands

pytestmark = [pytest.mark.broker, pytest.mark.usefixtures("commands_topic")]
EVERYBODY = [
    pytest.param(one, marks=pytest.mark.req("IN-17", authority=one)) for one in ("halton", "york", "cheshire-west")
]


def told(kind: str, **changes: Any) -> Any:
    return example(f"icart.intake.{kind}.v1", **changes)


OFFER = told("match-offered").offer
MERGE = told("merge-proposed").merge


async def offered(gateway: Any) -> str:
    await gateway.hear(*two_children(), told("match-offered", contacts=[str(contact_id(1))]))
    return f"/matches/{OFFER}"


@pytest.mark.req("IN-17", authority="halton")
async def test_what_is_decided_to_be_one_is_merged_by_a_second_person_and_undone_whole(gateway, stack):
    page = await offered(gateway)
    await gateway.sign_in("hal-a1", "social-worker")
    form = await opened(gateway, f"{page}/do/decide-match")
    blank = await gateway.client.post(f"{page}/do/decide-match", data={**form, "same": "yes"})
    assert (blank.status_code, "Say why" in blank.text) == (422, True)
    gateway.answers_within(0.01)
    async with commands(stack) as sent:
        yes = {**form, "same": "yes", "reason": "one school"}
        after = await gateway.client.post(f"{page}/do/decide-match", data=yes)
        envelope, _ = await sent.next()
    by = {"person": "hal-a1", "role": "social-worker"}
    decided = (told("match-decided", mention=None, by=by), told("merge-proposed", by=by))
    await gateway.hear(*decided, correlation=envelope.id)
    shown = await gateway.client.get(after.headers["location"])
    assert "Your decision is recorded." in shown.text
    assert f"/merges/{MERGE}" in shown.text
    await gateway.sign_in("hal-a1", "social-work-manager")
    own = await gateway.client.get(f"/merges/{MERGE}")
    assert "nobody approves a merge that they proposed" in own.text
    assert f"/merges/{MERGE}/do/approve-merge" not in own.text
    await gateway.sign_in("hal-m2", "social-work-manager", name="Perpetua Example")
    assert f"/merges/{MERGE}/do/approve-merge" in (await gateway.client.get(f"/merges/{MERGE}")).text
    await gateway.hear(
        told("people-merged", note="Both schools agree."), now_about(2, CHILD, OTHER_CHILD, "people-merged", 1)
    )
    made = await gateway.client.get(f"/merges/{MERGE}")
    assert "Both schools agree." in made.text
    assert all(reference in made.text for reference in ("QK7WM-00001", "QK7WM-00002")), "each still under whom it came"
    assert "/do/undo-merge" in made.text
    await gateway.hear(told("merge-undone"), told("merge-undone"))
    undone = (await gateway.client.get(f"/merges/{MERGE}")).text
    assert undone.count("Contact ABCDE-FGHJK") == 1, "what was decided on the wrong record, once"
    assert "Undone by Perpetua Example" in (await gateway.client.get("/matches")).text


@pytest.mark.parametrize("authority", EVERYBODY)
async def test_nothing_of_another_authority_is_there(gateway, authority):
    await offered(gateway)
    await gateway.hear(told("merge-proposed"), told("mention-moved"))
    pack = gateway.door.book.pack(authority)
    await gateway.sign_in("m1", pack.matching.merge_roles[0], authority=authority)
    there = (
        f"/matches/{OFFER}", f"/merges/{MERGE}", f"/mentions/{MENTION}", f"/people/{CHILD}/and/{OTHER_CHILD}",
        f"/merges/{MERGE}/do/approve-merge",
    )  # fmt: skip
    for page in there:
        status = (await gateway.client.get(page)).status_code
        assert status == (200 if authority == "halton" else 404), page
    assert (await gateway.client.get(f"/merges/{OFFER}/do/approve-merge")).status_code == 404


@pytest.mark.req("IN-17", authority="halton")
async def test_two_whom_nothing_offered_are_compared_and_proposed_once(gateway, stack):
    await gateway.hear(*two_children())
    csrf = await gateway.sign_in("w-101", "social-worker")
    typed = {"csrf": csrf, "one": "qk7wm 00001", "other": "what"}
    wrong = await gateway.client.post("/matches", data=typed)
    assert wrong.status_code == 422
    assert '<a href="#other">Enter the reference of a contact' in wrong.text
    assert "qk7wm 00001" in wrong.text
    same = await gateway.client.post("/matches", data={**typed, "other": "QK7WM-00001"})
    assert "about the same person already" in same.text
    found = await gateway.client.post("/matches", data={**typed, "other": "QK7WM-00002"})
    assert found.headers["location"] == f"/people/{CHILD}/and/{OTHER_CHILD}"
    form_at = f"/people/{CHILD}/do/propose-merge?part={OTHER_CHILD}"
    assert form_at in (await gateway.client.get(found.headers["location"])).text
    gateway.answers_within(0.01)
    proposed: list[Any] = []
    async with commands(stack) as sent:
        for _ in range(2):  # two people press at once, each in a form of their own
            form = await opened(gateway, form_at)
            await gateway.client.post(form_at, data={**form, "stays": str(OTHER_CHILD), "reason": "one school"})
            proposed.append((await sent.next())[1])
            await gateway.client.post("/drafts/discard", data={"csrf": csrf, "form": form["form"]})
    assert all(isinstance(one, ProposeMerge) for one in proposed)
    assert proposed[0] == proposed[1], "the same proposal, under the same id"
    merge = {"merge": str(proposed[0].merge), "stays": str(OTHER_CHILD), "goes": str(CHILD)}
    await gateway.hear(told("merge-proposed", offer=None, **merge))
    waiting = await gateway.client.get(found.headers["location"])
    assert "proposed, and waits for a second person" in waiting.text
    assert form_at not in waiting.text
    await gateway.hear(told("merge-refused", **merge))
    form = await opened(gateway, form_at)
    async with commands(stack) as sent:
        await gateway.client.post(form_at, data={**form, "stays": str(OTHER_CHILD), "reason": "new evidence"})
        another: Any = (await sent.next())[1]
    assert another.merge != UUID(merge["merge"]), "another proposal is another one"
    for nobody in (contact_id(1), "x"):
        assert (await gateway.client.get(f"/people/{CHILD}/do/propose-merge?part={nobody}")).status_code == 404


async def test_a_record_that_is_shut_is_not_decided_about_and_a_decision_that_was_made_meanwhile_is_shown(gateway):
    page = await offered(gateway)
    csrf = await gateway.sign_in("m1", "social-work-manager")
    form = await opened(gateway, f"{page}/do/decide-match")
    await gateway.hear(told("match-decided", same=False, version=2))
    late = await gateway.client.post(f"{page}/do/decide-match", data={**form, "same": "yes", "reason": "one school"})
    assert late.status_code == 409
    assert "decided: not the same person" in late.text
    guard = {"csrf": csrf, "message": form["message"], "reference": "QK7WM-00001", "reason": "known to the staff"}
    assert (await gateway.client.post("/guarding/shut", data=guard)).status_code == 303
    for shut in (page, f"{page}/do/decide-match", f"/mentions/{MENTION}"):
        answer = await gateway.client.get(shut)
        assert answer.status_code == 303, shut
        assert answer.headers["location"].startswith(f"/contacts/{contact_id(1)}/break-glass")


async def test_a_link_that_was_undone_lists_what_was_decided_meanwhile_in_whichever_order_it_is_told(gateway):
    moved = told("mention-moved", contacts=[str(contact_id(1))], person=str(CHILD))
    await gateway.hear(moved)
    await gateway.hear(*two_children())
    await gateway.sign_in("w-101", "social-worker")
    assert f"/mentions/{MENTION}" in (await gateway.client.get(f"/contacts/{contact_id(1)}")).text
    shown = (await gateway.client.get(f"/mentions/{MENTION}")).text
    for words in ("QK7WM-00001", "Another family at the same address.", "Contact ABCDE-FGHJK", "Fits both"):
        assert words in shown, words
    form = await opened(gateway, f"/mentions/{MENTION}/do/undo-link")
    assert form["seen_version"] == "2"


@pytest.mark.req("PV-2", authority="halton")
async def test_a_police_report_is_assessed_by_the_roles_of_the_pack(gateway):
    vpa: Any = example("icart.police-vpa.recorded.v1")
    await gateway.hear(vpa)
    await gateway.sign_in("p1", "intelligence-review-officer")
    assert "Its people are being looked up" in (await gateway.client.get("/assessments")).text
    await gateway.hear(example("icart.police-vpa.proposed.v1", version=2))
    page = f"/assessments/{vpa.vpa}"
    shown = (await gateway.client.get(page)).text
    assert "Waits for the primary assessment" in shown
    assert "present at an incident of domestic abuse (PV-4)" in shown
    form = await gateway.client.get(f"{page}/do/primary-assess")
    assert 'value="close"' not in form.text, (
        "a report that needs a second assessment is neither closed nor referred yet"
    )
    assert "your role may not make the secondary assessment" in shown
    await gateway.hear(example("icart.police-vpa.assessed.v1", decision="secondary", version=3))
    await gateway.sign_in("p2", "detective-sergeant")
    assert f"{page}/do/secondary-assess" in (await gateway.client.get(page)).text
    await gateway.sign_in("w1", "social-worker")
    assert "Police reports" not in (await gateway.client.get("/desktops")).text
    await gateway.sign_in("y1", "detective-sergeant", authority="york")
    assert (await gateway.client.get(page)).status_code == 404
    assert "No report waits" in (await gateway.client.get("/assessments")).text


@pytest.mark.req("ST-1", "TM-8", authority="halton")
async def test_a_statutory_notice_is_answered_once_in_the_role_of_the_pack(gateway, stack):
    notice: Any = example("icart.notifications.notice-recorded.v1")
    due = clock(1, datetime(2026, 11, 19, 17, 0, tzinfo=UTC), subject=str(notice.notice), rule="TM-8")
    await gateway.hear(notice, due)
    await gateway.sign_in("c1", "contact-officer")
    page = f"/notices/{notice.notice}"
    assert "<strong>1</strong> Statutory notices" in (await gateway.client.get("/desktops")).text
    waiting = (await gateway.client.get("/notices")).text
    assert "Its people are being looked up" in waiting
    assert "due Thursday 19 November 2026 at 17:00" in waiting
    early = await gateway.client.get(f"{page}/do/answer-notice")
    assert "You cannot do this now: it is still being looked up" in early.text
    await gateway.hear(example("icart.notifications.notice-checked.v1", version=2))
    shown = (await gateway.client.get(page)).text
    for words in ("Person 1, Corbin Wetherstone, born 6 May 1990", "Known to CAF; open case, speak to Ives Pomfret"):
        assert words in shown, words
    form = await opened(gateway, f"{page}/do/answer-notice")
    gateway.answers_within(0.01)
    not_known = {**form, "answers.1.open_case": "no", "answers.1.lead": "", "remarks": "looked again"}
    async with commands(stack) as sent:
        for _ in range(2):  # a double click
            after = await gateway.client.post(f"{page}/do/answer-notice", data=not_known)
        envelope, command = await sent.next()
        same, _ = await sent.next()
        assert same.id == envelope.id, "which the service hears once"
        assert (command.answers[0].known, command.answers[0].lead) == (False, None)  # type: ignore[attr-defined]
        by = {"person": "c1", "role": "contact-officer"}
        answered = example("icart.notifications.notice-answered.v1", version=3, by=by)
        await gateway.hear(answered, correlation=envelope.id)
        assert "The answer has been sent." in (await gateway.client.get(after.headers["location"])).text
        back = await gateway.client.post(f"{page}/do/answer-notice", data=not_known)
        assert back.headers["location"] == after.headers["location"]
        assert await sent.nothing_more()
    assert "it is answered: its reply has left" in (await gateway.client.get(f"{page}/do/answer-notice")).text
    assert "Answered</dt>" in (await gateway.client.get(page)).text
    assert "No notice waits" in (await gateway.client.get("/notices")).text


@pytest.mark.req("ST-1", authority="halton")
async def test_a_statutory_notice_is_not_answered_in_another_role_nor_seen_by_another_authority(gateway):
    notice: Any = example("icart.notifications.notice-recorded.v1", people=[])
    await gateway.hear(notice, example("icart.notifications.notice-checked.v1", version=2))
    page = f"/notices/{notice.notice}"
    await gateway.sign_in("w1", "social-worker")
    shown = (await gateway.client.get(page)).text
    assert "your role may not answer a statutory notice; Contact centre or business support may" in shown
    assert "Person 1, p1" in shown, "of a notice that says nobody's name"
    assert '<a class="govuk-service-navigation__link" href="/notices"' not in shown
    await gateway.sign_in("y1", "advice-manager", authority="york")
    assert (await gateway.client.get(page)).status_code == 404
    assert "takes no statutory notices by message" in (await gateway.client.get("/notices")).text
