"""The closing table says what was decided of offers and merges, and how each clock ended."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from icart_cli.describe import describe
from icart_cli.story.closing import of_people, states_of
from icart_common.contracts import timers
from icart_common.contracts.catalogue import MESSAGES

EXAMPLES = Path(__file__).parents[3] / "common" / "tests" / "contracts" / "examples"


@pytest.mark.req("IN-17")
@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("match-offered", "offered to a worker"),
        ("match-withdrawn", "withdrawn: nothing is left to decide"),
        ("merge-proposed", "proposed"),
        ("people-merged", "approved by somebody else: one child"),
        ("merge-refused", "refused"),
        ("merge-undone", "undone: two children again"),
    ],
)
def test_what_became_of_offers_and_merges(kind: str, words: str) -> None:
    name = f"icart.intake.{kind}.v1"
    message = MESSAGES[name].model_validate_json((EXAMPLES / f"{name}.json").read_text())
    assert list(of_people(message)) == [words]


@pytest.mark.req("IN-17")
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"same": False, "merge": None}, "decided: not the same child"),
        ({"same": True, "merge": None}, "decided: the same child"),
        ({"same": True, "merge": "0198c2a4-7d02-7002-8002-000000000001"}, "decided: the same child, a merge proposed"),
    ],
)
def test_what_was_decided_of_a_match(changes: dict[str, object], words: str) -> None:
    name = "icart.intake.match-decided.v1"
    body = json.loads((EXAMPLES / f"{name}.json").read_text()) | changes
    assert list(of_people(MESSAGES[name].model_validate_json(json.dumps(body)))) == [words]


def clock_said(kind: type[timers.ClockEvent], rule: str, **fields: object) -> timers.ClockEvent:
    """A word from a clock of York's, as the example tells it otherwise."""
    body = json.loads((EXAMPLES / f"{kind.TYPE}.json").read_text())
    return kind.model_validate_json(json.dumps(body | {"authority": "york", "rule": rule, **fields}))


@pytest.mark.req("SC-15", "TM-5", authority="york")
def test_a_clock_that_only_asks_for_the_meetings_pack_is_late_for_nobody() -> None:
    rang, made = (
        clock_said(timers.ClockBreached, "meeting-pack"),
        clock_said(timers.ClockMet, "meeting-pack", late=True),
    )
    assert states_of([rang]) == states_of([rang, made]) == {"gone off": 1}
    assert states_of([made]) == {"met": 1}
    assert describe(rang).startswith("clock meeting-pack went off: ")
    assert describe(made).endswith(f"met by {made.by_event}")  # type: ignore[attr-defined]
    missed, later = clock_said(timers.ClockBreached, "TM-5"), clock_said(timers.ClockMet, "TM-5", late=True)
    assert states_of([missed, later]) == {"breached": 1}
    assert "BREACHED" in describe(missed)
    assert describe(later).endswith(", late")
