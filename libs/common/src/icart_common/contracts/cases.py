"""The case system's feed: whom the authority holds, and which of their cases are open (IN-5, IN-6). See docs/case-feed.md.

A feed is *changes* (each as it happens), and from time to time a *full load*: `LoadBegun`, everybody who is held, `LoadEnded`.
Whatever arrives in whatever order, the statement with the newest `as_of` counts: for a person, and for each case episode by
its own id. Of two with the same `as_of` the one that came later counts.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Final, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from icart_common.contracts.base import (
    Address,
    AgencyId,
    AuthorityId,
    Inbound,
    Instant,
    LongText,
    Message,
    Part,
    Problem,
    ShortText,
    SourceCode,
)

CaseNumber = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,40}$")]
"""The case system's own opaque id of a person, or of a case episode."""
Email = Annotated[str, StringConstraints(max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")]
NeedCode = Literal["N0", "N1", "N2", "N3", "N4", "N5", "N6", "N7", "N8", "N9"]
"""Primary need, by the children-in-need census."""
ClosureCode = Literal["RC1", "RC2", "RC3", "RC4", "RC5", "RC6", "RC7", "RC8", "RC9"]
"""Reason for closure, by the children-in-need census."""


class Case(Part):
    """Where a person stands with children's services: the one case that counts now."""

    status: Literal["open", "closed"]
    number: CaseNumber | None = None
    """The case system's own id, for what is sent back to it; intake fills it in from the person held."""
    episode: CaseNumber | None = None
    """The case system's own id of the episode; intake fills it in when episodes are told."""
    allocated: bool = False
    worker: ShortText | None = None
    worker_email: Email | None = None
    team: ShortText | None = None
    opened: date | None = None
    closed: date | None = None


class ProtectionPlan(Part):
    """A child protection plan within an episode."""

    started: date
    ended: date | None = None
    category: ShortText | None = None
    """The census's category of abuse, as the case system has it."""


class Episode(Part):
    """One episode of a case, as of the statement that carries it. Dates are kept as given, though they may lie ahead."""

    episode: CaseNumber
    status: Literal["open", "closed", "planned", "withdrawn"]
    """`planned` begins after `as_of` and is not open yet; `withdrawn` was entered in error, or deleted."""
    kind: Literal["child-in-need", "child-protection", "looked-after", "early-help", "other"] = "child-in-need"
    opened: date | None = None
    closed: date | None = None
    allocated: bool = False
    worker: ShortText | None = None
    worker_email: Email | None = None
    team: ShortText | None = None
    source: SourceCode | None = None
    need: NeedCode | None = None
    closure: ClosureCode | None = None
    no_further_action: bool | None = None
    """The referral led to nothing more, as the census has it."""
    conference: date | None = None
    """The initial child protection conference."""
    plans: tuple[ProtectionPlan, ...] = Field(default=(), max_length=50)


class Services(Part):
    """Which services know the person now: what a probation check asks (ST-1)."""

    child_protection: bool = False
    child_in_need: bool = False
    looked_after: bool = False
    caf: bool = False
    troubled_family: bool = False
    adult_safeguarding: bool = False


class Happened(Part):
    """One line of the chronology (IN-6)."""

    on: date
    kind: Literal["contact", "referral", "assessment", "plan", "child-protection-plan", "looked-after", "other"]
    outcome: ShortText | None = None


Kin = Literal[
    "mother", "father", "parent", "step-parent", "foster-carer", "carer", "grandparent", "aunt-or-uncle", "guardian",
    "child", "step-child", "foster-child", "cared-for", "grandchild", "niece-or-nephew", "ward",
    "sibling", "half-sibling", "step-sibling", "twin", "cousin", "partner", "other",
]  # fmt: skip
"""How one person is related to another. A mother need not have parental responsibility, and a grandparent may."""

_THE_OTHER_WAY: Final[dict[Kin, Kin]] = {
    "mother": "child", "father": "child", "parent": "child", "child": "parent",
    "step-parent": "step-child", "step-child": "step-parent",
    "foster-carer": "foster-child", "foster-child": "foster-carer",
    "carer": "cared-for", "cared-for": "carer",
    "grandparent": "grandchild", "grandchild": "grandparent",
    "aunt-or-uncle": "niece-or-nephew", "niece-or-nephew": "aunt-or-uncle",
    "guardian": "ward", "ward": "guardian",
}  # fmt: skip


def the_other_way(kind: Kin) -> Kin:
    """What the second is to the first, when the first is the `kind` of the second: siblings are that both ways."""
    return _THE_OTHER_WAY.get(kind, kind)


class Related(Part):
    """A relative who is also held by the case system: `number` is the `kind` of this person."""

    number: CaseNumber
    kind: Kin
    parental_responsibility: bool | None = None
    """Whether the relative holds parental responsibility for this person. Kinship says nothing of it; null is not known."""
    since: date | None = None
    until: date | None = None


class PersonHeld(Inbound):
    """All that the case system holds about one person, as of an instant. A later one replaces it; an older one is passed over."""

    TYPE: ClassVar[str] = "icart.case.person-held.v1"

    number: CaseNumber
    as_of: Instant
    load: UUID | None = None
    """The full load that names this person; null for a change."""
    given_name: ShortText | None = None
    family_name: ShortText | None = None
    other_names: tuple[ShortText, ...] = Field(default=(), max_length=20)
    born: date | None = None
    born_estimated: bool = False
    """The date of birth is somebody's guess."""
    expected: date | None = None
    """The date of birth that is expected of a child not yet born."""
    died: date | None = None
    sex: Literal["female", "male", "other", "unknown"] | None = None
    nhs_number: Annotated[str, StringConstraints(pattern=r"^[0-9]{10}$")] | None = None
    """With a wrong check digit it is kept and marked, compared with nobody's, and reported back."""
    upn: Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9]{11}[0-9A-Z]$")] | None = None
    """Unique pupil number; a wrong check letter is dealt with like the NHS number's."""
    addresses: tuple[Address, ...] = Field(default=(), max_length=20)
    phones: tuple[ShortText, ...] = Field(default=(), max_length=20)
    school: ShortText | None = None
    case: Case | None = None
    """For a case system that has no episodes: where the person stands. Otherwise leave it out."""
    episodes: tuple[Episode, ...] | None = Field(default=None, max_length=200)
    """All episodes of the person (an episode that is known and not in the list is withdrawn), or null: told one by one."""
    services: Services = Services()
    history: tuple[Happened, ...] = Field(default=(), max_length=500)
    related: tuple[Related, ...] = Field(default=(), max_length=100)
    notes: LongText | None = None

    @property
    def subject_id(self) -> str:
        return f"{self.authority}/{self.number}"

    @model_validator(mode="after")
    def case_or_episodes(self) -> PersonHeld:
        """One way to say what is open, each episode once, and a child born or expected (QA-5)."""
        if self.born and self.expected:
            raise ValueError("give the date of birth or the expected date, not both")
        episodes = self.episodes or ()
        if self.case and episodes:
            raise ValueError("give `case` or `episodes`, not both")
        if len({one.episode for one in episodes}) != len(episodes):
            raise ValueError("two episodes have the same id: give each episode an id of its own")
        return self


class PersonNotHeld(Inbound):
    """The case system does not hold this person any longer. What is known stays; nothing of it counts as open."""

    TYPE: ClassVar[str] = "icart.case.person-not-held.v1"

    number: CaseNumber
    as_of: Instant
    why: Literal["deleted", "retention-ended", "entered-in-error", "joined-to-another", "other"] = "other"

    @property
    def subject_id(self) -> str:
        return f"{self.authority}/{self.number}"


class EpisodeHeld(Inbound):
    """One case episode of a person, as of an instant: opened, allocated, closed, opened again under a new id or the same."""

    TYPE: ClassVar[str] = "icart.case.episode-held.v1"

    number: CaseNumber
    """Whose episode it is."""
    as_of: Instant
    episode: Episode

    @property
    def subject_id(self) -> str:
        return f"{self.authority}/{self.number}"


class LoadBegun(Inbound):
    """A full load begins: every person held is sent with its id, and then `LoadEnded`."""

    TYPE: ClassVar[str] = "icart.case.load-begun.v1"
    SUBJECT: ClassVar[str] = "load"

    load: UUID
    as_of: Instant
    """What the load did not name, and was last heard of before this instant, is no longer held when the load is complete."""


class LoadEnded(Inbound):
    """A full load has ended. It counts when as many people were named in it as it says."""

    TYPE: ClassVar[str] = "icart.case.load-ended.v1"
    SUBJECT: ClassVar[str] = "load"

    load: UUID
    people: Annotated[int, Field(ge=1, le=10_000_000)]
    """How many different people were sent in the load. A load of nobody is none: it would end every case."""
    accepts_fewer: bool = False
    """Somebody looked, and the load is whole though it leaves out a great many of those who were held."""


LoadState = Literal["complete", "not-begun", "too-few", "too-many", "too-small", "broken-off", "superseded"]


class LoadSettled(Message):
    """What came of a full load. Said by intake; the case system is told. Unless `complete`, nobody was marked as not held."""

    TYPE: ClassVar[str] = "icart.intake.case-load-settled.v1"
    SUBJECT: ClassVar[str] = "load"

    load: UUID
    agency: AgencyId
    authority: AuthorityId
    state: LoadState
    as_of: Instant | None = None
    said: int | None = None
    """How many people the end of the load named."""
    heard: int | None = None
    """How many were heard, when that was counted."""
    no_longer_held: int | None = None
    """How many people the load left out, when it is complete."""
    would_leave_out: int | None = None
    """How many it would have left out, when it is `too-small`: so many that nobody was marked before somebody accepts it."""
    at: Instant


class RecordRemarked(Message):
    """What the case system should look at in a record. It is kept; what is wrong is not relied on. The case system is told."""

    TYPE: ClassVar[str] = "icart.intake.case-record-remarked.v1"
    SUBJECT: ClassVar[str] = "remark"

    remark: UUID
    agency: AgencyId
    authority: AuthorityId
    number: CaseNumber
    as_of: Instant
    problems: tuple[Problem, ...] = Field(min_length=1)
