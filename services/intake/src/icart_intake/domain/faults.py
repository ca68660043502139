"""What a sender has to mend before a submission can be taken: where it is wrong and what to do, never what was sent."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from icart_common.contracts.base import Problem
from icart_common.policy.arriving import faults_of_size, faults_of_time
from icart_common.policy.births import faults_of_birth
from icart_common.policy.completeness import missing_mandatory
from icart_common.policy.pack import PolicyPack
from icart_intake.domain.submission import Submission

MOST_TOLD: Final = 50


def faults_of(submission: Submission, pack: PolicyPack, size: int) -> tuple[Problem, ...]:
    """Everything that is wrong, at most fifty; nothing when the submission can be taken. `size` is in bytes."""
    return tuple(islice(_all(submission, pack, size), MOST_TOLD))


def _all(submission: Submission, pack: PolicyPack, size: int) -> Iterator[Problem]:
    what_to_do = "send long documents as attachments, and what happened in a few pages"
    yield from faults_of_size(size, len(submission.children), what_to_do)
    today = submission.day
    for number, person in enumerate(submission.account.people):
        yield from faults_of_birth(person, f"$.people[{number}]", today)
    event = submission.account.event
    ahead = "check the date and the time zone; for what is still to come, describe it in event.what"
    yield from faults_of_time(event.when, "$.event.when", submission.received_at, ahead)
    yield from _referrer(submission, pack)


def _referrer(submission: Submission, pack: PolicyPack) -> Iterator[Problem]:
    """The fields of the referrer without which this way in is closed, unless the pack lets such a referrer be unnamed (IN-12)."""
    anonymous = pack.good_referral.anonymous
    if submission.account.referrer.kind in anonymous.referrer_kinds and submission.channel in anonymous.channels:
        return
    for path in missing_mandatory(pack.good_referral, submission.account, submission.channel):
        yield Problem(
            path=f"$.{path}",
            found="nothing",
            expected="what the authority's form asks of every referrer: name, address and a way to be reached",
            fix=f"give {path.replace('|', ' or ')} and send it again",
        )


def id_of_another() -> tuple[Problem, ...]:
    """The submission's id was used before, by another sender or for another authority."""
    problem = Problem(
        path="$.submission",
        found="an id that was used before by another sender or for another authority",
        expected="an id of this submission's own",
        fix="make a new UUID for every submission, and use it again only to send the same one again",
    )
    return (problem,)


def id_of_other_content() -> tuple[Problem, ...]:
    """The submission's id was used before by the same sender, for other words.

    It is refused and not answered as a repeat: nobody may think that what was never read has been seen (IN-15).
    """
    problem = Problem(
        path="$.submission",
        found="an id that was used before, for a submission with other contents",
        expected="an id of this submission's own; the one that came first stands as it was",
        fix="send it with a new UUID, or answer the questions that are open (icart.referral.gaps-answered.v1)",
    )
    return (problem,)


def message_of_other_content() -> tuple[Problem, ...]:
    """The sender's id of the message (`ce_id`) was used before, for another submission with other words."""
    problem = Problem(
        path="$",
        found="a message id (ce_id) that was used before, for a message with other contents",
        expected="a message id of its own; the message that came first stands as it was",
        fix="send it with a new UUID as its ce_id, and use one again only to send the very same again",
    )
    return (problem,)
