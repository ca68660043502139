"""The composition root of the gateway: nothing else builds anything."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from pydantic import SecretStr

from icart_common.deployment import deployment_topics
from icart_common.observability.logs import configure_logs
from icart_common.policy import PolicyBook, load_packs
from icart_common.service import ServiceParts, run
from icart_gateway.generations import MODELS, going_over, in_force, model_url
from icart_gateway.model.sources import subscriptions
from icart_gateway.serving import serve_pages
from icart_gateway.settings import Settings


def projector(settings: Settings, book: PolicyBook, generation: int) -> ServiceParts:
    """What fills a generation of the read models, and nothing else."""
    url = model_url(settings.database_url.get_secret_value(), generation)
    return ServiceParts(
        service="gateway",
        package=MODELS,
        settings=settings.model_copy(update={"database_url": SecretStr(url)}),
        topics=deployment_topics(book),
        subscriptions=subscriptions(generation),
    )


def parts(settings: Settings, generation: int) -> ServiceParts:
    """The service over one generation of its read models. Raises PolicyRefused when a policy pack cannot be used."""
    book = load_packs(settings.packs_folder)
    found = projector(settings, book, generation)
    pages = serve_pages(settings, book, found.topics)
    return replace(found, background=(pages, going_over(settings.database_url.get_secret_value(), generation)))


async def _run() -> None:
    settings = Settings()
    configure_logs("gateway", settings.log_level)
    generation = await in_force(settings.database_url.get_secret_value())
    await run(parts(settings, generation))


def main() -> None:
    """Run the gateway until it is told to stop."""
    asyncio.run(_run())
