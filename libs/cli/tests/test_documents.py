"""Documents by hand, on real Kafka, PostgreSQL and ClamAV: attached to a referral, scanned, listed, fetched (IN-14)."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from icart_cli import exits
from icart_common.contracts.ids import new_id
from icart_common.testing import service_process
from icart_common.testing.clamd import eicar

pytestmark = [pytest.mark.broker, pytest.mark.scanner]
EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "referral.json"
PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
WHO = ("--person", "HBC-7", "--reason", "the social worker asked for it")


class CommandLine:
    """`icart` as a script uses it: its facts are JSON lines."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self._environment = os.environ | environment
        self.folder = folder

    async def __call__(self, *words: str, code: int = exits.OK) -> list[dict[str, Any]]:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", "from icart_cli.main import main; main()", *words,
            cwd=self.folder, env=self._environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, error = await asyncio.wait_for(process.communicate(), 120)
        assert process.returncode == code, (words, out.decode(), error.decode())
        return [json.loads(line) for line in (out if code == exits.OK else error).splitlines()]

    async def settled(self, database: str, submission: str, count: int) -> dict[str, dict[str, Any]]:
        """The documents of a submission by their state, when all of them have been looked at."""
        await until(database, SETTLED, UUID(submission), count)
        found = await self("documents", "list", "--submission", submission)
        return {row["reason"] or row["state"]: row for row in found}


SETTLED = """
select count(*) = $2 from document d join document_of o on o.document = d.id
where o.submission = $1 and d.state not in ('named', 'waiting')
"""


async def until(database: str, question: str, *asked: object) -> None:
    """Wait for a fact in the service's database: the command line starts a process each time that it is asked."""
    connection = await asyncpg.connect(database)
    try:
        async with asyncio.timeout(90):
            while not await connection.fetchval(question, *asked):
                await asyncio.sleep(0.05)
    finally:
        await connection.close()


@pytest.mark.req("IN-14", authority="halton")
async def test_documents_from_the_command_line_and_back(stack, clamd, tmp_path):
    store = (tmp_path / "store").as_uri()
    here = {"ICART_KAFKA_BOOTSTRAP": stack.bootstrap, "ICART_DOCUMENTS_URL": store}
    await CommandLine(tmp_path, **stack.environment())("topics", "apply")
    async with service_process(
        stack, "icart_intake", ICART_DOCUMENTS_URL=store, ICART_SCANNER=clamd.address
    ) as database:
        icart = CommandLine(tmp_path, **here, ICART_INTAKE_DATABASE_URL=database)
        referral = json.loads(EXAMPLE.read_text()) | {"submission": str(new_id())}
        referral["event"]["what"] += f" Note {new_id()}."
        (tmp_path / "referral.json").write_text(json.dumps(referral))
        (tmp_path / "Letter.pdf").write_bytes(PDF)
        (tmp_path / "Notes.txt").write_bytes(eicar())
        documents = ("--attach", "Letter.pdf", "--attach", "Notes.txt")
        facts = await icart("submit", "referral.json", "--wait", "0", *documents)
        assert [fact["fact"] for fact in facts] == ["attached", "attached", "receipt"]
        found = await icart.settled(database, referral["submission"], 2)
        assert set(found) == {"clean", "malware"}

        clean, refused = found["clean"]["id"], found["malware"]["id"]
        await icart("documents", "fetch", clean, "fetched.pdf", *WHO)
        assert (tmp_path / "fetched.pdf").read_bytes() == PDF
        assert (tmp_path / "fetched.pdf").stat().st_mode & 0o777 == 0o600
        (error,) = await icart("documents", "fetch", refused, "notes.txt", *WHO, code=exits.REFUSED)
        assert "it was refused (malware)" in error["error"]
        assert not (tmp_path / "notes.txt").exists()
        shown = await icart("documents", "show", facts[0]["attachment"])
        assert (shown[0]["id"], shown[0]["kind"]) == (clean, "pdf")
        assert [fact["person"] for fact in shown[1:]] == ["HBC-7"]
        assert "Letter" not in json.dumps(shown), "what a document is called may say who it is about"

        added = {name: referral[name] for name in ("agency", "authority", "submission")}
        (tmp_path / "added.json").write_text(json.dumps(added))
        (tmp_path / "Notes.txt").write_bytes(b"Notes of the visit, by somebody whose computer is well again.\n")
        kind = ("--type", "icart.referral.attachments-added.v1", "--wait", "0")
        await icart("submit", "added.json", *kind, "--attach", "Notes.txt")
        assert set(await icart.settled(database, referral["submission"], 3)) == {"clean", "malware"}


async def test_nothing_is_fetchable_before_it_is_clean(stack, tmp_path):
    """Without a scanner."""
    store = (tmp_path / "store").as_uri()
    here = {"ICART_KAFKA_BOOTSTRAP": stack.bootstrap, "ICART_DOCUMENTS_URL": store}
    await CommandLine(tmp_path, **stack.environment())("topics", "apply")
    async with service_process(stack, "icart_intake", ICART_DOCUMENTS_URL=store) as database:
        icart = CommandLine(tmp_path, **here, ICART_INTAKE_DATABASE_URL=database)
        referral = json.loads(EXAMPLE.read_text()) | {"submission": str(new_id())}
        referral["event"]["what"] += f" Note {new_id()}."
        (tmp_path / "referral.json").write_text(json.dumps(referral))
        (tmp_path / "Letter.pdf").write_bytes(PDF)
        await icart("submit", "referral.json", "--wait", "0", "--attach", "Letter.pdf")
        await until(database, "select exists (select from document where state = 'waiting')")
        found = await icart("documents", "list", "--state", "waiting")
        (error,) = await icart("documents", "fetch", found[0]["id"], "letter.pdf", *WHO, code=exits.REFUSED)
        assert "nobody has scanned it yet" in error["error"]


async def test_what_cannot_be_attached_is_said_before_anything_is_sent(tmp_path):
    icart = CommandLine(tmp_path, ICART_KAFKA_BOOTSTRAP="127.0.0.1:1", ICART_DOCUMENTS_URL=(tmp_path / "s").as_uri())
    (tmp_path / "referral.json").write_text(EXAMPLE.read_text())
    (error,) = await icart("submit", "referral.json", "--attach", "nothing.pdf", code=exits.WRONG_USE)
    assert "no file nothing.pdf" in error["error"]
    icart = CommandLine(tmp_path, ICART_KAFKA_BOOTSTRAP="127.0.0.1:1", ICART_DOCUMENTS_URL="https://example.org/")
    (tmp_path / "Letter.pdf").write_bytes(PDF)
    (error,) = await icart("submit", "referral.json", "--attach", "Letter.pdf", code=exits.WRONG_USE)
    assert "file:///a/folder or s3://bucket/folder" in error["error"]
