"""A partner agency's system, as tests use it: its client, its calls, and what our services say of what it sent."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2

from icart_common.contracts.base import Message
from icart_common.contracts.catalogue import MESSAGES
from icart_common.contracts.ids import new_id
from icart_common.documents import Store
from icart_common.testing import record_of
from icart_gateway.api.calling import Api
from icart_gateway.api.clients import add_client
from services.gateway.tests.conftest import NOW, Gateway

EXAMPLES = Path(__file__).resolve().parents[3] / "libs" / "common" / "tests" / "contracts" / "examples"
SCHOOL, POLICE, PROBATION, HOSPITAL = (
    "larkspur-lane-primary",
    "cheshire-police",
    "probation-halton",
    "weaver-bank-hospital",
)


def example(kind: str, **changes: Any) -> dict[str, Any]:
    """The committed example of a message type, with changes."""
    found: dict[str, Any] = json.loads((EXAMPLES / f"{kind}.json").read_text()) | changes
    return found


def referral(agency: str = SCHOOL, **changes: Any) -> dict[str, Any]:
    """A referral of an agency of Halton, with an id of its own."""
    given = {"agency": agency, "authority": "halton", "submission": str(new_id()), "channel": "partner-system"}
    return example("icart.referral.submitted.v1", attachments=[]) | given | changes


@dataclass
class Partner:
    """One agency's system."""

    gateway: Gateway
    agency: str
    secret: str
    token: str = ""

    @classmethod
    async def of(cls, gateway: Gateway, agency: str = SCHOOL) -> Partner:
        """A partner with a client and an access token."""
        async with gateway.door.held.connection() as connection:
            secret = await add_client(connection, agency, gateway.clock.now())
        partner = cls(gateway, agency, secret)
        partner.token = (await partner.ask_token()).json()["access_token"]
        return partner

    async def ask_token(self, **form: str) -> httpx2.Response:
        given = {"grant_type": "client_credentials", "client_id": self.agency, "client_secret": self.secret} | form
        return await self.gateway.client.post("/api/v1/token", data=given)

    async def call(self, method: str, path: str, **how: Any) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {self.token}"} | how.pop("headers", {})
        return await self.gateway.client.request(method, f"/api/v1{path}", headers=headers, **how)

    async def send(self, body: dict[str, Any], path: str = "/referrals", key: str | None = None) -> httpx2.Response:
        headers = {"Idempotency-Key": key} if key else {}
        return await self.call("POST", path, json=body, headers=headers)

    async def correlation(self, receipt: str) -> UUID:
        """What follows from what was sent carries it."""
        async with self.gateway.door.held.connection() as connection:
            found: UUID = await connection.fetchval("select correlation from receipt where id = $1", UUID(receipt))
        return found

    async def said(
        self, kind: str, correlation: UUID | None = None, *, family: str = "events.intake", **changes: Any
    ) -> None:
        """A service says something of what this agency sent."""
        body = MESSAGES[kind].model_validate(example(kind, **changes))
        await told(self.gateway, body, family, family.format(agency=self.agency), correlation)


async def told(gateway: Gateway, body: Message, family: str, topic: str, correlation: UUID | None = None) -> None:
    """One message on a topic, through the real batch path."""
    record = record_of(body, topic, at=NOW, correlation=correlation)
    assert await gateway.runners[family].run([record]) == []


def with_store(gateway: Gateway, folder: Path) -> Path:
    """The gateway's API with a store of documents in a folder."""
    mounted: Any = next(route for route in gateway.app.routes if getattr(route, "path", "") == "/api/v1")
    before: Api = mounted.app.state.api
    gateway.app.state.api = mounted.app.state.api = replace(before, store=Store(folder.as_uri()))
    return folder
