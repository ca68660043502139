"""The step of statutory notices: somebody confirms or corrects what was found of each person, and the reply leaves (ST-1)."""

from __future__ import annotations

from typing import Final

from icart_common.contracts.notifications import AnswerNotice
from icart_common.policy.notices import SERVICES
from icart_gateway.pages.forms.field import YES_NO, Choice, Field
from icart_gateway.pages.forms.step import Scene, Step
from icart_gateway.reading.notice import AskedPerson, people_of


def _answer(scene: Scene) -> tuple[Field, ...]:
    """For each person what was found stands there already."""
    told = scene.decided.told
    asked = tuple(Choice(one, SERVICES[one].capitalize()) for one in scene.pack.notice(told["kind"]).checks)
    each = (field for person in people_of(told) for field in _of_person(person, asked))
    return (*each, Field("remarks", "Is there anything else that they should know?", "long", "It stands in the reply"))


def _of_person(person: AskedPerson, asked: tuple[Choice, ...]) -> tuple[Field, ...]:
    at = f"answers.{person.number}"
    return (
        Field(f"{at}.ref", "Person", "fixed", starts_as=person.ref),
        Field(
            f"{at}.services",
            f"{person.called}: which services know them?",
            "choices",
            "Leave all blank if none does",
            choices=asked,
            starts_as="\n".join(person.services),
        ),
        Field(
            f"{at}.open_case",
            f"Has person {person.number} an open case?",
            "yes-no",
            "",
            f"Say whether person {person.number} has an open case",
            YES_NO,
            "yes" if person.open_case else "no",
        ),
        Field(
            f"{at}.lead",
            f"If so, whom should they speak to about person {person.number}?",
            "text",
            "The worker or team of the case",
            starts_as=person.lead,
        ),
    )


def _answered(_scene: Scene, said: dict[str, object]) -> dict[str, object]:
    """One answer for each person, in their order. Who has an open case or a service is known."""
    each = said.pop("answers", None)
    assert isinstance(each, dict), "a notice is about somebody"
    answers = []
    for number in sorted(each, key=int):
        one = each[number]
        known_to = one.pop("services", [])
        known = bool(known_to) or one["open_case"]
        answers.append({**one, "known": known, "services": dict.fromkeys(known_to, True)})
    return {**said, "answers": answers}


STEPS: Final = (
    Step(
        AnswerNotice,
        "Answer the notice",
        "Send the answer",
        "The answer has been sent.",
        _answer,
        _answered,
        matter="notice",
        when=("checked",),
    ),
)
