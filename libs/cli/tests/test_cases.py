"""The case system's file: every line is checked, and what cannot be read is named by its line."""

from __future__ import annotations

import json

import pytest

from icart_cli import exits
from icart_cli.feed.tables import Table
from icart_common.contracts.cases import PersonHeld
from icart_common.contracts.envelope import read_body

WHO = {"agency": "carefirst-halton", "authority": "halton", "as_of": "2026-11-01T00:00:00Z"}


def held(fields: dict[str, object]) -> PersonHeld:
    body = read_body(PersonHeld.TYPE, json.dumps({**WHO, **fields}).encode())
    assert isinstance(body, PersonHeld)
    return body


def test_a_row_of_a_csv_becomes_a_person_with_a_case(tmp_path):
    file = tmp_path / "people.csv"
    file.write_text(
        "number,given_name,family_name,other_names,born,postcode,status,allocated,team,caf,phones\n"
        "CF-1,Odalys,Brindlemoor,Ody;Oda,2015-02-28,wa8 9zz,open,true,Child in Need Team Widnes,yes,07700 900101\n"
    )
    (row,) = Table(file).rows()
    assert row.fields is not None
    person = held(dict(row.fields))
    assert row.line == 2
    assert person.other_names == ("Ody", "Oda")
    assert person.addresses[0].postcode == "WA8 9ZZ"
    assert person.case is not None
    assert (person.case.status, person.case.allocated) == ("open", True)
    assert person.services.caf


def test_a_line_that_is_not_json_is_kept_to_be_named(tmp_path):
    file = tmp_path / "people.jsonl"
    file.write_text('{"number": "CF-1"}\n\nnot json\n')
    assert [(row.line, row.fields is None) for row in Table(file).rows()] == [(1, False), (3, True)]


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("people.csv", "number,nickname\n", "unknown columns nickname"),
        ("people.csv", "given_name\n", "no column `number`"),
        ("people.xlsx", "", "neither .csv nor .jsonl"),
    ],
)
def test_a_file_of_another_shape_is_refused_with_what_would_do(tmp_path, name, text, says):
    file = tmp_path / name
    file.write_text(text)
    with pytest.raises(exits.Stop, match=says) as refused:
        list(Table(file).rows())
    assert refused.value.code == exits.WRONG_USE
