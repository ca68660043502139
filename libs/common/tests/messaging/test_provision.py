"""What has to change for the broker to be what the catalogue says: worked out without a broker."""

from __future__ import annotations

from dataclasses import replace

import pytest

from icart_common.contracts.catalogue import Topic
from icart_common.deployment import deployment_topics
from icart_common.messaging.provision import Existing, Grant, grants_of, plan, settings_of
from icart_common.policy import load_packs


@pytest.fixture(scope="module")
def wanted() -> list[Topic]:
    return deployment_topics(load_packs())


def as_they_are(topics: list[Topic]) -> dict[str, Existing]:
    return {topic.name: Existing(topic.partitions, settings_of(topic)) for topic in topics}


def test_an_empty_broker_gets_every_topic_once(wanted):
    changes = plan(wanted, {}, None)
    assert [topic.name for topic in changes.create] == [topic.name for topic in wanted]
    assert len({topic.name for topic in wanted}) == len(wanted)


def test_nothing_changes_when_everything_is_as_it_should_be(wanted):
    assert plan(wanted, as_they_are(wanted), grants_of(wanted)).empty


def test_a_topic_grows_and_never_shrinks(wanted):
    there = as_they_are(wanted)
    small, large = wanted[0], wanted[1]
    there[small.name] = replace(there[small.name], partitions=1)
    there[large.name] = replace(there[large.name], partitions=99)
    changes = plan(wanted, there, None)
    assert changes.grow == [(small, 1)]
    assert changes.cannot_shrink == [large]


def test_a_topic_that_the_catalogue_does_not_know_is_reported_and_left(wanted):
    changes = plan(wanted, as_they_are(wanted) | {"inbound.referrals.closed-school": Existing(2, {})}, None)
    assert changes.unknown == ["inbound.referrals.closed-school"]
    assert changes.empty


def test_an_agency_writes_its_own_topics_and_reads_its_own_alone(wanted):
    grants = [grant for grant in grants_of(wanted) if grant.principal == "larkspur-lane-primary"]
    assert {(grant.operation, grant.topic) for grant in grants if grant.topic} == {
        ("WRITE", "inbound.referrals.larkspur-lane-primary"),
        ("WRITE", "inbound.replies.larkspur-lane-primary"),
        ("READ", "outbound.larkspur-lane-primary"),
    }


def test_a_right_that_nobody_should_have_is_revoked(wanted):
    stray = Grant("brackenfield-high", "READ", topic="outbound.larkspur-lane-primary")
    changes = plan(wanted, as_they_are(wanted), [*grants_of(wanted), stray])
    assert changes.revoke == [stray]


def test_the_broker_stamps_what_outsiders_write(wanted):
    for topic in wanted:
        stamped = settings_of(topic)["message.timestamp.type"] == "LogAppendTime"
        assert stamped == (not topic.family.ours)
        assert stamped == topic.name.startswith(
            ("inbound.", "commands.intake", "commands.screening", "commands.notif", "commands.police")
        )
