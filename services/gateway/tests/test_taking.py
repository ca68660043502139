"""A referral by telephone: what somebody of ours writes down reaches intake a page at a time, whole and once (IN-12, IN-22)."""

from __future__ import annotations

import html
import re
from typing import Any
from uuid import UUID

import pytest

from icart_common.contracts.base import Actor, CommandRefused
from icart_common.contracts.drafts import SaveDraft, SubmitDraft
from icart_common.contracts.referral import ReferralSubmitted
from icart_common.deployment import deployment_topics
from icart_common.messaging.publish import Publisher
from icart_common.settings import KafkaSettings
from icart_common.testing import example
from icart_gateway.refer.referral import public_door
from icart_intake.domain.drafts import Draft, account_of, begin, save, unknown_fields
from services.gateway.tests.contacts_told import contact_id, opened
from services.gateway.tests.filled_in import hidden
from services.gateway.tests.screening import Commands, commands
from services.gateway.tests.test_refer import PAGES

pytestmark = [pytest.mark.broker, pytest.mark.usefixtures("commands_topic")]
EVERYBODY = [
    pytest.param(one, marks=pytest.mark.req("IN-12", "IN-22", authority=one))
    for one in ("halton", "york", "cheshire-west")
]


class Desk:
    """Somebody of ours with a caller on the line."""

    def __init__(self, gateway: Any, authority: str = "halton") -> None:
        self.gateway, self.authority = gateway, authority
        self.pack = gateway.door.book.pack(authority)
        self.csrf = self.home = ""

    async def begin(self, agency: str = "") -> UUID:
        role = self.pack.roles_with("open")[0].id
        self.csrf = await self.gateway.sign_in("c1", role, authority=self.authority)
        start = await self.gateway.client.get("/referrals")
        message = hidden(start.text, "message")
        chosen = {"csrf": self.csrf, "message": message, "agency": agency or public_door(self.pack)}
        for _ in range(2):  # a double click
            begun = await self.gateway.client.post("/referrals", data=chosen)
            assert begun.headers["location"] == f"/referrals/{message}/who"
        self.home = f"/referrals/{message}"
        return UUID(message)

    async def answer(self, place: str, **typed: Any) -> Any:
        return await self.gateway.client.post(f"{self.home}/{place}", data={"csrf": self.csrf, **typed})

    async def fill(self, **changed: dict[str, Any]) -> None:
        for place, typed in (PAGES | changed).items():
            answered = await self.answer(place, **typed)
            assert answered.status_code == 303, answered.text

    async def check(self) -> Any:
        return await self.gateway.client.get(self.home)


async def at_intake(sent: Commands, saves: int) -> Draft:
    """The draft as intake's own rules keep it, after so many saves."""
    draft: Draft | None = None
    for number in range(1, saves + 1):
        envelope, command = await sent.next()
        assert isinstance(command, SaveDraft)
        kept = save(draft or begin(command, envelope.time), command, envelope.time)
        draft = kept.draft
        assert (draft.version, kept.clashes, command.base_version) == (number, (), number - 1)
    assert draft is not None
    return draft


@pytest.mark.parametrize("authority", EVERYBODY)
async def test_what_is_asked_is_what_intake_has_and_sends(gateway: Any, stack: Any, authority: str) -> None:
    gateway.answers_within(0.01)
    desk = Desk(gateway, authority)
    identifier = await desk.begin()
    async with commands(stack) as sent:
        await desk.fill()
        draft = await at_intake(sent, len(PAGES))
        assert unknown_fields(draft) == ()
        head = {"agency": draft.agency, "authority": authority, "submission": draft.id, "channel": draft.channel}
        referral = ReferralSubmitted.model_validate(account_of(draft) | head)
        assert (referral.channel, referral.agency) == ("phone", public_door(desk.pack))
        assert {one.ref: one.given_name for one in referral.people} == {"child-1": "Tamsin", "adult-1": "Ilse"}
        assert referral.event.what == "She is often alone in the evenings."
        assert [(one.person, one.kind, one.of) for one in referral.relationships] == [("adult-1", "parent", "child-1")]
        page = (await desk.check()).text
        assert "What is still missing" in page
        marks = {name: hidden(page, name) for name in ("message", "seen_version", "form")}
        press = {"csrf": desk.csrf, **marks}
        gone = await gateway.client.post(f"{desk.home}/do/submit-draft", data=press)
        again = await gateway.client.post(f"{desk.home}/do/submit-draft", data=press)
        assert gone.headers["location"] == again.headers["location"] == f"{desk.home}?after={marks['message']}"
        envelope, command = await sent.next()
        assert isinstance(command, SubmitDraft)
        assert (command.draft, command.seen_version, str(envelope.id)) == (identifier, draft.version, marks["message"])
    submitted = example("icart.intake.draft-submitted.v1", draft=str(identifier), submission=str(identifier))
    await gateway.hear(submitted, correlation=envelope.id)
    contact = opened(1, submission=str(identifier), authority=authority)
    await gateway.hear(contact)
    done = (await gateway.client.get(gone.headers["location"])).text
    assert "The referral has been sent." in done
    assert f"/contacts/{contact_id(1)}" in done
    assert "There is nothing now" in (await gateway.client.get("/drafts")).text
    late = await gateway.client.post(f"{desk.home}/do/submit-draft", data=press)
    assert late.status_code == 303, "the back button, and once more"


async def test_what_is_emptied_is_emptied_at_intake_and_what_is_wrong_is_kept(gateway: Any, stack: Any) -> None:
    desk = Desk(gateway)
    async with commands(stack) as sent:
        await desk.begin("larkspur-lane-primary")
        who = {**PAGES["who"], "referrer.kind": "professional", "referrer.email": "nobody"}
        wrong = await desk.answer("who", **who)
        assert wrong.status_code == 422
        assert "Enter an e-mail address like" in wrong.text
        assert "To be mended first" in (await desk.check()).text
        await desk.answer("who", **{**who, "referrer.email": "", "referrer.relation_to_family": ""})
        long = await desk.answer("views", child_views="x" * 30_000)
        assert (long.status_code, "use at most 20,000 characters" in long.text) == (422, True)
        draft = await at_intake(sent, 2)
        assert await sent.nothing_more()
    assert draft.agency == "larkspur-lane-primary"
    assert {path: one.value for path, one in draft.fields.items()}["referrer.email"] is None
    assert "email" not in account_of(draft)["referrer"]
    listed = (await gateway.client.get("/drafts")).text
    assert f'href="{desk.home}"' in listed
    form = re.search(r'name="form" value="([^"]+)"', listed)
    assert form
    await gateway.client.post("/drafts/discard", data={"csrf": desk.csrf, "form": form[1]})
    assert (await desk.check()).status_code == 404


@pytest.mark.req("IN-22", authority="halton")
async def test_a_refusal_names_the_questions_of_the_form(gateway: Any, stack: Any) -> None:
    gateway.answers_within(0.01)
    desk = Desk(gateway)
    await desk.begin()
    await desk.fill()
    page = (await desk.check()).text
    press = {"csrf": desk.csrf, **{name: hidden(page, name) for name in ("message", "seen_version", "form")}}
    sent = await gateway.client.post(f"{desk.home}/do/submit-draft", data=press)
    refused = CommandRefused(
        subject=UUID(desk.home[-36:]), command=UUID(press["message"]), command_type=SubmitDraft.TYPE,
        actor=Actor(person="c1", role="contact-officer"), code="not-whole", why="these fields do not fit",
        allowed=("consents.adult-1.how", "$.people[0].born: correct it"),
    )  # fmt: skip
    await gateway.hear_on("events.intake", refused)
    shown = html.unescape((await gateway.client.get(sent.headers["location"])).text)
    for words in ("What the family knows, “How were they asked?”", "About the child, “Date of birth”: correct it"):
        assert words in shown
    assert "consents." not in shown
    assert "$." not in shown


async def test_a_broker_that_is_away_loses_nothing_and_doubles_nothing(gateway: Any, stack: Any) -> None:
    desk = Desk(gateway)
    await desk.begin()
    there = gateway.door.publisher
    topics = deployment_topics(gateway.door.book)
    away = Publisher(KafkaSettings(kafka_bootstrap="127.0.0.1:1"), topics, gateway.clock, source="icart/gateway")
    gateway.change(publisher=away, settings=gateway.door.settings.model_copy(update={"publish_seconds": 0.5}))
    assert (await desk.answer("who", **PAGES["who"])).status_code == 303
    await desk.answer("child-1", **PAGES["child-1"])
    shown = (await desk.check()).text
    assert "does not answer, so nothing can be sent" in shown
    assert "Send the referral" not in shown
    gateway.change(publisher=there)
    async with commands(stack) as sent:
        assert "does not answer" not in (await desk.check()).text
        draft = await at_intake(sent, 2)
        assert await sent.nothing_more()
    assert draft.fields["people.child-1.given_name"].value == "Tamsin"


async def test_it_is_for_whoever_records_contacts_and_nobody_elses_draft(gateway: Any) -> None:
    desk = Desk(gateway)
    await desk.begin()
    await desk.answer("who", **PAGES["who"])
    await gateway.sign_in("c2", "contact-officer")
    assert (await desk.check()).status_code == 404
    assert "Odile" not in (await gateway.client.get(f"{desk.home}/who")).text
    await gateway.sign_in("p1", "intelligence-review-officer")
    assert "Take a referral" not in (await gateway.client.get("/desktops")).text
    refused = await gateway.client.get("/referrals")
    assert refused.status_code == 403
    assert "take down a referral" in refused.text
