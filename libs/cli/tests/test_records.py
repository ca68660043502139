"""Desktops, reconciliation and the record as a document from the command line, against real databases."""

from __future__ import annotations

import json

import pytest

from icart_cli import exits
from icart_common.contracts.referral import Consent, Referrer
from icart_common.testing import record_of
from libs.cli.tests.front_desk import FrontDesk, icart
from services.screening.tests.front_door import MONDAY, contact_opened
from services.screening.tests.test_topics_to_tables import opened, whole_life

__all__ = ["icart"]
pytestmark = pytest.mark.broker
PERIOD = ("--from", "2026-11-01", "--to", "2026-11-30")


@pytest.mark.req("SC-2", authority="halton")
async def test_a_desktop_from_the_command_line(icart: FrontDesk) -> None:
    await icart.heard([opened("halton")])
    (row,) = await icart("desktop", "halton")
    contact = contact_opened("halton")
    assert (row["fact"], row["desktop"], row["reference"]) == ("queued", "icart", contact.reference)
    assert not {"Tamsin", "Quillfeather"} & set(json.dumps(row).replace('"', " ").split())
    (error,) = await icart("desktop", "halton", "nowhere", code=exits.WRONG_USE)
    assert "cart" in error["fix"]


@pytest.mark.req("SC-26", authority="halton")
async def test_a_period_is_reconciled_with_what_intake_opened(icart: FrontDesk) -> None:
    await icart.heard([*whole_life("halton", 1), opened("halton", 2)])
    *listed, total = await icart("reconcile", "--authority", "halton", *PERIOD)
    assert [row["finding"] for row in listed] == ["open"]
    assert (total["contacts"], total["findings"], total["wrong"]) == (2, {"ended": 1, "open": 1}, 0)
    async with icart.database_of("intake") as intake:
        lost = contact_opened("halton", 3)
        await intake.execute(
            "insert into contact (id, person, submission, authority, reference, received_at, incident) "
            "values ($1, $1, $1, 'halton', 'R', $2, $1)", lost.contact, MONDAY,
        )  # fmt: skip
    *listed, total = await icart("reconcile", "--authority", "halton", *PERIOD, code=exits.NOT_AS_EXPECTED)
    assert [row["finding"] for row in listed] == ["not-here", "open"]
    assert total["wrong"] == 1


@pytest.mark.req("SC-19", "CO-5", authority="halton")
async def test_a_record_is_printed_for_one_reader_and_the_reading_is_kept(icart: FrontDesk) -> None:
    neighbour = Referrer(kind="public", name="CANARY-name", phone="07700 900555")
    _, *rest = whole_life("halton")
    arrived = contact_opened("halton", referrer=neighbour, consents=(Consent(person="p2", status="given"),))
    await icart.heard([record_of(arrived, "events.intake", at=MONDAY), *rest])
    who = ("--person", "HBC-7", "--reason", "asked for by the family")
    (said,) = await icart(
        "record", arrived.reference, "--reader", "family", "--format", "pdf", "--to", "family.pdf", *who
    )
    assert (said["fact"], said["reader"]) == ("record", "family")
    assert (icart.folder / "family.pdf").read_bytes().startswith(b"%PDF-")
    assert (icart.folder / "family.pdf").stat().st_mode & 0o777 == 0o600
    await icart("record", str(arrived.contact), "--reader", "area-team", "--to", "team.html", *who)
    team = (icart.folder / "team.html").read_text()
    assert "21 January 2027" in team
    assert "CANARY-name" not in team
    await icart("record", str(arrived.contact), "--to", "whole.html", *who)
    assert "CANARY-name" in (icart.folder / "whole.html").read_text()
    async with icart.screening.connection() as connection:
        read = await connection.fetch("select reader, person, reason from record_read order by at")
    assert [tuple(row) for row in read] == [
        (reader, "HBC-7", "asked for by the family") for reader in ("family", "area-team", "worker")
    ]
    (error,) = await icart("record", "AAAAA-AAAAA", "--to", "none.html", *who, code=exits.WRONG_USE)
    assert "There is no contact" in error["error"]
