"""A life as it is drawn: states, numbered steps, and for one pack who may take each and which clocks it starts and ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from icart_common.policy import PolicyPack, Strand
from icart_common.policy.clocks import Moment
from icart_common.policy.lives import contact as contact_life
from icart_common.policy.lives.contact import ContactStep
from icart_common.policy.lives.life import Life
from icart_common.policy.roles import Permission

BEGINS = "begins"
"""Where a life comes from."""


@dataclass(frozen=True)
class DrawnStep:
    """One step. `reaches` is None when the state stays."""

    number: int
    says: str
    leaves: tuple[str, ...]
    reaches: str | None
    who: str
    starts: tuple[str, ...]
    ends: tuple[str, ...]

    def arrows(self) -> Iterable[tuple[str, str]]:
        """From which state to which, for each that it moves to another."""
        return ((state, self.reaches) for state in self.leaves if self.reaches and state != self.reaches)


@dataclass(frozen=True)
class Drawn:
    """A whole life."""

    id: str
    title: str
    states: tuple[str, ...]
    """In the order in which they are drawn, downwards."""
    ends: frozenset[str]
    steps: tuple[DrawnStep, ...]


def of_kind(life: Life, pack: PolicyPack) -> Drawn:
    """The life of a kind of undertaking, with the roles and clocks of a pack."""
    steps = tuple(
        DrawnStep(
            number,
            step.says,
            tuple(state for state in life.states if state in step.leaves) or (BEGINS,),
            step.reaches,
            _who(pack, step.permission, None) if step.command else "nobody: it follows from something else",
            *_clocks(pack, step.moments, None),
        )
        for number, step in enumerate(life.steps, start=1)
    )
    return Drawn(life.kind, f"The life of a {life.name}", (BEGINS, *life.states), life.ends, steps)


def of_strand(strand: Strand, pack: PolicyPack) -> Drawn:
    """The life of a contact on a strand of a pack."""
    steps = tuple(
        DrawnStep(
            number,
            step.says,
            step.leaves or (BEGINS,),
            step.reaches,
            _who(pack, step.permission, step.on or strand.id) if step.command else "nobody: intake opens it",
            *_clocks_of(step, strand, pack),
        )
        for number, step in enumerate(contact_life.steps_on(strand, pack), start=1)
    )
    name = f"contact-{pack.authority.id}-{strand.id}"
    title = f"The life of a contact: {pack.authority.front_door}, {strand.name}"
    return Drawn(name, title, (BEGINS, *contact_life.STATES), contact_life.ENDS, steps)


def _clocks_of(step: ContactStep, strand: Strand, pack: PolicyPack) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The same for a step of a contact: a strand or an urgency that is chosen anew ends the clocks of the first choice."""
    starts, ends = _clocks(pack, step.moments, step.on or strand.id)
    if not step.chosen_anew:
        return starts, ends
    first, met = _clocks(pack, ("triaged", "stepped_up"), strand.id)
    return starts, tuple(rule for rule in (*first, *met) if rule not in starts)


def _who(pack: PolicyPack, permission: Permission | None, strand: str | None) -> str:
    if permission is None:
        return "any role"
    return ", ".join(role.name for role in pack.roles_with(permission, strand)) or "nobody"


def _clocks(
    pack: PolicyPack, moments: tuple[Moment, ...], strand: str | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The clocks that the moments start, and those that they end."""
    rules = [rule for rule in pack.clocks if strand is None or not rule.when.strand or strand in rule.when.strand]
    starts = tuple(rule.id for rule in rules if rule.starts_on in moments)
    return starts, tuple(rule.id for rule in rules if not set(moments).isdisjoint(rule.ends_on))
