"""The composition root of notifications: nothing else builds anything."""

from __future__ import annotations

import asyncio

from icart_common.deployment import deployment_topics
from icart_common.policy import load_packs
from icart_common.service import ServiceParts, Subscription, run
from icart_notifications.handlers import EVENTS_HEARD, NOTICES_HEARD, EventsHandler, NoticesHandler, is_known_already
from icart_notifications.sender import mail_sender
from icart_notifications.settings import Settings

EVENTS = ("events.intake", "events.screening", "events.police-vpa", "events.timers", "events.notifications")
NOTICES = ("inbound.notices.{agency}", "commands.notifications", "events.intake")


def parts(settings: Settings) -> ServiceParts:
    """The service, built from its settings. Raises `PolicyRefused` when a pack cannot be used."""
    book = load_packs(settings.packs_folder)
    return ServiceParts(
        service="notifications",
        package="icart_notifications",
        settings=settings,
        topics=deployment_topics(book),
        subscriptions=(
            Subscription("events", EVENTS, EventsHandler(book), hears=EVENTS_HEARD, passes_over=is_known_already),
            Subscription("notices", NOTICES, NoticesHandler(book), parks=True, hears=NOTICES_HEARD),
        ),
        background=(mail_sender(settings, book),),
    )


def main() -> None:
    """Run until SIGTERM."""
    asyncio.run(run(parts(Settings())))
