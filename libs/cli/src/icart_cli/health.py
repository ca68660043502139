"""What the services say of themselves, asked over HTTP; and whether all of them have nothing left to do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from typing import Any

import httpx2

from icart_common.clock import monotonic

_LOOK_AT_ALL_SECONDS = 1.0


async def ask(client: httpx2.AsyncClient, url: str, path: str) -> dict[str, Any] | None:
    """The JSON of an endpoint; None when the service does not answer."""
    try:
        response = await client.get(f"{url}{path}")
        found: dict[str, Any] = response.json()
    except (httpx2.HTTPError, ValueError):
        return None
    return found


class Quiet:
    """Knows when a message has had all its consequences: no lag, no outbox, nothing overdue, twice in a row unchanged."""

    def __init__(self, urls: Callable[[], Mapping[str, str]], client: httpx2.AsyncClient) -> None:
        self._urls = urls
        self._client = client

    async def progress(self, services: Collection[str] | None = None) -> dict[str, dict[str, Any] | None]:
        """What these services say, or all of them, asked side by side."""
        urls = {name: url for name, url in self._urls().items() if services is None or name in services}
        answers = await asyncio.gather(*(ask(self._client, url, "/progress") for url in urls.values()))
        return dict(zip(urls, answers, strict=True))

    async def wait(self, *, seconds: float = 60.0, rounds: int = 2) -> dict[str, dict[str, Any]]:
        """Return when everything is quiet. Raises `TimeoutError` naming what was not, when nothing has moved for `seconds`.

        As long as something moves it is waited for: a busy machine is slow, not wrong. Ten times `seconds` are the end of it.
        While some are busy they alone are asked, and all once a second: to answer is work too, on a machine that has enough.
        """
        last: Any = None
        same = 0
        busy: dict[str, list[str]] = {}
        before: dict[str, list[str]] | None = None
        began = moved = monotonic()
        asked_all = 0.0
        while (now := monotonic()) < moved + seconds and now < began + 10 * seconds:
            if not busy or now > asked_all + _LOOK_AT_ALL_SECONDS:
                busy, asked_all = {}, now
            found = await self.progress(busy or None)
            busy = {service: reasons for service, said in found.items() if (reasons := _busy(service, said))}
            if busy != before:
                before, moved = busy, now
            if not busy and len(found) < len(self._urls()):
                continue
            ends = {service: _ends(said) for service, said in found.items()}
            same = same + 1 if not busy and ends == last else 0
            last = None if busy else ends  # what was busy a moment ago may just have spoken to somebody asked before it
            if not busy and same >= rounds - 1:
                return {service: said for service, said in found.items() if said is not None}
            await asyncio.sleep(0.02)
        raise TimeoutError(
            "; ".join(reason for reasons in busy.values() for reason in reasons) or "something was still moving"
        )


def _ends(said: Mapping[str, Any] | None) -> Any:
    return said and {name: one["end"] for name, one in said.get("consumers", {}).items()}


def _busy(service: str, said: Mapping[str, Any] | None) -> list[str]:
    if said is None or "consumers" not in said:
        return [f"{service} does not answer"]
    reasons = [
        f"{service}/{name} has {'no partitions yet' if one['lag'] is None else str(one['lag']) + ' records to read'}"
        for name, one in said["consumers"].items()
        if one["lag"] is None or one["lag"] > 0
    ]
    if said["outbox"]:
        reasons.append(f"{service} has {said['outbox']} messages to send on")
    if said["waiting"]:
        reasons.append(f"{service} has {said['waiting']} commands that wait for their record")
    if said.get("clocks", {}).get("overdue"):
        reasons.append(f"{said['clocks']['overdue']} clocks are due and have not fired")
    if said.get("deliveries", {}).get("mails_waiting"):
        reasons.append(f"{said['deliveries']['mails_waiting']} e-mails are still to be sent")
    return reasons
