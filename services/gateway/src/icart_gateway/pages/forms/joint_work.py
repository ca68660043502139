"""The steps of one event with several notices and several children: parted, included, left out, copied (IN-19, IN-20)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from icart_common.contracts.joint_work import CopyFromSibling, DismissSibling, IncludeSibling, SeparateNotice
from icart_common.policy.wording import instant_in_words, name_in_words
from icart_gateway.pages.forms.field import YES_NO, Choice, Field
from icart_gateway.pages.forms.screening import sections_to_fill
from icart_gateway.pages.forms.step import Scene, Step
from icart_gateway.pages.forms.wording import left_out, named, part_of, reason
from icart_gateway.standing import Standing


def _notice(scene: Scene) -> tuple[Field, ...]:
    notices = tuple(
        Choice(
            str(one.told.notice),
            f"{scene.pack.agency(one.agency).name}, {one.told.reference}",
            f"received {instant_in_words(one.told.received_at)}",
        )
        for one in scene.record.notices
    )
    return (
        Field("notice", "Which notice tells of something else?", "choice", "", "Choose the notice", notices),
        reason("Why does it need a contact of its own?", "Say why it needs a contact of its own"),
    )


def _sibling(question: str, why: str) -> Callable[[Scene], tuple[Field, ...]]:
    def fields(scene: Scene) -> tuple[Field, ...]:
        return (
            Field("person", question, "choice", "", "Choose the sibling", left_out(scene)),
            reason("Why?", why),
        )

    return fields


def _copy(scene: Scene) -> tuple[Field, ...]:
    """What is written in the siblings' contacts; each part is chosen, and nothing is chosen beforehand (IN-19)."""
    own = {one.id for one in sections_to_fill(scene)}
    sources = tuple(
        Choice(f"{one.id}:{one.version}", _child(one), f"contact {one.reference}") for one in scene.siblings
    )
    written = {name for one in scene.siblings for name, text in one.sections.items() if text and name in own}
    stated = {name for one in scene.siblings for name, (where, text) in one.statements.items() if text and where in own}
    return (
        Field("source", "Copy from which sibling's contact?", "choice", "", "Choose a sibling's contact", sources),
        Field(
            "sections",
            "Which sections?",
            "choices",
            choices=named(one for one in scene.pack.sections if one.id in written),
        ),
        Field(
            "statements",
            "Which statements?",
            "choices",
            choices=tuple(Choice(one.id, one.question) for one in scene.pack.required_statements if one.id in stated),
        ),
        Field(
            "decision",
            "Also the level, outcome and reasons, as a draft?",
            "yes-no",
            choices=YES_NO,
        ),
    )


def _copied(_scene: Scene, said: dict[str, object]) -> dict[str, object]:
    source, _, version = str(said.get("source", "")).partition(":")
    return {**said, "source": part_of(source), "source_seen_version": version}


def _child(contact: Standing) -> str:
    child = contact.opened.child if contact.opened else None
    return name_in_words(child.given_name, child.family_name) if child else "name not known"


STEPS: Final = (
    Step(
        SeparateNotice,
        "Give a notice a contact of its own",
        "Give it a contact of its own",
        "The notice gets a contact of its own.",
        _notice,
    ),
    Step(
        IncludeSibling,
        "Include a sibling",
        "Include the sibling",
        "A contact is opened for the sibling.",
        _sibling("Which sibling needs a contact?", "Say why the sibling needs a contact"),
    ),
    Step(
        DismissSibling,
        "Leave a sibling out",
        "Leave the sibling out",
        "It is recorded that the sibling needs no contact.",
        _sibling("Which sibling needs no contact?", "Say why the sibling needs no contact"),
    ),
    Step(
        CopyFromSibling,
        "Copy from a sibling's contact",
        "Copy what I chose",
        "It has been copied, and is marked as copied.",
        _copy,
        _copied,
    ),
)
