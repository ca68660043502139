"""What the case system has said of a person ends the same in whatever order it was heard."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icart_common.contracts.cases import Episode, EpisodeHeld, PersonHeld, PersonNotHeld, the_other_way
from icart_intake.domain.feed import EpisodeSaid, Said, is_open
from icart_intake.domain.remarks import remarks_of

pytestmark = pytest.mark.req("IN-5", "IN-6")

DAY0 = datetime(2026, 3, 2, 9, tzinfo=UTC)
WHO = {"agency": "carefirst-halton", "authority": "halton", "number": "c-1"}


def at(hours):
    return DAY0 + timedelta(hours=hours)


def held(hours, **fields):
    return PersonHeld.model_validate({**WHO, "as_of": at(hours), **fields})


def gone(hours):
    return PersonNotHeld.model_validate({**WHO, "as_of": at(hours)})


def episode(hours, name="e-1", **fields):
    given = {"episode": name, "status": "open", "allocated": True, "opened": "2026-03-01"}
    return EpisodeHeld.model_validate({**WHO, "as_of": at(hours), "episode": given | fields})


def heard(messages):
    found = Said()
    for message in messages:
        found = found.hear(message)
    return found


def in_any_order(*messages):
    """The one standing that every order of arrival ends with."""
    standings = {heard(order).standing() for order in permutations(messages)}
    assert len(standings) == 1, standings
    return standings.pop()


def test_open_closed_and_open_again_under_a_new_id_is_open_in_any_order():
    standing = in_any_order(
        held(0),
        episode(1, "e-1"),
        episode(2, "e-1", status="closed", closed="2026-03-02"),
        episode(3, "e-2", worker="Odile Marchbanks", opened="2026-03-02"),
    )
    assert standing.is_open_and_allocated()
    assert (standing.case.episode, standing.case.worker) == ("e-2", "Odile Marchbanks")


def test_open_closed_and_open_again_under_the_same_id_is_open_in_any_order():
    standing = in_any_order(
        held(0), episode(1), episode(2, status="closed", closed="2026-03-02"), episode(3, team="Runcorn")
    )
    assert standing.is_open_and_allocated()
    assert standing.case.team == "Runcorn"


def test_closed_last_is_closed_in_any_order():
    standing = in_any_order(
        held(0), episode(1), episode(2, "e-2"), episode(3, "e-2", status="closed"), episode(4, status="closed")
    )
    assert standing.case.status == "closed"
    assert not standing.is_open_and_allocated()


def test_of_two_open_ones_the_allocated_counts_though_the_other_is_newer():
    standing = in_any_order(held(0), episode(1), episode(2, "e-2", opened="2026-03-02", allocated=False))
    assert standing.case.episode == "e-1"


def test_a_list_of_all_episodes_withdraws_those_that_it_leaves_out_in_any_order():
    listed = held(3, episodes=({"episode": "e-2", "status": "closed"},))
    standing = in_any_order(held(0), episode(1, "e-1"), episode(2, "e-2"), listed)
    assert standing.case.episode == "e-2"
    assert standing.case.status == "closed"
    assert in_any_order(listed, episode(4, "e-1"), held(5)).is_open_and_allocated()


def test_who_is_no_longer_held_has_nothing_open_and_keeps_the_history():
    past = {"on": "2024-01-05", "kind": "referral"}
    standing = in_any_order(held(0, history=(past,)), episode(1), gone(2))
    assert standing.case is None
    assert [line.on for line in standing.history] == [date(2024, 1, 5), date(2026, 3, 1)]
    assert in_any_order(held(0), episode(1), gone(2), episode(3)).is_open_and_allocated()


def test_an_episode_before_its_person_waits_for_them():
    assert not heard([episode(1)]).is_held()
    assert heard([episode(1), held(0)]).standing().is_open_and_allocated()


STATEMENTS = st.lists(
    st.one_of(
        st.builds(lambda: gone),
        st.builds(
            lambda name, status: lambda hours: episode(hours, name, status=status),
            st.sampled_from(("e-1", "e-2")),
            st.sampled_from(("open", "closed", "planned", "withdrawn")),
        ),
        st.builds(
            lambda names: (
                lambda hours: held(
                    hours, episodes=names and tuple({"episode": name, "status": "open"} for name in sorted(names))
                )
            ),
            st.none() | st.sets(st.sampled_from(("e-1", "e-2"))),
        ),
        st.builds(lambda: lambda hours: held(hours, case={"status": "open", "allocated": True})),
    ),
    min_size=1,
    max_size=5,
).map(lambda made: [one(hours) for hours, one in enumerate(made)])


@given(STATEMENTS)
def test_any_statements_end_alike_in_every_order(statements):
    in_any_order(*statements)


@given(STATEMENTS, st.data())
def test_a_statement_that_is_heard_again_changes_nothing(statements, data):
    again = data.draw(st.sampled_from(statements))
    assert heard([*statements, again]).standing() == heard(statements).standing()


def test_what_lies_ahead_is_kept_and_not_open_and_has_not_happened():
    day = (DAY0 + timedelta(days=1)).date()
    standing = in_any_order(
        held(0),
        episode(1, "e-1", opened=day, conference=day, plans=({"started": day},)),
        episode(2, "e-2", status="planned"),
    )
    assert standing.case is None
    assert standing.history == ()
    assert not standing.services.child_in_need
    assert heard([episode(1, opened=day)]).episodes["e-1"].episode.opened == day


def test_a_closure_that_lies_ahead_leaves_the_episode_open():
    running = Episode(episode="e", status="closed", opened=date(2026, 3, 1), closed=date(2026, 3, 9))
    assert is_open(EpisodeSaid(DAY0, running))
    assert not is_open(EpisodeSaid(DAY0 + timedelta(days=7), running))


@pytest.mark.parametrize(
    ("kind", "service"),
    [
        ("child-in-need", "child_in_need"),
        ("child-protection", "child_protection"),
        ("looked-after", "looked_after"),
        ("early-help", "caf"),
    ],
)
def test_an_open_episode_is_a_service_that_knows_the_child(kind, service):
    standing = in_any_order(held(0, services={"troubled_family": True}), episode(1, kind=kind))
    assert {name for name, known in standing.services if known} == {service, "troubled_family"}


def test_a_running_protection_plan_is_known_and_an_ended_one_is_history():
    plans = ({"started": "2026-01-05", "ended": "2026-02-05", "category": "NEG"}, {"started": "2026-03-01"})
    standing = in_any_order(held(0), episode(1, plans=plans))
    assert standing.services.child_protection
    assert [line.outcome for line in standing.history if line.kind == "child-protection-plan"] == [
        "begun, ended 2026-02-05",
        "begun",
    ]


def test_the_line_of_an_episode_says_source_need_and_closure():
    told = episode(1, source="3A", need="N1", status="closed", closed="2026-03-02", closure="RC1")
    (line,) = in_any_order(held(0), told).history
    assert line.outcome == "source 3A, need N1, closed 2026-03-02 (RC1)"


@pytest.mark.req("IN-17")
def test_a_wrong_check_digit_is_remarked_without_saying_it():
    body = held(0, nhs_number="9990000010", upn="A999000000001", born="2017-02-28")
    assert [problem.path for problem in remarks_of(body)] == ["$.nhs_number", "$.upn"]
    assert "9990000010" not in str(remarks_of(body))


def test_dates_that_cannot_be_are_remarked():
    body = held(
        0,
        born="2027-01-01",
        died="2026-01-01",
        related=({"number": "c-1", "kind": "sibling"},),
        episodes=(
            {"episode": "a", "status": "open", "opened": "2026-12-01"},
            {"episode": "b", "status": "closed", "opened": "2026-02-01", "closed": "2026-01-31"},
        ),
    )
    assert [problem.path for problem in remarks_of(body)] == [
        "$.born",
        "$.died",
        "$.related[0].number",
        "$.episodes[0].opened",
        "$.episodes[0].opened",
        "$.episodes[1].closed",
    ]


@pytest.mark.req("IN-7")
@pytest.mark.parametrize(
    ("kind", "other"), [("mother", "child"), ("twin", "twin"), ("grandparent", "grandchild"), ("cared-for", "carer")]
)
def test_a_relationship_has_another_side(kind, other):
    assert the_other_way(kind) == other
