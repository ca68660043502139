"""The child whom an agency is told of, as its messages print it."""

from __future__ import annotations

from typing import TypedDict

from icart_common.contracts.family import ChildTold
from icart_common.policy.wording import NOT_GIVEN, born_in_words, name_in_words


class NamedChild(TypedDict):
    """The fields of a view that names the child."""

    child_name: str
    child_born: str


class WholeChild(NamedChild):
    """The fields of a view that says where the child lives as well."""

    child_address: str


def named(child: ChildTold) -> NamedChild:
    """The child's name and date of birth, as far as they are known."""
    return {
        "child_name": name_in_words(child.given_name, child.family_name),
        "child_born": born_in_words(child.born, child.expected),
    }


def whole(child: ChildTold) -> WholeChild:
    """The same, and the address."""
    return {**named(child), "child_address": child.address or NOT_GIVEN}
