"""What the police, the pathways and the schools are told of a police assessment (PV-3, PV-8, PV-12)."""

from __future__ import annotations

from collections.abc import Iterable

from icart_common.contracts.police_vpa import SchoolToBeTold, VpaRecorded, VpaRouted
from icart_common.policy import PolicyPack
from icart_common.policy.views import EncompassView, PoliceGapsView, VpaSharedView
from icart_common.policy.wording import NOT_GIVEN, born_in_words, day_in_words, london_day
from icart_notifications.domain import workers
from icart_notifications.domain.leaving import ToSend
from icart_notifications.domain.letterhead import letterhead
from icart_notifications.domain.ways import to_agency


def gaps(event: VpaRecorded, pack: PolicyPack) -> Iterable[ToSend]:
    """What the officer did not record, back to the force (PV-12)."""
    if event.missing:
        force_reference = str(event.vpa)
        view = PoliceGapsView(**letterhead(pack), force_reference=force_reference, questions=event.missing)
        ways = to_agency(pack, event.agency)
        yield ToSend("vpa-gaps-to-force", view, ways, event.vpa, force_reference, in_reply_to=event.vpa)


def routed(event: VpaRouted, pack: PolicyPack) -> Iterable[ToSend]:
    """A child's way out: to a pathway (PV-3) or to the worker of an open case (PV-6). iCART's contacts come by intake."""
    if event.route == "allocated-worker":
        yield from workers.routed_to_worker(event, pack)
    elif event.recipient is not None and event.route in ("education", "health"):
        force_reference = str(event.vpa)
        view = VpaSharedView(
            **letterhead(pack),
            force_reference=force_reference,
            child_name=event.child_name or NOT_GIVEN,
            child_born=born_in_words(event.child_born),
            incident_on=day_in_words(london_day(event.incident_at)),
            incident_kind=event.incident_kind.replace("-", " "),
            impact=event.impact or "not recorded",
        )
        yield ToSend("vpa-to-pathway", view, to_agency(pack, event.recipient), event.vpa, force_reference)


def school(event: SchoolToBeTold, pack: PolicyPack) -> Iterable[ToSend]:
    """The child's school, before its next day starts; the clocks that wait for it are met when it is told (PV-8, TM-15)."""
    force_reference = str(event.vpa)
    view = EncompassView(
        **letterhead(pack),
        force_reference=force_reference,
        child_name=event.child_name,
        child_born=born_in_words(event.child_born),
        incident_on=day_in_words(london_day(event.incident_at)),
    )
    meets = tuple(event.clocks[rule.id] for rule in pack.ending("school_told") if rule.id in event.clocks)
    ways = to_agency(pack, event.school)
    yield ToSend("encompass-school-notice", view, ways, event.vpa, force_reference, meets=meets)
