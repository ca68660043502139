"""The running system of three front doors, with children whom somebody has referred to them."""

from __future__ import annotations

from dataclasses import dataclass

from icart_common.contracts.base import Actor
from icart_common.contracts.ids import new_id
from icart_common.contracts.intake import ContactOpened
from icart_common.contracts.referral import ReferralSubmitted
from icart_common.contracts.screening import Allocate, Triage
from icart_common.testing import record_of
from icart_gateway.doorway import Doorway
from icart_gateway.refer.referral import public_door
from icart_gateway.signing_in.local_people import LocalPerson
from services.gateway.tests.services_at_work import Services


@dataclass
class Town:
    """The running system of three front doors, and the people who work there."""

    services: Services
    door: Doorway
    people: dict[str, LocalPerson]

    async def contact(self, name: str, authority: str = "halton") -> ContactOpened:
        """A child of that name is referred by the public form."""
        referral = ReferralSubmitted.model_validate({
            "agency": public_door(self.door.book.pack(authority)), "authority": authority, "submission": new_id(),
            "channel": "form", "referrer": {"kind": "family", "name": "Odile Marchbanks", "address": "2 Nowhere Row"},
            "event": {"what": f"{name} is alone in the evenings, note {new_id()}."},
            "people": [{"ref": "p1", "role": "child", "given_name": name, "family_name": "Oakfall", "born": "2017-02-28"}],
        })  # fmt: skip
        topic = f"inbound.referrals.{referral.agency}"
        await self.services.hear(record_of(referral, topic, at=self.services.later()))
        return self.services.newest(ContactOpened)

    async def triaged(self, name: str, strand: str, authority: str = "halton", worker: str = "") -> ContactOpened:
        """The same after a manager's triage; with a worker, given to them."""
        opened = await self.contact(name, authority)
        pack = self.door.book.pack(authority)
        manager = Actor(person="m9", role=next(one.id for one in pack.roles if one.may("triage")))
        triage = {"strand": strand, "urgency": "routine", "reason": "as proposed"}
        await self.services.ask(opened.contact, Triage, manager, **triage)
        if worker:
            await self.services.ask(opened.contact, Allocate, manager, worker=worker)
        return opened
