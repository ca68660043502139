"""Broken inputs of every kind, made from good ones; each with the reasons by which it may be put aside."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.faults.wire import Wire
from tests.load import Load

Headers = list[tuple[str, bytes | None]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One way of being broken."""

    name: str
    codes: frozenset[str]
    """The codes of its dead letter; `refused` is the domain's own answer, an `InboundRefused` without a dead letter."""
    spoil: Callable[[Load, random.Random], Wire]
    only: str = ""
    """The type that it is made from; any, when empty."""
    weight: int = 100


def _wire(load: Load) -> tuple[str, bytes, bytes, Headers]:
    topic, key, value, headers = load.record()
    return topic, key, value, list(headers)


def _value(change: Callable[[bytes, random.Random], bytes | None]) -> Callable[[Load, random.Random], Wire]:
    def spoil(load: Load, dice: random.Random) -> Wire:
        topic, key, value, headers = _wire(load)
        return topic, key, change(value, dice), headers

    return spoil


def _body(change: Callable[[dict[str, Any], random.Random], object]) -> Callable[[Load, random.Random], Wire]:
    def spoil(value: bytes, dice: random.Random) -> bytes:
        body: dict[str, Any] = json.loads(value)
        change(body, dice)
        return json.dumps(body).encode()

    return _value(spoil)


def _header(name: str, *values: bytes | None) -> Callable[[Load, random.Random], Wire]:
    def spoil(load: Load, dice: random.Random) -> Wire:
        topic, key, value, headers = _wire(load)
        return topic, key, value, [(one, dice.choice(values) if one == name else found) for one, found in headers]

    return spoil


def _no_headers(load: Load, dice: random.Random) -> Wire:
    topic, key, value, headers = _wire(load)
    dropped = dice.choice(("ce_id", "ce_type", "ce_time", None))
    return topic, key, value, [pair for pair in headers if dropped is not None and pair[0] != dropped]


def _cut(value: bytes, dice: random.Random) -> bytes:
    return value[: dice.randrange(1, len(value) - 1)]


def _not_utf8(value: bytes, dice: random.Random) -> bytes:
    at = value.index(b'"', value.index(b":")) + 1
    return value[:at] + dice.choice((b"\xff", b"\xc3\x28", b"\xed\xa0\x80", b"\x80")) + value[at:]


def _deep(_value: bytes, dice: random.Random) -> bytes:
    depth = dice.choice((1000, 5000, 100_000))
    return b'{"a":' * depth + b"1" + b"}" * depth if dice.random() < 0.5 else b"[" * depth + b"]" * depth


def _of_wrong_type(body: dict[str, Any], dice: random.Random) -> None:
    name = dice.choice([name for name, value in body.items() if name != "mappa" and value not in ((), [])])
    body[name] = dice.choice(({"a": "b"}, [[]])) if not isinstance(body[name], dict) else "text"


def _crowd(body: dict[str, Any], _dice: random.Random) -> None:
    body["people"] = [{"ref": f"p{n}", "role": "child", "given_name": "Oddling"} for n in range(500)]
    body.pop("relationships", None)


def _in_the_future(body: dict[str, Any], dice: random.Random) -> None:
    body.setdefault("people", []).append({"ref": "px", "role": "child", "born": f"{dice.randrange(2100, 9999)}-01-01"})


def _no_such_day(body: dict[str, Any], _dice: random.Random) -> None:
    body.setdefault("people", []).append({"ref": "px", "role": "child", "born": "2023-02-29"})


def _same_ref(body: dict[str, Any], _dice: random.Random) -> None:
    body["people"] = [{"ref": "p1", "role": "child"}, {"ref": "p1", "role": "parent"}]
    body.pop("relationships", None)


def _somebody_else(body: dict[str, Any], dice: random.Random) -> None:
    if dice.random() < 0.5:
        body["agency"] = "another-school"
    else:
        body["authority"] = "nowhere-borough"


def _nul(body: dict[str, Any], _dice: random.Random) -> None:
    body["agency"] += "\0"


def _large(body: dict[str, Any], _dice: random.Random) -> None:
    body["notes"] = body["why_now"] = "x" * 1_100_000


REFERRAL = "icart.referral.submitted.v1"
KINDS = (
    Kind("not UTF-8", frozenset({"not-utf8"}), _value(_not_utf8)),
    Kind("cut short", frozenset({"not-json", "not-utf8"}), _value(_cut)),
    Kind("not JSON", frozenset({"not-json", "wrong-schema"}), _value(lambda _v, d: d.choice((b"", b"hello", b"<xml/>", b"nan")))),
    Kind("JSON, and no message", frozenset({"wrong-schema"}), _value(lambda _v, d: d.choice((b"[]", b"17", b'"x"', b"{}")))),
    Kind("a field of the wrong type", frozenset({"wrong-schema"}), _body(_of_wrong_type)),
    Kind("1,000 to 100,000 levels deep", frozenset({"not-json", "wrong-schema"}), _value(_deep), weight=20),
    Kind("no value", frozenset({"empty"}), _value(lambda _v, _d: None)),
    Kind("unknown type or version", frozenset({"unknown-type"}),
         _header("ce_type", b"icart.referral.submitted.v9", b"made.up.v1", b"icart.screening.triage.v1")),
    Kind("a header without a value", frozenset({"bad-header"}), _header("ce_id", None)),
    Kind("a header that is not UTF-8", frozenset({"bad-header"}), _header("ce_id", b"\xff\xfe", b"\xc3\x28")),
    Kind("a header that says nothing", frozenset({"bad-header"}), _header("ce_time", b"yesterday", b"2026-11-02T09:00:00")),
    Kind("headers missing", frozenset({"bad-header"}), _no_headers),
    Kind("wrong sender", frozenset({"wrong-sender"}), _body(_somebody_else)),
    Kind("a NUL character", frozenset({"wrong-schema"}), _body(_nul)),
    Kind("500 people", frozenset({"wrong-schema"}), _body(_crowd), only=REFERRAL, weight=20),
    Kind("two people of one ref", frozenset({"wrong-schema"}), _body(_same_ref), only=REFERRAL),
    Kind("29 February of a common year", frozenset({"wrong-schema"}), _body(_no_such_day), only=REFERRAL),
    Kind("born in the future", frozenset({"refused"}), _body(_in_the_future), only=REFERRAL),
    Kind("larger than 1 MiB", frozenset({"too-large"}), _body(_large), weight=1),
)  # fmt: skip
