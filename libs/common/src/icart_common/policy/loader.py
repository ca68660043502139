"""Reading a pack from its file: every problem found, each with its line, reason and what to do (AU-7)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Any, Final

from pydantic import ValidationError

from icart_common.policy.consistency import inconsistencies
from icart_common.policy.errors import PolicyRefused, Problem
from icart_common.policy.marks import Marked, read_marked, shown
from icart_common.policy.pack import PolicyPack

_FIXES: Final[Mapping[str, str]] = {
    "extra_forbidden": "Remove it, or correct its spelling.",
    "missing": "Add it.",
    "literal_error": "Use one of the values named.",
    "union_tag_invalid": "Use one of the kinds named.",
    "union_tag_not_found": "Say which kind it is, with a key `kind`.",
    "string_pattern_mismatch": "Write it in that form.",
    "string_type": "Put the value in quotes.",
}
_OTHER_FIX: Final = "Correct the value."


def read_pack(path: FilePath) -> tuple[PolicyPack | None, list[Problem]]:
    """The pack of a file and what is wrong with it. The pack is None when it cannot be built at all."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        reason = f"the file cannot be read: {error.strerror}"
        return None, [Problem(str(path), 0, "", reason, "Check the path and its permissions.")]
    except UnicodeDecodeError:
        return None, [Problem(str(path), 0, "", "the file is not UTF-8 text", "Save it as UTF-8.")]
    return parse_pack(text, str(path))


def parse_pack(text: str, file: str) -> tuple[PolicyPack | None, list[Problem]]:
    """As read_pack, from the text of a file."""
    marked = read_marked(text, file)
    if marked.value is None:
        return None, marked.problems
    try:
        pack = PolicyPack.model_validate(marked.value)
    except ValidationError as error:
        found = [_problem(marked, dict(item)) for item in error.errors(include_url=False)]
        return None, marked.problems + found
    return pack, marked.problems + inconsistencies(pack, marked)


def load_pack(path: FilePath) -> PolicyPack:
    """The pack of one file. Raises PolicyRefused with every problem found."""
    pack, problems = read_pack(path)
    if problems or pack is None:
        raise PolicyRefused(problems)
    return pack


def _problem(marked: Marked, error: Mapping[str, Any]) -> Problem:
    loc = tuple(error["loc"])
    kind = str(error["type"])
    path = marked.settle(loc)
    reason = str(error["msg"]).removeprefix("Value error, ")
    if kind == "extra_forbidden":
        reason = f"unknown key {loc[-1]!r}"
    elif kind == "missing":
        reason = f"{loc[-1]!r} is missing"
        if loc[-1] == "source":
            reason += ": every value says where it is from"
    elif kind == "value_error" and "ctx" in error:
        reason = str(error["ctx"].get("error", reason))
    elif "input" in error and isinstance(error["input"], str | int | float | bool):
        reason = f"{reason}, not {error['input']!r}"
    return Problem(
        marked.file, marked.line(path), shown(path), reason[0].lower() + reason[1:], _FIXES.get(kind, _OTHER_FIX)
    )
