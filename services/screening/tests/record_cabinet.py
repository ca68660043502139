"""Contacts whose logs are kept as the service keeps them, so that documents can be made of them without a database."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from icart_common.contracts.base import Message
from icart_common.contracts.screening import ContactStepped
from icart_screening.domain.document.page import Document
from icart_screening.domain.document.readers import Reader, document
from icart_screening.domain.document.told import Told, told
from services.screening.tests.front_door import FrontDoor, contact_opened


@dataclass
class Cabinet:
    """A front door and what arrived at it."""

    door: FrontDoor
    arrived: dict[UUID, Message] = field(default_factory=dict)

    def allocated(self, strand: str, **changes: Any) -> UUID:
        """Like the door's own, and what arrived is kept."""
        opened = contact_opened(self.door.authority, self.door.opened + 1, self.door.now, **changes)
        contact = self.door.allocated(strand, **changes)
        assert opened.contact == contact
        self.arrived[contact] = opened
        return contact

    def log(self, contact: UUID) -> tuple[Message, ...]:
        """What screening keeps of the contact."""
        opened = (self.arrived[contact],) if contact in self.arrived else ()
        return (*opened, *(event for event in self.door.log if event.contact == contact))

    def told(self, contact: UUID) -> Told:
        """All that happened to it, and to those before it."""
        chain = [self.log(contact)]
        while isinstance(stepped := chain[0][0], ContactStepped):
            chain.insert(0, self.log(stepped.first))
        beside = [one for one in self.door.told if one.contact == contact]
        return told(chain, beside, self.door.pack)

    def document(self, contact: UUID, reader: Reader) -> Document:
        """Its document for a reader."""
        return document(self.told(contact), reader)
