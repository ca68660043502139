"""What a case system is told of its own feed, on its own topic (IN-5, IN-17)."""

from __future__ import annotations

from typing import get_args

import pytest

from icart_common.contracts.base import Problem
from icart_common.contracts.cases import LoadSettled, LoadState, RecordRemarked
from services.notifications.tests import examples
from services.notifications.tests.examples import CASES, NOON
from services.notifications.tests.test_messages import leaving, req_for_each


@req_for_each("IN-5", "IN-6")
@pytest.mark.parametrize("state", get_args(LoadState))
def test_a_case_system_is_told_what_came_of_its_full_load(book, authority, state):
    event = LoadSettled(
        load=examples.an_id("load"), agency=CASES[authority], authority=authority, state=state, said=3, heard=2, at=NOON
    )
    (one,) = leaving(book, event)
    assert (one.template, one.channel, one.recipient) == ("case-load-settled", "topic", CASES[authority])
    assert str(event.load) in one.subject
    assert "3 people named by its end, 2 people heard" in one.text


@req_for_each("IN-17")
def test_a_case_system_is_told_what_to_look_at_in_a_record(book, authority):
    problem = Problem(path="$.upn", found="a UPN with a wrong check digit", expected="one that fits", fix="correct it")
    event = RecordRemarked(
        remark=examples.an_id("remark"), agency=CASES[authority], authority=authority, number="CF-90017", as_of=NOON,
        problems=(problem,),
    )  # fmt: skip
    (one,) = leaving(book, event)
    assert (one.template, one.recipient) == ("case-record-remarked", CASES[authority])
    assert "CF-90017" in one.subject
    assert "$.upn: found a UPN with a wrong check digit, expected one that fits; what to do: correct it" in one.text
