"""The morning report, meetings' tasks, a child's shares and screening tools from the command line, against real databases."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from icart_cli import exits
from icart_common.clock import SimulatedClock
from icart_common.contracts.base import Actor
from icart_common.contracts.checks import AuthoriseSharing, DecideNotToShare
from icart_common.contracts.handover import AcceptItem, ByNight, HandOver, handover_id
from icart_common.contracts.meetings import CarryTasks
from icart_common.contracts.screening_tools import RecordScreeningTool
from icart_common.policy.running_clocks import RunningClocks
from icart_common.testing import example, record_of
from icart_screening.domain.night import night_on
from libs.cli.tests.front_desk import FrontDesk, icart
from services.screening.tests.asking import ASKED
from services.screening.tests.front_door import BOOK, CASTS, contact_opened
from services.screening.tests.test_checks_in_tables import begun, request
from services.screening.tests.test_checks_in_tables import command as told
from services.screening.tests.test_screening_tool import TOOL, YES, answers
from services.screening.tests.test_topics_to_tables import minute

__all__ = ["icart"]
pytestmark = pytest.mark.broker
FRIDAY = date(2026, 11, 13)
NIGHT = datetime(2026, 11, 14, 23, 10, tzinfo=UTC)
CLOCK = UUID(int=77)
_SUBMISSION = (
    "insert into submission (id, agency, authority, message_id, channel, reference, pack_version, received_at, content, "
    "clocks, record_due) values ($1, $2, $3, $1, 'edt', $4, $5, $6, $1, $7, $8)"
)
_CLOCK = (
    "insert into clock (id, partition, authority, pack_version, rule, owner, subject, correlation, received_at, "
    "counted_from, due_at, sum, warns_at, fractions, warned, breached, state, pauses) "
    "values ($1, 0, 'halton', 'p', 'TM-9', 'intake', $1, $1, $2, $2, $3, 'by 10:00', '{}', '{}', 0, false, 'running', '{}')"
)


def handed(authority: str, number: int, **said: Any) -> HandOver:
    night = night_on(BOOK.pack(authority), FRIDAY)
    by_night = ByNight(item=UUID(int=number), reference=f"REF-{number}", kind="contact", received_at=NIGHT, **said)
    where = handover_id(authority, FRIDAY)
    return HandOver(undertaking=where, authority=authority, night=FRIDAY, opens_at=night.opens_at, by_night=by_night)


async def owes(icart: FrontDesk, authority: str, reference: str, *, due: bool = True) -> None:
    """The night team owes a record, or did."""
    pack = BOOK.pack(authority)
    running = RunningClocks(ids={"TM-9": CLOCK} if authority == "halton" else {})
    identifier = UUID(int=900 + due)
    async with icart.database_of("intake") as intake:
        await intake.execute(
            _SUBMISSION, identifier, "edt", authority, reference, pack.version, NIGHT, running.model_dump_json(), due
        )


@pytest.mark.parametrize(
    "authority",
    [pytest.param(one, marks=pytest.mark.req("ED-4", "ED-5", "ED-7", authority=one)) for one in ("halton", "york")],
)
async def test_the_morning_report_names_every_child_and_what_is_owed(icart: FrontDesk, authority: str) -> None:
    opens_at = night_on(BOOK.pack(authority), FRIDAY).opens_at
    clock = SimulatedClock(Path(icart.folder) / "clock")
    icart.environment["ICART_CLOCK_FILE"] = str(icart.folder / "clock")
    day = BOOK.pack(authority).roles_with("edt-accept")[0].id
    taken = AcceptItem(
        actor=Actor(person="d1", role=day),
        undertaking=handover_id(authority, FRIDAY),
        authority=authority,
        item=UUID(int=1),
    )
    said = (
        handed(authority, 1, desktop="icart"),
        handed(authority, 2, desktop="icart", wrong_desktop=True),
        handed(authority, 3, desktop="cart", section_47_begun=True),
        taken,
    )
    await icart.heard(
        [record_of(one, "commands.screening", at=NIGHT + timedelta(minutes=n)) for n, one in enumerate(said)]
    )
    await owes(icart, authority, "OWED-1")
    await owes(icart, authority, "DONE-1", due=False)
    async with icart.database_of("timers") as timers:
        await timers.execute(_CLOCK, CLOCK, NIGHT, opens_at + timedelta(hours=1))
    clock.set(opens_at + timedelta(minutes=5))
    *lines, owed, total = await icart("handover", "report", authority)
    assert [line["reference"] for line in lines] == ["REF-3", "REF-2", "REF-1"]
    assert [line["s47"] for line in lines] == ["SECTION 47", "", ""]
    assert [line["missed"] for line in lines] == ["NOBODY TOOK IT ON", "NOBODY TOOK IT ON", ""]
    assert [line["wrong desktop"] for line in lines] == ["", "WRONG", ""]
    assert lines[2]["taken on by"] == "d1"
    assert (owed["reference"], owed["late"], total["late"]) == ("OWED-1", "", 0)
    clock.set(opens_at + timedelta(hours=2))
    *_, owed, total = await icart("handover", "report", authority, "--night", FRIDAY.isoformat())
    late = authority == "halton"  # the only pack with an hour for it
    assert (owed["late"], total["owed"], total["late"]) == ("LATE" if late else "", 1, int(late))
    assert (owed["due"] is not None) is late
    (error,) = await icart("handover", "report", authority, "--night", "2026-11-14", code=exits.WRONG_USE)
    assert "No night begins" in error["error"]


@pytest.mark.req("SC-15", authority="york")
async def test_what_daily_meetings_gave_out_is_listed_by_its_day_and_without_its_words(icart: FrontDesk) -> None:
    clock = SimulatedClock(Path(icart.folder) / "clock")
    icart.environment["ICART_CLOCK_FILE"] = str(icart.folder / "clock")
    clock.set(datetime(2026, 11, 19, 9, 0, tzinfo=UTC))
    told_on = example("icart.screening.carry-tasks.v1").model_dump()
    (task,) = told_on["tasks"]
    later = {**task, "task": UUID(int=7), "by": date(2026, 11, 20)}
    sooner = {**task, "task": UUID(int=8), "by": date(2026, 11, 18)}
    carried = CarryTasks.model_validate({**told_on, "tasks": (later, sooner)})
    await icart.heard([record_of(carried, "commands.screening", at=NIGHT)])
    listed = await icart("tasks", "york")
    assert [(one["task"], one["due"], one["late"]) for one in listed] == [
        (str(UUID(int=8)), "2026-11-18", "LATE"),
        (str(UUID(int=7)), "2026-11-20", ""),
    ]
    assert {one["reference"] for one in listed} == {task["reference"]}
    assert task["what"] not in json.dumps(listed)


@pytest.mark.req("ED-4", authority="halton")
async def test_what_is_owed_is_found_by_an_index(icart: FrontDesk) -> None:
    async with icart.database_of("intake") as intake:
        await intake.execute("set enable_seqscan = off")
        plan = await intake.fetch(
            "explain select id from submission where authority = 'halton' and record_due order by received_at, id"
        )
    assert "submission_record_due" in str(plan)


@pytest.mark.req("CO-8", authority="halton")
async def test_a_childs_shares_are_listed_with_ground_and_who_decided(icart: FrontDesk) -> None:
    authority = "halton"
    agencies, cast = ASKED[authority], CASTS[authority]
    allowed = {"agencies": (agencies.police,), "ground": cast.ground, "reasons": "She is afraid of him."}
    declined = {"agency": agencies.school, "ground": "not-needed", "reasons": "The referral says it."}
    asked = request(authority, 4, "police", agencies.police)
    await icart.heard(
        [
            *begun(authority, "not-sought"),
            told(AuthoriseSharing, authority, 3, cast.manager, "m1", **allowed),
            asked,
            told(DecideNotToShare, authority, 5, cast.manager, "m1", **declined),
        ]
    )
    contact = contact_opened(authority)
    shares = await icart("shares", contact.reference)
    assert [(one["what"], one["agencies"], one["ground"], one["decided by"]) for one in shares] == [
        ("authorised without the parents' knowledge", agencies.police, cast.ground, "m1"),
        ("asked", agencies.police, cast.ground, "m1"),
        ("not shared", agencies.school, "not-needed", "m1"),
    ]
    assert "afraid" not in json.dumps(shares)
    assert await icart("tools", str(contact.contact)) == []
    (error,) = await icart("shares", "AAAAA-AAAAA", code=exits.WRONG_USE)
    assert "There is no contact" in error["error"]


@pytest.mark.req("SC-21", authority="halton")
async def test_a_childs_screening_tools_are_listed(icart: FrontDesk) -> None:
    authority = "halton"
    opened = contact_opened(authority)
    tool = RecordScreeningTool(
        actor=Actor(person="m1", role=CASTS[authority].manager),
        contact=opened.contact,
        tool=TOOL,
        answers=answers(authority, YES["medium"]),
    )
    await icart.heard(
        [record_of(opened, "events.intake", at=minute(0)), record_of(tool, "commands.screening", at=minute(5))]
    )
    (listed,) = await icart("tools", opened.reference)
    assert (listed["fact"], listed["tool"], listed["band"]) == ("tool", TOOL, "medium")
    assert listed["contact"] == str(opened.contact)
