"""R1: every service killed with -9 at random points under load; then everything that was sent is counted."""

from __future__ import annotations

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain

import asyncpg

from icart_cli.health import ask
from icart_cli.platform import Platform
from icart_common.contracts.base import InboundRefused
from icart_common.contracts.catalogue import SERVICES
from icart_common.contracts.intake import AdviceGiven, ContactOpened, SubmissionRepeated, SubmissionTaken
from icart_common.contracts.notices import ProbationCheckRequested
from icart_common.contracts.notifications import NoticeChecked, NoticeRecorded
from icart_common.contracts.police_vpa import VpaProposed, VpaRecorded
from icart_common.contracts.screening import ContactReceived
from icart_common.contracts.timers import ClockRefused, ClockStarted, StartClock
from icart_common.contracts.vpa import VpaSubmitted
from tests import load
from tests.faults.figures import Figure
from tests.faults.places import EVENTS, database_url, rebuilt_at
from tests.faults.wire import Place, Publisher, Spoken, everything_on, publishing

Progress = Callable[[str, int, int], None]
_CHUNK = 50


@dataclass(slots=True)
class Sent:
    """What was published, and where."""

    loads: list[tuple[load.Load, Place]]


def mixed(seed: int, count: int) -> list[load.Load]:
    """Of `count` messages: 75 % referrals, 15 % assessments of the police, 8 % notices, 2 % of the case systems."""
    held = max(1, count // 150)
    parts: list[Iterable[load.Load]] = [
        load.referrals(seed, count * 75 // 100, held=held),
        load.vpas(seed, count * 15 // 100),
        load.probation_checks(seed, count * 8 // 100),
    ]
    people = list(load.people_held(seed, held))
    rest = list(chain(*parts))
    random.Random(f"mix {seed}").shuffle(rest)
    # The case systems speak first, so that the open cases are known when the referrals come.
    rest += load.referrals(seed + 1, count - len(rest) - len(people))
    return people + rest


async def run(platform: Platform, *, seed: int, messages: int, kills: int, progress: Progress) -> Figure:
    """Publish `messages` while each service is killed `kills` times, wait until all is quiet, and count."""
    dice = random.Random(f"kills {seed}")
    done: Counter[str] = Counter()
    loads = mixed(seed, messages)
    sent = Sent([])
    async with publishing(platform.kafka) as publisher:
        killers = [
            asyncio.create_task(_kill(platform, service, kills, random.Random(dice.random()), done))
            for service in SERVICES
        ]
        try:
            await _publish_while(publisher, loads, sent, lambda: sum(done.values()) / (kills * len(SERVICES)), progress)
        finally:
            for killer in killers:
                if sum(done.values()) < kills * len(SERVICES):
                    await asyncio.wait([killer], timeout=120)
                killer.cancel()
            await asyncio.gather(*killers, return_exceptions=True)
    progress("waiting until all is quiet", messages, messages)
    await platform.quiet.wait(seconds=300, rounds=3)
    return await _count(platform, sent, done)


async def _publish_while(
    publisher: Publisher, loads: list[load.Load], sent: Sent, killed: Callable[[], float], progress: Progress
) -> None:
    """Send so that the load lasts as long as the killing: never further ahead than one part in ten."""
    for start in range(0, len(loads), _CHUNK):
        chunk = loads[start : start + _CHUNK]
        while start / len(loads) > killed() + 0.1:
            await asyncio.sleep(0.05)
        places = await publisher.publish(one.record() for one in chunk)
        sent.loads += zip(chunk, places, strict=True)
        progress("killing under load", start + len(chunk), len(loads))


async def _kill(platform: Platform, service: str, times: int, dice: random.Random, done: Counter[str]) -> None:
    """Kill a service `times` times: some while it starts and joins its group, most while it works."""
    while done[service] < times:
        starts = platform.services.starts(service)
        url = platform.services.urls()[service]
        at_work = dice.random() < 0.7
        while not (await ask(platform.client, url, "/readyz" if at_work else "/livez") or {}).get(
            "ready" if at_work else "alive"
        ):
            await asyncio.sleep(0.05)
        await asyncio.sleep(dice.uniform(0.0, 2.0))
        if platform.services.kill(service) is None:
            continue
        done[service] += 1
        while platform.services.starts(service) == starts:
            await asyncio.sleep(0.05)


async def _count(platform: Platform, sent: Sent, kills: Counter[str]) -> Figure:
    spoken = await everything_on(platform.kafka, [*EVENTS, "commands.timers", "commands.intake"])
    faults = {
        "submissions without exactly one outcome": _outcomes(sent, spoken),
        "contacts not exactly once in screening": await _contacts(platform, spoken),
        "clocks not started exactly once": await _clocks(platform, spoken),
        "assessments not taken and proposed exactly once": _once_each(
            [one.body.vpa for one, _ in sent.loads if isinstance(one.body, VpaSubmitted)],
            [one.body.vpa for one in spoken.of(VpaRecorded)],
            [one.body.vpa for one in spoken.of(VpaProposed)],
        ),
        "notices not recorded and checked exactly once": _once_each(
            [one.body.notice for one, _ in sent.loads if isinstance(one.body, ProbationCheckRequested)],
            [one.body.notice for one in spoken.of(NoticeRecorded)],
            [one.body.notice for one in spoken.of(NoticeChecked)],
        ),
        "keys out of order": _disorder(spoken),
        "dead letters": await _dead_letters(platform),
    }
    wrong = sum(faults.values())
    total = sum(kills.values())
    return Figure(
        wrong,
        "messages lost, done twice or out of order",
        0,
        f"{len(sent.loads):,} messages, {min(kills.values())} kills -9 of each service ({total} in all), "
        f"{len(spoken.said):,} messages said, {spoken.sent_again:,} of them sent again by a relay and passed over",
        {**faults, "messages": len(sent.loads), "kills": dict(kills), "said": len(spoken.said),
         "sent again": spoken.sent_again, "contacts": len(spoken.of(ContactOpened)),
         "clocks": len(spoken.of(ClockStarted)), "assessments": len(spoken.of(VpaRecorded)),
         "notices": len(spoken.of(NoticeRecorded))},
    )  # fmt: skip


def _outcomes(sent: Sent, spoken: Spoken) -> int:
    answers = Counter(
        one.envelope.correlation
        for one in spoken.of(SubmissionTaken, AdviceGiven, SubmissionRepeated, InboundRefused)
        if one.envelope.source == "/icart/intake"
    )
    asked = [place.id for one, place in sent.loads if one.topic.startswith("inbound.referrals.")]
    return sum(answers[place] != 1 for place in asked)


async def _contacts(platform: Platform, spoken: Spoken) -> int:
    opened = Counter(one.body.contact for one in spoken.of(ContactOpened))
    received = Counter(one.body.contact for one in spoken.of(ContactReceived))
    kept = Counter(await _column(platform, "screening", "select id from contact"))
    begun = Counter(
        await _column(platform, "screening", "select contact from contact_event where type = $1", ContactReceived.TYPE)
    )
    everyone = {*opened, *received, *kept, *begun}
    return sum({opened[one], received[one], kept[one], begun[one]} != {1} for one in everyone)


async def _clocks(platform: Platform, spoken: Spoken) -> int:
    asked = Counter(one.body.clock for one in spoken.of(StartClock))
    started = Counter(one.body.clock for one in spoken.of(ClockStarted))
    refused = {one.body.clock for one in spoken.of(ClockRefused)}
    kept = Counter(await _column(platform, "timers", "select id from clock"))
    everyone = {*asked, *started, *kept} - refused
    return sum({min(asked[one], 1), started[one], kept[one]} != {1} for one in everyone)


def _once_each(asked: list[object], *answers: list[object]) -> int:
    counted = [Counter(found) for found in answers]
    return sum(any(found[one] != 1 for found in counted) for one in asked)


def _disorder(spoken: Spoken) -> int:
    """Keys whose messages do not come in the order of their record's versions, or whose clock moves before it starts."""
    versions: dict[tuple[str, str], list[int]] = defaultdict(list)
    begun: set[str] = set()
    wrong: set[tuple[str, str]] = set()
    for one in spoken.said:
        version = getattr(one.body, "version", None)
        if version is not None and one.envelope.source != "/icart/operators":
            versions[one.envelope.source, one.key].append(version)
        if one.envelope.type.startswith("icart.timers.") and one.envelope.source == "/icart/timers":
            if isinstance(one.body, ClockStarted):
                begun.add(one.key)
            elif one.key not in begun and not isinstance(one.body, ClockRefused):
                wrong.add(("/icart/timers", one.key))
    wrong |= {key for key, found in versions.items() if found != sorted(found)}
    return len(wrong)


async def _dead_letters(platform: Platform) -> int:
    return sum([len(await _column(platform, service, "select id from dead_letter")) for service in SERVICES])


async def _column(platform: Platform, service: str, question: str, *arguments: object) -> list[object]:
    connection = await asyncpg.connect(rebuilt_at(database_url(platform, service), service))
    try:
        return [row[0] for row in await connection.fetch(question, *arguments)]
    finally:
        await connection.close()
