"""The record read from its tables: nothing but the logs is asked, and that it was read is kept (SC-19)."""

from __future__ import annotations

from uuid import UUID

import pytest

from icart_common.contracts.base import Actor
from icart_common.contracts.corrections import CorrectRecord
from icart_common.contracts.disagreements import DisagreementRaised, RaiseDisagreement
from icart_common.policy.running_clocks import RunningClocks
from icart_common.testing import record_of
from icart_screening.domain.contact import Contact
from icart_screening.domain.document.readers import READERS, Reader, document
from icart_screening.domain.document.told import LogNotWholeError, Told
from icart_screening.printing import to_html, to_pdf
from icart_screening.reading import find, read
from services.screening.tests.conftest import Service
from services.screening.tests.front_door import BOOK, CASTS, contact_opened
from services.screening.tests.test_topics_to_tables import command, minute, rows, whole_life

pytestmark = pytest.mark.broker
WHO = {"person": "HBC-7", "reason": "the mother asked for her copy"}


async def told_of(service: Service, contact: UUID, reader: Reader = "worker") -> Told:
    async with service.database.connection() as connection:
        return await read(connection, BOOK, contact, reader=reader, **WHO)


@pytest.mark.parametrize(
    "authority", [pytest.param(one, marks=pytest.mark.req("SC-19", "SC-24", authority=one)) for one in sorted(CASTS)]
)
async def test_the_logs_give_the_record_and_every_readers_document(service: Service, authority: str) -> None:
    contact, cast = contact_opened(authority).contact, CASTS[authority]
    said = {"agency": cast.school, "about": "the outcome", "because": "nothing changed", "wants": "more"}
    raised = RaiseDisagreement(actor=Actor(person="m1", role=cast.manager), contact=contact, **said)
    life = whole_life(authority)
    right = {"section": "level-of-need", "text": "put right", "reason": "a slip"}
    late = command(CorrectRecord, contact, len(life), cast.social_worker, "w1", **right)
    await service.contacts.run([*life, late, record_of(raised, "commands.screening", at=minute(40))])
    told = await told_of(service, contact)
    (row,) = await rows(service, "select state::text from contact where id = $1", contact)
    held = Contact.model_validate_json(row["state"]).model_copy(update={"clocks": RunningClocks()})
    assert told.contact == held
    assert held.sections["level-of-need"] == "put right"
    assert DisagreementRaised in [type(one) for one in told.undertakings]
    first = [show(document(told, reader)) for reader in READERS for show in (to_html, to_pdf)]
    await rows(service, "update contact set state = '{}'")
    again = await told_of(service, contact)
    assert [show(document(again, reader)) for reader in READERS for show in (to_html, to_pdf)] == first


@pytest.mark.req("SC-19", authority="halton")
async def test_who_read_it_as_whose_copy_and_why_is_kept(service: Service) -> None:
    await service.contacts.run(whole_life("halton"))
    contact = contact_opened("halton")
    async with service.database.connection() as connection:
        assert await find(connection, str(contact.contact)) == contact.contact
        assert await find(connection, f" {contact.reference.lower()} ") == contact.contact
        assert await find(connection, "AAAAA-AAAAA") is None
    await told_of(service, contact.contact, "family")
    (row,) = await rows(service, "select contact, person, reader, reason from record_read")
    assert tuple(row) == (contact.contact, "HBC-7", "family", WHO["reason"])
    with pytest.raises(LogNotWholeError):
        await told_of(service, UUID(int=7))
