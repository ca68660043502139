"""IN-20, whatever comes in whatever order: no sender is lost, and no child is worked twice in one incident."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icart_common.contracts.ids import derived_id
from icart_common.policy.book import load_packs
from icart_intake.domain.gathering import gather
from icart_intake.domain.incident import Ending, Matter, Matters, Notice, common_ground
from services.intake.tests.conftest import TUESDAY

RULES = {authority: load_packs().pack(authority).incidents for authority in ("halton", "cheshire-west", "york")}
CHILDREN = tuple(derived_id(TUESDAY, "child", number) for number in range(3))
SENDERS = tuple(derived_id(TUESDAY, "sender", number) for number in range(4))
LONG_AGO = TUESDAY - timedelta(days=30)
"""When contacts end here: before any notice that comes after."""
CONCERNS = ("domestic-abuse", "neglect", "other")


def notices() -> st.SearchStrategy[Notice]:
    hours = st.integers(-100, 100)
    return st.builds(
        lambda sender, received, happened, concerns: Notice(
            sender,
            TUESDAY + timedelta(hours=received),
            None if happened is None else TUESDAY + timedelta(hours=happened),
            tuple(concerns),
        ),
        st.sampled_from(SENDERS),
        hours,
        st.none() | hours,
        st.sets(st.sampled_from(CONCERNS)).map(sorted),
    )


def matter(notice: Notice, number: int, incident: UUID | None = None, *, own: UUID | None = None) -> Matter:
    contact = own or derived_id(TUESDAY, "contact", number)
    return Matter(contact, contact, incident or contact, "QK7WM-3HXPA", notice.received_at, (notice,))


@pytest.mark.req("IN-20", authority="halton")
@pytest.mark.req("IN-20", authority="cheshire-west")
@pytest.mark.req("IN-20", authority="york")
@given(
    authority=st.sampled_from(sorted(RULES)),
    moves=st.lists(
        st.tuples(
            notices(), st.lists(st.sampled_from(CHILDREN), min_size=1, max_size=3, unique=True), st.integers(0, 5)
        ),
        max_size=15,
    ),
)
def test_no_sender_is_lost_and_no_child_is_worked_twice_in_one_incident(
    authority: str, moves: list[tuple[Notice, list[UUID], int]]
) -> None:
    rule = RULES[authority]
    matters = Matters()
    told: dict[UUID, list[Notice]] = {child: [] for child in CHILDREN}
    for number, (notice, children, closes) in enumerate(moves):
        owns: dict[UUID, UUID | None] = {
            derived_id(TUESDAY, "own", number, child): (child if told[child] else None) for child in children
        }
        gathered = gather(owns, notice, matters, rule, derived_id(TUESDAY, "incident", number))
        assert set(gathered.incidents) == set(owns)
        for child, own in zip(children, owns, strict=True):
            joined = gathered.joining.get(own)
            if joined:
                assert joined.because
                assert joined.matter.ending is None
                matters.joined(child, joined.matter.live, notice)
            else:
                matters.opened(child, matter(notice, number, gathered.incidents[own], own=own))
            told[child].append(notice)
        if closes == 0:
            child = children[0]
            newest = matters.of(child)[-1]
            ended = newest._replace(ending=Ending(LONG_AGO, "advice", 1))
            matters = Matters({**{one: matters.of(one) for one in CHILDREN}, child: [*matters.of(child)[:-1], ended]})
        for child in CHILDREN:
            held = [notice for one in matters.of(child) for notice in one.notices]
            assert sorted(map(repr, held)) == sorted(map(repr, told[child])), "each notice is in exactly one contact"
            still_open = [one.incident for one in matters.of(child) if one.ending is None]
            assert len(still_open) == len(set(still_open)), "one open contact for each child and incident"
            for one in matters.of(child):
                assert len({notice.sender for notice in one.notices}) == len(one.notices), "one outcome for each sender"


@given(new=notices(), held=notices(), authority=st.sampled_from(sorted(RULES)))
def test_two_notices_that_are_one_event_have_something_in_common_and_the_rule_takes_no_side(
    new: Notice, held: Notice, authority: str
) -> None:
    rule = RULES[authority]
    because = common_ground(new, matter(held, 0), rule)
    assert bool(because) == bool(common_ground(held, matter(new, 1), rule))
    if because:
        assert new.sender != held.sender
        assert abs(new.received_at - held.received_at) <= rule.window
        shared = set(new.concerns) & set(held.concerns) - {"other"}
        near = new.happened and held.happened and abs(new.happened - held.happened) <= rule.same_time
        assert near or (shared and not (new.happened and held.happened))
    assert not common_ground(new, matter(held, 0)._replace(ending=Ending(LONG_AGO, "advice", 1)), rule)


@pytest.mark.req("IN-20", "IN-15")
def test_a_second_notice_of_one_sender_about_a_child_in_the_incident_is_another_event() -> None:
    """The school told of both children; now it tells of both again, and only the first one's police notice joined."""
    rule = RULES["halton"]
    school, police = (Notice(sender, TUESDAY, TUESDAY, ("neglect",)) for sender in SENDERS[:2])
    first, second = matter(police, 0), matter(school, 1, incident=derived_id(TUESDAY, "contact", 0))
    matters = Matters({CHILDREN[0]: [first], CHILDREN[1]: [second]})
    owns = {derived_id(TUESDAY, "own", number): CHILDREN[number] for number in range(2)}
    one, other = owns
    gathered = gather(dict(owns), school, matters, rule, derived_id(TUESDAY, "new"))
    assert gathered.joining[one].matter == first
    assert other not in gathered.joining
    assert gathered.incidents == {one: first.incident, other: other}
