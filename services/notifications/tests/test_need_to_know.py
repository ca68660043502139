"""CO-5: whatever a referrer who is not a professional says of themselves reaches nobody but themselves."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icart_common.contracts.base import Message
from icart_common.contracts.ids import derived_id
from icart_common.contracts.intake import ContactOpened, Known, ReplyTo
from icart_common.contracts.referral import Person, Referrer, WhatHappened
from icart_common.policy import load_packs
from icart_common.policy.views import VIEWS
from icart_notifications.domain.leaving import Delivery, outbound, rendered
from icart_notifications.domain.messages import MAKERS, messages, pack_of
from services.notifications.tests import examples
from services.notifications.tests.examples import CASES, NOON, PUBLIC, an_id

BOOK = load_packs()
CANARIES = {field: f"canary{field.replace('_', '')}qz" for field in ("name", "role", "address", "phone", "relation")}
EMAIL = "canaryemailqz@example.org"
OTHER_AUDIENCES = ("parent", "school", "agency", "police", "probation", "case-system", "worker", "team")


def contact_opened(authority: str, kind: str) -> ContactOpened:
    referrer = Referrer.model_validate(
        {
            "kind": kind,
            "name": CANARIES["name"],
            "role": CANARIES["role"],
            "address": CANARIES["address"],
            "phone": CANARIES["phone"],
            "email": EMAIL,
            "relation_to_family": CANARIES["relation"],
            "willing_to_be_named": False,
        }
    )
    child = Person(ref="p1", role="child", given_name="Tamsin", family_name="Quillfeather")
    return ContactOpened(
        contact=an_id("contact", 0),
        reference="QK7WM-3HXPA",
        authority=authority,
        pack_version="2026.1",
        submission=an_id("submission", 0),
        agency=PUBLIC[authority],
        channel="phone",
        source_code="1D",
        received_at=NOON,
        out_of_hours=False,
        referrer=referrer,
        child=child,
        child_known=Known(ref="p1", person=an_id("person"), match="new"),
        event=WhatHappened(what="Shouting every night."),
    )


def deliveries(event: Message) -> list[Delivery]:
    pack = pack_of(event, BOOK, NOON)
    assert pack is not None
    cause = derived_id(NOON, "cause")
    return list(rendered(messages(event, pack), pack, cause=cause, correlation=cause, at=NOON))


@pytest.mark.req("CO-5")
@given(
    authority=st.sampled_from(BOOK.authorities),
    kind=st.sampled_from(["family", "child", "public", "anonymous"]),
    email=st.sampled_from([None, EMAIL]),
    concerned=st.booleans(),
    feedback=st.data(),
)
def test_a_referrers_identity_is_in_no_delivery_but_their_own(authority, kind, email, concerned, feedback):
    reply_to = ReplyTo(
        agency=PUBLIC[authority], kind=kind, name=CANARIES["name"], email=email, person_concerned=concerned
    )
    pack = BOOK.pack(authority)
    outcome = feedback.draw(st.sampled_from(pack.outcomes))
    events = [
        contact_opened(authority, kind),
        examples.taken(authority, reply_to),
        examples.taken(authority, reply_to, opened=(), redirected=("p1",)),
        examples.repeated(authority, reply_to),
        examples.advised(authority, reply_to, call_police_now=feedback.draw(st.booleans())),
        examples.redirected(authority),
        examples.closed(authority, reply_to, outcome.id, outcome.level),
        examples.referral(authority, outcome.id, pack.area_teams[0].id),
    ]
    for event in events:
        for delivery in deliveries(event):
            words = json.dumps(
                [delivery.subject, delivery.text, delivery.view, outbound(delivery, NOON).model_dump(mode="json")]
            )
            assert not [canary for canary in (*CANARIES.values(), EMAIL) if canary in words]
            # The one place that the address stands is the envelope of what is for this very person.
            if delivery.address == EMAIL:
                assert delivery.template in {
                    "acknowledgement", "repeat", "advice-given", "call-police-now", "outcome-others",
                }  # fmt: skip


@pytest.mark.req("CO-5")
def test_no_view_of_anybody_else_has_a_field_about_the_referrer():
    for view in VIEWS.values():
        if view.AUDIENCE in OTHER_AUDIENCES:
            assert not [field for field in view.model_fields if "referrer" in field or "reporter" in field]


@pytest.mark.req("CO-5")
def test_a_contact_that_is_opened_makes_nothing_leave():
    assert ContactOpened not in MAKERS


@pytest.mark.req("CO-5", "SC-11")
@pytest.mark.parametrize("authority", BOOK.authorities)
def test_the_case_system_hears_the_outcome_without_whose_contact_it_was(authority):
    outcome = next(one for one in BOOK.pack(authority).outcomes if one.feedback is not None)
    reply_to = ReplyTo(agency=PUBLIC[authority], kind="public", name=CANARIES["name"], email=EMAIL)
    sent = deliveries(examples.closed(authority, reply_to, outcome.id, outcome.level))
    assert {one.recipient for one in sent if one.address is None} == {CASES[authority]}
