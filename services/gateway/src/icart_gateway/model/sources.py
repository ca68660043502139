"""Which projections hear which topics. A new read model is a module with a projection, a migration, and a line here."""

from __future__ import annotations

from typing import Final

from icart_common.contracts.catalogue import SERVICES
from icart_common.service import Subscription
from icart_gateway.model.about import About
from icart_gateway.model.answers import Answers
from icart_gateway.model.assessments import Assessments
from icart_gateway.model.authority_log import AuthorityLog
from icart_gateway.model.clocks import Clocks
from icart_gateway.model.contacts import Arrivals, Contacts
from icart_gateway.model.deliveries import Deliveries
from icart_gateway.model.documents import Documents
from icart_gateway.model.for_agencies import ForAgencies
from icart_gateway.model.letters import Letters
from icart_gateway.model.log import Log, of_a_contact
from icart_gateway.model.notices import StatutoryNotices
from icart_gateway.model.people import Meanwhiles, Mentions, Merges, Offers
from icart_gateway.model.projection import Projection, Projector
from icart_gateway.model.submissions import Questions, Redirections, Submissions
from icart_gateway.model.tallies import Came, Timed, Went

SOURCES: Final[dict[str, tuple[Projection, ...]]] = {
    "events.intake": (
        Arrivals(),
        About(),
        Log(of_a_contact("events.intake")),
        Documents(),
        Offers(),
        Merges(),
        Mentions(),
        Meanwhiles(),
        Answers("events.intake"),
        ForAgencies("events.intake"),
        Submissions(),
        Redirections(),
        Came(),
    ),
    "events.screening": (
        Contacts(),
        Log(of_a_contact("events.screening")),
        AuthorityLog(),
        Answers("events.screening"),
        ForAgencies("events.screening"),
        Questions(),
        Went(),
    ),
    "events.timers": (Clocks(), Timed()),
    "events.police-vpa": (Assessments(), Answers("events.police-vpa"), ForAgencies("events.police-vpa")),
    "events.notifications": (
        StatutoryNotices(),
        Answers("events.notifications"),
        ForAgencies("events.notifications"),
        Deliveries(),
    ),
    "outbound.{agency}": (ForAgencies("outbound.{agency}"),),
    **{f"dead-letters.{service}": (Letters(),) for service in SERVICES},
}
"""By the topic's family in the catalogue. Each is read by a consumer of its own, so that none holds up another."""


def subscriptions(generation: int) -> tuple[Subscription, ...]:
    """The subscriptions of a generation of the read models, each in a consumer group of its own."""
    groups: dict[str, list[str]] = {}
    for family in SOURCES:  # what little there is of dead letters is read by one consumer for all services
        name = "dead-letters" if family.startswith("dead-letters.") else family.partition(".{")[0]
        groups.setdefault(name, []).append(family)
    found = []
    for name, families in groups.items():
        projector = Projector(SOURCES[families[0]])
        found.append(Subscription(f"{name}.{generation}", tuple(families), projector, hears=projector.hears))
    return tuple(found)
