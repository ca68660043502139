"""Where a platform's databases and consumer groups are."""

from __future__ import annotations

from urllib.parse import urlsplit

from icart_cli.places import PACKAGES
from icart_cli.platform import Platform
from icart_common.contracts.catalogue import FAMILIES
from icart_gateway.generations import model_url
from icart_gateway.model.sources import subscriptions

GROUPS = {
    "intake": ("icart.intake.referrals", "icart.intake.cases", "icart.intake.outcomes"),
    "police-vpa": ("icart.police-vpa.vpas",),
    "screening": ("icart.screening.contacts", "icart.screening.clocks"),
    "notifications": ("icart.notifications.events", "icart.notifications.notices"),
    "timers": ("icart.timers.clocks",),
    "gateway": tuple(f"icart.gateway.{one.name}" for one in subscriptions(1)),
}

EVENTS = tuple(family.name for family in FAMILIES if family.name.startswith("events."))
"""What services say. The gateway says nothing of its own."""


def database_url(platform: Platform, service: str) -> str:
    return urlsplit(platform.postgres_url)._replace(path=f"/{PACKAGES[service]}").geturl()


def rebuilt_at(url: str, service: str) -> str:
    """Where the tables lie that follow from topics, and the dead letters.

    Of the gateway its read models alone, for sessions are in no topic.
    """
    return model_url(url, 1) if service == "gateway" else url
