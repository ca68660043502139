"""What a good referral answers, and which of it a referral leaves out (IN-2, IN-3, IN-10, IN-12, IN-16)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from icart_common.contracts.base import Slug
from icart_common.contracts.referral import Channel, Concern, ReferrerKind
from icart_common.policy.agencies import AgencyKind
from icart_common.policy.base import Part, Sourced, Words

_SEGMENT: Final = re.compile(r"^([a-z_]+)(?:\[(?:([a-z_]+)=([a-z0-9_-]+))?\])?$")
PATH_PATTERN: Final = r"^[a-z_]+(\[([a-z_]+=[a-z0-9_-]+)?\])?(\.[a-z_]+(\[([a-z_]+=[a-z0-9_-]+)?\])?)*(\|[a-z_]+)*$"
FieldPath = Annotated[str, StringConstraints(pattern=PATH_PATTERN)]
"""`event.what`; `people[role=child].born|expected`: of every child, one of the two; `people[]`: every person."""


class Question(Sourced):
    """A field of a good referral and the question to ask when it is blank."""

    id: Slug
    path: FieldPath
    question: Words
    weight: Annotated[int, Field(ge=1, le=10)] = 1
    referrer_kinds: tuple[ReferrerKind, ...] = ()
    """Whom it is asked of; empty: everybody."""
    agency_kinds: tuple[AgencyKind, ...] = ()


class AssessmentTool(Sourced):
    """Tools of which one has to come with a referral about a concern (IN-10)."""

    concern: Concern
    any_of: Annotated[tuple[Words, ...], Field(min_length=1)]


class Anonymous(Sourced):
    """Whether a referrer may stay unnamed, and by which ways in (IN-12)."""

    referrer_kinds: tuple[ReferrerKind, ...] = ()
    channels: tuple[Channel, ...] = ()


class MandatoryReferrer(Sourced):
    """Fields of the referrer without which a referral by these ways in is not accepted (IN-12)."""

    paths: tuple[FieldPath, ...] = ()
    channels: tuple[Channel, ...] = ()


class Acknowledged(Sourced):
    """Which referrers are sent an acknowledgement with a reference (IN-16)."""

    referrer_kinds: tuple[ReferrerKind, ...]


class Acceptance(Sourced):
    """What a professional's referral has to bring before it is screened (IN-9, IN-11)."""

    written_form: Literal["chased", "expected"] = "chased"
    prior_discussion: bool = False
    plan_and_tool: bool = False
    """Returned with advice unless an early help assessment and a tool come with it, or it meets `unless_strand`."""
    unless_strand: Slug | None = None


class GoodReferral(Part):
    """All that the authority asks of those who refer."""

    questions: tuple[Question, ...]
    tools: tuple[AssessmentTool, ...] = ()
    mandatory_referrer: MandatoryReferrer
    anonymous: Anonymous
    acknowledged: Acknowledged
    acceptance: Acceptance


@dataclass(frozen=True)
class Gap:
    """A question that a referral leaves open. `path` is where, for example `people[1].born`."""

    question_id: str
    path: str
    question: str
    weight: int


def gaps(
    asked: GoodReferral, referral: object, *, referrer_kind: ReferrerKind, agency_kind: AgencyKind | None
) -> tuple[Gap, ...]:
    """The questions left open, in the pack's order; a missing tool is a gap too. Takes a model or a mapping."""
    found = [
        Gap(question.id, where, question.question, question.weight)
        for question in applicable(asked, referrer_kind, agency_kind)
        for where in _blank_places(referral, question.path)
    ]
    return tuple(found + list(_missing_tools(asked, referral)))


def applicable(
    asked: GoodReferral, referrer_kind: ReferrerKind, agency_kind: AgencyKind | None
) -> tuple[Question, ...]:
    """The questions asked of such a referrer."""
    return tuple(
        question
        for question in asked.questions
        if (not question.referrer_kinds or referrer_kind in question.referrer_kinds)
        and (not question.agency_kinds or agency_kind in question.agency_kinds)
    )


def score(
    asked: GoodReferral, referral: object, *, referrer_kind: ReferrerKind, agency_kind: AgencyKind | None
) -> float:
    """How complete a referral is, 0 to 1: weight answered over weight asked; what is asked of each child counts each time."""
    weight = open_weight = 0
    for question in applicable(asked, referrer_kind, agency_kind):
        places = list(_places(referral, question.path))
        weight += question.weight * max(1, len(places))
        open_weight += question.weight * sum(blank for _, blank in places)
    return 1.0 if not weight else (weight - open_weight) / weight


def missing_mandatory(asked: GoodReferral, referral: object, channel: Channel) -> tuple[str, ...]:
    """Paths of the referrer that have to be given on this channel and are blank (IN-12)."""
    rule = asked.mandatory_referrer
    if channel not in rule.channels:
        return ()
    return tuple(where for path in rule.paths for where in _blank_places(referral, path))


def _missing_tools(asked: GoodReferral, referral: object) -> Iterator[Gap]:
    concerns = _texts(_get(referral, "concerns"))
    given = {text.casefold() for text in _texts(_get(referral, "tools"))}
    for tool in asked.tools:
        if tool.concern in concerns and not given & {name.casefold() for name in tool.any_of}:
            names = " or ".join(tool.any_of)
            yield Gap(f"tool-{tool.concern}", "tools", f"Please send this with your referral: {names}.", 2)


def _texts(value: object) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, Iterable) else []


def _blank_places(referral: object, path: str) -> Iterator[str]:
    return (where for where, blank in _places(referral, path) if blank)


def _places(referral: object, path: str) -> Iterator[tuple[str, bool]]:
    """Each concrete place that a path names, and whether it is blank. A list without members is one blank place."""
    *segments, last = path.split(".")
    return _walk(referral, (*segments, last), "")


def _walk(value: object, segments: Sequence[str], walked: str) -> Iterator[tuple[str, bool]]:
    segment, rest = segments[0], segments[1:]
    if not rest and "|" in segment:
        names = segment.split("|")
        yield f"{walked}{segment}", all(_is_blank(_get(value, name)) for name in names)
        return
    match = _SEGMENT.match(segment)
    if match is None:
        raise ValueError(f"cannot read the path segment {segment!r}")
    name, key, wanted = match.groups()
    inner = _get(value, name)
    if "[" not in segment:
        if rest:
            yield from _walk(inner, rest, f"{walked}{name}.")
        else:
            yield f"{walked}{name}", _is_blank(inner)
        return
    members = [
        (index, member)
        for index, member in enumerate(inner if isinstance(inner, Sequence) else ())
        if key is None or _get(member, key) == wanted
    ]
    if not members:
        yield f"{walked}{segment}", True
    for index, member in members:
        if rest:
            yield from _walk(member, rest, f"{walked}{name}[{index}].")
        else:
            yield f"{walked}{name}[{index}]", _is_blank(member)


def _get(value: object, name: str) -> object:
    if isinstance(value, Mapping):
        return value.get(name)
    return getattr(value, name, None)


def _is_blank(value: object) -> bool:
    if value is None:
        return True
    if isinstance(value, str):
        return not value.strip()
    return isinstance(value, Sequence | Mapping) and not value
