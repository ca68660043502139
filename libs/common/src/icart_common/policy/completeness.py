"""What a good referral answers, and which of it a referral leaves out (IN-2, IN-3, IN-10, IN-12, IN-16, CO-1)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Annotated, Any, Final, Literal, NamedTuple, Self

from pydantic import Field, StringConstraints

from icart_common.contracts.base import Slug
from icart_common.contracts.referral import Channel, Concern, ReferrerKind
from icart_common.policy.agencies import AgencyKind
from icart_common.policy.base import Part, Sourced, Words
from icart_common.policy.consent import HOW, OF_EACH, WHY_NOT, ConsentRecord, consent_gaps
from icart_common.worktime.allowance import Allowance

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


class AnswersAsked(Sourced):
    """By when a referrer is asked to answer the open questions, counted from the referral's arrival (IN-3)."""

    allowance: Allowance


class WrittenForm(Sourced):
    """How a telephone call and its form are known to belong together (IN-9)."""

    channels: Annotated[tuple[Channel, ...], Field(min_length=1)]
    """Ways in that bring a written form."""
    within: Allowance
    """How long after the call a form of the same agency about the same child is put to the call's contact."""


class PlanAndTool(Sourced):
    """A professional's referral is returned with advice unless a plan and a tool come with it (IN-11)."""

    channels: Annotated[tuple[Channel, ...], Field(min_length=1)]
    """Ways in that can be returned: what was said on the telephone was discussed."""
    unless_strand: Slug
    """Never returned when a threshold statement of this strand is met."""
    advice_statement: Slug
    """With a plan in place, a request for advice, or words of this statement, are accepted without a tool."""
    exempt_agency_kinds: tuple[AgencyKind, ...] = ()
    """Agencies whose referrals are never returned."""


class Acceptance(Sourced):
    """What a professional's referral has to bring before it is screened (IN-9, IN-11)."""

    written_form: Literal["chased", "expected"] = "chased"
    prior_discussion: bool = False


class GoodReferral(Part):
    """All that the authority asks of those who refer."""

    questions: tuple[Question, ...]
    tools: tuple[AssessmentTool, ...] = ()
    mandatory_referrer: MandatoryReferrer
    anonymous: Anonymous
    acknowledged: Acknowledged
    acceptance: Acceptance
    answers: AnswersAsked
    written: WrittenForm
    plan_and_tool: PlanAndTool | None = None
    """None where nothing is returned."""
    consent_record: ConsentRecord

    def asks(self, referrer_kind: ReferrerKind, agency_kind: AgencyKind | None) -> tuple[Asks, ...]:
        """What is asked of such a referrer, in the pack's order; the paths are taken apart once for all referrals."""
        kinds = (referrer_kind, agency_kind)
        if kinds not in self.asked_of_kinds:
            self.asked_of_kinds[kinds] = tuple(
                Asks(question.id, question.question, question.weight, _path(question.path))
                for question in self.questions
                if (not question.referrer_kinds or referrer_kind in question.referrer_kinds)
                and (not question.agency_kinds or agency_kind in question.agency_kinds)
            )
        return self.asked_of_kinds[kinds]

    @cached_property
    def asked_of_kinds(self) -> dict[tuple[ReferrerKind, AgencyKind | None], tuple[Asks, ...]]:
        """What was worked out so far of whom is asked what."""
        return {}

    def model_copy(self, *, update: Any = None, deep: bool = False) -> Self:
        """A copy; what was worked out of the original is not taken along."""
        copy = super().model_copy(update=update, deep=deep)
        copy.__dict__.pop("asked_of_kinds", None)
        return copy


class Path(NamedTuple):
    """A path, taken apart."""

    parent: str
    last: str
    names: tuple[str, ...]
    """The fields that the last segment names; none when it means the members of a list: then the parent is the whole path."""


class Asks(NamedTuple):
    """A question as a referral is looked through for it. A tuple: it is unpacked for every question of every referral."""

    question_id: str
    question: str
    weight: int
    path: Path


class Gap(NamedTuple):
    """A question that a referral leaves open. `path` is where, for example `people[1].born`. A tuple: each referral has many."""

    question_id: str
    path: str
    question: str
    weight: int


@dataclass(frozen=True)
class Completeness:
    """The questions that a referral leaves open, and how complete it is."""

    gaps: tuple[Gap, ...]
    score: float
    """0 to 1: weight answered over weight asked; what is asked of each child counts each time."""


def assess(
    asked: GoodReferral, referral: object, *, referrer_kind: ReferrerKind, agency_kind: AgencyKind | None
) -> Completeness:
    """What a referral leaves open, in the pack's order; a missing tool is a gap too. Takes a model or a dictionary."""
    weight = open_weight = 0
    found: list[Gap] = []
    reading = _Reading(referral)
    for question, words, counts, path in asked.asks(referrer_kind, agency_kind):
        places, blank = reading.look(path)
        weight += counts * (places or 1)
        if blank:
            open_weight += counts * len(blank)
            found += [Gap(question, where, words, counts) for where in blank]
    if agency_kind not in asked.consent_record.not_asked_of_kinds and referrer_kind == "professional":
        checked, incomplete = consent_gaps(asked.consent_record, referral)
        weight += asked.consent_record.weight * checked
        open_weight += asked.consent_record.weight * len(incomplete)
        found += [Gap(one.id, one.path, one.question, asked.consent_record.weight) for one in incomplete]
    score = 1.0 if not weight else (weight - open_weight) / weight
    return Completeness((*found, *_missing_tools(asked, referral)), score)


def wording(asked: GoodReferral, question_id: str) -> str:
    """The words of a question by its id: of a field, a tool or a consent. Empty for one that this pack does not ask."""
    record = asked.consent_record
    words = {OF_EACH: record.of_each, HOW: record.how, WHY_NOT: record.why_not}
    words |= {question.id: question.question for question in asked.questions}
    words |= {f"tool-{tool.concern}": _tool_question(tool) for tool in asked.tools}
    return words.get(question_id, "")


def missing_mandatory(asked: GoodReferral, referral: object, channel: Channel) -> tuple[str, ...]:
    """Paths of the referrer that have to be given on this channel and are blank (IN-12)."""
    rule = asked.mandatory_referrer
    if channel not in rule.channels:
        return ()
    reading = _Reading(referral)
    return tuple(where for path in rule.paths for where in reading.look(_path(path))[1])


def _missing_tools(asked: GoodReferral, referral: object) -> Iterator[Gap]:
    concerns = _texts(_get(referral, "concerns"))
    given = {text.casefold() for text in _texts(_get(referral, "tools"))}
    for tool in asked.tools:
        if tool.concern in concerns and not given & {name.casefold() for name in tool.any_of}:
            yield Gap(f"tool-{tool.concern}", "tools", _tool_question(tool), 2)


def _tool_question(tool: AssessmentTool) -> str:
    return f"Please send this with your referral: {' or '.join(tool.any_of)}."


def _texts(value: object) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, Iterable) else []


_NOBODY: Final = object()
"""In the place of a list's members when it has none that is meant."""
_NO_FIELDS: Final[dict[str, object]] = {}


class _Place(NamedTuple):
    """A place in a referral: its path, what is there, and the fields of that."""

    where: str
    value: object
    fields: dict[str, object]


class _Reading:
    """A referral that is looked through: what several questions are about is found once."""

    def __init__(self, referral: object) -> None:
        self._found: dict[str, list[_Place]] = {"": [_place("", referral)]}

    def look(self, path: Path) -> tuple[int, list[str]]:
        """How many places a path names, and which of them are blank. A list without members is one blank place."""
        parent, last, names = path
        within = self._found.get(parent) or self._find(parent)
        if not names:
            return len(within), [where for where, value, _ in within if value is _NOBODY or _is_blank(value)]
        blank = []
        for where, value, fields in within:
            for name in names:
                if not _is_blank(fields.get(name)):
                    break
            else:
                blank.append(where if value is _NOBODY else _inside(where, last))
        return len(within), blank

    def _find(self, path: str) -> list[_Place]:
        parent, _, segment = path.rpartition(".")
        within = self._found.get(parent) or self._find(parent)
        found = self._found[path] = [place for one in within for place in _step(one, segment)]
        return found


def _place(where: str, value: object) -> _Place:
    return _Place(where, value, value if isinstance(value, dict) else getattr(value, "__dict__", _NO_FIELDS))


def _step(place: _Place, segment: str) -> Iterator[_Place]:
    """What a segment leads to from one place: a field, or the members of a list that it means."""
    where, value, fields = place
    name, key, wanted = _parts(segment)
    if value is _NOBODY:
        yield place
        return
    inner = fields.get(name)
    if "[" not in segment:
        yield _place(_inside(where, name), inner)
        return
    members = [
        _place(f"{_inside(where, name)}[{index}]", member)
        for index, member in enumerate(inner if isinstance(inner, tuple | list) else ())
        if key is None or _get(member, key) == wanted
    ]
    yield from members or [_place(_inside(where, segment), _NOBODY)]


@lru_cache(maxsize=1000)
def _path(text: str) -> Path:
    parent, _, last = text.rpartition(".")
    return Path(text, "", ()) if "[" in last else Path(parent, last, tuple(last.split("|")))


@lru_cache(maxsize=1000)
def _parts(segment: str) -> tuple[str, str | None, str | None]:
    match = _SEGMENT.match(segment)
    if match is None:
        raise ValueError(f"cannot read the path segment {segment!r}")
    name, key, wanted = match.groups()
    return name, key, wanted


def _inside(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _get(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, dict) else getattr(value, name, None)


def _is_blank(value: object) -> bool:
    if value:
        return isinstance(value, str) and value.isspace()
    return value is None or isinstance(value, str | tuple | list | dict)  # no and nought are answers
