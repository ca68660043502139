"""A submission: a referral, a contact of the night team, or another service's account, in the one form that intake decides on."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final, Literal
from uuid import UUID

from icart_common.contracts.base import LongText
from icart_common.contracts.edt import EdtContactRecorded
from icart_common.contracts.ids import derived_id, digest_of, reference
from icart_common.contracts.intake import ReplyTo, SubmitAccount
from icart_common.contracts.referral import Account, Channel, Person, ReferralSubmitted
from icart_common.policy.wording import london_day
from icart_intake.domain.family import children_of

_ACCOUNT: Final = Account.__pydantic_serializer__
"""Of any message that is an account too, it gives the account's fields alone."""
_SORTED: Final = json.JSONEncoder(sort_keys=True, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class NightTeam:
    """What the night team adds to an account."""

    action_taken: LongText | None
    answered_now: bool
    section_47_begun: bool
    record_complete: bool


@dataclass(frozen=True)
class Submission:
    """What came in, from whom, and when. `cause` is the message that all ids are derived from, `message` the sender's own id."""

    id: UUID
    agency: str
    authority: str
    channel: Channel
    account: Account
    received_at: datetime
    at: datetime
    cause: UUID
    message: UUID
    night: NightTeam | None = None
    vpa_grade: Literal["standard", "medium", "high"] | None = None
    social_worker_first: bool = False

    @cached_property
    def reference(self) -> str:
        """What the referrer quotes."""
        return reference(self.derive("submission"))

    @cached_property
    def _cause(self) -> str:
        return str(self.cause)

    def derive(self, *what: object) -> UUID:
        """The id of something that follows from this submission: the same whenever it is read again."""
        return derived_id(self.at, self._cause, *what)

    @cached_property
    def day(self) -> date:
        """The date on the wall in England when it came."""
        return london_day(self.received_at)

    @cached_property
    def children(self) -> tuple[Person, ...]:
        """Everybody for whom a contact is opened (see `children_of`)."""
        return children_of(self.account, self.day)

    @cached_property
    def sender(self) -> UUID:
        """A digest of who it is from. A professional speaks for the agency; anybody else for themselves, and unnamed callers of
        one door cannot be told apart."""
        referrer = self.account.referrer
        who = [self.authority, self.agency]
        if referrer.kind != "professional":
            known = (referrer.name, referrer.email, referrer.phone, referrer.address)
            who += [referrer.kind, *("".join((one or "").casefold().split()) for one in known)]
        return digest_of("\x1f".join(who))

    @cached_property
    def reply_to(self) -> ReplyTo:
        """Where the referrer is answered (IN-16)."""
        referrer = self.account.referrer
        return ReplyTo(
            agency=self.agency,
            kind=referrer.kind,
            name=referrer.name,
            email=referrer.email,
            person_concerned=referrer.kind in ("family", "child"),
        )


def submission_of(
    body: ReferralSubmitted | EdtContactRecorded | SubmitAccount, *, at: datetime, cause: UUID, message: UUID
) -> Submission:
    """The submission that a message makes. `at` is the message's own time."""
    if isinstance(body, SubmitAccount):
        return Submission(
            body.submission, body.agency, body.authority, body.channel, body.account, body.received_at, at, cause, message,
            vpa_grade=body.vpa_grade, social_worker_first=body.social_worker_first,
        )  # fmt: skip
    if isinstance(body, EdtContactRecorded):
        night = NightTeam(body.action_taken, body.answered_now, body.section_47_begun, body.record_complete)
        return Submission(body.submission, body.agency, body.authority, "edt", body, at, at, cause, message, night)
    return Submission(body.submission, body.agency, body.authority, body.channel, body, at, at, cause, message)


def content_of(submission: Submission) -> UUID:
    """A digest of what is told, by whom, to whom (IN-15).

    The same for the same words whatever ids, refs, case, white space or times of sending they travel with. Another agency
    that tells the same is not a repeat, and neither is another time of the event.
    """
    account = _ACCOUNT.to_python(submission.account, mode="json", exclude_none=True)
    _without_refs(account)
    night = submission.night
    told_by_night = [night.action_taken, night.answered_now, night.section_47_begun] if night else None
    told = [submission.agency, submission.authority, account, submission.vpa_grade, told_by_night]
    text = unicodedata.normalize("NFKC", _SORTED.encode(told)).casefold()
    for escape in ("\\n", "\\r", "\\t"):
        text = text.replace(escape, " ")
    return digest_of(" ".join(text.split()))


def _without_refs(account: dict[str, Any]) -> None:
    """Replace the sender's refs by the order of the people; leave out when consent and privacy notices were written down, and
    ids of documents.

    A document's digest says which it is.
    """
    place = {person.pop("ref"): number for number, person in enumerate(account.get("people", ()))}
    for link in account.get("relationships", ()):
        link["person"], link["of"] = place[link["person"]], place[link["of"]]
    for consent in account.get("consents", ()):
        consent["person"] = place[consent["person"]]
        consent.pop("when", None)
    for notice in account.get("privacy_notices", ()):
        notice["person"] = place[notice["person"]]
        notice.pop("when", None)
    for attachment in account.get("attachments", ()):
        del attachment["id"]
        attachment["about"] = [place[ref] for ref in attachment["about"]]
