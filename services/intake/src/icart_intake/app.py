"""The composition root of the intake service: nothing else builds anything."""

from __future__ import annotations

import asyncio

from icart_common.contracts.screening import ContactClosed
from icart_common.deployment import deployment_topics
from icart_common.policy.book import load_packs
from icart_common.service import ServiceParts, Subscription, run
from icart_intake.documents.background import document_work
from icart_intake.handlers.cases import CaseSystem
from icart_intake.handlers.door import Door
from icart_intake.handlers.outcomes import Outcomes
from icart_intake.settings import Settings


def parts(settings: Settings) -> ServiceParts:
    """What is the intake service's own. The bulk feed has a consumer group to itself, so that it never delays a child."""
    book = load_packs(settings.packs_folder)
    families = ("inbound.referrals.{agency}", "inbound.edt.{authority}", "commands.intake")
    return ServiceParts(
        service="intake",
        package="icart_intake",
        settings=settings,
        topics=deployment_topics(book),
        subscriptions=(
            Subscription("referrals", families, Door(book), parks=True, reads_after="cases"),
            Subscription("outcomes", ("events.screening",), Outcomes(book), hears=(ContactClosed,)),
            Subscription("cases", ("inbound.cases.{authority}",), CaseSystem()),
        ),
        background=(document_work(settings, book),),
    )


def main() -> None:
    """Run the service until it is told to stop."""
    asyncio.run(run(parts(Settings())))
