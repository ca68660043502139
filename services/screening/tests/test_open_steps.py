"""What `open_steps` keeps from somebody, screening refuses for that very reason; what it leaves open, for no such reason."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from icart_common.contracts.base import Actor, Command
from icart_common.contracts.screening import Authorise, CloseAdvice, ContactCommand
from icart_common.contracts.undertakings import UndertakingCommand
from icart_common.policy import Strand
from icart_common.policy.lives import LIVES
from icart_common.policy.lives.contact import STATES, state_of
from icart_common.policy.lives.open_steps import Facts, OpenStep, open_steps, open_steps_of
from icart_screening.domain.contact import Contact, Submission
from icart_screening.domain.decide import COMMANDS, decide
from icart_screening.domain.refusal import Refusal
from icart_screening.domain.undertakings.engine import undertake
from icart_screening.domain.undertakings.kinds import BY_NAME
from icart_screening.domain.undertakings.step_up import StepUp
from services.screening.tests.any_command import command, pools
from services.screening.tests.front_door import CASTS, MONDAY, FrontDoor, each

WORKER, SUBMITTER, SOMEBODY = "w1", "s1", "m1"
CODES = {
    "closed": {"closed", "contact-closed"},
    "contact-open": {"contact-open"},
    "not-now": {"not-now", "not-triaged", "not-allocated", "not-submitted", "submitted"},
    "role-may-not": {"role-may-not", "section-not-yours"},
    "own-work": {"own-work"},
    "not-your-work": {"not-your-work"},
}
"""The codes of screening's refusals for each reason."""
OUT_OF_REACH = frozenset(code for codes in CODES.values() for code in codes) - {"submitted"}
"""`submitted` is said of single sections as well: the manager's own can be written then."""
SAID: dict[str, Any] = {
    "urgency": "urgent", "reason": "so it is", "worker": WORKER, "text": "written", "level": 2, "reasons": "because",
    "consent": {"person": "p2", "status": "refused"}, "notice": UUID(int=1), "person": UUID(int=2),
    "source": UUID(int=3), "source_seen_version": 1, "actions": ("ask the school",), "concern": "an injury",
}  # fmt: skip
"""What the commands about a contact say beside whose it is, by their fields."""


def in_every_state(door: FrontDoor) -> Iterator[tuple[Contact, str]]:
    """A contact in each state on each strand and with each outcome, with the state's name."""
    held = door.contacts[door.open()]
    yield held, "arrived"
    for strand in door.pack.strands:
        on = held.model_copy(update={"strand": strand.id, "desktop": strand.desktop, "urgency": "routine"})
        yield on, "on the desktop"
        yield on.model_copy(update={"worker": WORKER}), "with a worker"
        for outcome in (door.pack.outcome(one) for one in strand.outcomes):
            by = Actor(person=SUBMITTER, role=strand.worker_role)
            submitted = Submission(by=by, outcome=outcome.id, level=outcome.level, reasons="because", need_code="N1")
            waits = on.model_copy(update={"worker": WORKER, "submitted": submitted})
            yield waits, "submitted"
            yield waits.model_copy(update={"status": "closed", "desktop": None}), "closed"


@cache
def _states(authority: str) -> tuple[tuple[Contact, str], ...]:
    return tuple(in_every_state(FrontDoor(authority)))


def facts_of(contact: Contact, person: str) -> Facts:
    return Facts(
        submitted_it=contact.submitted is not None and contact.submitted.by.person == person,
        works_on_it=contact.worker == person,
        closed=contact.status == "closed",
        outcome=contact.submitted.outcome if contact.submitted else None,
    )


def asked(door: FrontDoor, contact: Contact, step: OpenStep, person: str, role: str) -> Iterator[ContactCommand]:
    """The step's command, for each strand and section that it may be about."""
    wanted = step.command
    assert issubclass(wanted, ContactCommand)
    pack, held = door.pack, door.pack.role(role)
    on = pack.strand(contact.strand) if contact.strand else pack.strands[0]
    sections = [one.id for one in pack.sections]
    fields = {name: value for name, value in SAID.items() if name in wanted.model_fields}
    if "notice" in fields and "consent" not in fields and "reason" not in fields:
        fields["notice"] = {"person": "p2", "shown_by": "w1", "when": MONDAY}
    choices: dict[str, list[str]] = {
        "strand": [one.id for one in pack.strands if (one.id != contact.strand) is ("another strand" in step.says)],
        "section": [one for one in sections if held.may_fill(one)] or sections[:1],
        "outcome": [*(on.authorisation.worker_may_close_outcomes if wanted is CloseAdvice else on.outcomes)][:1],
    }
    named = [name for name in choices if name in wanted.model_fields]
    for values in product(*(choices[name] or [on.id] for name in named)):
        yield wanted.model_validate(
            {
                "actor": Actor(person=person, role=role),
                "contact": contact.id,
                "seen_version": contact.version,
                **fields,
                **dict(zip(named, values, strict=True)),
            }
        )


def holds(step: OpenStep, refusals: list[Refusal | None]) -> None:
    """What stands against a step is why all its commands were refused; what is open is not refused to all for such a reason."""
    codes = [one.code if one else None for one in refusals]
    if step.against:
        expected = {code for reason in step.against for code in CODES[reason.code]}
        assert set(codes) <= expected, f"{step.says}: {codes}, but {[reason.why for reason in step.against]}"
    elif codes:
        assert not OUT_OF_REACH.issuperset(codes), f"{step.says}: {[one.why for one in refusals if one]}"


@each("SC-1", "SC-3", "SC-10")
def test_what_is_not_open_to_somebody_is_refused_for_that_reason(door: FrontDoor) -> None:
    tried = set[tuple[type[Command], str | None]]()
    for contact, state in in_every_state(door):
        assert state == state_of(
            contact.status, contact.strand, contact.worker, submitted=contact.submitted is not None
        )
        for role, person in product((role.id for role in door.pack.roles), (WORKER, SUBMITTER, SOMEBODY)):
            for step in open_steps(door.pack, contact.strand, state, role, facts_of(contact, person)):
                refusals: list[Refusal | None] = []
                for said in asked(door, contact, step, person, role):
                    decided = decide(contact, said, pack=door.pack, at=door.now, because=contact.id)
                    if not (isinstance(decided, Refusal) and decided.code == "no-sibling"):  # looked at before the role
                        refusals.append(decided if isinstance(decided, Refusal) else None)
                holds(step, refusals)
                tried |= {(step.command, reason.code) for reason in step.against} or {(step.command, None)}
    assert {wanted for wanted, reason in tried if reason is None} == {wanted for wanted, _ in tried}, (
        "each is open to some"
    )
    assert (Authorise, "own-work") in tried


@each("SC-5", "SC-15", "SC-17")
@settings(
    max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate]
)
@given(data=st.data())
def test_and_so_it_is_for_everything_with_a_life_of_its_own(door: FrontDoor, data: st.DataObject) -> None:
    contact, _ = data.draw(st.sampled_from(_states(door.authority)))
    life = data.draw(st.sampled_from(LIVES))
    state = data.draw(st.sampled_from((None, *life.states)))
    actor = Actor(
        person=data.draw(st.sampled_from((SUBMITTER, SOMEBODY))),
        role=data.draw(st.sampled_from([role.id for role in door.pack.roles])),
    )
    held = None
    if state is not None:
        whole = {
            "id": contact.id, "contact": contact.id, "authority": contact.authority, "version": 1, "state": state,
            "pack_version": contact.pack_version, "begun_at": door.now,
        }  # fmt: skip
        held = BY_NAME[life.kind].holds.model_validate(whole)
        if isinstance(held, StepUp):
            by = Actor(person=SUBMITTER, role=actor.role)
            held = held.model_copy(update={"recommended_by": by, "reasons": "It goes on."})
    facts = Facts(isinstance(held, StepUp) and actor.person == SUBMITTER, closed=contact.status == "closed")
    steps = open_steps_of(life, door.pack, contact.strand, state, actor.role, facts)
    steps = tuple(one for one in steps if one.against and (held or not issubclass(one.command, UndertakingCommand)))
    if not steps:
        return  # there is nothing in that state that the person may not do
    step = data.draw(st.sampled_from(steps))
    known = {"contact": contact.id, "seen_version": 1, "authority": contact.authority, "undertaking": contact.id}
    said = data.draw(command(step.command, known, st.just(actor), pools(door.pack), door.now))
    decided = undertake(held, said, door.circumstances(contact)) if said else None
    if isinstance(decided, Refusal) and decided.code.startswith(("unknown-", "no-")):
        return  # the authority does not work so, or what was drawn is not of its pack: said before the contact is looked at
    if said:
        holds(step, [decided if isinstance(decided, Refusal) else None])


def test_every_command_of_a_contact_is_shown(book: Any) -> None:
    for authority, cast in CASTS.items():
        pack = book.pack(authority)
        shown = {step.command for step in open_steps(pack, None, "arrived", cast.manager, Facts())}
        for state, strand in product(STATES[:-1], pack.strands):
            shown |= {step.command for step in open_steps(pack, strand.id, state, cast.manager, Facts())}
        assert shown == COMMANDS - (set() if any(map(_may_close, pack.strands)) else {CloseAdvice}), authority


def _may_close(strand: Strand) -> bool:
    return strand.authorisation.rule == "worker-may-close"


@pytest.mark.req("SC-10", authority="halton")
def test_the_reason_is_in_plain_words(book: Any) -> None:
    pack = book.pack("halton")

    def why(state: str, role: str, **facts: bool) -> str | None:
        steps = open_steps(pack, "safeguarding", state, role, Facts(**facts))  # type: ignore[arg-type]
        return next(step.why_not for step in steps if step.command is Authorise)

    assert why("submitted", "social-work-manager") is None
    assert why("submitted", "social-work-manager", submitted_it=True) == "nobody authorises their own work"
    assert why("closed", "social-work-manager", closed=True) == "the contact is closed"
    assert why("with a worker", "social-work-manager") == (
        "the contact is with a worker: that is done when it is submitted"
    )
    assert why("submitted", "social-worker") == (
        "your role does not hold authorise on Safeguarding; it is held by Principal manager or practice lead (social work)"
    )
