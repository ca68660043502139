"""Who may do what: one table of role, action, strand, own work and restricted record (docs/rights.md shows all of it).

Which role holds which permission is the pack's (`roles`). What reading asks for is said here, for no service decides about it;
what a command asks for is said by the lives (`icart_common.policy.lives`), and here only for commands that belong to no life.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from icart_common.contracts.base import Command
from icart_common.contracts.drafts import SaveDraft, SubmitDraft
from icart_common.contracts.notifications import AnswerNotice, ResendDelivery
from icart_common.contracts.people import ApproveMerge, DecideMatch, ProposeMerge, RefuseMerge, UndoLink, UndoMerge
from icart_common.contracts.police_vpa import PrimaryAssess, SecondaryAssess
from icart_common.policy import PolicyPack
from icart_common.policy.lives import LIVES
from icart_common.policy.lives.contact import STATES, steps_on
from icart_common.policy.lives.open_steps import Facts, OpenStep, open_steps, open_steps_of
from icart_common.policy.roles import Permission, Role

Shut = Literal["restricted", "own-family"]
"""Why a record is shut to somebody who could read it otherwise."""
Reading = Literal["desktops", "contact", "documents", "search", "performance", "operations", "audit", "restrict"]

READINGS: Final[dict[Reading, tuple[Permission, str]]] = {
    "desktops": ("read", "see what lies on the desktops"),
    "contact": ("read", "open a child's record"),
    "documents": ("read", "open the documents of a record"),
    "search": ("read", "search for children and contacts"),
    "performance": ("see-performance", "see volumes, timeliness and trends"),
    "operations": ("operate", "look after the services, and settle what could not be handled"),
    "audit": ("guard-records", "see who read a record, and who broke the glass"),
    "restrict": ("guard-records", "restrict a record, and say whose family somebody belongs to"),
}
"""What each asks for, and how it is said after `you may`."""
_OF_A_CHILD: Final = frozenset({"contact", "documents"})


@dataclass(frozen=True, slots=True)
class _Beside:
    """A command that belongs to no life."""

    says: str
    roles: Callable[[PolicyPack], tuple[Role, ...]]
    """Which roles may ask for it."""
    never_own: str | None = None
    """Why nobody does it to their own work, where that is so."""


def _with(*permissions: Permission) -> Callable[[PolicyPack], tuple[Role, ...]]:
    """Roles that hold one of the permissions."""
    return lambda pack: tuple(role for role in pack.roles if any(map(role.may, permissions)))


def _deciders(pack: PolicyPack) -> tuple[Role, ...]:
    return tuple(map(pack.role, pack.matching.decide_roles))


def _mergers(pack: PolicyPack) -> tuple[Role, ...]:
    return tuple(map(pack.role, pack.matching.merge_roles))


def _answerers(pack: PolicyPack) -> tuple[Role, ...]:
    """Each once, in the order of the pack's roles."""
    among = {notice.answer_role for notice in pack.notices}
    return tuple(role for role in pack.roles if role.id in among)


_BESIDE_LIVES: Final[dict[type[Command], _Beside]] = {
    SaveDraft: _Beside("take down a referral that somebody tells us", _with("open")),
    SubmitDraft: _Beside("send a referral that was taken down", _with("open")),
    DecideMatch: _Beside("decide whether two people are one", _deciders),
    UndoLink: _Beside("say that something was told of another person", _deciders),
    ProposeMerge: _Beside("propose that two people's records become one", _deciders),
    ApproveMerge: _Beside("approve a merge", _mergers, "nobody approves a merge that they proposed"),
    RefuseMerge: _Beside("refuse a merge", _mergers),
    UndoMerge: _Beside("undo a merge", _mergers),
    PrimaryAssess: _Beside("make the primary assessment of a police report", _with("vpa-primary")),
    SecondaryAssess: _Beside("make the secondary assessment of a police report", _with("vpa-secondary")),
    AnswerNotice: _Beside("answer a statutory notice", _answerers),
    ResendDelivery: _Beside("send a message again", _with("read", "operate")),
}
_LASTING: Final = frozenset({"not-now", "closed", "contact-open"})
"""Reasons that lie in how far the record is, and not in who asks."""
_SHUT: Final[dict[Shut, str]] = {
    "restricted": "this record is restricted: open it only if your work needs it, and say why; a manager sees that you did",
    "own-family": "this record is of your own family: open it only if nobody else can, and say why; a manager sees that you did",
}


@dataclass(frozen=True, slots=True)
class Right:
    """The answer: allowed, or why not in words."""

    why_not: str | None = None

    @property
    def allowed(self) -> bool:
        return self.why_not is None


def may_read(pack: PolicyPack, role: str, reading: Reading, *, shut: Shut | None = None) -> Right:
    """Whether somebody may look. `shut`: why the record is shut to this person, unless they broke the glass.

    Reading is not limited by strand: the strands of one front door sit together, and a child's contacts lie on several.
    """
    permission, says = READINGS[reading]
    if not pack.role(role).may(permission):
        return Right(_not_held(pack.roles_with(permission), says))
    return Right(_SHUT[shut] if shut and reading in _OF_A_CHILD else None)


def may_ask(
    pack: PolicyPack, role: str, command: type[Command], *, strand: str | None = None, own_work: bool = False,
    shut: Shut | None = None,
) -> Right:  # fmt: skip
    """Whether somebody may ask for what a command does, as far as it depends on them: how far the record is decides the rest.

    `own_work`: whether they submitted or proposed it. Nobody acts on a record that is shut to them.
    """
    if shut:
        return Right(_SHUT[shut])
    if command in _BESIDE_LIVES:
        return _beside(pack, role, command, own_work=own_work)
    return all_they_may_ask(pack, role, strand=strand, own_work=own_work)[command]


def all_they_may_ask(
    pack: PolicyPack, role: str, *, strand: str | None = None, own_work: bool = False
) -> dict[type[Command], Right]:
    """The same for every command there is."""
    found = {command: Right("nothing of that kind is done on this strand") for command, _ in asked_for(pack)}
    reasons: dict[type[Command], str] = {}
    for step in _steps(pack, role, strand, own_work):
        against = next((one.why for one in step.against if one.code not in _LASTING), None)
        if against is None:
            found[step.command] = Right()
        else:
            reasons.setdefault(step.command, against)
    for command, why in reasons.items():
        if not found[command].allowed:
            found[command] = Right(why)
    return found | {command: _beside(pack, role, command, own_work=own_work) for command in _BESIDE_LIVES}


def asked_for(pack: PolicyPack) -> tuple[tuple[type[Command], str], ...]:
    """Every command that people of the authority may ask for, with its words, in the order of the lives."""
    found: dict[type[Command], str] = {}
    for strand in pack.strands:
        for step in steps_on(strand, pack):
            if step.command:
                found.setdefault(step.command, step.says)
    for life in LIVES:
        for one in life.steps:
            if one.command:
                found.setdefault(one.command, f"{life.name}: {one.says}")
    return (*found.items(), *((command, beside.says) for command, beside in _BESIDE_LIVES.items()))


def _steps(pack: PolicyPack, role: str, strand: str | None, own_work: bool) -> Iterator[OpenStep]:
    """Every step in every state. Of a contact once more with the worker asking: some steps are theirs alone."""
    for works in {own_work, True}:
        facts = Facts(submitted_it=own_work, works_on_it=works)
        for state in STATES:
            yield from open_steps(pack, strand, state, role, facts)
    facts = Facts(submitted_it=own_work)
    for life in LIVES:
        for reached in (None, *life.states):
            yield from open_steps_of(life, pack, strand, reached, role, facts)


def _beside(pack: PolicyPack, role: str, command: type[Command], *, own_work: bool) -> Right:
    beside = _BESIDE_LIVES[command]
    among = beside.roles(pack)
    if pack.role(role) not in among:
        return Right(_not_held(among, beside.says))
    return Right(beside.never_own if own_work else None)


def _not_held(among: Iterable[Role], says: str) -> str:
    names = [one.name for one in among]
    return f"your role may not {says}; {' or '.join(names) if names else 'nobody here'} may"
