"""Which projections hear which topics. A new read model is a module with a projection, a migration, and a line here."""

from __future__ import annotations

from typing import Final

from icart_common.service import Subscription
from icart_gateway.model.answers import Answers
from icart_gateway.model.authority_log import AuthorityLog
from icart_gateway.model.clocks import Clocks
from icart_gateway.model.contacts import Arrivals, Contacts
from icart_gateway.model.documents import Documents
from icart_gateway.model.for_agencies import ForAgencies
from icart_gateway.model.log import Log, of_a_contact
from icart_gateway.model.people import Merges, Offers
from icart_gateway.model.projection import Projection, Projector
from icart_gateway.model.undertakings import Undertakings

SOURCES: Final[dict[str, tuple[Projection, ...]]] = {
    "events.intake": (
        Arrivals(),
        Log(of_a_contact("events.intake")),
        Documents(),
        Offers(),
        Merges(),
        Answers("events.intake"),
        ForAgencies("events.intake"),
    ),
    "events.screening": (
        Contacts(),
        Log(of_a_contact("events.screening")),
        AuthorityLog(),
        Undertakings(),
        Answers("events.screening"),
        ForAgencies("events.screening"),
    ),
    "events.timers": (Clocks(),),
    "events.police-vpa": (Answers("events.police-vpa"), ForAgencies("events.police-vpa")),
    "events.notifications": (Answers("events.notifications"), ForAgencies("events.notifications")),
    "outbound.{agency}": (ForAgencies("outbound.{agency}"),),
}
"""By the topic's family in the catalogue. Each is read by a consumer of its own, so that none holds up another."""


def subscriptions(generation: int) -> tuple[Subscription, ...]:
    """The subscriptions of a generation of the read models, each in a consumer group of its own."""
    found = []
    for family, projections in SOURCES.items():
        projector = Projector(projections)
        found.append(
            Subscription(f"{family.partition('.{')[0]}.{generation}", (family,), projector, hears=projector.hears)
        )
    return tuple(found)
