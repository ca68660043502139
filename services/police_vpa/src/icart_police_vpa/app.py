"""The composition root: what the service hears, and who handles it."""

from __future__ import annotations

import asyncio

from icart_common.deployment import deployment_topics
from icart_common.policy import load_packs
from icart_common.service import ServiceParts, Subscription, run
from icart_police_vpa.handlers import HEARS, VpasHandler
from icart_police_vpa.settings import Settings

HEARD = ("inbound.vpa.{agency}", "commands.police-vpa", "events.intake")


def parts(settings: Settings) -> ServiceParts:
    """The service from its settings. Raises PolicyRefused when a policy pack cannot be used."""
    book = load_packs(settings.packs_folder)
    return ServiceParts(
        service="police-vpa",
        package="icart_police_vpa",
        settings=settings,
        topics=deployment_topics(book),
        subscriptions=(Subscription("vpas", HEARD, VpasHandler(book), parks=True, hears=HEARS),),
    )


def main() -> None:
    """Run the service until it is told to stop."""
    asyncio.run(run(parts(Settings())))
