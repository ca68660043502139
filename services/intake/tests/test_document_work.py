"""The work on documents: several instances, kills at every step, a scanner or a store that is away, topics read again (IN-14)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from icart_common.contracts.documents import DocumentClean, DocumentReceived
from icart_common.testing.clamd import eicar
from icart_intake.documents.places import STORE_AWAY
from icart_intake.documents.scanner import ScannerAway
from services.intake.tests.conftest import EVERY_TABLE_EMPTY
from services.intake.tests.papers import PDF, docx

pytestmark = [pytest.mark.broker, pytest.mark.scanner]


async def test_the_scanner_away_and_back(papers, clamd):
    clamd.stop()
    try:
        await papers.send(PDF)
        await papers.look()
        assert await papers.states() == [("waiting", None)]
        assert papers.places_used() == {"arrivals", "taken"}, "nothing is fetchable"
        assert await papers.desk.said(DocumentClean) == []
        with pytest.raises(ScannerAway):
            await papers.instance()._scanner.version()
    finally:
        clamd.start()
    await papers.look()
    assert await papers.states() == [("clean", None)]
    assert len(await papers.desk.said(DocumentReceived)) == 1


async def test_without_a_scanner_nothing_is_let_through(papers):
    papers.scanner = None
    await papers.send(PDF)
    await papers.look()
    assert await papers.states() == [("waiting", None)]
    assert papers.places_used() == {"arrivals", "taken"}


class Slow:
    """The real scanner, which is asked after a while."""

    def __init__(self, scanner: Any, seconds: float) -> None:
        self._scanner, self._seconds = scanner, seconds
        self.asked = 0

    async def scan(self, chunks: AsyncIterator[bytes]) -> Any:
        self.asked += 1
        await asyncio.sleep(self._seconds)
        return await self._scanner.scan(chunks)

    async def version(self) -> str:
        return str(await self._scanner.version())


async def test_two_instances_share_the_documents_and_each_is_looked_at_once(papers):
    await papers.send(*(PDF + str(number).encode() for number in range(10)))
    one, two = papers.instance(), papers.instance()
    first, second = (Slow(work._scanner, 0.05) for work in (one, two))
    one._scanner, two._scanner = first, second
    await asyncio.gather(papers.rounds(one), papers.rounds(two))
    assert await papers.states() == [("clean", None)] * 10
    assert first.asked + second.asked == 10
    assert min(first.asked, second.asked) > 0
    assert len(await papers.desk.said(DocumentClean)) == 10


async def test_a_lease_that_ran_out_writes_nothing(papers):
    """An instance was away for so long that another one has settled the document."""
    await papers.send(PDF)
    late, prompt = papers.instance(documents_lease_seconds=0.5), papers.instance()
    late._scanner = Slow(late._scanner, 30)
    waiting = asyncio.create_task(late.once())
    await asyncio.sleep(0.7)
    await papers.look(prompt)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert await papers.states() == [("clean", None)]
    assert len(await papers.desk.said(DocumentClean)) == 1


class PowerCut(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("at", ["_settle", "_clear_away", "_received"])
@pytest.mark.parametrize("content", [PDF, eicar()], ids=["clean", "malware"])
async def test_a_kill_at_any_step_leaves_what_the_next_instance_ends(papers, monkeypatch, at, content):
    """Between the copy in the store and the commit, and between the commit and the clearing away."""
    await papers.send(content, kind="application/octet-stream")
    killed = papers.instance()

    async def power_cut(*_: Any) -> None:
        raise PowerCut

    with monkeypatch.context() as during:
        during.setattr(killed, at, power_cut)
        with pytest.raises(PowerCut):
            await killed.once()
    async with papers.desk.database.connection() as connection:
        await connection.execute("update document set leased_until = '-infinity'")
    await papers.look()
    state = ("clean", None) if content == PDF else ("refused", "malware")
    assert await papers.states() == [state]
    assert papers.places_used() == {"kept" if content == PDF else "refused", "findings"}
    said = [name for name in await papers.desk.everything() if name.startswith("Document")]
    assert said == ["DocumentReceived", "DocumentClean" if content == PDF else "DocumentRefused"]


async def test_topics_read_again_find_what_was_found(papers):
    """An empty database beside a store that is whole: the same rows, the same events, at the same times."""
    referral = await papers.send(PDF, docx(word__vbaProject_bin=b"attack"), kind="application/octet-stream")
    await papers.look()
    before, said = await papers.rows(), await papers.desk.everything()
    async with papers.desk.database.connection() as connection:
        outbox = await connection.fetch("select id from outbox order by id")
        await connection.execute(EVERY_TABLE_EMPTY)
    papers.desk.now -= timedelta(seconds=1)
    papers.clock.set(papers.desk.now + timedelta(days=30))
    record = papers.desk.record(referral)
    assert await papers.desk.door.run([record]) == []
    await papers.look()
    again = await papers.rows()
    same = (
        "id",
        "submission",
        "state",
        "reason",
        "kind",
        "size",
        "sha256",
        "received_at",
        "settled_at",
        "look_at",
        "tries",
    )
    assert [[row[name] for name in same] for row in again] == [[row[name] for name in same] for row in before]
    assert sorted(await papers.desk.everything()) == sorted(said)
    async with papers.desk.database.connection() as connection:
        documents = {row["id"] for row in await connection.fetch("select id from outbox where topic = 'events.intake'")}
    assert len(documents & {row["id"] for row in outbox}) >= 4, "received and settled, twice, with their ids"


async def test_what_its_sender_changes_after_the_look_is_not_kept(papers):
    """Our copy is what was scanned, and what is kept."""
    referral = await papers.send(PDF)
    work = papers.instance()
    asked = work._scanner

    class Meanwhile(Slow):
        async def scan(self, chunks: AsyncIterator[bytes]) -> Any:
            await papers.put(referral.agency, referral.attachments[0].id, eicar())
            return await asked.scan(chunks)

    work._scanner = Meanwhile(asked, 0)
    await papers.look(work)
    (row,) = await papers.rows()
    assert papers.lying()[f"kept/{row['sha256']}"] == PDF


async def test_a_link_out_of_the_folder_is_not_followed(papers, tmp_path):
    secret = tmp_path / "secret.pdf"
    secret.write_bytes(PDF)
    named = papers.named(PDF)
    referral = papers.desk.referral(attachments=(named,))
    place = papers.folder / "arrivals" / referral.agency
    place.mkdir(parents=True)
    (place / str(named.id)).symlink_to(secret)
    await papers.desk.send(referral)
    await papers.look()
    assert await papers.states() == [("named", None)], "as if nothing had come"


async def test_the_folder_is_its_owners_alone(papers):
    assert papers.folder.stat().st_mode & 0o777 == 0o700


async def test_a_store_that_is_away_is_no_verdict(papers, monkeypatch):
    await papers.send(PDF)

    async def away(*_: Any) -> None:
        raise PermissionError

    with monkeypatch.context() as during:
        during.setattr(papers.places, "finding", away)
        assert issubclass(PermissionError, STORE_AWAY)
        await papers.instance().once()
    assert await papers.states() == [("named", None)]
    await papers.look()
    assert await papers.states() == [("clean", None)]
