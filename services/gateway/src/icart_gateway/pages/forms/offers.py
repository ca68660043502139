"""What somebody may do next with a contact or an undertaking, each with the reason when it is not open to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from icart_common.contracts.base import Command
from icart_common.contracts.undertakings import BeginForContact
from icart_common.policy.lives import LIVES
from icart_common.policy.lives.open_steps import Facts, OpenStep, open_steps, open_steps_of
from icart_gateway.pages.forms.catalogue import BY_COMMAND
from icart_gateway.pages.forms.place import address
from icart_gateway.pages.forms.step import Place, Scene, Step
from icart_gateway.reading.matching import STATES
from icart_gateway.rights import all_they_may_ask, may_ask
from icart_gateway.standing import Undertaking


@dataclass(frozen=True, slots=True)
class Offer:
    """A step as a page shows it: a button, or the reason why there is none."""

    step: Step
    address: str
    why_not: str | None

    @property
    def open(self) -> bool:
        return self.why_not is None


@dataclass(frozen=True, slots=True)
class Around:
    """An undertaking of a contact, with what may be done with it."""

    undertaking: Undertaking
    offers: tuple[Offer, ...]


def of_contact(scene: Scene) -> tuple[Offer, ...]:
    """Steps of the contact itself, and undertakings that may be begun for it; what is open stands first."""
    record, who = scene.record, scene.who
    found = list(open_steps(scene.pack, record.strand, record.state, who.role, record.facts(who.person)))
    facts = Facts(closed=record.closed)
    for life in LIVES:
        begun = open_steps_of(life, scene.pack, record.strand, None, who.role, facts)
        found += [one for one in begun if issubclass(one.command, BeginForContact)]
    return _offers(found, Place(contact=scene.place.contact))


def of_undertaking(scene: Scene, undertaking: Undertaking) -> tuple[Offer, ...]:
    """Steps of an undertaking that is there."""
    record, who = scene.contact, scene.who
    recommended = getattr(undertaking.said[-1], "by", None)
    facts = Facts(
        submitted_it=bool(recommended and recommended.person == who.person),
        works_on_it=bool(record and record.worker == who.person),
        closed=bool(record and record.closed),
    )
    strand = record.strand if record else None
    found = open_steps_of(undertaking.life, scene.pack, strand, undertaking.state, who.role, facts)
    return _offers(found, Place(contact=scene.place.contact, undertaking=undertaking.id))


def around(scene: Scene) -> tuple[Around, ...]:
    """The contact's undertakings, each with what may be done with it."""
    return tuple(Around(one, of_undertaking(scene, one)) for one in scene.record.undertakings.values())


def of_authority(scene: Scene) -> tuple[Offer, ...]:
    """What may be begun that belongs to no contact. Whether it is time for it, screening decides."""
    may = all_they_may_ask(scene.pack, scene.who.role)
    return tuple(
        Offer(step, address(step, Place()), may[step.command].why_not)
        for step in BY_COMMAND.values()
        if step.of_authority and not step.changes_undertaking and "item" not in step.command.model_fields
    )


def of_matter(scene: Scene, kind: str) -> tuple[Offer, ...]:
    """Steps of something that belongs to no life; what is open stands first."""
    matter, who = scene.decided, scene.who
    found = [
        Offer(
            step,
            address(step, scene.place),
            may_ask(scene.pack, who.role, step.command, own_work=matter.own).why_not or _not_when(step, matter.state),
        )
        for step in BY_COMMAND.values()
        if step.matter == kind
    ]
    return tuple(sorted(found, key=lambda one: not one.open))


def _not_when(step: Step, state: str) -> str | None:
    return None if state in step.when else f"it is {STATES.get(state, state)}"


def why_not(scene: Scene, step: Step) -> str | None:
    """Why a step is not open to whoever is signed in; None when it is."""
    if step.matter:
        return next(one.why_not for one in of_matter(scene, step.matter) if one.step is step)
    if step.of_authority and not scene.place.undertaking:
        return may_ask(scene.pack, scene.who.role, step.command).why_not
    among = of_undertaking(scene, scene.about) if scene.place.undertaking else of_contact(scene)
    for offer in among:
        if offer.step is step:
            return offer.why_not
    return "that is not done from here"


def _offers(found: Iterable[OpenStep], place: Place) -> tuple[Offer, ...]:
    """One for each command: open when any way to it is; what is open first, in the order in which it is usually done."""
    by_command: dict[type[Command], OpenStep] = {}
    for one in found:
        known = by_command.get(one.command)
        if known is None or (one.allowed and not known.allowed):
            by_command[one.command] = one
    offers = [
        Offer(BY_COMMAND[command], address(BY_COMMAND[command], place), one.why_not)
        for command, one in by_command.items()
        if command in BY_COMMAND
    ]
    return tuple(sorted(offers, key=lambda one: not one.open))
