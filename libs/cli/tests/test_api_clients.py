"""`icart api client`: a secret is shown once, and a client ends when it is revoked."""

from __future__ import annotations

import asyncio
import json

import pytest
from typer.testing import CliRunner

from icart_cli import exits
from icart_cli.main import app
from icart_common.testing import migrated_database

RUN = CliRunner()
SCHOOL = "larkspur-lane-primary"


async def said(*words: str) -> list[dict[str, object]]:
    """What a command prints, a fact a line. Raises what it raises."""
    done = await asyncio.to_thread(RUN.invoke, app, ["api", "client", *words, "--json"])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return [json.loads(line) for line in done.output.splitlines() if '"client_id"' in line]


async def test_a_client_is_made_listed_and_revoked(stack, monkeypatch):
    async with migrated_database(stack, "icart_gateway") as url:
        monkeypatch.setenv("ICART_GATEWAY_DATABASE_URL", url)
        (made,) = await said("add", SCHOOL)
        assert made["scopes"] == ["messages", "referrals", "replies"]
        secret = str(made["client_secret"])
        with pytest.raises(exits.Stop, match="has a client already"):
            await said("add", SCHOOL)
        with pytest.raises(exits.Stop, match="No policy pack has"):
            await said("add", "nobody")
        (listed,) = await said("list")
        assert listed["client_id"] == SCHOOL
        assert secret not in json.dumps(listed)
        await said("revoke", SCHOOL)
        with pytest.raises(exits.Stop, match="has no client"):
            await said("revoke", SCHOOL)
        (made_again,) = await said("add", SCHOOL)
        assert made_again["client_secret"] != secret
