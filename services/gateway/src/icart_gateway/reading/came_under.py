"""What came under a reference that a referrer holds, and what became of it: in words for whoever has them on the telephone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from icart_common.policy import PolicyPack
from icart_common.policy.wording import name_in_words
from icart_gateway.reading.record import called
from icart_gateway.reading.restricted import RESTRICTED

_MISSING: Final = {"plan": "an early help plan", "tool": "an assessment tool"}
"""What a referral that was returned has to bring (IN-11)."""


@dataclass(frozen=True, slots=True)
class Redirected:
    """A child whose worker was told; no contact was opened (IN-5)."""

    child: str
    worker: str
    """Who has it now, as the case system names them."""


@dataclass(frozen=True, slots=True)
class CameUnder:
    """One submission."""

    agency: str
    received_at: datetime
    state: str
    """`taken`, `advice` or `returned`."""
    missing: tuple[str, ...]
    """What it has to bring when it is sent again."""
    asked: tuple[str, ...]
    """What its referrer was asked, where no contact was opened."""
    call_police_now: bool
    """They were told to call the police at once (IN-4)."""
    redirected: tuple[Redirected, ...]


def came_under(rows: Iterable[Mapping[str, Any]], pack: PolicyPack, hidden: frozenset[UUID]) -> tuple[CameUnder, ...]:
    """The submissions of a reference, from one row for each, or for each child of it whose worker was told.

    `hidden`: redirections of children whose record is shut to whoever looks.
    """
    together: dict[UUID, list[Mapping[str, Any]]] = {}
    for row in rows:
        together.setdefault(row["id"], []).append(row)
    return tuple(_came(of_one, pack, hidden) for of_one in together.values())


def _came(rows: list[Mapping[str, Any]], pack: PolicyPack, hidden: frozenset[UUID]) -> CameUnder:
    said = rows[0]
    tools = f": {' or '.join(said['tools'])}" if said["tools"] else ""
    return CameUnder(
        agency=called(pack.agency, said["agency"]),
        received_at=said["received_at"],
        state=said["state"],
        missing=tuple(_MISSING[one] + (tools if one == "tool" else "") for one in said["missing"]),
        asked=tuple(said["asked"]),
        call_police_now=said["call_police_now"],
        redirected=tuple(_redirected(rows, hidden)),
    )


def _redirected(rows: list[Mapping[str, Any]], hidden: frozenset[UUID]) -> Iterator[Redirected]:
    for row in rows:
        if row["redirection"] is None:
            continue
        named = name_in_words(row["given_name"], row["family_name"])
        with_whom = [one for one in (row["worker"], row["team"]) if one]
        yield Redirected(
            child=RESTRICTED if row["redirection"] in hidden else named,
            worker=", ".join(with_whom) or "the worker of the open case",
        )
