"""The questions that one submission left open: kept until they are answered, and counted by agency (IN-3, IN-10)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from uuid import UUID

from pydantic import Field

from icart_common.contracts.base import Instant, Part, Problem
from icart_common.contracts.cases import Case
from icart_common.contracts.intake import (
    AnswersTaken,
    AnswerTaken,
    ContactOpened,
    Gap,
    QuestionsAnswered,
    ReplyTo,
)
from icart_common.contracts.open_cases import AnswersRedirected
from icart_common.contracts.referral import Answer, GapsAnswered
from icart_common.policy.arriving import faults_of_size
from icart_common.policy.completeness import GoodReferral, wording
from icart_common.policy.consent import question_about
from icart_common.policy.pack import PolicyPack
from icart_intake.domain.faults import MOST_TOLD
from icart_intake.domain.people import KnownPerson


class Call(Part):
    """A contact that a telephone call opened, and whose form is awaited (IN-9)."""

    contact: UUID
    person: UUID
    child: str
    """The ref that the call gave the child."""
    notice: UUID | None = None
    """The call as a notice, when another sender's contact was open about the same event (IN-20)."""
    form: UUID | None = None
    """The submission that was the form."""


class Alone(Part):
    """The contact that is opened for a call's form when the call's has closed by the time the form gets there (IN-9)."""

    told: ContactOpened
    sender: UUID
    """As its notice has it (IN-20)."""
    opened: bool = False


class Redirected(Part):
    """A child who was open and allocated: what comes about it goes to the worker of its case (IN-5)."""

    redirection: UUID
    person: UUID
    case: Case


class Questions(Part):
    """What was asked about a submission, and what came of it. A question is `field`, or `field:ref` about one person."""

    submission: UUID
    authority: str
    agency: str
    pack_version: str
    reference: str
    reply_to: ReplyTo
    asked_at: Instant
    score: int = 0
    """Of the submission, 0 to 100."""
    due_at: Instant | None = None
    contacts: dict[str, UUID] = Field(default_factory=dict)
    """The contact of each child, by the sender's ref."""
    notices: dict[str, UUID] = Field(default_factory=dict)
    """Of children whose notice joined another sender's contact: the notice, by the same ref."""
    redirected: dict[str, Redirected] = Field(default_factory=dict)
    """Of children whose worker was told, by the same ref."""
    refs: dict[str, str] = Field(default_factory=dict)
    """The sender's refs, where the contact knows the person by another one (a form that was put to a call)."""
    alone: dict[str, Alone] = Field(default_factory=dict)
    """Of children whose form was put to a call, by the sender's ref."""
    open: tuple[str, ...] = ()
    answered: dict[str, Instant] = Field(default_factory=dict)
    calls: tuple[Call, ...] = ()
    people: dict[UUID, str] = Field(default_factory=dict)
    """Whom a call named, by who they are to us, with the call's refs."""
    caller: str | None = None
    """The name of whoever called, comparable; for a form that comes from the caller's own agency."""
    form_until: Instant | None = None

    def without(self, keys: Iterable[str], at: datetime) -> Questions:
        """The same when these were answered."""
        closed = [key for key in self.open if key in set(keys)]
        return self.model_copy(
            update={
                "open": tuple(key for key in self.open if key not in closed),
                "answered": {**self.answered, **dict.fromkeys(closed, at)},
            }
        )

    def opened_alone(self, child: str) -> Questions:
        """The same when the form about a child has a contact of its own after all: answers go there, and in the form's refs."""
        alone = self.alone[child]
        return self.model_copy(
            update={
                "contacts": {**self.contacts, child: alone.told.contact},
                "notices": {ref: notice for ref, notice in self.notices.items() if ref != child},
                "alone": {**self.alone, child: alone.model_copy(update={"opened": True})},
            }
        )

    def moved_to(self, child: str, contact: UUID) -> Questions:
        """The same when the notice about a child is worked in another contact."""
        return self.model_copy(update={"contacts": {**self.contacts, child: contact}})

    def passed_to_worker(self, child: str, told: Redirected) -> Questions:
        """The same when the notice about a child went to the worker of their case."""
        return self.model_copy(
            update={
                "contacts": {ref: contact for ref, contact in self.contacts.items() if ref != child},
                "notices": {ref: notice for ref, notice in self.notices.items() if ref != child},
                "redirected": {**self.redirected, child: told},
            }
        )

    def now_about(self, people: Mapping[UUID, UUID]) -> Questions:
        """The same when contacts are about other people: a form is looked for by whom its call's contact is about (IN-9)."""
        calls = tuple(call.model_copy(update={"person": people.get(call.contact, call.person)}) for call in self.calls)
        if calls == self.calls:
            return self
        moved = {call.child: call.person for call in calls}
        kept = {person: ref for person, ref in self.people.items() if ref not in moved}
        return self.model_copy(
            update={"calls": calls, "people": {**kept, **{person: ref for ref, person in moved.items()}}}
        )

    def refs_of(self, child: str) -> dict[str, str]:
        """The sender's refs as the contact of a child has them."""
        return {} if child in self.alone and self.alone[child].opened else self.refs

    def is_late(self, at: datetime) -> bool:
        """Whether an answer that comes then is late."""
        return self.due_at is not None and at > self.due_at


def key_of(gap: Gap) -> str:
    """How a question is kept."""
    return gap.field if gap.person is None else f"{gap.field}:{gap.person}"


def gap_of(key: str, asked: GoodReferral) -> Gap:
    """The question again, in the pack's words."""
    field, _, person = key.partition(":")
    return Gap(field=field, question=wording(asked, field) or field, person=person or None)


@dataclass(frozen=True, slots=True)
class Answered:
    """The questions after a message with answers, and what is said of it."""

    questions: Questions
    receipt: AnswersTaken
    about: tuple[QuestionsAnswered | AnswersRedirected, ...]


def take_answers(
    questions: Questions, body: GapsAnswered, pack: PolicyPack, at: datetime, size: int
) -> Answered | tuple[Problem, ...]:
    """Close what is answered by a message of `size` bytes. Late answers, and second ones, are passed on like the first.

    What was never asked is a mistake, and so are two answers to one question in one message.
    """
    keys = [_key(questions, answer) for answer in body.answers]
    children = len({*questions.contacts, *questions.redirected})
    too_large = faults_of_size(size, children, "say it in a few pages")
    problems = tuple(islice(chain(too_large, _mistakes(body, keys)), MOST_TOLD))
    if problems:
        return problems
    asked = pack.good_referral
    pairs = [(key, answer) for key, answer in zip(keys, body.answers, strict=True) if key is not None]
    late = questions.is_late(at)
    before = set(questions.open)
    closing = [key for key, answer in pairs if key in before and _settles(key, answer, asked)]
    after = questions.without(closing, at)
    receipt = AnswersTaken(
        submission=questions.submission,
        reference=questions.reference,
        authority=questions.authority,
        pack_version=questions.pack_version,
        received_at=at,
        reply_to=questions.reply_to,
        answers=tuple(
            AnswerTaken(
                question=answer.question,
                person=key.partition(":")[2] or None,
                state="again" if key not in before else "late" if late else "taken",
            )
            for key, answer in pairs
        ),
        still_open=tuple(gap_of(key, asked) for key in after.open),
        answers_due=questions.due_at if after.open else None,
    )
    about = [
        _about(questions, child, contact, pairs, closing, asked, at, late)
        for child, contact in questions.contacts.items()
        if any(_concerns(questions, key, child) for key, _ in pairs)
    ]
    passed_on = [
        _passed_on(questions, child, pairs, closing, asked, at, late)
        for child in questions.redirected
        if any(_is_for_worker(questions, key, child) for key, _ in pairs)
    ]
    return Answered(after, receipt, (*about, *passed_on))


def _passed_on(
    questions: Questions,
    child: str,
    pairs: list[tuple[str, Answer]],
    closing: list[str],
    asked: GoodReferral,
    at: datetime,
    late: bool,
) -> AnswersRedirected:
    """What the worker of an open case is told, as of the referral itself."""
    told = questions.redirected[child]
    return AnswersRedirected(
        redirection=told.redirection,
        authority=questions.authority,
        pack_version=questions.pack_version,
        submission=questions.submission,
        reference=questions.reference,
        agency=questions.agency,
        received_at=at,
        person=told.person,
        case=told.case,
        answers=tuple(answer for key, answer in pairs if _is_for_worker(questions, key, child)),
        closed=tuple(gap_of(key, asked) for key in dict.fromkeys(closing) if _is_for_worker(questions, key, child)),
        late=late,
    )


def _is_for_worker(questions: Questions, key: str, child: str) -> bool:
    """Whether a question is about this child, its family or the matter, and not about another child of the referral."""
    person = key.partition(":")[2]
    return person == child or person not in {*questions.contacts, *questions.redirected}


def _about(
    questions: Questions,
    child: str,
    contact: UUID,
    pairs: list[tuple[str, Answer]],
    closing: list[str],
    asked: GoodReferral,
    at: datetime,
    late: bool,
) -> QuestionsAnswered:
    refs = questions.refs_of(child)
    return QuestionsAnswered(
        contact=contact,
        authority=questions.authority,
        submission=questions.submission,
        agency=questions.agency,
        received_at=at,
        answers=tuple(_in_its_refs(refs, answer) for key, answer in pairs if _concerns(questions, key, child)),
        closed=tuple(
            _translated(refs, gap_of(key, asked)) for key in dict.fromkeys(closing) if _concerns(questions, key, child)
        ),
        late=late,
        notice=questions.notices.get(child),
    )


def _key(questions: Questions, answer: Answer) -> str | None:
    """The question that is answered: as named, or the only one of that id where the person was left out."""
    asked = (*questions.open, *questions.answered)
    exact = answer.question if answer.person is None else f"{answer.question}:{answer.person}"
    if exact in asked:
        return exact
    same = [key for key in asked if key.partition(":")[0] == answer.question]
    return same[0] if answer.person is None and len(same) == 1 else None


def _settles(key: str, answer: Answer, asked: GoodReferral) -> bool:
    """Whether the answer closes the question: a tool by naming one that is asked for, consent by saying all of it."""
    field = key.partition(":")[0]
    tool = next((tool for tool in asked.tools if f"tool-{tool.concern}" == field), None)
    if tool is not None:
        return not {name.casefold() for name in tool.any_of}.isdisjoint(name.casefold() for name in answer.tools)
    if answer.consent is not None and question_about(asked.consent_record, answer.consent) is not None:
        return bool(answer.text)
    return True


def _concerns(questions: Questions, key: str, child: str) -> bool:
    """Whether a question is about this child, its family or the matter, and not about another child alone."""
    person = key.partition(":")[2]
    return person == child or person not in questions.contacts


def _in_its_refs(refs: dict[str, str], answer: Answer) -> Answer:
    changed: dict[str, object] = {}
    if answer.person in refs:
        changed["person"] = refs[answer.person]
    for name in ("details", "consent"):
        part = getattr(answer, name)
        own = "ref" if name == "details" else "person"
        if part is not None and getattr(part, own) in refs:
            changed[name] = part.model_copy(update={own: refs[getattr(part, own)]})
    return answer.model_copy(update=changed) if changed else answer


def _translated(refs: dict[str, str], gap: Gap) -> Gap:
    return gap.model_copy(update={"person": refs[gap.person]}) if gap.person in refs else gap


def _mistakes(body: GapsAnswered, keys: list[str | None]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for number, (key, answer) in enumerate(zip(keys, body.answers, strict=True)):
        if key is None:
            yield _never_asked(number)
        elif first.setdefault(key, number) != number:
            yield Problem(
                path=f"$.answers[{number}]",
                found=f"a second answer to the question of answers[{first[key]}]",
                expected="one answer to each question",
                fix="put what is known into one answer; what becomes known later is another message",
            )
        elif not (answer.text or answer.details or answer.consent or answer.tools):
            yield Problem(
                path=f"$.answers[{number}]",
                found="an answer that says nothing",
                expected="an answer in words, or the person, consent or tools that the question is about",
                fix="give the answer in words, or in the field that the question is about",
            )


def _never_asked(number: int) -> Problem:
    return Problem(
        path=f"$.answers[{number}].question",
        found="a question that this referral was not asked",
        expected="the id of a question of its acknowledgement, with the person's ref where it is about one",
        fix="take the question and the person as we asked; what is new about the child is a referral of its own",
    )


def with_workers(questions: Questions, people: Mapping[UUID, KnownPerson]) -> Questions:
    """The same with each redirected child's case as it stands now, where that is open still: it may have another worker."""
    cases = {
        child: people[told.person].known(child, "exact", 0).case
        for child, told in questions.redirected.items()
        if told.person in people and people[told.person].standing.is_open_and_allocated()
    }
    if not cases:
        return questions
    redirected = {
        child: told.model_copy(update={"case": cases.get(child) or told.case})
        for child, told in questions.redirected.items()
    }
    return questions.model_copy(update={"redirected": redirected})
