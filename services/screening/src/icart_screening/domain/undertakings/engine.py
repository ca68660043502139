"""What a command does to an undertaking, or why it may not: the checks that all kinds share, then the kind's own rules."""

from __future__ import annotations

from collections.abc import Iterable

from icart_common.contracts.base import Command, Message
from icart_common.contracts.undertakings import BeginForAuthority, UndertakingCommand
from icart_common.policy.lives.life import Life
from icart_screening.domain.contact import Change
from icart_screening.domain.refusal import Refusal, unknown_version, version_moved
from icart_screening.domain.undertakings.kinds import KINDS, kind_of
from icart_screening.domain.undertakings.undertaking import Circumstances, Done, Undertaking


def undertake(
    undertaking: Undertaking | None, message: Message, circumstances: Circumstances
) -> tuple[Done, ...] | Refusal:
    """What the message changes: undertakings begun and gone on, and the contact itself; or a refusal.

    `undertaking` is the one that the message names, to go on with it or to begin what follows from it; None when it names none.
    """
    kind = kind_of(message, undertaking)
    try:
        if isinstance(message, UndertakingCommand) and undertaking is not None:
            _on_the_version_seen(undertaking, message)
        if isinstance(message, Command):
            _allowed(kind.life, undertaking, message, circumstances)
        return tuple(kind.deciders[type(message)](undertaking, message, circumstances))
    except Refusal as refusal:
        return refusal


def is_ahead(undertaking: Undertaking, command: UndertakingCommand) -> bool:
    """Whether the command was given on a version that has not been reached yet: it waits (0009)."""
    return undertaking.open and command.seen_version > undertaking.version


def follow_up(change: Change, circumstances: Circumstances) -> Iterable[Done]:
    """What something that happened to a contact means to its undertakings."""
    for kind in KINDS:
        if kind.after_contact:
            yield from kind.after_contact(change, circumstances)


def _on_the_version_seen(undertaking: Undertaking, command: UndertakingCommand) -> None:
    name = undertaking.LIFE.name
    if command.seen_version < undertaking.version and undertaking.open:
        raise version_moved(name, command.seen_version, undertaking.version)
    if command.seen_version > undertaking.version:
        raise unknown_version(name, command.seen_version, undertaking.version)


def _allowed(life: Life, undertaking: Undertaking | None, command: Command, circumstances: Circumstances) -> None:
    """The life has such a step in this state, and the role may take it."""
    steps = life.asked_by(type(command))
    if undertaking is not None and isinstance(command, UndertakingCommand | BeginForAuthority):
        steps = tuple(step for step in steps if undertaking.state in step.leaves)
        if not steps:
            why = f"the {life.name} is {undertaking.state.replace('-', ' ')}: that cannot be done with it any more, or not yet"
            raise Refusal(
                "not-now", why, [step.says for step in life.open_to(undertaking.state)] or ("nothing: it is over",)
            )
    circumstances.role(command.actor)
    for permission, anywhere in sorted({(step.permission, step.anywhere) for step in steps if step.permission}):
        circumstances.needs(command.actor, permission, anywhere=anywhere)
