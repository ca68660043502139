"""R5: broken inputs of every kind, mixed with good ones, on several inbound topics; then each one is accounted for."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import asyncpg

from icart_cli.platform import Platform
from icart_common.clock import monotonic
from icart_common.contracts.base import Inbound, InboundRefused
from icart_common.contracts.cases import PersonHeld
from icart_common.contracts.catalogue import SERVICES
from icart_common.contracts.notices import ProbationCheckRequested
from icart_common.contracts.referral import ReferralSubmitted
from icart_common.contracts.vpa import VpaSubmitted
from tests import load
from tests.faults.broken import KINDS, REFERRAL, Kind
from tests.faults.figures import Figure
from tests.faults.places import EVENTS, database_url, rebuilt_at
from tests.faults.wire import Place, Publisher, everything_on, publishing

_CHUNK = 500
_STALL_SECONDS = 10.0
_GOOD_IN = 10
"""One input in so many is good."""

Where = tuple[str, int, int]


@dataclass(slots=True)
class Flood:
    """What was published."""

    broken: dict[Where, Kind] = field(default_factory=dict)
    good: list[load.Load] = field(default_factory=list)


@dataclass(slots=True)
class Watch:
    """What the platform did meanwhile."""

    longest_stall: float = 0.0
    stalls: int = 0


async def run(platform: Platform, *, seed: int, inputs: int, progress: Callable[[str, int, int], None]) -> Figure:
    """Publish `inputs` broken inputs with good ones between, wait until all is quiet, and look for each of them."""
    starts = {service: platform.services.starts(service) for service in SERVICES}
    before = await _places_of_dead_letters(platform)
    watch = Watch()
    watching = asyncio.create_task(_watch(platform, watch))
    began = monotonic()
    try:
        async with publishing(platform.kafka) as publisher:
            flood = await _publish(publisher, seed, inputs, progress)
        progress("waiting until all is quiet", inputs, inputs)
        await platform.quiet.wait(seconds=420, rounds=3)
    finally:
        watching.cancel()
    seconds = monotonic() - began
    crashes = sum(platform.services.starts(service) - starts[service] for service in SERVICES)
    lost, misnamed, codes = await _accounted_for(platform, flood, before)
    unhandled = await _good_unhandled(platform, flood)
    faults = {
        "crashes": crashes,
        "stalls": watch.stalls,
        "broken inputs neither in the dead letters nor refused": lost,
        "broken inputs with a wrong reason": misnamed,
        "defects of ours that an input brought out": codes["handler-defect"],
        "good inputs not handled": unhandled,
    }
    return Figure(
        sum(faults.values()),
        "crashes, stalls, inputs without their reason or good ones not handled",
        0,
        f"{inputs:,} broken inputs of {len(KINDS)} kinds with {len(flood.good):,} good ones between: {codes.total():,} dead "
        f"letters or refusals with their reasons in {seconds:.0f} s",
        {**faults, "inputs": inputs, "good": len(flood.good), "seconds": round(seconds, 1),
         "longest time without progress, seconds": round(watch.longest_stall, 1), "reasons": dict(codes),
         "kinds": dict(Counter(kind.name for kind in flood.broken.values()))},
    )  # fmt: skip


def _sources(seed: int, inputs: int) -> dict[str, Iterator[load.Load]]:
    """Good messages to spoil or to send, by type: more than are needed, so that none is spoilt twice in the same way."""
    return {
        "referral": load.referrals(seed + 2, 2 * inputs + 10, repeats=0),
        "vpa": load.vpas(seed + 2, 2 * inputs + 10),
        "notice": load.probation_checks(seed + 2, 2 * inputs + 10),
        "held": load.people_held(seed + 2, inputs + 10),
    }


async def _publish(publisher: Publisher, seed: int, inputs: int, progress: Callable[[str, int, int], None]) -> Flood:
    dice = random.Random(f"flood {seed}")
    sources = _sources(seed, inputs)
    # Messages are made once and spoilt many times: it is the spoiling that differs.
    pool = {name: [next(source) for _ in range(min(500, inputs))] for name, source in sources.items()}
    kinds = dice.choices(KINDS, [kind.weight for kind in KINDS], k=inputs)
    flood = Flood()
    for start in range(0, inputs, _CHUNK):
        chunk: list[tuple[load.Load, Kind | None]] = []
        for spoiling in kinds[start : start + _CHUNK]:
            name = "referral" if spoiling.only == REFERRAL else dice.choices(tuple(pool), (60, 20, 10, 10))[0]
            chunk.append((dice.choice(pool[name]), spoiling))
        chunk += (
            (next(sources[name]), None)
            for name in dice.choices(tuple(pool), (60, 20, 10, 10), k=len(chunk) // _GOOD_IN)
        )
        dice.shuffle(chunk)
        places = await publisher.publish(kind.spoil(one, dice) if kind else one.record() for one, kind in chunk)
        for (one, kind), place in zip(chunk, places, strict=True):
            if kind:
                flood.broken[_where(place)] = kind
            else:
                flood.good.append(one)
        progress("broken inputs", min(start + _CHUNK, inputs), inputs)
    return flood


def _where(place: Place) -> Where:
    return place.topic, place.partition, place.offset


async def _watch(platform: Platform, watch: Watch) -> None:
    """Every half second: for how long has a consumer that has something to read not moved?"""
    moved: dict[tuple[str, str], tuple[int, float]] = {}
    stalled: set[tuple[str, str]] = set()
    while True:
        for service, said in (await platform.quiet.progress()).items():
            for name, one in ((said or {}).get("consumers") or {}).items():
                place = (service, name)
                reached = (one["end"] or 0) - (one["lag"] or 0)
                known = moved.get(place)
                if known is None or known[0] != reached or one["lag"] == 0:
                    moved[place] = (reached, monotonic())
                    stalled.discard(place)
                    continue
                still = monotonic() - known[1]
                watch.longest_stall = max(watch.longest_stall, still)
                if still > _STALL_SECONDS and place not in stalled:
                    stalled.add(place)
                    watch.stalls += 1
        await asyncio.sleep(0.5)


async def _places_of_dead_letters(platform: Platform) -> dict[Where, str]:
    found: dict[Where, str] = {}
    for service in SERVICES:
        connection = await asyncpg.connect(rebuilt_at(database_url(platform, service), service))
        for row in await connection.fetch('select topic, partition, "offset", code from dead_letter'):
            found[row["topic"], row["partition"], row["offset"]] = row["code"]
        await connection.close()
    return found


async def _accounted_for(platform: Platform, flood: Flood, before: dict[Where, str]) -> tuple[int, int, Counter[str]]:
    """Broken inputs that are nowhere, broken inputs with another reason than theirs, and the reasons counted."""
    letters = await _places_of_dead_letters(platform)
    spoken = await everything_on(platform.kafka, EVENTS)
    refused = {
        (body.topic, body.partition, body.offset)
        for one in spoken.of(InboundRefused)
        if isinstance(body := one.body, InboundRefused)
    }
    lost = misnamed = 0
    codes: Counter[str] = Counter()
    for where, kind in flood.broken.items():
        code = letters.get(where) or ("refused" if where in refused else None)
        if code is None:
            lost += 1
            continue
        codes[code] += 1
        # Whoever sent it has been told as well.
        misnamed += code not in kind.codes or where not in refused
    return lost, misnamed + len(set(letters) - set(before) - set(flood.broken)), codes


_KEPT: tuple[tuple[str, str, type[Inbound], str], ...] = (
    ("intake", "select id from submission", ReferralSubmitted, "submission"),
    ("intake", "select number from person", PersonHeld, "number"),
    ("police-vpa", "select id from vpa", VpaSubmitted, "vpa"),
    ("notifications", "select id from notice", ProbationCheckRequested, "notice"),
)
"""Where a good message has to be found: service, question, type, and its field."""


async def _good_unhandled(platform: Platform, flood: Flood) -> int:
    missing = 0
    for service, question, kind, name in _KEPT:
        wanted = {getattr(one.body, name) for one in flood.good if isinstance(one.body, kind)}
        connection = await asyncpg.connect(database_url(platform, service))
        missing += len(wanted - {row[0] for row in await connection.fetch(question)})
        await connection.close()
    return missing
