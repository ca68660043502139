"""The composition root of the timers service: nothing else builds anything."""

from __future__ import annotations

import asyncio

from icart_common.deployment import deployment_topics
from icart_common.policy.book import load_packs
from icart_common.service import ServiceParts, Subscription, run
from icart_timers.domain.reckoning import Reckoners
from icart_timers.firing import TOPIC
from icart_timers.handlers import ClockCommands
from icart_timers.lanes import fire_clocks
from icart_timers.settings import Settings


def parts(settings: Settings) -> ServiceParts:
    """What is the timers service's own."""
    book = load_packs(settings.packs_folder)
    reckoners = Reckoners(book)
    return ServiceParts(
        service="timers",
        package="icart_timers",
        settings=settings,
        topics=deployment_topics(book),
        subscriptions=(Subscription("clocks", (TOPIC,), ClockCommands(reckoners), parks=True),),
        background=(fire_clocks("clocks", settings, reckoners),),
    )


def main() -> None:
    """Run the service until it is told to stop."""
    asyncio.run(run(parts(Settings())))
