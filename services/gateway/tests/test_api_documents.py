"""Documents that partners put here, and those that are not what is said of them (IN-14)."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from icart_common.contracts.ids import new_id
from icart_common.documents import arrival
from services.gateway.tests.partners import HOSPITAL, SCHOOL, Partner, referral, with_store
from services.gateway.tests.test_api_submissions import topics

pytestmark = [pytest.mark.broker, pytest.mark.usefixtures(topics.__name__)]
__all__ = ["topics"]
LETTER = b"%PDF-1.7\n" + b"a letter that nobody wrote " * 20_000


@pytest.fixture
def store(gateway, tmp_path: Path) -> Path:
    """The gateway with a store of documents."""
    return with_store(gateway, tmp_path / "documents")


def named(identifier: str, content: bytes = LETTER, **changes) -> dict[str, Any]:
    said = {
        "name": "letter.pdf",
        "type": "application/pdf",
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    return {"id": identifier} | said | changes


@pytest.mark.req("IN-14", authority="halton")
async def test_a_document_is_put_where_intake_looks_and_named_in_the_referral(gateway, store):
    partner, identifier = await Partner.of(gateway), str(new_id())
    digest = base64.b64encode(hashlib.sha256(LETTER).digest()).decode()
    headers = {"Content-Type": "application/pdf", "Content-Digest": f"sha-256=:{digest}:"}
    put = await partner.call("PUT", f"/attachments/{identifier}", content=LETTER, headers=headers)
    assert put.status_code == 201, put.text
    assert put.json() == {"attachment": identifier, "size": len(LETTER), "sha256": hashlib.sha256(LETTER).hexdigest()}
    assert (store / f"arrivals/{SCHOOL}/{identifier}").read_bytes() == LETTER
    again = await partner.call("PUT", f"/attachments/{identifier}", content=LETTER, headers=headers)
    assert again.status_code == 201
    body = referral(attachments=[named(identifier)])
    assert (await partner.send(body)).status_code == 202
    added = {
        "agency": SCHOOL,
        "authority": "halton",
        "submission": body["submission"],
        "attachments": [named(identifier)],
    }
    assert (await partner.send(added, "/attachments")).status_code == 202


@pytest.mark.req("IN-14", authority="halton")
async def test_documents_that_lie_are_refused_and_not_kept(gateway, store):
    partner, identifier = await Partner.of(gateway), str(new_id())
    other = base64.b64encode(hashlib.sha256(b"something else").digest()).decode()
    for content, headers, status in (
        (LETTER, {"Content-Digest": f"sha-256=:{other}:"}, 422),
        (LETTER, {"Content-Digest": "sha-256=:x:"}, 400),
        (LETTER, {"Content-Digest": "md5=:x:"}, 400),
        (LETTER, {"Content-Type": "a lie"}, 415),
        (b"", {}, 400),
        (b"x" * (gateway.door.book.pack("halton").documents.largest + 1), {}, 413),
    ):
        answer = await partner.call("PUT", f"/attachments/{identifier}", content=content, headers=headers)
        assert answer.status_code == status, answer.text
    assert not (store / "arrivals").exists()
    assert (await partner.call("PUT", f"/attachments/{identifier}", content=LETTER)).status_code == 201
    swapped = await partner.call("PUT", f"/attachments/{identifier}", content=b"another document")
    assert swapped.status_code == 409
    for lie in ({"size": 1}, {"sha256": "0" * 64}):
        answer = await partner.send(referral(attachments=[named(identifier, **lie)]))
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "#/attachments/0"
    assert (store / f"arrivals/{SCHOOL}/{identifier}").read_bytes() == LETTER


@pytest.mark.req("IN-14", authority="halton")
async def test_nobody_reaches_another_agencys_document_by_its_id(gateway, store):
    ours, theirs, identifier = await Partner.of(gateway), await Partner.of(gateway, HOSPITAL), str(new_id())
    assert (await ours.call("PUT", f"/attachments/{identifier}", content=LETTER)).status_code == 201
    assert (await theirs.call("PUT", f"/attachments/{identifier}", content=b"theirs")).status_code == 201
    assert (store / arrival(SCHOOL, UUID(identifier))).read_bytes() == LETTER
    for path in ("..%2f..%2fkept", "x", "../../x"):
        assert (await ours.call("PUT", f"/attachments/{path}", content=LETTER)).status_code in (404, 405)


async def test_a_store_that_does_not_answer_is_said(gateway, store):
    partner = await Partner.of(gateway)
    store.rmdir()
    store.write_text("no folder any more")
    answer = await partner.call("PUT", f"/attachments/{new_id()}", content=LETTER)
    assert answer.status_code == 503
    assert "retry-after" in answer.headers
