"""What is taken away of a contact: clean documents and its record, by whoever may read it; the trail says so (IN-14, SC-19)."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pydantic import SecretStr

from icart_common.documents import arrival, kept
from icart_common.testing import example
from services.gateway.tests.contacts_told import contact_id, opened, received
from services.gateway.tests.front_of_services import TOKEN, screening
from services.gateway.tests.partners import with_store

PAPER = b"%PDF-1.7 an invented letter"
DIGEST = hashlib.sha256(PAPER).hexdigest()


def document(found: str, number: int, **changes: Any) -> Any:
    submission = str(opened(1).model_dump()["submission"])
    return example(
        f"icart.document.{found}.v1",
        document=str(UUID(int=number)),
        submission=submission,
        authority="halton",
        **changes,
    )


async def a_contact(gateway: Any, folder: Path) -> str:
    store = with_store(gateway, folder)
    (store / "kept").mkdir()
    (store / kept(DIGEST)).write_bytes(PAPER)
    await gateway.hear(opened(1), received(1), opened(2), received(2))
    await gateway.hear(
        document("clean", 1, size=len(PAPER), sha256=DIGEST),
        document("received", 2),
        document("refused", 3),
        document("clean", 4, size=1, sha256="0" * 64),
    )
    return f"/contacts/{contact_id(1)}"


async def reads(gateway: Any) -> list[str]:
    async with gateway.door.held.connection() as connection:
        rows = await connection.fetch("select what from read_audit order by place")
    return [row["what"] for row in rows]


@pytest.mark.req("IN-14", authority="halton")
async def test_a_clean_document_is_taken_and_no_other(gateway: Any, tmp_path: Path) -> None:
    page = await a_contact(gateway, tmp_path / "store")
    await gateway.sign_in("w-101", "social-worker")
    taken = await gateway.client.get(f"{page}/documents/{UUID(int=1)}")
    assert (taken.status_code, taken.content) == (200, PAPER)
    assert taken.headers["content-disposition"] == 'attachment; filename="document-00000001.pdf"'
    assert taken.headers["x-content-type-options"] == "nosniff"
    assert taken.headers["content-type"] == "application/octet-stream"
    assert "sandbox" in taken.headers["content-security-policy"]
    assert await reads(gateway) == ["documents"]
    for number in (2, 3, 99):
        assert (await gateway.client.get(f"{page}/documents/{UUID(int=number)}")).status_code == 404
    assert (await gateway.client.get(f"{page}/documents/{UUID(int=4)}")).status_code == 503, "the store lost it"
    other = f"/contacts/{contact_id(2)}/documents/{UUID(int=1)}"
    assert (await gateway.client.get(other)).status_code == 404, "it is of another contact"
    shown = (await gateway.client.get(page)).text
    assert shown.count(f"{page}/documents/") == 2, "links to what is clean alone"
    await gateway.sign_in("y-1", "assessment-manager", authority="york")
    assert (await gateway.client.get(f"{page}/documents/{UUID(int=1)}")).status_code == 404
    await gateway.sign_in("o-1", "operations")
    assert (await gateway.client.get(f"{page}/documents/{UUID(int=1)}")).status_code == 403
    assert arrival("x", UUID(int=1)) not in shown


@pytest.mark.broker
@pytest.mark.req("SC-19", authority="halton")
async def test_the_record_is_made_by_screening_and_both_keep_who_took_it(gateway: Any, stack: Any) -> None:
    await gateway.sign_in("w-101", "social-worker")
    async with screening(stack, "halton", gateway.clock) as service:
        contact = service.opened
        page = f"/contacts/{contact.contact}"
        await gateway.hear(contact, example(
            "icart.screening.received.v1", contact=str(contact.contact), reference=contact.reference, version=1,
        ))  # fmt: skip
        assert (await gateway.client.get(f"{page}/record/worker.pdf")).status_code == 503, (
            "nothing says where it answers"
        )
        gateway.change(settings=gateway.door.settings.model_copy(
            update={"service_urls": {"screening": service.url}, "ops_token": SecretStr(TOKEN)}
        ))  # fmt: skip
        pdf = await gateway.client.get(f"{page}/record/worker.pdf")
        assert pdf.content.startswith(b"%PDF")
        assert (
            pdf.headers["content-disposition"]
            == f'attachment; filename="contact-record-{contact.reference.lower()}.pdf"'
        )
        html = await gateway.client.get(f"{page}/record/worker.html")
        assert contact.reference in html.text
        assert "sandbox" in html.headers["content-security-policy"]
        assert (await gateway.client.get(f"{page}/record/area-team.html")).status_code == 404, "no referral came of it"
        assert (await gateway.client.get(f"{page}/record/family.html")).status_code == 422
        assert [tuple(row) for row in await service.reads()] == [("w-101", "worker")] * 2 + [("w-101", "area-team")]
        assert set(await reads(gateway)) == {"print"}
        await gateway.sign_in("y-1", "assessment-manager", authority="york")
        assert (await gateway.client.get(f"{page}/record/worker.pdf")).status_code == 404
