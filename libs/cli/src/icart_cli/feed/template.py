"""`icart cases export-template`: a file to begin with, for an authority's supplier. The people in it cannot exist."""

from __future__ import annotations

import csv
import io
import json
from typing import Any, Final

from icart_cli.feed.tables import COLUMNS
from icart_common.contracts.cases import EpisodeHeld, PersonHeld, PersonNotHeld

_PERSON: Final[dict[str, Any]] = {
    "number": "EX-1001", "as_of": "2026-03-02T08:00:00Z", "given_name": "Tamsin", "family_name": "Quillfeather",
    "other_names": ["Tammy"], "born": "2017-02-28", "sex": "female", "nhs_number": "9990000018", "upn": "P999000000101",
    "phones": ["01632 960123"], "school": "Fernleigh Primary School",
}  # fmt: skip
_HOME: Final = {"lines": "14 Larkspur Close, Fernleigh", "postcode": "ZZ99 1AA", "since": "2023-06-01"}
_EPISODE: Final[dict[str, Any]] = {
    "episode": "EX-1001-2", "status": "open", "kind": "child-in-need", "opened": "2026-02-20", "allocated": True,
    "worker": "Ives Pomfret", "worker_email": "ives.pomfret@example.org", "team": "Area Team North", "source": "3A",
    "need": "N1",
}  # fmt: skip
_STATEMENTS: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    (
        PersonHeld.TYPE,
        {
            **_PERSON,
            "addresses": [_HOME],
            "episodes": [_EPISODE],
            "services": {"caf": True},
            "history": [{"on": "2023-01-09", "kind": "contact", "outcome": "information and advice"}],
            "related": [
                {"number": "EX-1002", "kind": "mother", "parental_responsibility": True, "since": "2017-02-28"}
            ],
        },
    ),
    (
        PersonHeld.TYPE,
        {
            "number": "EX-1002",
            "as_of": "2026-03-02T08:00:00Z",
            "given_name": "Odalys",
            "family_name": "Quillfeather",
            "born": "1991-07-14",
            "addresses": [_HOME],
        },
    ),
    (
        EpisodeHeld.TYPE,
        {
            "number": "EX-1001",
            "as_of": "2026-06-30T16:20:00Z",
            "episode": {**_EPISODE, "status": "closed", "allocated": False, "closed": "2026-06-30", "closure": "RC8"},
        },
    ),
    (PersonNotHeld.TYPE, {"number": "EX-1003", "as_of": "2026-07-01T09:00:00Z", "why": "entered-in-error"}),
)


def json_lines() -> str:
    """Every kind of statement that a file may hold, one on each line."""
    return "".join(json.dumps({"type": kind, **fields}) + "\n" for kind, fields in _STATEMENTS)


def csv_table() -> str:
    """All columns, and one person with an open case."""
    row = {name: value for name, value in _PERSON.items() if isinstance(value, str)}
    row |= {name: ";".join(value) for name, value in _PERSON.items() if isinstance(value, list)}
    row |= {"address": _HOME["lines"], "postcode": _HOME["postcode"], "status": "open", "allocated": "true"}
    row |= {name: str(_EPISODE[name]) for name in ("worker", "worker_email", "team", "opened")}
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerow(row)
    return file.getvalue()
