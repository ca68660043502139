"""The running system of three front doors, with children whom somebody has referred to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from icart_common.contracts.base import Actor
from icart_common.contracts.ids import new_id
from icart_common.contracts.intake import ContactOpened
from icart_common.contracts.police_vpa import PrimaryAssess, VpaProposed
from icart_common.contracts.referral import ReferralSubmitted
from icart_common.contracts.screening import Allocate, RecordSection, Submit, Triage
from icart_common.testing import record_of
from icart_gateway.doorway import Doorway
from icart_gateway.refer.referral import public_door
from icart_gateway.signing_in.local_people import LocalPerson
from services.gateway.tests.services_at_work import Services
from services.police_vpa.tests.referral_unit import Unit, exposed


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
            "channel": "form",
            "referrer": {
                "kind": "family", "name": "Odile Marchbanks", "address": "2 Nowhere Row", "phone": "01632 960123",
            },
            "event": {"what": f"{name} is alone in the evenings, note {new_id()}."},
            "people": [{"ref": "p1", "role": "child", "given_name": name, "family_name": "Oakfall", "born": "2017-02-28"}],
        })  # fmt: skip
        topic = f"inbound.referrals.{referral.agency}"
        await self.services.hear(record_of(referral, topic, at=self.services.later()))
        return self.services.newest(ContactOpened)

    async def triaged(self, name: str, strand: str, authority: str = "halton", worker: str = "") -> ContactOpened:
        """The same after a manager's triage; with a worker, given to them."""
        opened = await self.contact(name, authority)
        manager = self._manager(authority)
        triage = {"strand": strand, "urgency": "routine", "reason": "as proposed"}
        await self.services.ask(opened.contact, Triage, manager, **triage)
        if worker:
            await self.services.ask(opened.contact, Allocate, manager, worker=worker)
        return opened

    async def screened(self, name: str, strand: str, authority: str, worker: str) -> ContactOpened:
        """The same after a manager wrote the section that is theirs."""
        opened = await self.triaged(name, strand, authority, worker)
        await self.services.ask(
            opened.contact, RecordSection, self._manager(authority), section="screening", text="as known"
        )
        return opened

    async def submitted(self, name: str, strand: str, authority: str, worker: str) -> ContactOpened:
        """The same after everything was written and the worker submitted it with the first outcome of the strand."""
        opened, pack = await self.triaged(name, strand, authority, worker), self.door.book.pack(authority)
        chosen = pack.strand(strand)
        last = chosen.sections[-1]
        for section in chosen.sections:
            filler = next(one.id for one in pack.roles if one.may_fill(section) and strand in one.strands)
            asked = [one.id for one in pack.required_statements if one.section in (None, last) and section == last]
            await self.services.ask(
                opened.contact, RecordSection, Actor(person="f1", role=filler), section=section, text="as known",
                statements=dict.fromkeys(asked, "as established"),
            )  # fmt: skip
        ending = pack.outcome(chosen.outcomes[0])
        await self.services.ask(
            opened.contact, Submit, Actor(person=worker, role=chosen.worker_role), outcome=ending.id, level=ending.level,
            reasons="as established", need_code="N1",
        )  # fmt: skip
        return opened

    async def reported(self, authority: str, name: str, grade: str) -> VpaProposed:
        """The force sends its report of domestic abuse that a child of that name saw."""
        unit, person = Unit(authority), {"given_name": name, "family_name": "Oakfall"}
        saw_it = exposed("witnessed", person=person, school_agency=unit.cast.school)
        report = unit.submitted(saw_it, grade=grade, kind="domestic-abuse", vpa=new_id())
        await self.services.hear(record_of(report, f"inbound.vpa.{report.agency}", at=self.services.later()))
        return self.services.newest(VpaProposed)

    async def passed_on(self, authority: str, name: str, grade: str) -> VpaProposed:
        """The same after the primary assessment passed it on to the sergeant."""
        said = await self.reported(authority, name, grade)
        officer = Actor(person="o1", role="intelligence-review-officer")
        await self.services.say(PrimaryAssess(
            vpa=said.vpa, seen_version=said.version, actor=officer, checks=("Niche",), decision="secondary",
            reason="as graded",
        ))  # fmt: skip
        return said

    def morning(self) -> None:
        """It is a quarter to nine on the next day. The town begins on a Monday, and no test stays until the weekend."""
        tomorrow = self.services.later() + timedelta(days=1)
        self.services.later(datetime.combine(tomorrow.date(), time(8, 45), UTC))

    def _manager(self, authority: str) -> Actor:
        """Somebody who is nobody of the try-out."""
        pack = self.door.book.pack(authority)
        return Actor(person="m9", role=next(one.id for one in pack.roles if one.may("triage")))
