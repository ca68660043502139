"""Asks every service, side by side and with little patience, whether it is alive and moving."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

import httpx2
from pydantic import SecretStr

from icart_common.contracts.catalogue import SERVICES
from icart_gateway.settings import Settings

_PATIENCE: Final = 2.0
"""Seconds that a service has to answer: whoever is on call waits for the slowest."""
_HANDLING_SECONDS: Final = 60.0


class Unanswered(Exception):
    """A service cannot be asked: nothing says where it is, it does not answer, or it refuses. The words say which."""


class Refuses(Unanswered):
    """A service answers that it will not."""

    def __init__(self, words: str, status: int) -> None:
        super().__init__(words)
        self.status = status


@dataclass(frozen=True, slots=True)
class Said:
    """What one service says of itself."""

    service: str
    answers: bool
    why_not: tuple[str, ...] = ()
    """Why it cannot do its work; empty when it can."""
    progress: Mapping[str, Any] = field(default_factory=dict)

    @property
    def lag(self) -> int:
        """Messages that it has still to read."""
        return sum(one["lag"] or 0 for one in self.progress.get("consumers", {}).values())

    @property
    def oldest_seconds(self) -> float:
        """How long the oldest thing waits: a message to be read, a message to be sent on, or a command before its record."""
        read = [one.get("oldest", 0.0) for one in self.progress.get("consumers", {}).values()]
        return float(max([*read, self.progress.get("oldest", 0.0), self.progress.get("longest_waiting", 0.0)]))

    @property
    def resting(self) -> tuple[str, ...]:
        """Topics that rest, because most of what they brought could not be read."""
        found = {topic for one in self.progress.get("consumers", {}).values() for topic in one["resting"]}
        return tuple(sorted(found))


def addresses(settings: Settings) -> dict[str, str]:
    """Where services answer. The file may change while we run: it is read each time."""
    found = dict(settings.service_urls)
    if settings.service_urls_file is not None and settings.service_urls_file.is_file():
        held = json.loads(settings.service_urls_file.read_text())
        for name, one in held.get("services", held).items():
            found[name] = one["url"] if isinstance(one, dict) else one
    return found


async def ask_all(settings: Settings) -> list[Said]:
    """What every service says, in the catalogue's order. One that is away is said to be."""
    urls = addresses(settings)
    async with _client(_PATIENCE) as asking:
        return list(await asyncio.gather(*(_ask(asking, service, urls.get(service)) for service in SERVICES)))


async def _ask(asking: httpx2.AsyncClient, service: str, url: str | None) -> Said:
    if url is None:
        return Said(service, False, ("nothing says where it answers (ICART_SERVICE_URLS)",))
    try:
        ready, progress = await asyncio.gather(asking.get(f"{url}/readyz"), asking.get(f"{url}/progress"))
        why, moving = tuple(ready.json()["why_not"]), progress.json()
    except (httpx2.HTTPError, ValueError, KeyError, TypeError):
        return Said(service, False, ("it does not answer",))
    if "consumers" not in moving:
        return Said(service, True, (*why, *moving.get("why_not", ())))
    return Said(service, True, why, moving)


async def ask(
    urls: Mapping[str, str], token: SecretStr | None, service: str, path: str, asked: Mapping[str, Any]
) -> httpx2.Response:
    """What a service answers on its health port to whoever shows the token. Raises `Unanswered`, and `Refuses` with why not."""
    url = urls.get(service)
    if url is None or token is None:
        raise Unanswered(f"Nothing says where {service} answers, or there is no operations' token (ICART_OPS_TOKEN).")
    shown = {"authorization": f"Bearer {token.get_secret_value()}"}
    try:
        async with _client(_HANDLING_SECONDS) as client:
            answer = await client.post(f"{url}{path}", json=asked, headers=shown)
            why_not = None if answer.status_code == 200 else answer.json().get("why_not", answer.status_code)
    except (httpx2.HTTPError, ValueError):
        raise Unanswered(f"{service} does not answer. Nothing was done; try again when it is back.") from None
    if why_not is not None:
        raise Refuses(f"{service} refuses: {why_not}.", answer.status_code)
    return answer


def _client(seconds: float) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(timeout=seconds, trust_env=False, verify=_certificates())


@lru_cache
def _certificates() -> ssl.SSLContext:
    return ssl.create_default_context()
