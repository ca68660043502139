"""The closing table says what was decided of offers and merges."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from icart_cli.story.closing import of_people
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
