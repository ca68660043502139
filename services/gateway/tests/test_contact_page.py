"""The page of one contact, over what services said of it."""

from __future__ import annotations

from datetime import timedelta

from icart_common.testing import example
from services.gateway.tests.contacts_told import clock, contact_id, event, opened, reads, received


async def a_contact(gateway, **changes) -> str:
    """A contact with a bit of everything; returns its page's address."""
    await gateway.hear(opened(1, siblings=[str(contact_id(2))], **changes), received(1, siblings=[str(contact_id(2))]))
    await gateway.hear(opened(2), received(2))
    await gateway.hear(
        event("icart.screening.triaged.v1", 1, 2, strand="safeguarding", urgency="urgent"),
        event("icart.screening.allocated.v1", 1, 3, worker="w-101", strand="safeguarding"),
        event("icart.screening.section-recorded.v1", 1, 4, section="contact-record", text="Seen at school."),
        event(
            "icart.screening.record-corrected.v1", 1, 5, section="contact-record", text="Seen at home.", statements={}
        ),
        event("icart.screening.check-requested.v1", 1, 1),
        example("icart.intake.match-offered.v1", contacts=[str(contact_id(1))]),
        clock(1, gateway.clock.now() - timedelta(hours=1)),
    )
    return f"/contacts/{contact_id(1)}"


async def test_everything_about_a_contact_is_on_one_page(gateway):
    address = await a_contact(gateway)
    await gateway.sign_in("w-101", "social-worker")
    answer = await gateway.client.get(address)
    assert answer.status_code == 200
    for words in (
        "Tamsin1 Quillfeather, 9 years", "QK7WM-00001", "1 hour late", "Received Mon 16 Nov 09:40",
        '<mark class="icart-matched">nobody at home</mark>', "I like breakfast club.", "Odalys Quillfeather",
        "Bertrand Thistlewood",
        "Which surgery is the child registered with?", "Seen at home.", "Corrected", "School or education service",
        "A child under ten is left alone overnight", "Triaged to", "Given to Robin Example", "Advise a CAF", "QK7WM-00002",
        "The child may be somebody whom we know", "What you can do",
    ):  # fmt: skip
        assert words in answer.text, words
    assert answer.text.index("Seen at school.") > answer.text.index('id="all"')


async def test_staff_are_called_by_the_names_that_they_signed_in_with(gateway):
    address = await a_contact(gateway)
    await gateway.sign_in("w-101", "assessment-manager", authority="york", name="Somebody Else")
    await gateway.sign_in("w-7", "social-worker", name="Perpetua Example")
    assert "Given to w-101" in (await gateway.client.get(address)).text, "nobody of Halton has signed in by that id"
    await gateway.sign_in("w-101", "social-worker", name="Odalys Example")
    await gateway.sign_in("w-101", "social-worker", name="Perpetua Example")
    assert "Given to Perpetua Example (w-101)" in (await gateway.client.get(address)).text, "two have the same name"
    listed = (await gateway.client.get("/allocation")).text
    assert '<a class="govuk-link" href="/desktops?worker=w-101">Perpetua Example (w-101)</a>' in listed


async def test_a_referrer_who_is_no_professional_is_never_printed(gateway):
    address = await a_contact(gateway, referrer={"kind": "public", "name": "Ottoline Marsh"})
    await gateway.sign_in("w-101", "social-worker")
    text = (await gateway.client.get(address)).text
    before = text[: text.index("Ottoline Marsh")]
    assert before.rindex('<div class="icart-no-print">') > before.rindex("Who told us")


async def test_another_authoritys_contact_is_not_there(gateway):
    address = await a_contact(gateway)
    await gateway.sign_in("y-1", "assessment-manager", authority="york")
    assert (await gateway.client.get(address)).status_code == 404


async def test_the_page_is_at_most_four_statements(gateway):
    address = await a_contact(gateway)
    await gateway.sign_in("w-101", "social-worker")
    assert 0 < len(await reads(gateway, address)) <= 4
