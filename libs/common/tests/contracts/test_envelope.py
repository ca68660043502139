"""Bad input is refused with a code, the place and what to do, and never with what was sent (issue "Bad input"; R5, S2)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icart_common.contracts.base import Message
from icart_common.contracts.catalogue import MAXIMUM_MESSAGE_BYTES, MESSAGES
from icart_common.contracts.envelope import Envelope, Unreadable, json_path, read_body, read_envelope, write_headers
from icart_common.testing import example

REFERRAL = "icart.referral.submitted.v1"
SECTION = "icart.screening.record-section.v1"
CANARY = "Zebulon-Quartermaine-7731"
SLUG_CANARY = "zebulon-quartermaine-7731"
ENVELOPE = Envelope(
    id=UUID("0198c2a4-7d01-7001-8001-4f6a1b2c0001"),
    type=REFERRAL,
    source="fernleigh-primary",
    time=datetime(2026, 11, 16, 9, 40, tzinfo=UTC),
    subject="0198c2a4-7d02-7002-8002-4f6a1b2c0002",
    authority="halton",
    correlation=UUID("0198c2a4-7d03-7003-8003-4f6a1b2c0003"),
    causation=UUID("0198c2a4-7d04-7004-8004-4f6a1b2c0004"),
    traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    replay_of=UUID("0198c2a4-7d05-7005-8005-4f6a1b2c0005"),
)


def headers(**changed: bytes | None) -> list[tuple[str, bytes | None]]:
    """Good headers, with some changed. `changed=None` sends the header with a null value."""
    return list({**dict(write_headers(ENVELOPE)), **changed}.items())


def without(name: str) -> list[tuple[str, bytes | None]]:
    return [pair for pair in headers() if pair[0] != name]


@pytest.fixture(scope="module")
def referral(examples: dict[str, list[bytes]]) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(examples[REFERRAL][0])
    return body


def refused(kind: str, value: bytes | None) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read_body(kind, value)
    return caught.value


def test_what_is_written_is_read_back() -> None:
    assert read_envelope(write_headers(ENVELOPE)) == ENVELOPE


def test_only_id_type_and_time_are_needed() -> None:
    needed = ("ce_id", "ce_type", "ce_time")
    read = read_envelope([pair for pair in headers() if pair[0] in needed])
    assert (read.id, read.type, read.time, read.correlation) == (ENVELOPE.id, ENVELOPE.type, ENVELOPE.time, None)


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        (without("ce_id"), "ce_id"),
        (without("ce_type"), "ce_type"),
        (without("ce_time"), "ce_time"),
        (headers(ce_id=None), "ce_id"),
        (headers(ce_type=None), "ce_type"),
        (headers(ce_type=b""), "ce_type"),
        (headers(ce_time=None), "ce_time"),
        (headers(ce_id=b"\xff\xfe"), "ce_id"),
        (headers(ce_type=b"\xff"), "ce_type"),
        (headers(ce_time=b"\xff"), "ce_time"),
        (headers(ce_source=b"\xc3"), "ce_source"),
        (headers(ce_subject=b"\xc3"), "ce_subject"),
        (headers(ce_authority=b"\xff"), "ce_authority"),
        (headers(traceparent=b"\xff"), "traceparent"),
        (headers(ce_id=b"not-a-uuid"), "ce_id"),
        (headers(ce_correlationid=b"not-a-uuid"), "ce_correlationid"),
        (headers(ce_causationid=b"1"), "ce_causationid"),
        (headers(ce_replayof=b"1"), "ce_replayof"),
        (headers(ce_time=b"yesterday"), "ce_time"),
        (headers(ce_time=b"2026-02-29T09:00:00Z"), "ce_time"),
        (headers(ce_time=b"2026-11-16T09:40:00"), "ce_time"),
        (headers(ce_time=b"0001-01-01T00:00:00+05:00"), "ce_time"),
        (headers(ce_time=b"9999-12-31T23:59:59-05:00"), "ce_time"),
    ],
)
def test_a_header_that_is_missing_or_malformed_is_named(sent: list[tuple[str, bytes | None]], name: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_envelope(sent)
    assert caught.value.code == "bad-header"
    assert [problem.path for problem in caught.value.problems] == [f"header {name}"]
    assert caught.value.problems[0].fix


@pytest.mark.parametrize("kind", [b"icart.referral.submitted.v99", b"icart.referral.submitted", b"some.other.type.v1"])
def test_an_unknown_type_or_version_is_said_to_be_that(kind: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        read_envelope(headers(ce_type=kind))
    assert caught.value.code == "unknown-type"
    assert caught.value.problems[0].path == "header ce_type"


def test_headers_that_nobody_asked_for_do_not_matter() -> None:
    odd: list[tuple[str, bytes | None]] = [("other", b"\xff"), ("null", None), ("", b""), ("ce_extra", None)]
    assert read_envelope([*odd, *headers()]) == ENVELOPE


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, "empty"),
        (b"", "not-json"),
        (b"{", "not-json"),
        (b"{'single': 1}", "not-json"),
        (b'{"a": 1} {"b": 2}', "not-json"),
        (b"\xef\xbb\xbf{}", "not-json"),
        (b"[" * 1000 + b"]" * 1000, "not-json"),
        (b'{"a":' * 1000 + b"1" + b"}" * 1000, "not-json"),
        (b'{"why_now": "\\ud800"}', "not-json"),
        (b"\xff\xfe\x00", "not-utf8"),
        (b'{"why_now": "caf\xe9"}', "not-utf8"),
        ("{}".encode("utf-16"), "not-utf8"),
        (b"null", "wrong-schema"),
        (b"[]", "wrong-schema"),
        (b"17", "wrong-schema"),
        (b'"text"', "wrong-schema"),
        (b"{}", "wrong-schema"),
        (b'{"why_now": "\\u0000"}', "wrong-schema"),
        (b'{"x": "' + b"a" * 10_000_000 + b'"}', "too-large"),
        (b" " * (MAXIMUM_MESSAGE_BYTES + 1), "too-large"),
    ],
    ids=lambda part: repr(part)[:24],
)
def test_a_body_that_cannot_be_read_gets_its_code(value: bytes | None, code: str) -> None:
    answer = refused(REFERRAL, value)
    assert answer.code == code
    assert all(problem.path.startswith("$") and problem.found and problem.expected for problem in answer.problems)


def test_whose_consent_it_is_has_to_be_said_by_a_ref_that_somebody_has() -> None:
    """The place leads to the field, and the sentence says in words what it is about."""
    body = example(REFERRAL).model_dump(mode="json")
    body["consents"] = [{**body["consents"][0], "person": SLUG_CANARY}]
    (problem,) = refused(REFERRAL, json.dumps(body).encode()).problems
    assert (problem.path, problem.found) == ("$.consents[0].person", "a ref that no person has")
    assert problem.expected.endswith("whose consent it is")
    assert SLUG_CANARY not in problem.model_dump_json()


@pytest.mark.parametrize(
    ("changed", "path", "expected"),
    [
        ({"status": "perhaps"}, "status", "'given', 'refused' or 'not-sought'"),
        ({"sought_by": 7}, "sought_by", "a valid string"),
        ({"how": "x" * 301}, "how", "text that has at most 300 characters"),
    ],
)
def test_what_is_expected_of_a_consent_stands_after_send(changed: dict[str, Any], path: str, expected: str) -> None:
    body = example(REFERRAL).model_dump(mode="json")
    body["consents"] = [{**body["consents"][0], **changed}]
    (problem,) = refused(REFERRAL, json.dumps(body).encode()).problems
    assert (problem.path, problem.expected) == (f"$.consents[0].{path}", expected)


def outcome_of(kind: str, value: bytes) -> Message | Unreadable:
    try:
        return read_body(kind, value)
    except Unreadable as answer:
        return answer


def envelope_of(sent: list[tuple[str, bytes | None]]) -> Envelope | Unreadable:
    try:
        return read_envelope(sent)
    except Unreadable as answer:
        return answer


def person(**fields: Any) -> dict[str, Any]:
    return {"ref": "p9", "role": "child", **fields}


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("$.submission", {"submission": "no uuid"}),
        ("$.agency", {"agency": "Fernleigh Primary"}),
        ("$.channel", {"channel": "pigeon"}),
        ("$.people", {"people": [person(ref=f"p{number}") for number in range(500)]}),
        (
            "$.people[0].born",
            {"people": [person(born="2025-02-29")], "relationships": [], "consents": [], "privacy_notices": []},
        ),
        (
            "$.people[0].born",
            {"people": [person(born="01/02/2017")], "relationships": [], "consents": [], "privacy_notices": []},
        ),
        (
            "$.people[0]",
            {
                "people": [person(born="2025-01-01", expected="2026-01-01")],
                "relationships": [],
                "consents": [],
                "privacy_notices": [],
            },
        ),
        (
            "$.people[0].nhs_number",
            {"people": [person(nhs_number="٩٩٩٠٠٠٠٠١٨")], "relationships": [], "consents": [], "privacy_notices": []},
        ),
        ("$.event.when", {"event": {"what": "x", "when": "2026-11-16T09:00:00"}}),
        ("$.event.when", {"event": {"what": "x", "when": "0001-01-01T00:00:00+05:00"}}),
        ("$.event.what", {"event": {"what": "x" * 20_001}}),
        ("$.event.what", {"event": {}}),
        ("$.relationships[0].person", {"people": []}),
        ("$", {"people": [person(), person()], "relationships": [], "consents": [], "privacy_notices": []}),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_what_does_not_fit_is_named_by_its_path(referral: dict[str, Any], path: str, change: dict[str, Any]) -> None:
    answer = refused(REFERRAL, json.dumps({**referral, **change}).encode())
    assert answer.code == "wrong-schema"
    assert [problem.path for problem in answer.problems] == [path]


@pytest.mark.parametrize(
    "child",
    [
        person(expected="2027-03-01"),
        person(born="2024-02-29"),
        person(born="2030-01-01"),
        person(given_name="Oriel"),
        person(given_name="Նարեկ", family_name="Մարտիրոսյան"),
        person(given_name="美咲", other_names=["ミサキ"]),
        person(given_name="Seán", family_name="Ó Dálaigh"),
        person(whereabouts="backslash \\u0000 written out"),
    ],
)
def test_unusual_people_are_taken_as_they_are(referral: dict[str, Any], child: dict[str, Any]) -> None:
    body = {**referral, "people": [child], "relationships": [], "consents": [], "privacy_notices": []}
    read = read_body(REFERRAL, json.dumps(body, ensure_ascii=False).encode())
    (kept,) = read.model_dump(mode="json")["people"]
    assert {name: kept[name] for name in child} == child


def test_what_is_read_can_always_be_written_and_read_again(referral: dict[str, Any]) -> None:
    """Some letters become two in upper case: `ß` ten times would be a postcode that our own reader refuses."""
    body = {**referral, "people": [person(addresses=[{"lines": "x", "postcode": "ß" * 10}])]}
    answer = refused(
        REFERRAL, json.dumps({**body, "relationships": [], "consents": [], "privacy_notices": []}).encode()
    )
    assert [problem.path for problem in answer.problems] == ["$.people[0].addresses[0].postcode"]


def test_a_key_of_the_sender_is_not_in_a_path() -> None:
    assert json_path(("people", 0, "born")) == "$.people[0].born"
    assert json_path(("statements", CANARY, "[key]")) == "$.statements.*.[key]"


@pytest.mark.parametrize("key", [CANARY, SLUG_CANARY])
def test_a_key_of_the_sender_is_not_in_a_refusal(examples: dict[str, list[bytes]], key: str) -> None:
    body = {**json.loads(examples[SECTION][0]), "statements": {key: 3}}
    answer = refused(SECTION, json.dumps(body).encode())
    assert {problem.path for problem in answer.problems} <= {"$.statements.*", "$.statements.*.[key]"}
    assert SLUG_CANARY not in said(answer)


def places(body: Any, path: tuple[int | str, ...] = ()) -> Iterator[tuple[int | str, ...]]:
    yield path
    steps = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for step, part in steps:
        yield from places(part, (*path, step))


def replaced(body: Any, path: tuple[int | str, ...], value: Any) -> Any:
    if not path:
        return value
    copy = dict(body) if isinstance(body, dict) else list(body)
    copy[path[0]] = replaced(body[path[0]], path[1:], value)  # type: ignore[index]
    return copy


def said(answer: Unreadable) -> str:
    problems = json.dumps([problem.model_dump() for problem in answer.problems], ensure_ascii=False)
    return f"{answer} {answer!r} {answer.args} {answer.__cause__} {problems}".lower()


CARRIERS = st.sampled_from([CANARY, SLUG_CANARY]).flatmap(
    lambda canary: st.sampled_from(
        [
            canary,
            [canary],
            {canary: canary},
            {canary: 3},
            {"person": canary, canary: []},
            f"{canary}\x00",
            canary * 1000,
        ]
    )
)


@settings(max_examples=250, deadline=None)
@given(data=st.data())
def test_no_refusal_of_a_body_repeats_what_was_sent(data: st.DataObject, examples: dict[str, list[bytes]]) -> None:
    kind = data.draw(st.sampled_from([REFERRAL, SECTION, *sorted(MESSAGES)]))
    body = json.loads(examples[kind][0])
    for _ in range(data.draw(st.integers(1, 3))):
        body = replaced(body, data.draw(st.sampled_from(sorted(places(body), key=repr))), data.draw(CARRIERS))
    value = json.dumps(body).encode()
    damage = data.draw(st.sampled_from(["none", "cut", "byte"]))
    if damage != "none":
        at = data.draw(st.integers(0, len(value)))
        value = value[:at] + (b"" if damage == "cut" else b"\xff" + value[at:])
    outcome = outcome_of(kind, value)
    if isinstance(outcome, Unreadable):
        assert SLUG_CANARY not in said(outcome)
        assert outcome.__suppress_context__ or outcome.__context__ is None


@settings(max_examples=200, deadline=None)
@given(
    name=st.sampled_from([name for name, _ in write_headers(ENVELOPE)]), carrier=st.sampled_from([CANARY, SLUG_CANARY])
)
def test_no_refusal_of_a_header_repeats_what_was_sent(name: str, carrier: str) -> None:
    for value in (carrier.encode(), carrier.encode() + b"\xff"):
        outcome = envelope_of(headers(**{name: value}))
        if isinstance(outcome, Unreadable):
            assert SLUG_CANARY not in said(outcome)


@settings(max_examples=300, deadline=None)
@given(
    value=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)),
    kind=st.sampled_from(sorted(MESSAGES)),
)
def test_any_bytes_at_all_are_a_message_or_a_refusal(value: bytes, kind: str) -> None:
    outcome = outcome_of(kind, value)
    if isinstance(outcome, Unreadable):
        assert outcome.code in {"not-utf8", "not-json", "wrong-schema"}
    else:
        assert type(outcome) is MESSAGES[kind]


@settings(max_examples=300, deadline=None)
@given(
    pairs=st.lists(
        st.tuples(
            st.sampled_from(["ce_id", "ce_type", "ce_time", "ce_source", "ce_correlationid", "other"]),
            st.one_of(
                st.none(), st.binary(max_size=40), st.sampled_from([value for _, value in write_headers(ENVELOPE)])
            ),
        )
    )
)
def test_any_headers_at_all_are_an_envelope_or_a_refusal(pairs: list[tuple[str, bytes | None]]) -> None:
    outcome = envelope_of(pairs)
    if isinstance(outcome, Unreadable):
        assert outcome.code in {"bad-header", "unknown-type"}
    else:
        assert outcome.type in MESSAGES
