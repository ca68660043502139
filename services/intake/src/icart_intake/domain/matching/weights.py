"""The weights of a comparison: what each level says for the same person, in bits, with where it was learned."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from math import log2
from typing import Annotated, Self

from pydantic import Field, model_validator

from icart_common.contracts.base import Part
from icart_intake.domain.matching.levels import FIELDS
from icart_intake.domain.matching.terms import WORDS, Term

Share = Annotated[float, Field(gt=0, lt=1)]


class Level(Part):
    """How often a level is seen when both sides have the field, and what it weighs."""

    same: Share
    """Among pairs that are one person (Fellegi and Sunter's m)."""
    kin: Share
    """Among brothers and sisters."""
    stranger: Share
    """Among strangers (u)."""
    weight: float
    """Bits for "the same person" and against "strangers": log2(same / stranger), kept within the limits of learning."""
    pull: float
    """Bits for "brother or sister" and against "strangers"."""


class Thresholds(Part):
    """Scores in bits. They belong to the number of people among whom a person is looked for."""

    certain: float
    """From here on a match may be linked without a person, if nothing contradicts it (see `bands`)."""
    possible: float
    """From here on a match is offered to a worker."""
    margin: float
    """Somebody else less than this below the best is nearly as likely."""


class Learned(Part):
    """Where the weights are from."""

    source: str
    """What was learned from, in words."""
    on: date
    records: int = 0
    pairs: int = 0
    rounds: int = 0
    """Rounds of expectation-maximisation until nothing moved."""


class Common(Part):
    """Names that are common where the weights were learned: to share one says less. Comparable."""

    given: frozenset[str] = frozenset()
    family: frozenset[str] = frozenset()


class Weights(Part):
    """A versioned file of weights (`icart match learn` writes one)."""

    version: str
    learned: Learned
    people: int
    """The number of people among whom somebody is looked for, for which the thresholds are meant."""
    kin: float
    """Brothers and sisters that somebody has among `people`, on average."""
    thresholds: Thresholds
    fields: dict[str, dict[str, Level]]
    common: Common = Common()

    @model_validator(mode="after")
    def whole_and_in_order(self) -> Self:
        """Every field has every level; a better level never weighs less, nor gains less than brothers and sisters do from it."""
        if {field: set(levels) for field, levels in self.fields.items()} != {
            f: set(names) for f, names in FIELDS.items()
        }:
            raise ValueError("the weights have to name every field and level of a comparison, and no other")
        for field, names in FIELDS.items():
            levels = [self.fields[field][name] for name in names]
            for name, better, worse in zip(names, levels, levels[1:], strict=False):
                if better.weight < worse.weight:
                    raise ValueError(f"{field}: {name} agrees more than the next level and may not weigh less")
                if better.weight - worse.weight < better.pull - worse.pull - 1e-9:
                    raise ValueError(f"{field}: {name} may not gain more for brothers and sisters than for one person")
        return self

    def among(self, people: int, thresholds: Thresholds) -> Weights:
        """The same weights for another number of people."""
        return Weights(**{**dict(self), "people": people, "thresholds": thresholds})

    @cached_property
    def kin_share(self) -> float:
        """The share of somebody's brothers and sisters among the people."""
        return self.kin / self.people

    @cached_property
    def rows(self) -> tuple[tuple[tuple[float, float], ...], ...]:
        """Weight and pull by field and level; the last of each field, at -1, is the blank's: nothing."""
        return tuple(
            (*((self.fields[field][name].weight, self.fields[field][name].pull) for name in names), (0.0, 0.0))
            for field, names in FIELDS.items()
        )

    @cached_property
    def terms(self) -> tuple[tuple[Term, ...], ...]:
        """The term of each level, by field."""
        return tuple(
            tuple(Term(field, name, WORDS[field][name], self.fields[field][name].weight) for name in names)
            for field, names in FIELDS.items()
        )


def weight_of(one: float, other: float, limit: float) -> float:
    """log2(one / other), to two places, within ±`limit`: no single fact decides."""
    return round(max(-limit, min(limit, log2(one / other))), 2)
