"""Whether a message has the values that a story expects of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from icart_cli.story.london import instant
from icart_common.contracts.base import Message


def values_at(value: Any, path: str) -> list[Any]:
    """What is at a dotted path: `people.0.born` one value, `gaps.*.field` one for each item; empty when nothing is there."""
    found = [value]
    for part in path.split("."):
        found = [inner for one in found for inner in _into(one, part)]
    return found


def _into(value: Any, part: str) -> list[Any]:
    if part == "*":
        return list(value) if isinstance(value, list) else list(value.values()) if isinstance(value, dict) else []
    if isinstance(value, list) and part.isdigit():
        return value[int(part) : int(part) + 1]
    if isinstance(value, dict) and part in value:
        return [value[part]]
    return []


def fits(message: Message, where: Mapping[str, Any]) -> bool:
    """Whether every condition holds. `where` has ids in place of names."""
    if not where:
        return True
    body = message.model_dump(mode="json")
    return all(_holds(values_at(body, path), wanted) for path, wanted in where.items())


def _holds(found: list[Any], wanted: Any) -> bool:
    if not isinstance(wanted, dict):
        return any(one == wanted for one in found) or (wanted is None and not found)
    operator, operand = next(iter(wanted.items()))
    match operator:
        case "contains":
            return any(_contains(one, operand) for one in found)
        case "lacks":
            return not any(_contains(one, operand) for one in found)
        case "items":
            return any(isinstance(one, list | dict) and len(one) == operand for one in found)
        case "not":
            return all(one != operand for one in found)
        case _:
            return any(_is_at(one, operand) for one in found)


def _contains(value: Any, wanted: Any) -> bool:
    """Text holds words whatever their line breaks; a list holds an item."""
    if isinstance(value, str):
        return str(wanted) in value or str(wanted) in " ".join(value.split())
    return isinstance(value, list) and wanted in value


def _is_at(value: Any, wanted: str) -> bool:
    at = instant(wanted)
    return isinstance(value, str) and value == at.isoformat().replace("+00:00", "Z")
