"""The steps of who is who: possible matches, merges by two people, and links that are undone (IN-17; decision 0010)."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from icart_common.contracts.ids import derived_id
from icart_common.contracts.people import ApproveMerge, DecideMatch, ProposeMerge, RefuseMerge, UndoLink, UndoMerge
from icart_common.policy.wording import name_in_words
from icart_gateway.pages.forms.field import Choice, Field
from icart_gateway.pages.forms.step import Scene, Step
from icart_gateway.pages.forms.wording import reason


def _decide(_scene: Scene) -> tuple[Field, ...]:
    same = "If both have a record of their own, a merge is proposed, and waits for a second person"
    return (
        Field(
            "same",
            "Are they the same person?",
            "yes-no",
            "",
            "Choose yes or no",
            (Choice("yes", "Yes", same), Choice("no", "No", "It is offered again only when more is known of either")),
        ),
        reason("Why?", "Say why"),
    )


def _propose(scene: Scene) -> tuple[Field, ...]:
    choices = []
    for person in scene.decided.people:
        held = scene.decided.of(person)
        contacts = ", ".join(one.reference for one in held)
        choices.append(
            Choice(
                str(person), name_in_words(held[0].child.given_name, held[0].child.family_name), f"contacts {contacts}"
            )
        )
    return (
        Field("stays", "Which record stays?", "choice", "The other points to it", "Choose a record", tuple(choices)),
        reason("Why are they the same person?", "Say why they are the same person"),
    )


def _proposed(scene: Scene, said: dict[str, object]) -> dict[str, object]:
    """The proposal's id follows from the two and from how often a merge of them was proposed: a second press is the same one."""
    matter = scene.decided
    one, other = sorted(matter.people, key=str)
    stays = next((person for person in matter.people if str(person) == said.get("stays")), None)
    return {
        **said,
        "authority": scene.who.authority,
        "merge": derived_id(matter.told["at"], "merge", one, other, matter.version),
        "goes": _other(matter.people, stays),
    }


def _other(people: tuple[UUID, ...], stays: UUID | None) -> UUID | None:
    return next((one for one in people if one != stays), None) if stays else None


STEPS: Final = (
    Step(
        DecideMatch,
        "Decide whether these two are one person",
        "Record the decision",
        "Your decision is recorded.",
        _decide,
        matter="offer",
        when=("open",),
    ),
    Step(
        ProposeMerge,
        "Propose that the two records become one",
        "Propose the merge",
        "The merge is proposed. Somebody else has to approve it.",
        _propose,
        _proposed,
        lambda scene: (Choice(scene.place.part, "The two"),),
        matter="person",
        when=("apart",),
    ),
    Step(
        ApproveMerge,
        "Approve the merge",
        "Approve the merge",
        "The two records are one from now on.",
        lambda _: (Field("note", "Anything to add?"),),
        matter="merge",
        when=("proposed",),
    ),
    Step(
        RefuseMerge,
        "Refuse the merge",
        "Refuse the merge",
        "The merge is refused.",
        lambda _: (reason("Why not?", "Say why not"),),
        matter="merge",
        when=("proposed",),
    ),
    Step(
        UndoMerge,
        "Undo the merge",
        "Undo the merge",
        "The two are two again.",
        lambda _: (reason("Why are they two people?", "Say why they are two people"),),
        matter="merge",
        when=("made",),
        danger=True,
    ),
    Step(
        UndoLink,
        "Say that this was told of another person",
        "Undo the link",
        "What was told was taken from the wrong person.",
        lambda _: (reason("Why is it another person?", "Say why it is another person"),),
        matter="mention",
        when=("put",),
        danger=True,
    ),
)
