"""Where a platform's databases and consumer groups are."""

from __future__ import annotations

from urllib.parse import urlsplit

from icart_cli.places import PACKAGES
from icart_cli.platform import Platform

GROUPS = {
    "intake": ("icart.intake.referrals", "icart.intake.cases", "icart.intake.outcomes"),
    "police-vpa": ("icart.police-vpa.vpas",),
    "screening": ("icart.screening.contacts", "icart.screening.clocks"),
    "notifications": ("icart.notifications.events", "icart.notifications.notices"),
    "timers": ("icart.timers.clocks",),
}


def database_url(platform: Platform, service: str) -> str:
    return urlsplit(platform.postgres_url)._replace(path=f"/{PACKAGES[service]}").geturl()
