"""A policy pack: every difference between one authority and another, as data (AU-1 to AU-7)."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Annotated, Protocol, TypeVar

from pydantic import Field, StringConstraints

from icart_common.contracts.base import AuthorityId, Slug
from icart_common.contracts.referral import ReferrerKind
from icart_common.policy import clocks as _clocks
from icart_common.policy import completeness as _completeness
from icart_common.policy import proposal as _proposal
from icart_common.policy.agencies import Agency, AgencyKind, AreaTeam, ContactPoints, area_team
from icart_common.policy.base import Part, Sourced, Words
from icart_common.policy.checks import CheckRule
from icart_common.policy.clocks import ClockFacts, ClockRule, Moment
from icart_common.policy.completeness import Completeness, Gap, GoodReferral
from icart_common.policy.consent import ParentalConsent
from icart_common.policy.disagreements import Board
from icart_common.policy.documents import DocumentRules
from icart_common.policy.errors import UnknownPolicy
from icart_common.policy.hours import Closure, NightTeam, WeekHours
from icart_common.policy.incidents import IncidentRule, SiblingRule
from icart_common.policy.matching import Matching
from icart_common.policy.meeting import DailyMeeting, DecisionChain
from icart_common.policy.notices import NoticeRule
from icart_common.policy.profile import ProfileRule
from icart_common.policy.roles import Desktop, DesktopKind, Permission, Role
from icart_common.policy.screening import LevelOfNeed, Outcome, ReferralDates, RequiredStatement, Section, Strand
from icart_common.policy.screening_tools import ScreeningTool
from icart_common.policy.sources import SourceType
from icart_common.policy.stepping import SteppingRules
from icart_common.policy.strategy import StrategyRules
from icart_common.policy.templates import MessageTemplate
from icart_common.policy.threshold import Thresholds
from icart_common.policy.vpa import VpaRules
from icart_common.worktime.calendar import WorkingCalendar

Version = Annotated[str, StringConstraints(pattern=r"^\d{4}\.\d{1,3}$")]
"""`2026.1`: the year and the number within it."""


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


_Item = TypeVar("_Item", bound=_Identified)


class AuthorityName(Sourced):
    """The authority and what its front door is called."""

    id: AuthorityId
    name: Words
    front_door: Words


class ConsentGround(Sourced):
    """A reason for going on without consent (CO-3)."""

    id: Slug
    name: Words


class NotSharingGround(Sourced):
    """A reason for not telling or asking an agency (CO-8)."""

    id: Slug
    name: Words


class PolicyPack(Part):
    """One version of an authority's policy. Lookups by id raise UnknownPolicy when the pack holds no such id."""

    authority: AuthorityName
    version: Version
    applies_from: date
    working_hours: WeekHours
    public_hours: WeekHours
    night_team: NightTeam
    closures: tuple[Closure, ...] = ()
    contact_points: ContactPoints
    agencies: tuple[Agency, ...]
    area_teams: Annotated[tuple[AreaTeam, ...], Field(min_length=1)]
    roles: tuple[Role, ...]
    matching: Matching
    desktops: tuple[Desktop, ...]
    levels: tuple[LevelOfNeed, ...]
    strands: tuple[Strand, ...]
    outcomes: tuple[Outcome, ...]
    referral_dates: ReferralDates
    sections: tuple[Section, ...]
    required_statements: tuple[RequiredStatement, ...]
    parental_consent: ParentalConsent
    consent_grounds: tuple[ConsentGround, ...]
    not_sharing_grounds: tuple[NotSharingGround, ...]
    checks: tuple[CheckRule, ...]
    thresholds: Thresholds
    clocks: tuple[ClockRule, ...]
    good_referral: GoodReferral
    board: Board
    stepping: SteppingRules
    screening_tools: tuple[ScreeningTool, ...] = ()
    profile: ProfileRule | None = None
    incidents: IncidentRule
    siblings: SiblingRule
    documents: DocumentRules
    source_types: tuple[SourceType, ...]
    decision_chain: DecisionChain
    daily_meeting: DailyMeeting | None = None
    vpa: VpaRules | None = None
    notices: tuple[NoticeRule, ...] = ()
    strategy: StrategyRules
    templates: tuple[MessageTemplate, ...]

    @cached_property
    def _calendar(self) -> WorkingCalendar:
        return WorkingCalendar(self.working_hours, frozenset(closure.on for closure in self.closures))

    def calendar(self) -> WorkingCalendar:
        """The working calendar on which the clocks of this pack run (AU-1, AU-5)."""
        return self._calendar

    def agency(self, agency_id: str) -> Agency:
        return self._one("agency", self.agencies, agency_id)

    def known_agency(self, agency_id: str | None) -> Agency | None:
        """The agency, or None when this version of the pack does not have it: what came from it is taken all the same."""
        return next((agency for agency in self.agencies if agency.id == agency_id), None)

    def role(self, role_id: str) -> Role:
        return self._one("role", self.roles, role_id)

    def desktop(self, desktop_id: str) -> Desktop:
        return self._one("desktop", self.desktops, desktop_id)

    def desktop_of(self, kind: DesktopKind) -> Desktop:
        """The first desktop of a kind; the pack's check makes sure of `arrivals` and `admin`."""
        for desktop in self.desktops:
            if desktop.kind == kind:
                return desktop
        raise UnknownPolicy(f"{self.authority.id} {self.version} has no desktop of kind {kind!r}")

    def strand(self, strand_id: str) -> Strand:
        return self._one("strand", self.strands, strand_id)

    def outcome(self, outcome_id: str) -> Outcome:
        return self._one("outcome", self.outcomes, outcome_id)

    @property
    def opened_in_error(self) -> Outcome:
        """How an abandoned contact ends (SC-19); the pack's check makes sure that there is one."""
        for outcome in self.outcomes:
            if outcome.opened_in_error:
                return outcome
        raise UnknownPolicy(f"{self.authority.id} {self.version} has no outcome for what was opened in error")

    def section(self, section_id: str) -> Section:
        return self._one("section", self.sections, section_id)

    def clock(self, clock_id: str) -> ClockRule:
        return self._one("clock", self.clocks, clock_id)

    def check(self, check_id: str) -> CheckRule:
        return self._one("check", self.checks, check_id)

    def notice(self, notice_id: str) -> NoticeRule:
        return self._one("notice", self.notices, notice_id)

    def template(self, template_id: str) -> MessageTemplate:
        return self._one("template", self.templates, template_id)

    def level(self, number: int) -> LevelOfNeed:
        for level in self.levels:
            if level.number == number:
                return level
        raise UnknownPolicy(f"{self.authority.id} {self.version} has no level of need {number}")

    def area_team(self, postcode: str | None) -> AreaTeam:
        """The team that takes a level 3 child who lives there (SC-11)."""
        return area_team(self.area_teams, postcode)

    def roles_with(self, permission: Permission, strand: str | None = None) -> tuple[Role, ...]:
        """The roles that hold a permission, for messages that say what would be allowed."""
        return tuple(
            role for role in self.roles if permission in role.permissions and (strand is None or strand in role.strands)
        )

    def propose(self, facts: _proposal.ProposalFacts) -> _proposal.Proposal:
        """Strand, urgency and level that the threshold statements point to; a person decides (SC-1, SC-25)."""
        return _proposal.propose(self.strands, self.thresholds, facts)

    def gaps(
        self, referral: object, *, referrer_kind: ReferrerKind, agency_kind: AgencyKind | None = None
    ) -> tuple[Gap, ...]:
        """The questions of a good referral that this one leaves open (IN-3, IN-10)."""
        return self.completeness(referral, referrer_kind=referrer_kind, agency_kind=agency_kind).gaps

    def completeness(
        self, referral: object, *, referrer_kind: ReferrerKind, agency_kind: AgencyKind | None = None
    ) -> Completeness:
        """The same questions, and how much of what is asked it answers (IN-3)."""
        return _completeness.assess(self.good_referral, referral, referrer_kind=referrer_kind, agency_kind=agency_kind)

    def starting(self, moment: Moment, facts: ClockFacts) -> tuple[ClockRule, ...]:
        """The clocks that an event starts."""
        return _clocks.starting(self.clocks, moment, facts)

    def no_longer(self, moment: Moment, facts: ClockFacts) -> tuple[ClockRule, ...]:
        """The clocks that an earlier event of the same kind may have started and that no longer apply."""
        return _clocks.no_longer(self.clocks, moment, facts)

    def ending(self, moment: Moment) -> tuple[ClockRule, ...]:
        """The clocks that an event ends."""
        return _clocks.ending(self.clocks, moment)

    def is_trigger(self, clock_id: str) -> bool:
        """Whether the clock asks for something by itself when it runs out: then nobody is late (SC-15, SC-16)."""
        of_meeting = self.daily_meeting is not None and clock_id == self.daily_meeting.pack_clock
        return of_meeting or clock_id == self.decision_chain.absence_clock

    def _one(self, kind: str, among: tuple[_Item, ...], wanted: str) -> _Item:
        # The lists are short (a pack has some thirty agencies), and the ids are unique by the pack's check.
        for item in among:
            if item.id == wanted:
                return item
        raise UnknownPolicy(f"{self.authority.id} {self.version} has no {kind} {wanted!r}")
