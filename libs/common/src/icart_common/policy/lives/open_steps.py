"""What a person may do next with a contact or an undertaking, and in plain words why not (SC-1 to SC-13).

Pages show it; the service that carries a command out decides again, by the same lives and by rules that need the whole record.
What is said here to be out of reach is refused there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from icart_common.contracts.base import Command
from icart_common.contracts.corrections import CorrectRecord
from icart_common.contracts.screening import Authorise, RecordSection, Triage
from icart_common.policy.lives.contact import ELSEWHERE, ContactStep, steps_on
from icart_common.policy.lives.life import OWN_WORK, Life, Step
from icart_common.policy.pack import PolicyPack
from icart_common.policy.roles import Permission

ReasonCode = Literal["closed", "contact-open", "not-now", "role-may-not", "own-work", "not-your-work"]
_BEFORE: Final = "arrived"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the record and the person, beside its state and their role."""

    submitted_it: bool = False
    """Whether they submitted it, or recommended what is to be authorised."""
    works_on_it: bool = False
    """Whether it is with them, or they are the one who presents it."""
    closed: bool = False
    """Whether the contact has closed. Of an undertaking: the contact that it belongs to."""
    outcome: str | None = None
    """The outcome that was submitted, when one was: a transfer is authorised by whoever may transfer."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that stands against a step."""

    code: ReasonCode
    why: str


@dataclass(frozen=True, slots=True)
class OpenStep:
    """A step that somebody can ask for, and everything that stands against it."""

    command: type[Command]
    says: str
    """What is done, as it follows `you may`."""
    against: tuple[Reason, ...] = ()

    @property
    def allowed(self) -> bool:
        return not self.against

    @property
    def why_not(self) -> str | None:
        """The first of the reasons; None when nothing stands against it."""
        return self.against[0].why if self.against else None


def open_steps(pack: PolicyPack, strand: str | None, state: str, role: str, facts: Facts) -> tuple[OpenStep, ...]:
    """Every step of a contact on the strand (None: before anybody triaged it), each with what stands against it.

    `state` is one of `contact.STATES`, as `contact.state_of` finds it. Raises UnknownPolicy for a strand or role not of the pack.
    """
    return tuple(
        OpenStep(step.command, step.says, tuple(_against_contact(pack, strand, state, role, step, facts)))
        for step in _of_contact(pack, strand, state, facts)
        if step.command
    )


def open_steps_of(
    life: Life, pack: PolicyPack, strand: str | None, state: str | None, role: str, facts: Facts
) -> tuple[OpenStep, ...]:
    """The same for an undertaking in a state; None: what begins one. `strand` is its contact's, None when it has none."""
    asked = [step for step in life.steps if step.command and bool(step.leaves) is (state is not None)]
    in_reach = {step.command for step in asked if state is None or state in step.leaves}
    return tuple(
        OpenStep(step.command, step.says, tuple(_against(life, pack, strand, state, role, step, facts)))
        for step in asked
        if step.command and (state is None or state in step.leaves or step.command not in in_reach)
    )


def _of_contact(pack: PolicyPack, strand: str | None, state: str, facts: Facts) -> Iterator[ContactStep]:
    """The steps to be shown: of one command in several states those of this state, when there are any."""
    if strand is None:
        yield from _on_arrival(pack)
        return
    steps = list(steps_on(pack.strand(strand), pack))
    in_reach = {step.command for step in steps if state in step.leaves}
    for step in steps:
        if (state in step.leaves or step.command not in in_reach) and _is_of_outcome(step, pack, facts):
            yield step


def _is_of_outcome(step: ContactStep, pack: PolicyPack, facts: Facts) -> bool:
    """Of the two ways to authorise the one that the submitted outcome asks for."""
    if step.command is not Authorise or facts.outcome is None:
        return True
    return (step.reaches == ELSEWHERE) is bool(pack.outcome(facts.outcome).transfers_to)


def _on_arrival(pack: PolicyPack) -> Iterator[ContactStep]:
    """What can be done before a strand is chosen: each command once, whichever strand it is listed on."""
    seen: set[object] = set()
    for strand in pack.strands:
        for step in steps_on(strand, pack):
            if step.command and _BEFORE in step.leaves and step.command not in seen:
                seen.add(step.command)
                yield step


def _against_contact(
    pack: PolicyPack, strand: str | None, state: str, role: str, step: ContactStep, facts: Facts
) -> Iterator[Reason]:
    if state not in step.leaves:
        if facts.closed or state == "closed":
            yield Reason("closed", "the contact is closed")
        else:
            yield Reason("not-now", f"the contact is {_words(state)}: {_when(step.leaves)}")
    if step.permission:
        yield from _role(pack, role, step.permission, _strands(pack, strand, step))
    if step.command in (RecordSection, CorrectRecord) and not any(
        pack.role(role).may_fill(one) for one in _sections(pack, strand)
    ):
        yield Reason("role-may-not", "your role fills no section of this record")
    if step.own_work and (facts.submitted_it or facts.works_on_it):
        yield Reason("own-work", OWN_WORK)
    if step.worker_alone and state in step.leaves and not facts.works_on_it:
        yield Reason("not-your-work", "it is with somebody else: the worker whom it is with does that")


def _sections(pack: PolicyPack, strand: str | None) -> tuple[str, ...]:
    """The sections of a record on the strand: its own, and those that belong to no strand."""
    others = {one for other in pack.strands if other.id != strand for one in other.sections}
    own = pack.strand(strand).sections if strand else ()
    return tuple(one.id for one in pack.sections if strand is None or one.id in own or one.id not in others)


def _strands(pack: PolicyPack, strand: str | None, step: ContactStep) -> tuple[str | None, ...]:
    """The strands of which the role has to act on one: for a triage any that the contact may be put on."""
    if step.command is Triage:
        return tuple(one.id for one in pack.strands)
    if step.on:
        return (step.on,)
    return (strand,)


def _against(
    life: Life, pack: PolicyPack, strand: str | None, state: str | None, role: str, step: Step, facts: Facts
) -> Iterator[Reason]:
    if state is not None and state not in step.leaves:
        over = "it is over" if state in life.ends else _when([one for one in life.states if one in step.leaves])
        yield Reason("not-now", f"the {life.name} is {_words(state)}: {over}")
    if step.contact == "open" and facts.closed:
        yield Reason("closed", "the contact is closed")
    if step.contact == "closed" and not facts.closed:
        yield Reason("contact-open", "the contact is still open")
    if step.permission:
        yield from _role(pack, role, step.permission, (None if step.anywhere else strand,))
    if step.own_work and (facts.submitted_it or facts.works_on_it):
        yield Reason("own-work", OWN_WORK)


def _role(pack: PolicyPack, role: str, needed: Permission, strands: tuple[str | None, ...]) -> Iterator[Reason]:
    held = pack.role(role)
    if any(held.may(needed, strand) for strand in strands):
        return
    names = dict.fromkeys(one.name for strand in strands for one in pack.roles_with(needed, strand))
    where = f" on {pack.strand(strands[0]).name}" if len(strands) == 1 and strands[0] else ""
    others = f"it is held by {' or '.join(names)}" if names else "nobody's does"
    yield Reason("role-may-not", f"your role does not hold {needed}{where}; {others}")


def _when(states: Iterable[str]) -> str:
    return f"that is done when it is {' or '.join(_words(state) for state in states)}"


def _words(state: str) -> str:
    return state.replace("-", " ")
