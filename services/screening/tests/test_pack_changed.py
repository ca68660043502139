"""A new version of a pack comes while contacts are open: each goes on under the version that it was opened under (AU-6)."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import UUID

import pytest

from icart_common.contracts.decisions import DecisionOverdue
from icart_common.contracts.disagreements import DisagreementRaised, RaiseDisagreement
from icart_common.contracts.screening import ContactReceived, Triage
from icart_common.contracts.timers import ClockBreached, StartClock
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


def with_a_new_version(folder: Path, changes: Mapping[str, str] = MappingProxyType({})) -> PolicyBook:
    """The packs, and of each authority's a copy that applies from before the commands of the test, its words changed so."""
    shutil.copytree(OWN_PACKS, folder, dirs_exist_ok=True)
    for pack in folder.glob("*/2026.1.yaml"):
        text = pack.read_text(encoding="utf-8")
        applies = next(line for line in text.splitlines() if line.startswith("applies_from:"))
        newer = text.replace("2026.1", "2026.2", 1).replace(applies, f"applies_from: {MONDAY.date()}", 1)
        for old, new in changes.items():
            newer = newer.replace(old, new)
        (pack.parent / "2026.2.yaml").write_text(newer, encoding="utf-8")
    return load_packs(folder)


def runner_of(name: str, service: Service, stack: Any, folder: Path) -> BatchRunner:
    """The runner of an instance that was started with these packs."""
    settings = Settings(database_url=stack.postgres_url("icart_screening"), packs_folder=folder)
    subscription = next(one for one in parts(settings).subscriptions if one.name == name)
    topics = {topic.name: topic for topic in deployment_topics(load_packs(folder))}
    return BatchRunner(
        name, "screening", service.database, {one: topics[one] for one in subscription.families if one in topics},
        subscription.handler, buckets=4, parks=subscription.parks, hears=subscription.hears,
    )  # fmt: skip


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
    later = runner_of("contacts", service, stack, tmp_path)
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


@pytest.mark.broker
@pytest.mark.req("AU-6", "SC-16", authority="york")
async def test_a_clock_that_began_under_one_version_does_by_it_what_it_was_for(
    service: Service, stack: Any, tmp_path: Path
) -> None:
    with_a_new_version(tmp_path, {"TM-16-chain-1": "TM-16-chain-first"})
    later = runner_of("clocks", service, stack, tmp_path)
    head = {"authority": "york", "owner": "screening", "due_at": minute(90), "sum": "x"}
    began = {"2026.1": "TM-16-chain-1", "2026.2": "TM-16-chain-first"}
    for number, (version, rule) in enumerate(began.items()):
        clock, subject = UUID(int=number + 1), contact_opened("york", number).contact
        gone_off = ClockBreached(clock=clock, pack_version=version, rule=rule, subject=subject, **head)
        assert await later.run([record_of(gone_off, "events.timers", at=minute(90))]) == []
    assert [one.rule for one in await said(service.database, DecisionOverdue)] == list(began.values())
