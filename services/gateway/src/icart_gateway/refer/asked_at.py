"""Fields of a referral, as intake names them in a refusal, in the words in which the form asks for them (IN-22)."""

from __future__ import annotations

import re
from typing import Final

from icart_common.policy import PolicyPack
from icart_gateway.refer.steps import steps
from icart_gateway.refer.telling import CHANNEL

_EVERYTHING: Final = {"referrer.kind": "professional"}
"""Whoever is asked the most."""
_APART: Final = re.compile(r"[.\[\]]+")
_OTHERWISE: Final = {"addresses": "address", "phones": "phone", "person": "status"}
"""Fields that the form has under another name. Whose consent it is, it knows without asking."""
_LISTED: Final = {"people": ("child-1", "adult-1"), "consents": ("consent",)}
"""Where the form asks for what a referral has in a list."""


def asked_at(pack: PolicyPack, line: str) -> str:
    """A line of a refusal: `consents.adult-1.how`, `people.0.born`, or `$.people[0].born: correct it`, with the form's words in
    place of the field. Any other line stays as it is."""
    path, between, fix = line.partition(": ")
    names = [one for one in _APART.split(path.removeprefix("$")) if one]
    found = _found(pack, names)
    return f"{found}{between}{fix}" if found else line


def _found(pack: PolicyPack, names: list[str]) -> str | None:
    asked = {
        field.name: f"{step.title}, \u201c{field.label}\u201d"
        for step in steps(pack, _EVERYTHING, CHANNEL)
        for field in step.fields
    }
    listed, *rest = names or [""]
    if listed not in _LISTED:
        return next((asked[name] for end in range(len(names), 0, -1) if (name := ".".join(names[:end])) in asked), None)
    among = (f"{place}.{_OTHERWISE.get(name, name)}" for name in reversed(rest) for place in _LISTED[listed])
    return next((asked[name] for name in among if name in asked), None)
