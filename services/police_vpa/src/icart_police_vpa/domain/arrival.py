"""An assessment comes in: recorded, its gaps asked back, the schools told, its people looked up (PV-1, PV-8, PV-12)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from icart_common.contracts.intake import IdentifyPeople
from icart_common.contracts.police_vpa import SchoolToBeTold, VpaRecorded
from icart_common.contracts.timers import ClockMessage
from icart_common.contracts.vpa import VpaSubmitted
from icart_common.policy.pack import PolicyPack
from icart_common.policy.running_clocks import RunningClocks
from icart_common.policy.vpa import VpaRules
from icart_police_vpa.domain.clocks import at_arrival, of_school
from icart_police_vpa.domain.exposure import name_of, school_is_owed, school_of
from icart_police_vpa.domain.missing import missing
from icart_police_vpa.domain.vpa import OWNER, Change, Vpa


def take_in(submitted: VpaSubmitted, pack: PolicyPack, rules: VpaRules, at: datetime) -> Change:
    """The assessment at version 1. Schools do not wait for anybody to assess it (PV-8). Nothing is proposed yet."""
    clocks, started = at_arrival(submitted, pack, at)
    schools = tuple(_schools(submitted, pack, rules, at))
    vpa = Vpa(
        id=submitted.vpa,
        pack_version=pack.version,
        received_at=at,
        submitted=submitted,
        mappa=submitted.mappa,
        clocks=clocks,
        school_clocks={told.child: running for told, running, _ in schools},
    )
    recorded = VpaRecorded(
        vpa=vpa.id,
        authority=submitted.authority,
        agency=submitted.agency,
        pack_version=pack.version,
        grade=submitted.grade,
        received_at=at,
        children=tuple(child.person.ref for child in submitted.children),
        missing=missing(submitted, pack, rules),
    )
    who = IdentifyPeople(
        request=vpa.id,
        authority=submitted.authority,
        asked_by=OWNER,
        people=(*(child.person for child in submitted.children), *submitted.adults),
    )
    telling = [message for told, _, school_clocks in schools for message in (*school_clocks, told)]
    return Change(vpa, (recorded, *started, *telling, who))


def _schools(
    submitted: VpaSubmitted, pack: PolicyPack, rules: VpaRules, at: datetime
) -> Iterator[tuple[SchoolToBeTold, RunningClocks, tuple[ClockMessage, ...]]]:
    for child in submitted.children:
        school, name = school_of(child, pack), name_of(child.person)
        if school is None or name is None or not school_is_owed(child, submitted.incident, rules):
            continue
        running, started = of_school(submitted, child.person.ref, pack, at)
        told = SchoolToBeTold(
            vpa=submitted.vpa,
            authority=submitted.authority,
            pack_version=pack.version,
            child=child.person.ref,
            child_name=name,
            child_born=child.person.born,
            school=school,
            incident_at=submitted.incident.at,
            received_at=at,
            clocks=running.ids,
        )
        yield told, running, started
