"""A new version of a pack comes while contacts are open: each goes on under the version that it was opened under (AU-6)."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from icart_common.contracts.disagreements import DisagreementRaised, RaiseDisagreement
from icart_common.contracts.screening import ContactReceived, Triage
from icart_common.contracts.timers import StartClock
from icart_common.deployment import deployment_topics
from icart_common.messaging.runner import BatchRunner
from icart_common.policy import PolicyBook, load_packs
from icart_common.policy.book import OWN_PACKS
from icart_common.testing import record_of, said
from icart_screening.app import parts
from icart_screening.settings import Settings
from services.screening.tests.conftest import Service
from services.screening.tests.front_door import CASTS, MONDAY, contact_opened
from services.screening.tests.test_topics_to_tables import command, minute, opened


def with_a_new_version(folder: Path) -> PolicyBook:
    """The packs, and of each authority's a copy that applies from before the commands of the test."""
    shutil.copytree(OWN_PACKS, folder, dirs_exist_ok=True)
    for pack in folder.glob("*/2026.1.yaml"):
        text = pack.read_text(encoding="utf-8")
        applies = next(line for line in text.splitlines() if line.startswith("applies_from:"))
        newer = text.replace("2026.1", "2026.2", 1).replace(applies, f"applies_from: {MONDAY.date()}", 1)
        (pack.parent / "2026.2.yaml").write_text(newer, encoding="utf-8")
    return load_packs(folder)


@pytest.mark.broker
@pytest.mark.parametrize(
    "authority", [pytest.param(one, marks=pytest.mark.req("AU-6", authority=one)) for one in sorted(CASTS)]
)
async def test_a_contact_keeps_its_version_and_so_do_its_clocks_and_undertakings(
    service: Service, stack: Any, tmp_path: Path, authority: str
) -> None:
    cast = CASTS[authority]
    old, new = contact_opened(authority, 1).contact, contact_opened(authority, 2).contact
    assert await service.contacts.run([opened(authority, 1)]) == []
    book = with_a_new_version(tmp_path)
    assert {pack.version for pack in book.newest()} == {"2026.2"}
    settings = Settings(database_url=stack.postgres_url("icart_screening"), packs_folder=tmp_path)
    subscription = next(one for one in parts(settings).subscriptions if one.name == "contacts")
    topics = {topic.name: topic for topic in deployment_topics(book)}
    later = BatchRunner(
        "contacts", "screening", service.database, {name: topics[name] for name in subscription.families if name in topics},
        subscription.handler, buckets=4, parks=subscription.parks, hears=subscription.hears,
    )  # fmt: skip
    triaged = {"strand": cast.early, "urgency": "routine", "reason": "what it says"}
    raised = {"agency": cast.school, "about": "the level", "because": "new facts", "wants": "a second look"}
    actor = {"person": "m1", "role": cast.manager}
    records = [opened(authority, 2, pack_version="2026.2")]
    for number, contact in ((1, old), (2, new)):
        records.append(command(Triage, contact, 1, cast.manager, "m1", **triaged))
        begins = RaiseDisagreement.model_validate({"contact": contact, "actor": actor, **raised})
        records.append(record_of(begins, "commands.screening", at=minute(5 + number)))
    assert await later.run(records) == []
    received = {one.contact: one.pack_version for one in await said(service.database, ContactReceived)}
    assert received == {old: "2026.1", new: "2026.2"}
    begun = {one.undertaking: one for one in await said(service.database, DisagreementRaised)}
    assert {one.contact: one.pack_version for one in begun.values()} == received
    clocks = await said(service.database, StartClock)
    of = {clock.subject: begun[clock.subject].contact if clock.subject in begun else clock.subject for clock in clocks}
    assert {(of[clock.subject], clock.pack_version) for clock in clocks} == set(received.items())
    assert all(sum(of[clock.subject] == contact for clock in clocks) >= 2 for contact in received)
