"""Every message type and every topic: partitions, key, retention, owner, who may write and who may read.

The one place that topics are declared. `icart topics plan|apply` provisions them with their ACLs, the AsyncAPI document is
built from it, and services subscribe by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from icart_common.contracts import (
    beside_contacts,
    cases,
    checks,
    deadletters,
    disagreements,
    documents,
    drafts,
    edt,
    intake,
    joint_work,
    notices,
    notifications,
    open_cases,
    people,
    police_vpa,
    referral,
    reminders,
    screening,
    timers,
    vpa,
)
from icart_common.contracts.base import CommandRefused, InboundRefused, Message

ServiceId = Literal["intake", "police-vpa", "screening", "notifications", "timers", "gateway"]
SERVICES: tuple[ServiceId, ...] = ("intake", "police-vpa", "screening", "notifications", "timers", "gateway")
Contract = Literal["referrals", "vpa", "notices", "replies", "edt", "cases"]

RETENTION_DAYS = 400
"""Thirteen months of every topic: a year can be read again from the start. Older state is in the databases' backups."""
MAXIMUM_MESSAGE_BYTES = 1_048_576
"""The largest record. Attachments travel apart from messages (IN-14)."""


class Partner(Protocol):
    """What the catalogue needs to know of an agency of the policy packs."""

    @property
    def id(self) -> str: ...
    @property
    def sends(self) -> tuple[str, ...]: ...
    @property
    def authorities(self) -> tuple[str, ...]: ...
    @property
    def receives(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Family:
    """A kind of topic. `{agency}` or `{authority}` in its name is filled in for each partner."""

    name: str
    purpose: str
    owner: ServiceId
    messages: tuple[type[Message], ...]
    key: str
    partitions: int
    writers: tuple[str, ...]
    """Principals: a service, `{agency}` (the partner of the topic), `operators`."""
    readers: tuple[str, ...]
    contract: Contract | None = None

    @property
    def inbound(self) -> bool:
        return self.contract is not None

    @property
    def ours(self) -> bool:
        """Written by our own services alone, so that the time in the envelope can be believed.

        On every other topic a message's time is the broker's: nobody outside sets back a child's clock.
        """
        return set(self.writers) <= set(SERVICES)


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as it is provisioned."""

    name: str
    family: Family
    partitions: int
    retention_ms: int
    writers: tuple[str, ...]
    readers: tuple[str, ...]
    partner: str | None = None
    """The agency (or, for `edt` and `cases`, the authority) that the topic's name ends with."""
    authorities: tuple[str, ...] = ()
    """The authorities that the topic's partner may name in a message."""

    @property
    def agencies(self) -> tuple[str, ...]:
        """The agencies that a message on the topic may come from: its writers, but for our own services."""
        return tuple(writer for writer in self.writers if writer not in SERVICES)


def _events(owner: ServiceId, readers: tuple[str, ...], *messages: type[Message]) -> Family:
    return Family(
        name=f"events.{owner}",
        purpose=f"what {owner} says happened",
        owner=owner,
        messages=(*messages, InboundRefused, CommandRefused),
        key="the id of the thing that the event is about",
        partitions=6,
        writers=(owner,),
        readers=(*readers, "gateway", "operators"),
    )


def _commands(owner: ServiceId, writers: tuple[str, ...], *messages: type[Message]) -> Family:
    return Family(
        name=f"commands.{owner}",
        purpose=f"what {owner} is asked to do",
        owner=owner,
        messages=messages,
        key="the id of the thing that is to change",
        partitions=6,
        writers=writers,
        readers=(owner,),
    )


def _inbound(contract: Contract, last: str, owner: ServiceId, purpose: str, *messages: type[Message]) -> Family:
    return Family(
        name=f"inbound.{contract}.{{{last}}}",
        purpose=purpose,
        owner=owner,
        messages=messages,
        key="the sender's id of the submission",
        partitions=2,
        writers=("{agency}", "gateway"),  # the gateway writes what an agency sends by its API, for it
        readers=(owner,),
        contract=contract,
    )


FAMILIES: tuple[Family, ...] = (
    _inbound(
        "referrals",
        "agency",
        "intake",
        "referrals of one agency, documents added to them, and its answers to our questions",
        referral.ReferralSubmitted,
        documents.AttachmentsAdded,
        referral.GapsAnswered,
    ),
    _inbound(
        "edt",
        "authority",
        "intake",
        "contacts of the night team",
        edt.EdtContactRecorded,
        edt.EdtRecordCompleted,
        documents.AttachmentsAdded,
    ),
    replace(
        _inbound(
            "cases",
            "authority",
            "intake",
            "people and cases of the case system",
            cases.PersonHeld,
            cases.PersonNotHeld,
            cases.EpisodeHeld,
            cases.LoadBegun,
            cases.LoadEnded,
        ),
        key="authority and number of the person; the load's id",
        partitions=1,  # a full load has an order: its end comes after everybody in it
    ),
    _inbound("vpa", "agency", "police-vpa", "vulnerable person's assessments of one force", vpa.VpaSubmitted),
    _inbound(
        "notices",
        "agency",
        "notifications",
        "statutory notices of one agency",
        notices.ProbationCheckRequested,
    ),
    _inbound(
        "replies",
        "agency",
        "screening",
        "one agency's answers to what it was asked, and its disagreements with what was decided",
        checks.CheckAnswered,
        disagreements.DisagreementSubmitted,
    ),
    _commands(
        "intake",
        ("police-vpa", "notifications", "screening", "gateway", "operators"),
        intake.SubmitAccount,
        intake.IdentifyPeople,
        people.DecideMatch,
        people.ProposeMerge,
        people.ApproveMerge,
        people.RefuseMerge,
        people.UndoMerge,
        people.UndoLink,
        joint_work.OpenAfterAll,
        joint_work.OpenForSibling,
        drafts.SaveDraft,
        drafts.SubmitDraft,
    ),
    _commands("police-vpa", ("gateway", "operators"), police_vpa.PrimaryAssess, police_vpa.SecondaryAssess),
    _commands(
        "screening",
        ("gateway", "operators", "screening"),  # contacts and what belongs to no contact tell each other (0013)
        screening.Triage,
        screening.Allocate,
        screening.RecordSection,
        screening.RecordConsent,
        screening.RecordPrivacyNotice,
        screening.Submit,
        screening.Authorise,
        screening.SendBack,
        screening.CloseAdvice,
        *joint_work.COMMANDS,
        *beside_contacts.COMMANDS,
    ),
    _commands("notifications", ("gateway", "operators"), notifications.AnswerNotice, notifications.ResendDelivery),
    _commands(
        "timers",
        ("intake", "screening", "notifications", "police-vpa"),
        *timers.COMMANDS,
    ),
    _events(
        "intake",
        ("screening", "notifications", "police-vpa"),
        intake.ContactOpened,
        joint_work.NoticeJoined,
        joint_work.NoticeParted,
        intake.CaseRedirected,
        intake.AdviceGiven,
        intake.SubmissionTaken,
        intake.SubmissionRepeated,
        intake.EdtRecordReceived,
        intake.PeopleIdentified,
        people.MatchOffered,
        people.MatchDecided,
        people.MatchWithdrawn,
        people.MergeProposed,
        people.MergeRefused,
        people.PeopleMerged,
        people.MergeUndone,
        people.MentionMoved,
        people.ContactPersonChanged,
        cases.LoadSettled,
        cases.RecordRemarked,
        documents.DocumentNamed,
        documents.DocumentReceived,
        documents.DocumentClean,
        documents.DocumentRefused,
        documents.DocumentMissing,
        drafts.DraftSaved,
        drafts.DraftClashed,
        drafts.DraftSubmitted,
        intake.AnswersTaken,
        intake.QuestionsAnswered,
        open_cases.AnswersRedirected,
        intake.WrittenReferralReceived,
        intake.ReferralReturned,
    ),
    _events(
        "police-vpa",
        ("notifications",),
        police_vpa.VpaRecorded,
        police_vpa.VpaProposed,
        police_vpa.VpaAssessed,
        police_vpa.VpaRouted,
        police_vpa.SchoolToBeTold,
    ),
    _events(
        "screening",
        ("notifications", "intake"),
        screening.ContactReceived,
        screening.ContactTriaged,
        screening.ContactAllocated,
        screening.ContactMoved,
        screening.SubjectChanged,
        screening.SectionRecorded,
        screening.ConsentRecorded,
        screening.PrivacyNoticeRecorded,
        screening.AnswersRecorded,
        screening.WrittenReferralAdded,
        reminders.ReferrerChased,
        screening.ContactSubmitted,
        screening.ContactSentBack,
        screening.ContactClosed,
        screening.ContactStepped,
        screening.ReferralCreated,
        *joint_work.EVENTS,
        *beside_contacts.EVENTS,
    ),
    _events(
        "notifications",
        ("notifications",),  # its own refusals of notices are answered like everybody's
        notifications.NoticeRecorded,
        notifications.NoticeChecked,
        notifications.NoticeAnswered,
        notifications.DeliveryMade,
        notifications.DeliveryFailed,
    ),
    _events(
        "timers",
        ("intake", "screening", "notifications", "police-vpa"),
        *timers.EVENTS,
    ),
    Family(
        name="outbound.{agency}",
        purpose="what one agency is told",
        owner="notifications",
        messages=(notifications.OutboundNotice,),
        key="the recipient's own submission, or the delivery",
        partitions=2,
        writers=("notifications",),
        readers=("{agency}", "gateway"),
    ),
    *(
        Family(
            name=f"dead-letters.{service}",
            purpose=f"what {service} could not handle, without its contents",
            owner=service,
            messages=(deadletters.DeadLettered, deadletters.DeadLetterSettled),
            key="the dead letter's id",
            partitions=1,
            writers=(service,),
            readers=("gateway", "operators"),
        )
        for service in SERVICES
    ),
)

FAMILY: dict[str, Family] = {family.name: family for family in FAMILIES}

MESSAGES: dict[str, type[Message]] = {message.TYPE: message for family in FAMILIES for message in family.messages}


def topics(partners: Iterable[Partner]) -> list[Topic]:
    """Every topic of a deployment with these partners, in the order of the catalogue, each name once."""
    partners = list(partners)
    found: dict[str, Topic] = {}
    for family in FAMILIES:
        for topic in _expand(family, partners):
            known = found.get(topic.name)
            if known:  # an authority's topic that several agencies may write
                topic = replace(topic, writers=tuple(dict.fromkeys((*known.writers, *topic.writers))))
            found[topic.name] = topic
    return list(found.values())


def _expand(family: Family, partners: list[Partner]) -> Iterator[Topic]:
    retention = RETENTION_DAYS * 86_400_000
    if "{" not in family.name:
        yield Topic(family.name, family, family.partitions, retention, family.writers, family.readers)
        return
    for partner in partners:
        if family.inbound and family.contract not in partner.sends:
            continue
        if not family.inbound and not partner.receives:
            continue
        by_authority = "{authority}" in family.name
        for last in partner.authorities if by_authority else (partner.id,):
            yield Topic(
                name=family.name.format(agency=last, authority=last),
                family=family,
                partitions=family.partitions,
                retention_ms=retention,
                writers=tuple(writer.format(agency=partner.id) for writer in family.writers),
                readers=tuple(reader.format(agency=partner.id) for reader in family.readers),
                partner=last,
                authorities=(last,) if by_authority else partner.authorities,
            )
