"""The composition root: what screening hears, and who handles it."""

from __future__ import annotations

import asyncio
from functools import partial

from icart_common.deployment import deployment_topics
from icart_common.policy import load_packs
from icart_common.service import ServiceParts, Subscription, run
from icart_screening.handlers import HEARS, ClocksHandler, ContactsHandler
from icart_screening.records_asked import RecordsAsked
from icart_screening.settings import Settings

CONTACTS = ("events.intake", "commands.screening", "inbound.replies.{agency}")
"""In one subscription: a command can wait for its contact, and an agency's answer for the check that it is to."""


def parts(settings: Settings) -> ServiceParts:
    """The service from its settings. Raises PolicyRefused when a policy pack cannot be used."""
    book = load_packs(settings.packs_folder)
    return ServiceParts(
        service="screening",
        package="icart_screening",
        settings=settings,
        topics=deployment_topics(book),
        subscriptions=(
            Subscription("contacts", CONTACTS, ContactsHandler(book), parks=True, hears=HEARS),
            Subscription("clocks", ("events.timers",), ClocksHandler(book)),
        ),
        asked={"/record": partial(RecordsAsked, book=book)},
    )


def main() -> None:
    """Run the service until it is told to stop."""
    asyncio.run(run(parts(Settings())))
