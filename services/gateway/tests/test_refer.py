"""The referral form for whoever has no system: from the start page to the reference, for the public of each authority."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from icart_common.contracts.catalogue import MESSAGES
from icart_common.deployment import deployment_topics
from icart_common.messaging.publish import Publisher
from icart_common.settings import KafkaSettings
from icart_gateway.refer import draft as drafts
from icart_gateway.refer.draft import code_of, new_draft
from icart_gateway.refer.referral import public_door
from services.gateway.tests.partners import example, told, with_store
from services.gateway.tests.test_api_submissions import arrived, topics

pytestmark = [pytest.mark.broker, pytest.mark.usefixtures(topics.__name__)]
__all__ = ["topics"]
AUTHORITIES = ["halton", "cheshire-west", "york"]
NIGHT = datetime(2026, 11, 16, 22, 0, tzinfo=UTC)
WHO = {
    "referrer.kind": "family", "referrer.name": "Odile Marchbanks", "referrer.address": "2 Nowhere Row",
    "referrer.phone": "01632 960201", "referrer.relation_to_family": "aunt",
}  # fmt: skip
CHILD = {
    "child-1.given_name": "Tamsin", "child-1.family_name": "Quillfeather", "child-1.born": "28", "child-1.born-month": "2",
    "child-1.born-year": "2017", "child-1.address": "1 Nowhere Close", "child-1.postcode": "ZZ99 9ZZ", "child-1.another": "no",
}  # fmt: skip
PAGES: dict[str, dict[str, Any]] = {
    "who": WHO,
    "child-1": CHILD,
    "adult-1": {"adult-1.given_name": "Ilse", "adult-1.role": "parent", "adult-1.another": "no"},
    "happened": {"event.what": "She is often alone in the evenings.", "concerns": ["neglect", "parenting-support"]},
    "safety": {"safety.safe": "no", "safety.where": "At home"},
    "views": {"child_views": "She says that she is afraid of the dark."},
    "tried": {"why_now": "It has become every evening."},
    "consent": {"referrer.family_knows": "no"},
}


class Visitor:
    """Somebody with a browser."""

    def __init__(self, gateway, authority: str = "halton") -> None:
        self.gateway, self.home = gateway, f"/refer/{authority}"
        self.mark = ""

    async def look(self, place: str = ""):
        answer = await self.gateway.client.get(self.home + (f"/{place}" if place else ""))
        if found := re.search(r'name="mark" value="([0-9a-f]+)"', answer.text):
            self.mark = found[1]
        return answer

    async def press(self, place: str = "", files: Any = None, **given: Any):
        data = {"mark": self.mark} | given.pop("data", {}) | given
        return await self.gateway.client.post(self.home + (f"/{place}" if place else ""), data=data, files=files)

    async def begin(self) -> None:
        assert (await self.press()).headers["location"] == f"{self.home}/who"
        await self.look("who")

    async def fill(self, **changed: dict[str, Any]) -> None:
        """Every page, one after the other, as they follow each other."""
        await self.begin()
        place = "who"
        for name, data in (PAGES | changed).items():
            assert place == name
            answer = await self.press(name, data=data)
            assert answer.status_code == 303, answer.text
            place = answer.headers["location"].removeprefix(f"{self.home}/")
        assert place == "documents"


@pytest.mark.req("IN-12", "IN-2", authority="halton")
@pytest.mark.req("IN-12", "IN-2", authority="cheshire-west")
@pytest.mark.req("IN-12", "IN-2", authority="york")
@pytest.mark.parametrize("authority", AUTHORITIES)
async def test_the_whole_way(gateway, authority):
    visitor = Visitor(gateway, authority)
    assert (await visitor.look()).status_code == 200
    await visitor.fill()
    assert "She is often alone" in (await visitor.look("check")).text
    answer = await visitor.press("check")
    assert answer.headers["location"] == f"{visitor.home}/done"
    again = await visitor.press("check")  # a double click, or the back button
    assert again.headers["location"] == f"{visitor.home}/done"
    agency = public_door(gateway.door.book.pack(authority))
    async with gateway.door.held.connection() as connection:
        receipt = await connection.fetchrow("select * from receipt")
        kept = await connection.fetchval("select string_agg(sealed, '') from public_draft")
    (record,) = await arrived(gateway, f"inbound.referrals.{agency}", str(receipt["subject"]))
    body = json.loads(record.value)
    assert (body["channel"], body["agency"], body["authority"]) == ("form", agency, authority)
    assert body["people"][0]["born"] == "2017-02-28"
    assert body["relationships"] == [{"person": "adult-1", "kind": "parent", "of": "child-1"}]
    assert body["concerns"] == ["neglect", "parenting-support"]
    assert body["safety"]["safe"] is False
    assert "evenings" not in kept
    taken = MESSAGES["icart.intake.submission-taken.v1"].model_validate(example(
        "icart.intake.submission-taken.v1", submission=str(receipt["subject"]), authority=authority, reference="QK7WM-3HXPA",
        reply_to={"agency": agency, "kind": "family", "person_concerned": True},
    ))  # fmt: skip
    assert "QK7WM-3HXPA" not in (await visitor.look("done")).text
    await told(gateway, taken, "events.intake", "events.intake", receipt["correlation"])
    assert "QK7WM-3HXPA" in (await visitor.look("done")).text


@pytest.mark.req("IN-16", authority="cheshire-west")
async def test_other_members_of_the_public_get_no_reference(gateway):
    visitor = Visitor(gateway, "cheshire-west")
    await visitor.fill(who=WHO | {"referrer.kind": "public"})
    await visitor.press("check")
    shown = (await visitor.look("done")).text
    assert "reference" not in shown.lower()
    assert "We have what you sent" in shown


@pytest.mark.req("IN-13", authority="halton")
@pytest.mark.req("IN-13", authority="cheshire-west")
@pytest.mark.req("IN-13", authority="york")
@pytest.mark.parametrize("authority", AUTHORITIES)
async def test_out_of_hours_it_says_so_before_and_after(gateway, authority):
    points = gateway.door.book.pack(authority).contact_points
    visitor = Visitor(gateway, authority)
    assert "Nobody reads this form" not in (await visitor.look()).text
    gateway.clock.set(NIGHT)
    await visitor.fill()
    before = [await visitor.look(place) for place in ("", "check")]
    await visitor.press("check")
    for shown in (*before, await visitor.look("done")):
        assert "Nobody reads this form at the moment" in shown.text
        for number in (points.night_team.phone, points.police.phone, points.emergency.phone):
            assert number in shown.text


@pytest.mark.req("IN-12", authority="cheshire-west")
async def test_name_address_and_a_way_to_be_reached_are_needed_where_the_pack_says_so(gateway):
    visitor = Visitor(gateway, "cheshire-west")
    await visitor.begin()
    answer = await visitor.press("who", data={"referrer.kind": "public"})
    assert answer.status_code == 422
    for field in ("referrer.name", "referrer.address"):
        assert f'href="#{field}"' in answer.text
    answer = await visitor.press("who", data=WHO | {"referrer.phone": ""})
    assert 'href="#referrer.phone"' in answer.text
    assert (
        await visitor.press("who", data=WHO | {"referrer.phone": "", "referrer.email": "o@example.org"})
    ).status_code == 303


@pytest.mark.req("IN-12", authority="halton")
@pytest.mark.req("IN-12", authority="york")
@pytest.mark.parametrize("authority", ["halton", "york"])
async def test_elsewhere_nobody_has_to_say_who_they_are(gateway, authority):
    visitor = Visitor(gateway, authority)
    await visitor.begin()
    assert (await visitor.press("who", data={"referrer.kind": "public"})).status_code == 303


async def test_every_wrong_answer_is_named_and_kept(gateway):
    visitor = Visitor(gateway)
    await visitor.begin()
    for place, data, field in (
        ("who", {}, "referrer.kind"),
        ("who", {"referrer.kind": "king"}, "referrer.kind"),
        ("who", WHO | {"referrer.email": "no address"}, "referrer.email"),
        ("who", WHO | {"referrer.name": "x" * 301}, "referrer.name"),
        ("child-1", {"child-1.born": "31", "child-1.born-month": "2", "child-1.born-year": "2017"}, "child-1.born"),
        ("child-1", {"child-1.born": "1", "child-1.born-month": "1", "child-1.born-year": "2030"}, "child-1.born"),
        ("child-1", CHILD | {"child-1.expected": "1/2/2027"}, "child-1.expected"),
        ("child-1", CHILD | {"child-1.postcode": "far too long a postcode"}, "child-1.postcode"),
        ("child-1", CHILD | {"child-1.postcode": "ßßßßßß"}, "child-1.postcode"),  # twelve letters in upper case
        ("happened", {"event.what": "  "}, "event.what"),
        ("happened", {"event.what": "x" * 20_001}, "event.what"),
    ):
        answer = await visitor.press(place, data=data)
        assert answer.status_code == 422, (place, data)
        assert f'href="#{field}"' in answer.text
        assert "<title>Error: " in answer.text
    await visitor.press("who", data=WHO | {"referrer.email": "no address"})
    assert "no address" in (await visitor.look("who")).text
    sent = await visitor.press("check")
    assert sent.headers["location"].startswith(f"{visitor.home}/who")  # back to the first page that is wrong
    assert 'href="#referrer.email"' in (await visitor.look("who?mend=1")).text


async def test_what_no_page_finds_wrong_is_said_in_words_and_nothing_is_lost(gateway):
    visitor = Visitor(gateway)
    await visitor.fill()
    code = code_of(gateway.client.cookies["icart_referral"])
    assert code
    kept = await drafts.load(gateway.door.held, "halton", code, gateway.clock.now())
    assert kept
    strange = replace(kept, documents=({"id": "no id", "name": "of another release"},))
    await drafts.save(gateway.door.held, "halton", strange, gateway.clock.now(), 28)
    for _ in range(2):
        answer = await visitor.press("check")
        assert answer.status_code == 422
        assert "cannot be sent as it is" in answer.text
        assert "She is often alone" in answer.text


async def test_what_was_saved_is_found_again_elsewhere_by_its_code(gateway):
    visitor = Visitor(gateway)
    await visitor.begin()
    saved = await visitor.press("who", data={"referrer.name": "Odile Marchbanks", "later": "1"})
    (code,) = re.findall(r"<strong>([A-Z0-9]{5}(?:-[A-Z0-9]{5}){3})</strong>", saved.text)
    gateway.client.cookies.clear()
    assert (await visitor.look("who")).headers["location"] == visitor.home  # another device
    wrong = await visitor.press("come-back", data={"code": new_draft().shown_code})
    assert wrong.status_code == 422
    elsewhere = Visitor(gateway, "york")
    assert (await elsewhere.press("come-back", data={"code": code})).status_code == 422  # another authority's form
    assert (await visitor.press("come-back", data={"code": f" {code.lower()} "})).status_code == 303
    assert "Odile Marchbanks" in (await visitor.look("who")).text
    async with gateway.door.held.connection() as connection:
        row = await connection.fetchrow(
            "select encode(id, 'hex') as id, sealed from public_draft where authority = 'halton'"
        )
    assert code_of(code) not in row["id"] + row["sealed"]
    assert "Marchbanks" not in row["sealed"]


async def test_a_broker_that_is_away_keeps_every_answer(gateway):
    visitor = Visitor(gateway)
    await visitor.fill()
    door, real = gateway.door, gateway.door.publisher
    settings = KafkaSettings(kafka_bootstrap="127.0.0.1:1")
    object.__setattr__(
        door, "publisher", Publisher(settings, deployment_topics(door.book), gateway.clock, source="test")
    )
    away = await visitor.press("check")
    object.__setattr__(door, "publisher", real)
    assert away.status_code == 503
    assert "Your answers are kept" in away.text
    assert "She is often alone" in away.text
    assert (await visitor.press("check")).headers["location"] == f"{visitor.home}/done"


async def test_programs_and_other_sites_send_nothing(gateway):
    visitor = Visitor(gateway)
    await visitor.fill()
    assert (await visitor.press("check", website="https://example.org")).status_code == 422
    mark, visitor.mark = visitor.mark, ""
    for place in ("check", "who", "documents"):
        assert (await visitor.press(place)).status_code == 403
    visitor.mark = mark
    async with gateway.door.held.connection() as connection:
        assert await connection.fetchval("select count(*) from receipt") == 0
    codes = [
        (await Visitor(gateway).press()).status_code for _ in range(gateway.door.settings.public_forms_a_minute + 1)
    ]
    assert codes[-1] == 429


@pytest.mark.req("IN-14", authority="halton")
async def test_documents_are_added_and_taken_away(gateway, tmp_path: Path):
    with_store(gateway, tmp_path / "documents")
    visitor = Visitor(gateway)
    await visitor.fill()
    most = gateway.door.book.pack("halton").documents
    empty = await visitor.press("documents", files={"document": ("a.pdf", b"", "application/pdf")})
    assert empty.status_code == 422
    big = await visitor.press("documents", files={"document": ("a.pdf", b"x" * (most.largest + 1), "application/pdf")})
    assert big.status_code == 422
    for name in ("first.pdf", "second.pdf"):
        added = await visitor.press("documents", files={"document": (name, name.encode(), "application/pdf")})
        assert added.status_code == 303
    shown = (await visitor.look("documents")).text
    first, _ = re.findall(r'name="remove" value="([0-9a-f-]+)"', shown)
    await visitor.press("documents", data={"remove": first}, files={"none": b""})
    assert (await visitor.press("check")).status_code == 303
    agency = public_door(gateway.door.book.pack("halton"))
    async with gateway.door.held.connection() as connection:
        subject = await connection.fetchval("select subject from receipt")
    (record,) = await arrived(gateway, f"inbound.referrals.{agency}", str(subject))
    (named,) = json.loads(record.value)["attachments"]
    assert named["name"] == "second.pdf"
    assert (tmp_path / "documents" / "arrivals" / agency / named["id"]).read_bytes() == b"second.pdf"


async def test_an_authority_that_is_not_here_has_no_form(gateway):
    assert (await gateway.client.get("/refer/nowhere")).status_code == 404


async def test_scripts_in_answers_stay_words(gateway):
    visitor = Visitor(gateway)
    script = "<script>alert(1)</script>"
    await visitor.fill(happened={"event.what": script})
    for place in ("check", "happened"):
        shown = (await visitor.look(place)).text
        assert script not in shown
        assert "&lt;script&gt;" in shown
