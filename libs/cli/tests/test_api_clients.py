"""Who may come in: `icart api client` (a secret is shown once) and `icart gateway sign-out`."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime

import asyncpg
import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from icart_cli import exits
from icart_cli.main import app
from icart_common.testing import migrated_database
from icart_gateway.settings import Settings
from icart_gateway.signing_in.posts import Post
from icart_gateway.signing_in.session import begin

RUN = CliRunner()
SCHOOL = "larkspur-lane-primary"


async def said(*words: str, about: str = "client_id") -> list[dict[str, object]]:
    """What a command prints, a fact a line, of those that are about this. Raises what it raises."""
    done = await asyncio.to_thread(RUN.invoke, app, [*words, "--json"])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return [json.loads(line) for line in done.output.splitlines() if f'"{about}"' in line]


async def client(*words: str) -> list[dict[str, object]]:
    return await said("api", "client", *words)


async def test_clients_are_made_listed_and_revoked_and_people_signed_out(stack, monkeypatch):
    async with migrated_database(stack, "icart_gateway") as url:
        monkeypatch.setenv("ICART_GATEWAY_DATABASE_URL", url)
        (made,) = await client("add", SCHOOL)
        assert made["scopes"] == ["messages", "referrals", "replies"]
        secret = str(made["client_secret"])
        with pytest.raises(exits.Stop, match="has a client already"):
            await client("add", SCHOOL)
        with pytest.raises(exits.Stop, match="No policy pack has"):
            await client("add", "nobody")
        (listed,) = await client("list")
        assert listed["client_id"] == SCHOOL
        assert secret not in json.dumps(listed)
        await client("revoke", SCHOOL)
        with pytest.raises(exits.Stop, match="has no client"):
            await client("revoke", SCHOOL)
        (made_again,) = await client("add", SCHOOL)
        assert made_again["client_secret"] != secret
        settings = Settings(database_url=SecretStr(url))
        connection = await asyncpg.connect(url)
        for browser in ("one", "two"):
            await begin(
                connection, person="w-101", name=browser, posts=[Post("halton", "social-worker")], now=datetime.now(UTC),
                settings=settings,
            )  # fmt: skip
        await connection.close()
        for sessions in (2, 0):
            (out,) = await said("gateway", "sign-out", "w-101", about="sessions")
            assert out["sessions"] == sessions
