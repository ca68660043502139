"""The example of docs/partners.md, as a partner's developer runs it."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest

from services.gateway.tests.partners import SCHOOL, Partner
from services.gateway.tests.test_api_submissions import topics

pytestmark = [pytest.mark.broker, pytest.mark.usefixtures(topics.__name__)]
__all__ = ["topics"]
EXAMPLES = Path(__file__).resolve().parents[3] / "docs" / "examples"


async def test_the_example_sends_a_referral_and_shows_its_standing(gateway):
    partner = await Partner.of(gateway)
    async with gateway.served() as door:
        named = {"ICART_API": door.address, "ICART_CLIENT_ID": SCHOOL, "ICART_SECONDS": "1"}
        run = await asyncio.create_subprocess_exec(
            sys.executable, str(EXAMPLES / "send_referral.py"), str(EXAMPLES / "referral.json"),
            env=named | {"ICART_CLIENT_SECRET": partner.secret},
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        said, wrong = await run.communicate()
    assert run.returncode == 0, wrong.decode()
    first, _, standing = said.decode().partition("\n")
    assert first.startswith("With us since ")
    assert json.loads(standing)["state"] == "received"
