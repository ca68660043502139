"""A referral as intake keeps it while it is taken down: a value at each path, and what has changed between two saves (IN-22)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from icart_common.contracts.drafts import FieldTyped

_LONGEST: Final = 20_000
_SECTIONS: Final = ("referrer", "event", "safety", "tried")


def fields_of(account: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in an account, by its path: `event.what`, `people.child-1.born`, `relationships.adult-1.child-1`.

    A text that is longer than any field takes is left out until it is mended: it would fit into no message.
    """
    found: dict[str, Any] = {}
    for name, value in account.items():
        if name in _SECTIONS:
            found |= {f"{name}.{inner}": one for inner, one in value.items()}
        elif name == "people":
            found |= {
                f"people.{one['ref']}.{inner}": it for one in value for inner, it in one.items() if inner != "ref"
            }
        elif name == "consents":
            found |= {
                f"consents.{one['person']}.{inner}": it
                for one in value
                for inner, it in one.items()
                if inner != "person"
            }
        elif name == "relationships":
            found |= {f"relationships.{one['person']}.{one['of']}": one["kind"] for one in value}
        else:
            found[name] = value
    return {path: value for path, value in found.items() if value not in (None, "") and len(str(value)) <= _LONGEST}


def changed(before: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[FieldTyped, ...]:
    """What a save has to say: fields that differ, and null where there is nothing any more."""
    return tuple(
        FieldTyped(path=path, value=now.get(path))
        for path in sorted({*before, *now})
        if before.get(path) != now.get(path)
    )
