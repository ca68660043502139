"""What counts as the same content (IN-15)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icart_common.contracts.ids import new_id
from icart_common.contracts.referral import ReferralSubmitted
from icart_intake.domain.submission import content_of

pytestmark = pytest.mark.req("IN-15")

TEXT = st.text(alphabet=st.characters(categories=["L", "N", "P", "Zs"]), min_size=1, max_size=60)


def _account(writer, what, refs):
    first, second = refs
    return writer.referral(
        submission="0198c2a4-7d02-7002-8002-4f6a1b2c0002",
        event={"what": what, "when": "2026-06-08T19:00:00Z"},
        people=[writer.child(first), writer.child(second, role="parent", given_name="Odalys", born=None)],
        relationships=[{"person": second, "kind": "mother", "of": first}],
        consents=[{"person": second, "status": "given", "when": "2026-06-09T08:00:00Z"}],
    )


@given(TEXT, st.permutations(["p1", "p2", "mum", "x-9"]), st.integers(0, 100))
def test_ids_refs_and_times_of_sending_do_not_matter(writer, what, refs, minutes):
    one = _account(writer, what, ("p1", "p2"))
    other = _account(writer, what, refs[:2]).model_copy(update={"submission": new_id(), "channel": "form"})
    sent = writer.submission(other).at + timedelta(minutes=minutes)
    consent = other.consents[0].model_copy(update={"when": sent})
    other = other.model_copy(update={"consents": (consent,)})
    assert content_of(writer.submission(one)) == content_of(writer.submission(other, at=sent))


@given(TEXT)
def test_case_and_white_space_do_not_matter(writer, what):
    one, other = (_account(writer, text, ("p1", "p2")) for text in (what, f"  {what.replace(' ', '  ')}\n"))
    assert content_of(writer.submission(one)) == content_of(writer.submission(other))


@given(TEXT, TEXT)
def test_other_words_are_other_content(writer, one, other):
    contents = [content_of(writer.submission(_account(writer, what, ("p1", "p2")))) for what in (one, f"{other} yes")]
    assert contents[0] != contents[1] or " ".join(one.split()).casefold() == f"{' '.join(other.split())} yes".casefold()


@pytest.mark.parametrize(
    "change",
    [
        {"event": {"what": "He was hit.", "when": "2026-06-08T20:00:00Z"}},
        {"event": {"what": "He was hit.", "when": "2026-06-08T19:00:00Z", "harm": "a mark"}},
        {"agency": "cheshire-police"},
        {"relationships": [{"person": "p2", "kind": "father", "of": "p1"}]},
        {"relationships": [{"person": "p1", "kind": "mother", "of": "p2"}]},
    ],
)
def test_another_time_fact_or_sender_is_other_content(writer, change):
    one = _account(writer, "He was hit.", ("p1", "p2"))
    other = ReferralSubmitted.model_validate(one.model_dump() | change)
    assert content_of(writer.submission(one)) != content_of(writer.submission(other))


def test_nothing_said_is_the_same_as_left_out(writer):
    one = _account(writer, "He was hit.", ("p1", "p2"))
    sparse = ReferralSubmitted.model_validate_json(one.model_dump_json(exclude_none=True))
    assert content_of(writer.submission(one)) == content_of(writer.submission(sparse))
