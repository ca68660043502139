"""Every way in opens a contact that carries all that was told, with the census code of its source (IN-1, IN-2, IN-21)."""

from __future__ import annotations

from typing import Any

import pytest

from icart_common.contracts.base import InboundRefused
from icart_common.contracts.ids import new_id
from icart_common.contracts.intake import ContactOpened, SubmissionTaken, SubmitAccount
from icart_common.contracts.referral import Account
from services.intake.tests.conftest import sender_of
from services.intake.tests.test_opening import every_authority

pytestmark = pytest.mark.broker

WHOLE: dict[str, Any] = {
    "referrer": {
        "kind": "professional", "name": "Bertrand Thistlewood", "role": "deputy head", "address": "1 Nowhere Row",
        "phone": "01632 960200", "email": "b.thistlewood@example.org", "relation_to_family": "her school",
        "willing_to_be_named": True, "willing_to_be_contacted": True, "family_knows": False,
    },
    "event": {
        "what": "She has a black eye.", "when": "2026-06-08T17:00:00Z", "when_in_words": "after school",
        "before": "Once in May.", "harm": "A black eye.", "since": "She stayed with an aunt.", "known_how": "seen",
        "present": "Her brother.", "urgency": "urgent",
    },
    "relationships": [{"person": "p2", "kind": "mother", "of": "p1"}],
    "concerns": ["physical-abuse", "domestic-abuse"],
    "child_views": "I do not want to go home.",
    "safety": {"safe": True, "where": "at school", "with_whom": "her teacher", "description": "a blue coat"},
    "tried": {"what": "Two meetings.", "plan": "taf", "lead_professional": "Hester Lowbridge"},
    "why_now": "It is the second time.",
    "expected": "An assessment.",
    "consents": [{"person": "p2", "status": "not-sought", "why_not": "It might put her at risk."}],
    "privacy_notices": [{"person": "p2", "shown_by": "Hester Lowbridge", "when": "2026-03-01T10:00:00Z", "how": "read"}],
    "tools": ["graded-care-profile"],
    "requested": "safeguarding",
}  # fmt: skip


def people(desk) -> tuple[Any, ...]:
    home = {"lines": "14 Larkspur Close", "postcode": "ZZ99 1AA", "temporary": True}
    child = desk.child(
        other_names=("Tam",), sex="female", addresses=(home,), phones=("07700 900123",), school="Larkspur Lane",
        gp="Dr Fennel", professionals=("school nurse",),
    )  # fmt: skip
    mother = desk.child(
        "p2", role="parent", given_name="Odalys", born="1989-11-05", parental_responsibility=True,
        contact_with_child="every day",
    )  # fmt: skip
    return child, mother


@every_authority("IN-1", "IN-2")
@pytest.mark.parametrize(
    "channel",
    ["phone", "form", "secure-email", "partner-system", "edt", "police", "internal", "statutory", "step-up"],
)
async def test_each_channel_opens_a_contact_with_every_field(desk, authority, channel):
    family = people(desk)
    if channel == "edt":
        sent: Any = desk.night_contact(authority, people=family, **WHOLE)
    elif channel == "police":
        sent = SubmitAccount(
            submission=new_id(), authority=authority, agency=sender_of(desk.book, authority, "vpa"), channel="police",
            received_at=desk.now, account=Account.model_validate(WHOLE | {"people": family}),
        )  # fmt: skip
    else:
        sent = desk.referral(authority, family, channel=channel, **WHOLE)
    await desk.send(sent)
    (contact,) = await desk.said(ContactOpened)
    (taken,) = await desk.said(SubmissionTaken)
    assert (contact.channel, taken.opened[0].contact) == (channel, contact.contact)
    told = Account.model_validate(WHOLE | {"people": family})
    for field in set(Account.model_fields) - {"people", "source_code", "attachments"}:
        assert getattr(contact, field) == getattr(told, field), field
    assert (contact.child, contact.family) == (family[0], family[1:])


@every_authority("IN-21")
@pytest.mark.parametrize(
    ("channel", "fields", "kind"),
    [
        ("police", {}, "vpa"),
        ("partner-system", {"concerns": ["missing"]}, "missing"),
        ("partner-system", {}, "police-referral"),
    ],
)
async def test_the_polices_contacts_have_a_finer_type(desk, authority, channel, fields, kind):
    police = sender_of(desk.book, authority, "vpa")
    await desk.send(desk.referral(authority, agency=police, channel=channel, **fields))
    (contact,) = await desk.said(ContactOpened)
    assert (contact.source_code, contact.source_type) == ("6", kind)


@every_authority("IN-21")
@pytest.mark.parametrize("kind", ["court", "cafcass", "probation", "prison"])
def test_other_legal_agencies_have_one_by_their_kind(book, authority, kind):
    pack = book.pack(authority)
    fitting = [one.id for one in pack.source_types if one.fits("7", kind, "statutory", ())]
    assert fitting[0] == kind
    assert not [one for one in pack.source_types if one.fits("2A", "school", "form", ())]


@pytest.mark.parametrize(
    ("authority", "channel", "refused"),
    [
        pytest.param("halton", "phone", False, marks=pytest.mark.req("IN-12", authority="halton")),
        pytest.param("york", "phone", False, marks=pytest.mark.req("IN-12", authority="york")),
        pytest.param("cheshire-west", "form", True, marks=pytest.mark.req("IN-12", authority="cheshire-west")),
    ],
)
async def test_who_may_stay_unnamed(desk, authority, channel, refused):
    door = next(agency.id for agency in desk.book.pack(authority).agencies if agency.kind == "public-door")
    await desk.send(desk.referral(authority, agency=door, channel=channel, referrer={"kind": "public"}))
    assert (len(await desk.said(ContactOpened)), len(await desk.said(InboundRefused))) == (
        (0, 1) if refused else (1, 0)
    )
