"""The CloudEvents 1.0 envelope in Kafka's binary mode: headers `ce_*` and `traceparent` around a JSON value.

Reading is tolerant of any header (null, not UTF-8, repeated) and strict about those it needs; whatever is wrong comes back
as `Unreadable` with a code and problems that never repeat what was found.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from json.encoder import encode_basestring_ascii as _quoted
from typing import Final, NamedTuple
from uuid import UUID

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from icart_common.contracts.base import Message, Misplaced, Problem
from icart_common.contracts.catalogue import MAXIMUM_MESSAGE_BYTES, MESSAGES
from icart_common.contracts.ids import id_in
from icart_common.contracts.schemas import field_names

_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""The escape of NUL in JSON, not preceded by a backslash of its own: PostgreSQL can hold it in no text."""

Headers = Sequence[tuple[str, bytes | None]]


class Unreadable(Exception):
    """A record cannot be read: its `code` and `problems` say why, where and what to do."""

    def __init__(self, code: str, problems: tuple[Problem, ...]) -> None:
        super().__init__(code)
        self.code = code
        self.problems = problems


class Envelope(NamedTuple):
    """What a record's headers say. A tuple: one is made for every message heard and said."""

    id: UUID
    type: str
    source: str
    time: datetime
    subject: str | None = None
    authority: str | None = None
    correlation: UUID | None = None
    causation: UUID | None = None
    traceparent: str | None = None
    replay_of: UUID | None = None
    """The dead letter that this record is sent again for."""


def _header(name: str, found: str, expected: str) -> Unreadable:
    problem = Problem(path=f"header {name}", found=found, expected=expected, fix=f"send {name} as {expected}")
    return Unreadable("bad-header", (problem,))


_READ = (
    "ce_id", "ce_type", "ce_source", "ce_time", "ce_subject", "ce_authority", "ce_correlationid", "ce_causationid", "traceparent",
    "ce_replayof",
)  # fmt: skip


def _texts(headers: dict[str, bytes | None]) -> dict[str, str]:
    """The headers that are read, as text; what else there is may be anything."""
    try:
        return {name: raw.decode() for name in _READ if (raw := headers.get(name)) is not None}
    except UnicodeDecodeError:
        wrong = next(name for name in _READ if not _is_utf8(headers.get(name)))
        raise _header(wrong, "bytes that are not UTF-8", "UTF-8 text") from None


def _is_utf8(raw: bytes | None) -> bool:
    try:
        return raw is None or raw.decode() is not None
    except UnicodeDecodeError:
        return False


def _uuid(texts: dict[str, str], name: str) -> UUID | None:
    text = texts.get(name)
    if text is None:
        return None
    try:
        return id_in(text)
    except ValueError:
        raise _header(name, "text that is not a UUID", "a UUID, for example a UUIDv7") from None


def read_envelope(headers: Iterable[tuple[str, bytes | None]]) -> Envelope:
    """The envelope of a record's headers. Raises `Unreadable` naming the header that is missing or malformed."""
    found = _texts(dict(headers))
    identifier = _uuid(found, "ce_id")
    if identifier is None:
        raise _header("ce_id", "nothing", "a UUID, for example a UUIDv7")
    kind = found.get("ce_type")
    if not kind:
        raise _header("ce_type", "nothing", "the message's type, for example icart.referral.submitted.v1")
    if kind not in MESSAGES:
        problem = Problem(
            path="header ce_type",
            found="a type that is not in the catalogue",
            expected="a type and version of the topic catalogue",
            fix="see `icart schema list` for the types; a newer version may have to be released here first",
        )
        raise Unreadable("unknown-type", (problem,))
    return Envelope(
        identifier,
        kind,
        found.get("ce_source") or "",
        _time(found.get("ce_time")),
        found.get("ce_subject"),
        found.get("ce_authority"),
        _uuid(found, "ce_correlationid"),
        _uuid(found, "ce_causationid"),
        found.get("traceparent"),
        _uuid(found, "ce_replayof"),
    )


def _time(text: str | None) -> datetime:
    if text is None:
        raise _header("ce_time", "nothing", "an RFC 3339 instant with its zone")
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise _header("ce_time", "text that is not an instant", "an RFC 3339 instant with its zone") from None
    if instant.tzinfo is UTC:
        return instant
    if instant.tzinfo is None:
        raise _header("ce_time", "an instant without a zone", "an RFC 3339 instant with its zone")
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise _header("ce_time", "an instant beyond the years 1 to 9999", "an RFC 3339 instant with its zone") from None


def write_headers(envelope: Envelope) -> list[tuple[str, bytes]]:
    """The headers of a record. `read_envelope` gives the envelope back."""
    return [(name, value.encode()) for name, value in json.loads(headers_json(envelope))]


def headers_json(envelope: Envelope) -> str:
    """The headers as the outbox keeps them until they are sent: a JSON list of names and values.

    Put together by hand, for it is done for every message: an encoder takes three times as long.
    """
    one = envelope
    time = one.time.isoformat().replace("+00:00", "Z")
    pairs = [f'[["ce_id","{one.id}"],["ce_time","{time}"],{_unchanging(one.type, one.source, one.authority)}']
    if one.subject is not None:
        pairs.append(f'["ce_subject",{_quoted(one.subject)}]')
    if one.correlation:
        pairs.append(f'["ce_correlationid","{one.correlation}"]')
    if one.causation:
        pairs.append(f'["ce_causationid","{one.causation}"]')
    if one.traceparent is not None:
        pairs.append(f'["traceparent",{_quoted(one.traceparent)}]')
    if one.replay_of:
        pairs.append(f'["ce_replayof","{one.replay_of}"]')
    return ",".join(pairs) + "]"


@lru_cache(maxsize=10_000)
def _unchanging(kind: str, source: str, authority: str | None) -> str:
    """The headers that every message of a type, from one service and for one authority, has alike."""
    pairs = [("ce_specversion", "1.0"), ("ce_type", kind), ("ce_source", source), ("content-type", "application/json")]
    if authority is not None:
        pairs.append(("ce_authority", authority))
    return ",".join(f"[{_quoted(name)},{_quoted(value)}]" for name, value in pairs)


_FOUND = {
    type(None): "null",
    bool: "true or false",
    int: "a number",
    float: "a number",
    str: "text",
    list: "a list",
    dict: "an object",
}


def read_body(kind: str, value: bytes | None) -> Message:
    """The message of a record's value. Raises `Unreadable` naming each JSON path, what was found and what was expected."""
    if value is None:
        problem = Problem(
            path="$", found="no value (a tombstone)", expected="a JSON object", fix="send the message itself"
        )
        raise Unreadable("empty", (problem,))
    if len(value) > MAXIMUM_MESSAGE_BYTES:  # the broker's own limit is of a batch after compression
        limit = f"at most {MAXIMUM_MESSAGE_BYTES} bytes"
        problem = Problem(
            path="$", found=f"{len(value)} bytes", expected=limit, fix="send attachments apart from the message"
        )
        raise Unreadable("too-large", (problem,))
    if b"u0000" in value and _NUL.search(value):
        problem = Problem(
            path="$",
            found="a NUL character (\\u0000) in a text",
            expected="text that a database can hold",
            fix="leave the character out",
        )
        raise Unreadable("wrong-schema", (problem,))
    try:
        return MESSAGES[kind].model_validate_json(value)
    except ValidationError as error:
        raise unreadable(error, value) from None


def unreadable(error: ValidationError, value: bytes) -> Unreadable:
    """`Unreadable` for a body that does not fit its model; the input itself is left behind."""
    try:
        value.decode()
    except UnicodeDecodeError as wrong:
        problem = Problem(
            path="$",
            found=f"a byte that is not UTF-8 at position {wrong.start}",
            expected="JSON in UTF-8",
            fix="encode as UTF-8",
        )
        return Unreadable("not-utf8", (problem,))
    details = error.errors(include_url=False)
    if details[0]["type"] == "json_invalid":
        problem = Problem(
            path="$", found="text that is not JSON", expected=details[0]["msg"], fix="send one JSON object"
        )
        return Unreadable("not-json", (problem,))
    problems = tuple(_problem(detail) for detail in details[:50])
    return Unreadable("wrong-schema", problems)


def _problem(detail: ErrorDetails) -> Problem:
    """What is wrong in one place. What stands there is only ever called by its kind."""
    error = detail.get("ctx", {}).get("error")
    expected = _expected(detail["type"], detail["msg"])
    if isinstance(error, Misplaced):
        return Problem(path=json_path(detail["loc"] + error.where), found=error.found, expected=expected)
    found = "nothing" if detail["type"] == "missing" else _FOUND.get(type(detail["input"]), "something else")
    return Problem(path=json_path(detail["loc"]), found=found, expected=expected)


def _expected(kind: str, words: str) -> str:
    """What was expected, as it stands after `send`."""
    if kind == "uuid_parsing":
        return "a UUID"  # the library's words quote the input
    if kind == "missing":
        return "a value"
    for begins, instead in _SAID:
        if words.startswith(begins):
            return instead + words.removeprefix(begins)
    return words


_SAID: Final = (
    ("Value error, ", ""),
    ("Input should be ", ""),
    ("String should have ", "text that has "),
    ("String should match ", "text that matches "),
    ("Tuple should have ", "a list that has "),
)
"""How the library begins a sentence about what it expected, and how ours begins."""


def json_path(location: Sequence[int | str]) -> str:
    """`('people', 0, 'born')` as `$.people[0].born`. A key that no message declares was the sender's: it is `*`."""
    names = field_names()
    return "$" + "".join(
        f"[{step}]" if isinstance(step, int) else f".{step}" if step in names else ".[key]" if step == "[key]" else ".*"
        for step in location
    )
