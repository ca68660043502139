"""What anybody may send before they are known: how much of it, and how often, is bounded at the real edge."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi.routing import iter_route_contexts

from icart_common.contracts.ids import new_id
from icart_gateway.bounds import AROUND, FORM_BYTES, largest_document
from icart_gateway.web import web
from services.gateway.tests.partners import SCHOOL, Partner, with_store
from services.gateway.tests.test_api_submissions import topics
from services.gateway.tests.test_refer import Visitor

pytestmark = [pytest.mark.broker, pytest.mark.usefixtures(topics.__name__)]
__all__ = ["topics"]
PIECE = 64 * 1024
TYPED = "application/x-www-form-urlencoded"
WITH_FILE = "multipart/form-data; boundary=edge"
PROXY, ANOTHER = "127.0.0.2", "127.0.0.3"


@dataclass
class Endless:
    """A body that does not say how long it is and never ends: how much of it was taken."""

    begins: bytes = b""
    taken: int = 0

    async def pieces(self) -> AsyncIterator[bytes]:
        if self.begins:
            yield self.begins
        while self.taken < 200 * 1024 * 1024:
            self.taken += PIECE
            yield b"a" * PIECE


def part(name: str, value: str = "", file: str = "") -> bytes:
    """The beginning of a part of a form with files; of a file, without its content."""
    named = f'Content-Disposition: form-data; name="{name}"' + (f'; filename="{file}"' if file else "")
    return f"--edge\r\n{named}\r\n\r\n{value}".encode() + (b"" if file else b"\r\n")


async def send(gateway: Any, address: str, body: Endless, kind: str, method: str = "POST", **headers: str) -> Any:
    return await gateway.client.request(
        method, address, content=body.pieces(), headers={"Content-Type": kind, **headers}
    )


def addresses(gateway: Any) -> list[tuple[str, str]]:
    """Every address that takes something, with ids of nothing in it."""
    places = {"authority": "halton", "step": "who"}
    return [
        (method, re.sub(r"\{(\w+)(:\w+)?\}", lambda found: places.get(found[1], str(new_id())), one.path or ""))
        for one in iter_route_contexts(web(gateway.door).routes)
        for method in sorted((one.methods or set()) - {"GET", "HEAD"})
    ]


async def test_a_body_that_never_ends_is_cut_off_everywhere_before_anybody_is_signed_in(gateway):
    most = FORM_BYTES + PIECE
    found = addresses(gateway)
    assert len(found) > 20
    wrong = []
    for method, address in found:
        for kind in (TYPED, WITH_FILE, "application/json"):
            body = Endless(part("document", file="a.pdf") if kind == WITH_FILE else b"message=")
            answer = await send(gateway, address, body, kind, method)
            refused = 400 <= answer.status_code < 500
            if body.taken > most or not (refused or (body.taken == 0 and answer.status_code == 303)):
                wrong.append((method, address, kind, answer.status_code, body.taken))
    assert wrong == []


async def test_too_much_is_answered_in_words_on_pages_and_as_a_problem_on_the_api(gateway):
    visitor = Visitor(gateway)
    await visitor.begin()
    for body in (Endless(b"mark="), Endless(f"mark={visitor.mark}&event.what=".encode())):
        page = await send(gateway, "/refer/halton/happened", body, TYPED)
        assert page.status_code == 413
        assert "This is too large" in page.text
    said = await gateway.client.post("/refer/halton/happened", content=b"", headers={"Content-Length": "9999999999"})
    assert said.status_code in (403, 413)
    problem = await send(gateway, "/api/v1/token", Endless(b"grant_type="), TYPED)
    assert (problem.status_code, problem.headers["content-type"]) == (413, "application/problem+json")
    assert problem.json()["title"]


async def test_no_file_is_read_before_the_draft_is_known_and_none_without_end(gateway, tmp_path: Path):
    with_store(gateway, tmp_path / "documents")
    address = "/refer/halton/documents"
    nobody = Endless(part("document", file="a.pdf"))
    assert (await send(gateway, address, nobody, WITH_FILE)).status_code == 403
    assert nobody.taken == 0
    visitor = Visitor(gateway)
    await visitor.begin()
    for before in (b"", part("mark", "0" * 64)):
        forged = Endless(before + part("document", file="a.pdf"))
        assert (await send(gateway, address, forged, WITH_FILE)).status_code == 403
        assert forged.taken <= PIECE
    own = Endless(part("mark", visitor.mark) + part("document", file="a.pdf"))
    assert (await send(gateway, address, own, WITH_FILE)).status_code == 413
    assert own.taken <= largest_document(gateway.door.book) + AROUND + PIECE
    partner = await Partner.of(gateway)
    upload = Endless()
    token = f"Bearer {partner.token}"
    answer = await send(
        gateway, f"/api/v1/attachments/{new_id()}", upload, "application/pdf", "PUT", Authorization=token
    )
    assert answer.status_code == 413
    assert upload.taken <= largest_document(gateway.door.book) + AROUND + PIECE


async def test_only_forms_in_utf_8_are_read(gateway):
    visitor = Visitor(gateway)
    await visitor.begin()
    for kind in (f"{TYPED}; charset=utf-7", f"{WITH_FILE}; charset=raw_unicode_escape", WITH_FILE):
        answer = await gateway.client.post("/refer/halton/who", content=b"", headers={"Content-Type": kind})
        assert answer.status_code == 415
    headers = {"Content-Type": f"{TYPED};charset=UTF-8"}
    assert (await gateway.client.post("/refer/halton/who", content=b"", headers=headers)).status_code == 403


def caller(door: Any, address: str) -> httpx2.AsyncClient:
    """Somebody who calls from an address of this machine."""
    return httpx2.AsyncClient(
        base_url=door.address, transport=httpx2.AsyncHTTPTransport(local_address=address), trust_env=False
    )


async def test_whoever_calls_is_who_a_trusted_proxy_says_and_nobody_elses_word_counts(gateway):
    limit = gateway.door.settings.public_forms_a_minute
    async with (
        gateway.served(trusted_proxies=[PROXY]) as door, caller(door, PROXY) as proxy, caller(door, ANOTHER) as stranger,
    ):  # fmt: skip

        async def begun(client: httpx2.AsyncClient, said: str) -> int:
            return (await client.post("/refer/halton", headers={"X-Forwarded-For": said})).status_code

        assert [await begun(proxy, "203.0.113.7") for _ in range(limit + 1)] == [303] * limit + [429]
        assert await begun(proxy, "203.0.113.8") == 303  # somebody else behind the same proxy
        assert await begun(proxy, "203.0.113.8, 203.0.113.7") == 429  # the proxy's own word is the last one
        one_home = [await begun(proxy, f"2001:db8:0:1::{number:x}") for number in range(limit + 1)]
        assert one_home[-1] == 429
        assert await begun(proxy, "2001:db8:0:2::1") == 303
        assert [await begun(stranger, f"203.0.113.{number}") for number in range(limit + 1)][-1] == 429


async def test_a_referral_is_sent_however_often_others_at_the_address_pressed(gateway):
    visitor = Visitor(gateway)
    await visitor.fill()
    own = dict(gateway.client.cookies)
    for _ in range(gateway.door.settings.public_forms_a_minute):
        other = await Visitor(gateway).press()
    assert other.status_code == 429
    assert (await visitor.press("come-back", data={"code": "x"})).status_code == 422  # has a count of its own
    gateway.client.cookies.clear()
    gateway.client.cookies.update(own)
    assert (await visitor.press("check")).headers["location"] == "/refer/halton/done"


async def test_guesses_take_no_tokens_away_and_one_client_gets_so_many_from_wherever_it_asks(gateway):
    partner = await Partner.of(gateway)
    limits = {"api_tokens_a_minute": 3, "api_token_calls_a_minute": 6}
    async with gateway.served(trusted_proxies=[PROXY], **limits) as door, caller(door, PROXY) as proxy:

        async def asked(said: str, secret: str) -> int:
            given = {"grant_type": "client_credentials", "client_id": SCHOOL, "client_secret": secret}
            return (await proxy.post("/api/v1/token", data=given, headers={"X-Forwarded-For": said})).status_code

        assert [await asked("203.0.113.7", "guessed") for _ in range(7)] == [401] * 6 + [429]
        places = [f"203.0.113.{100 + number}" for number in range(4)]
        assert [await asked(place, partner.secret) for place in places] == [200] * 3 + [429]
