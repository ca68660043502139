"""Intake on a real database, driven batch by batch without a broker."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from icart_common.contracts.base import Message
from icart_common.contracts.cases import Case, EpisodeHeld, LoadBegun, LoadEnded, PersonHeld, PersonNotHeld
from icart_common.contracts.edt import EdtContactRecorded
from icart_common.contracts.ids import derived_id, new_id
from icart_common.contracts.referral import GapsAnswered, Person, ReferralSubmitted
from icart_common.contracts.screening import ContactClosed
from icart_common.db.pool import Database
from icart_common.deployment import deployment_topics
from icart_common.messaging.message import Record
from icart_common.messaging.runner import BatchRunner
from icart_common.messaging.screen import Poison
from icart_common.policy.book import PolicyBook, load_packs
from icart_common.testing import fresh_database, outbox_messages, record_of, said
from icart_intake.domain.submission import Submission, submission_of
from icart_intake.handlers.cases import CaseSystem
from icart_intake.handlers.door import Door
from icart_intake.handlers.outcomes import Outcomes

M = TypeVar("M", bound=Message)
TUESDAY = datetime(2026, 6, 9, 10, 0, tzinfo=UTC)
"""A working day, 11:00 in England."""


def sender_of(book: PolicyBook, authority: str, contract: str) -> str:
    """The first agency of an authority that may write a contract."""
    return next(agency.id for agency in book.pack(authority).agencies if contract in agency.may_write)


class Writer:
    """Writes what partners send. The people cannot exist."""

    def __init__(self, book: PolicyBook) -> None:
        self.book = book

    def referral(self, authority: str = "halton", people: Iterable[Person] = (), **fields: Any) -> ReferralSubmitted:
        """A referral from the authority's first agency, with one child unless people are given."""
        given: dict[str, Any] = {
            "agency": sender_of(self.book, authority, "referrals"),
            "authority": authority,
            "submission": new_id(),
            "channel": "partner-system",
            "referrer": {
                "kind": "professional",
                "name": "Bertrand Thistlewood",
                "address": "1 Nowhere Row",
                "phone": "01632 960200",
            },
            "event": {"what": f"Came to school hungry again, note {new_id()}."},
            "people": tuple(people) or (self.child(),),
        }
        if self.book.pack(authority).good_referral.plan_and_tool:  # without both it would be returned
            given |= {"tried": {"plan": "taf"}, "tools": ("graded-care-profile",)}
        return ReferralSubmitted.model_validate(given | fields)

    def night_contact(self, authority: str = "halton", **fields: Any) -> EdtContactRecorded:
        given: dict[str, Any] = {
            "agency": sender_of(self.book, authority, "edt"),
            "authority": authority,
            "submission": new_id(),
            "worker": "edt-7",
            "referrer": {"kind": "professional", "name": "Hester Lowbridge"},
            "event": {"what": f"Found alone at night, note {new_id()}."},
            "people": (self.child(),),
        }
        return EdtContactRecorded.model_validate(given | fields)

    def held(self, number: str = "c-1", authority: str = "halton", **fields: Any) -> PersonHeld:
        given: dict[str, Any] = {
            "agency": sender_of(self.book, authority, "cases"),
            "authority": authority,
            "number": number,
            "as_of": TUESDAY - timedelta(days=30),
            "given_name": "Tamsin",
            "family_name": "Quillfeather",
            "born": "2017-02-28",
        }
        return PersonHeld.model_validate(given | fields)

    def submission(self, body: Any = None, *, at: datetime = TUESDAY, **fields: Any) -> Submission:
        """A submission as the domain sees it."""
        body = body or self.referral(**fields)
        return submission_of(body, at=at, cause=derived_id(at, body.submission), message=derived_id(at, "message"))

    def episode(
        self, number: str = "c-1", episode: str = "e-1", *, days: int = 0, authority: str = "halton", **fields: Any
    ) -> EpisodeHeld:
        """One episode, `days` after what `held` says."""
        given = {"episode": episode, "status": "open", "allocated": True, "team": "Widnes", "opened": "2026-05-01"}
        return EpisodeHeld.model_validate(
            {
                "agency": sender_of(self.book, authority, "cases"),
                "authority": authority,
                "number": number,
                "as_of": TUESDAY - timedelta(days=30 - days),
                "episode": given | fields,
            }
        )

    def load_begun(self, authority: str = "halton", **fields: Any) -> LoadBegun:
        given = {"agency": sender_of(self.book, authority, "cases"), "authority": authority}
        return LoadBegun.model_validate({**given, "as_of": TUESDAY - timedelta(days=20), **fields})

    def load_ended(self, authority: str = "halton", **fields: Any) -> LoadEnded:
        given = {"agency": sender_of(self.book, authority, "cases"), "authority": authority}
        return LoadEnded.model_validate(given | fields)

    def not_held(
        self, number: str = "c-1", authority: str = "halton", *, days: int = 0, **fields: Any
    ) -> PersonNotHeld:
        given = {"agency": sender_of(self.book, authority, "cases"), "authority": authority, "number": number}
        return PersonNotHeld.model_validate({**given, "as_of": TUESDAY - timedelta(days=30 - days), **fields})

    def child(self, ref: str = "p1", **fields: Any) -> Person:
        given = {"role": "child", "given_name": "Tamsin", "family_name": "Quillfeather", "born": "2017-02-28"}
        return Person.model_validate({"ref": ref} | given | fields)

    def open_case(self, **fields: Any) -> Case:
        given = {"status": "open", "allocated": True, "worker": "Odile Marchbanks", "team": "Widnes"}
        return Case.model_validate(given | fields)


class Desk(Writer):
    """Sends batches to intake and reads what it said."""

    def __init__(self, database: Database, book: PolicyBook) -> None:
        self.database = database
        super().__init__(book)
        topics = {topic.name: topic for topic in deployment_topics(book) if topic.family.owner == "intake"}
        self.door = BatchRunner("referrals", "intake", database, topics, Door(book), buckets=16, parks=True)
        self.feed = BatchRunner("cases", "intake", database, topics, CaseSystem(), buckets=16)
        screening = {topic.name: topic for topic in deployment_topics(book) if topic.name == "events.screening"}
        self.outcomes = BatchRunner("outcomes", "intake", database, screening, Outcomes(book), buckets=16)
        self.now = TUESDAY

    def record(self, message: Message, **how: Any) -> Record:
        """A message on its topic, a second after the one before."""
        self.now += timedelta(seconds=1)
        topic = {
            ReferralSubmitted: "inbound.referrals.{agency}",
            GapsAnswered: "inbound.referrals.{agency}",
            EdtContactRecorded: "inbound.edt.{authority}",
            **dict.fromkeys(
                (PersonHeld, PersonNotHeld, EpisodeHeld, LoadBegun, LoadEnded), "inbound.cases.{authority}"
            ),
        }.get(type(message), "commands.intake")
        if type(message).__name__ == "AttachmentsAdded":
            topic = "inbound.referrals.{agency}"
        if type(message).__name__ == "EdtRecordCompleted":
            topic = "inbound.edt.{authority}"
        names = {"agency": getattr(message, "agency", ""), "authority": getattr(message, "authority", "")}
        return record_of(message, topic.format(**names), at=how.pop("at", self.now), **how)

    async def send(self, *messages: Message, **how: Any) -> list[Poison]:
        """One batch of messages."""
        poison = await self.door.run([self.record(message, **how) for message in messages])
        assert poison == [], [one.problems for one in poison]
        return poison

    async def hold(self, *statements: Message, **how: Any) -> None:
        """One batch of the case system's feed."""
        assert await self.feed.run([self.record(statement, **how) for statement in statements]) == []

    async def close(self, *closed: ContactClosed) -> None:
        """One batch of what screening says."""
        assert await self.outcomes.run([record_of(one, "events.screening", at=one.at) for one in closed]) == []

    async def said(self, kind: type[M]) -> list[M]:
        return await said(self.database, kind)

    async def everything(self) -> list[str]:
        """The types of all that was said, in order."""
        return [type(message).__name__ for _, message in await outbox_messages(self.database)]

    async def rows(self, table: str) -> list[dict[str, Any]]:
        async with self.database.connection() as connection:
            return [dict(row) for row in await connection.fetch(f"select * from {table} order by 1")]


@pytest.fixture(scope="session")
def writer(book: PolicyBook) -> Writer:
    return Writer(book)


EVERY_TABLE_EMPTY = """do $$
declare filled regclass; has boolean;
begin
    set local session_replication_role = replica;
    for filled in select format('public.%I', tablename) from pg_tables
        where schemaname = 'public' and tablename <> 'alembic_version'
    loop
        execute format('select exists (select from %s)', filled) into has;
        if has then execute format('delete from %s', filled); end if;
    end loop;
end $$"""
"""Empties intake's tables, whichever there are, in any order. A truncate makes new files for each of them, full or empty."""


@pytest.fixture(scope="session")
def book() -> PolicyBook:
    return load_packs()


@pytest.fixture(scope="session")
async def database(stack: Any) -> AsyncIterator[Database]:
    async with fresh_database(stack, "icart_intake", connections=8) as opened:
        yield opened


@pytest.fixture
async def desk(database: Database, book: PolicyBook) -> Desk:
    """Intake with empty tables."""
    async with database.connection() as connection:
        await connection.execute(EVERY_TABLE_EMPTY)
    return Desk(database, book)


@pytest.fixture
def papers(desk: Desk, tmp_path: Path, clamd: Any) -> Any:
    """A store of documents, and the real scanner."""
    from services.intake.tests.papers import Papers  # it is about this file's desk

    return Papers(desk, tmp_path, clamd.address)
