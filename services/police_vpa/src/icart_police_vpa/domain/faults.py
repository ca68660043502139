"""What a force has to mend before its assessment can be taken: where it is wrong and what to do, never what was sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Final

from icart_common.contracts.base import Problem
from icart_common.contracts.referral import MAXIMUM_PEOPLE
from icart_common.contracts.vpa import VpaSubmitted
from icart_common.policy.arriving import faults_of_size, faults_of_time
from icart_common.policy.births import faults_of_birth
from icart_common.policy.pack import PolicyPack
from icart_common.policy.wording import london_day
from icart_police_vpa.domain.vpa import Vpa

_MOST: Final = 50


def faults_of(submitted: VpaSubmitted, at: datetime, size: int) -> tuple[Problem, ...]:
    """Everything that is wrong, at most fifty; nothing when it can be taken. `size` is in bytes."""
    return tuple(islice(_all(submitted, at, size), _MOST))


def no_pathway(pack: PolicyPack) -> Problem:
    """The authority takes no VPAs at all."""
    return Problem(
        path="$.authority",
        found=f"{pack.authority.name} has no VPA pathway",
        expected="an authority whose policy says how VPAs are assessed",
        fix=f"send what concerns a child there as a referral to {pack.authority.front_door}",
    )


def used_before(held: Vpa, submitted: VpaSubmitted) -> Problem | None:
    """Why an id that was used before may not be used again; None when the same assessment comes a second time.

    A changed one is refused and not dropped: nobody may think that a raised grade has been seen.
    """
    if held.submitted == submitted:
        return None
    same_sender = (held.submitted.agency, held.submitted.authority) == (submitted.agency, submitted.authority)
    found = "an assessment with other contents" if same_sender else "an assessment of another force or authority"
    return Problem(
        path="$.vpa",
        found=f"an id that was used before, for {found}",
        expected="an id of this assessment's own",
        fix="send what is new as an assessment with a new UUID",
    )


def _all(submitted: VpaSubmitted, at: datetime, size: int) -> Iterator[Problem]:
    yield from faults_of_size(
        size, len(submitted.children), "say what happened in a few pages and keep long documents back"
    )
    yield from faults_of_time(submitted.incident.at, "$.incident.at", at, "check the date and the time zone")
    yield from _who(submitted)
    today = london_day(at)
    for number, child in enumerate(submitted.children):
        yield from faults_of_birth(child.person, f"$.children[{number}].person", today)
    for number, adult in enumerate(submitted.adults):
        yield from faults_of_birth(adult, f"$.adults[{number}]", today)


def _who(submitted: VpaSubmitted) -> Iterator[Problem]:
    refs = [*(child.person.ref for child in submitted.children), *(adult.ref for adult in submitted.adults)]
    if not refs:
        fix = "name the children and vulnerable adults who were there, or describe them"
        yield Problem(path="$", found="nobody", expected="at least one child or adult", fix=fix)
    if len(refs) > MAXIMUM_PEOPLE:
        fix = "send an assessment for each family"
        yield Problem(path="$", found=f"{len(refs)} people", expected=f"at most {MAXIMUM_PEOPLE} people", fix=fix)
    if len(set(refs)) != len(refs):
        fix = "give each child and each adult a ref of their own"
        yield Problem(path="$", found="two people with the same ref", expected="a ref for each person", fix=fix)
    for number, link in enumerate(submitted.relationships):
        if not {link.person, link.of} <= set(refs):
            fix = "use the refs of `children` and `adults`"
            found = "a relationship of somebody who is not in the assessment"
            yield Problem(path=f"$.relationships[{number}]", found=found, expected="refs of its people", fix=fix)
