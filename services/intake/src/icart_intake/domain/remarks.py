"""What the case system should look at in what it sent. It is all kept; what does not check is compared with nobody (IN-17)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Final

from icart_common.contracts.base import Problem
from icart_common.contracts.cases import Episode, EpisodeHeld, PersonHeld
from icart_common.policy.wording import london_day
from icart_intake.domain.matching.identifiers import nhs_number_checks, upn_checks

_MOST: Final = 50


def remarks_of(message: PersonHeld | EpisodeHeld) -> tuple[Problem, ...]:
    """What is doubtful in a statement, at most fifty: where, what kind of thing it is and what to do, never the value."""
    day = london_day(message.as_of)
    if isinstance(message, EpisodeHeld):
        return tuple(islice(_episode("$.episode", message.episode, day), _MOST))
    return tuple(islice(_person(message, day), _MOST))


def _person(body: PersonHeld, day: date) -> Iterator[Problem]:
    if body.nhs_number and not nhs_number_checks(body.nhs_number):
        yield _wrong_check("$.nhs_number", "an NHS number", "its check digit (modulus 11)")
    if body.upn and not upn_checks(body.upn):
        yield _wrong_check("$.upn", "a UPN", "its check letter (modulus 23)")
    if body.born and body.born > day:
        yield _ahead("$.born", "leave it out of a child not yet born")
    if body.died and body.died > day:
        yield _ahead("$.died", "check the date of death")
    if body.born and body.died and body.died < body.born:
        yield _order("$.died", "a date of death before the date of birth", "the date of birth or later")
    for place, related in enumerate(body.related):
        if related.number == body.number:
            yield _order(f"$.related[{place}].number", "the person's own number", "the number of a relative")
    for place, episode in enumerate(body.episodes or ()):
        yield from _episode(f"$.episodes[{place}]", episode, day)
        if body.died and episode.status == "open" and episode.opened and episode.opened > body.died:
            yield _order(
                f"$.episodes[{place}].opened", "a case that begins after the date of death", "a date before it"
            )


def _episode(path: str, episode: Episode, day: date) -> Iterator[Problem]:
    if episode.status == "open" and episode.opened and episode.opened > day:
        yield _ahead(f"{path}.opened", "say `planned` for what has not begun: it does not count as open")
    if episode.status == "closed" and episode.closed and episode.closed > day:
        yield _ahead(f"{path}.closed", "say `open` until it is closed: it counts as open until then")
    if episode.opened and episode.closed and episode.closed < episode.opened:
        yield _order(f"{path}.closed", "a closure before the opening", "the day of opening or later")


def _wrong_check(path: str, what: str, check: str) -> Problem:
    return Problem(
        path=path,
        found=f"{what} with a wrong check digit",
        expected=f"{what} that fits {check}",
        fix="correct it in the record: until then it is kept, and nobody is matched by it",
    )


def _ahead(path: str, fix: str) -> Problem:
    return Problem(path=path, found="a date after the statement's own", expected="a date up to `as_of`", fix=fix)


def _order(path: str, found: str, expected: str) -> Problem:
    return Problem(path=path, found=found, expected=expected, fix="correct the record and send it again")
