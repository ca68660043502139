"""What a supplier is given is right: every example of the page, and every line of the template, can be read (IN-5)."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from icart_cli.feed.load import read
from icart_cli.feed.tables import COLUMNS, Table
from icart_cli.feed.template import csv_table, json_lines
from icart_common.contracts.cases import EpisodeHeld, LoadBegun, LoadEnded, PersonHeld, PersonNotHeld
from icart_common.contracts.catalogue import FAMILIES
from icart_common.contracts.envelope import read_body
from icart_common.contracts.schemas import schema_of
from icart_intake.domain.remarks import remarks_of

pytestmark = pytest.mark.req("IN-5", "IN-6")

PAGE = Path(__file__).resolve().parents[4] / "docs" / "case-feed.md"
FRAME = {"agency": "carefirst-halton", "authority": "halton"}


def examples():
    return re.findall(r"```json (\S+)\n(.*?)```", PAGE.read_text(), flags=re.DOTALL)


def test_the_page_has_an_example_of_every_message_of_the_feed():
    (family,) = [one for one in FAMILIES if one.contract == "cases"]
    assert [kind for kind, _ in examples()] == [
        message.TYPE for message in (PersonHeld, EpisodeHeld, PersonNotHeld, LoadBegun, LoadEnded)
    ]
    assert {kind for kind, _ in examples()} == {message.TYPE for message in family.messages}


@pytest.mark.parametrize(("kind", "text"), examples())
def test_each_example_of_the_page_can_be_read_and_holds_declared_fields_alone(kind, text):
    body = read_body(kind, text.encode())
    assert set(json.loads(text)) <= set(schema_of(kind)["properties"])
    if isinstance(body, PersonHeld | EpisodeHeld):
        assert remarks_of(body) == ()


@pytest.mark.parametrize(("name", "text"), [("people.jsonl", json_lines()), ("people.csv", csv_table())])
def test_a_template_can_be_loaded_as_it_is(tmp_path, name, text):
    file = tmp_path / name
    file.write_text(text)
    bodies = []
    for row in Table(file).rows():
        body, _, wrong = read(row, FRAME)
        assert (row.findings, wrong) == ((), ())
        bodies.append(body)
    assert all(remarks_of(body) == () for body in bodies if isinstance(body, PersonHeld | EpisodeHeld))
    assert {type(body) for body in bodies} >= {PersonHeld}
    assert set(COLUMNS) >= {"number", "died"}


def test_the_template_shows_every_kind_of_statement_that_a_file_may_hold(tmp_path):
    file = tmp_path / "people.jsonl"
    file.write_text(json_lines())
    assert {row.type for row in Table(file).rows()} == {one.TYPE for one in (PersonHeld, EpisodeHeld, PersonNotHeld)}
