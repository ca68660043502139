"""What referrers are asked: read and written in one statement each, for a whole batch."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from icart_common.db.pool import named_sql
from icart_intake.domain.questions import Questions
from icart_intake.domain.submission import Submission

_SQL = named_sql("icart_intake")


@dataclass(frozen=True, slots=True)
class Back:
    """A referral that was returned, with the people of it who are known to us now."""

    submission: Submission
    missing: tuple[str, ...]
    people: tuple[UUID, ...]


async def load_asked(
    connection: asyncpg.Connection, submissions: Collection[UUID], people: Collection[UUID], at: datetime
) -> dict[UUID, Questions]:
    """Questions by the submission that was asked, or that repeated it; those of calls about `people` whose form is awaited at
    `at` come too. Locked until the transaction ends."""
    rows = await connection.fetch(_SQL["load_asked"], sorted(set(submissions)), sorted(set(people)), at)
    found: dict[UUID, Questions] = {}
    for row in rows:
        questions = Questions.model_validate_json(row["state"])
        found |= dict.fromkeys((questions.submission, *row["repeats"]), questions)
    return found


async def save_asked(connection: asyncpg.Connection, asked: Sequence[Questions], returned: Sequence[Back]) -> None:
    """Write questions as they stand now, those of new submissions among them, and what was returned."""
    calls = sorted(
        {
            (call.person, questions.submission, questions.form_until)
            for questions in asked
            if questions.form_until
            for call in questions.calls
        }
    )
    await connection.execute(
        _SQL["save_asked"],
        [one.submission for one in asked],
        [one.authority for one in asked],
        [one.agency for one in asked],
        [one.asked_at for one in asked],
        [one.model_dump_json(exclude_defaults=True) for one in asked],
        [person for person, _, _ in calls],
        [submission for _, submission, _ in calls],
        [until for _, _, until in calls],
        [one.submission.id for one in returned],
        [one.submission.authority for one in returned],
        [one.submission.agency for one in returned],
        [one.submission.received_at for one in returned],
        [",".join(one.missing) for one in returned],
        [",".join(map(str, one.people)) for one in returned],
        [one.submission.account.model_dump_json(exclude_defaults=True) for one in returned],
    )
