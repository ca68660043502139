"""The topics of a deployment: the catalogue, filled in with the agencies of the policy packs."""

from __future__ import annotations

from dataclasses import dataclass

from icart_common.contracts.catalogue import Topic, topics
from icart_common.policy import PolicyBook


@dataclass(frozen=True, slots=True)
class _Partner:
    id: str
    sends: tuple[str, ...]
    authorities: tuple[str, ...]
    receives: bool


def deployment_topics(book: PolicyBook) -> list[Topic]:
    """Every topic that these packs need, each once, in the order of the catalogue."""
    return topics(
        _Partner(agency.id, agency.may_write, book.authorities_of(agency.id), agency.delivery.topic)
        for agency in sorted(book.agencies().values(), key=lambda agency: agency.id)
    )
