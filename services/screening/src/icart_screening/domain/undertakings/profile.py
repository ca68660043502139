"""The profile of a family and its adults: begun with what is known, filled from the checks, complete or not (SC-22; S1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final, get_args
from uuid import UUID

from icart_common.contracts.checks import Fact
from icart_common.contracts.profiles import (
    BeginProfile,
    CompleteProfile,
    FlagAnswer,
    Flagged,
    ProfileBegun,
    ProfileCompleted,
    ProfileFlagRecorded,
    RecordProfileFlag,
)
from icart_common.policy.clocks import ClockFacts
from icart_common.policy.lives.life import Life
from icart_common.policy.lives.profile import LIFE
from icart_common.policy.profile import ProfileFlag, ProfileRule
from icart_screening.domain.contact import Contact
from icart_screening.domain.refusal import Refusal
from icart_screening.domain.undertakings.undertaking import Circumstances, Kind, Progress, Undertaking


class Profile(Undertaking):
    """One family's profile."""

    LIFE: ClassVar[Life] = LIFE

    adults: tuple[str, ...] = ()
    flags: tuple[Flagged, ...] = ()
    """The last that was said of each."""
    summary: str | None = None

    def after(self, event: object) -> dict[str, object]:
        """What an event changes in it."""
        match event:
            case ProfileBegun():
                return {"adults": event.adults, "flags": event.known}
            case ProfileFlagRecorded():
                said = event.said
                others = (one for one in self.flags if (one.flag, one.person) != (said.flag, said.person))
                return {"flags": (*others, said)}
            case ProfileCompleted():
                return {"summary": event.summary}
            case _:
                return {}


def _begin(_: None, command: BeginProfile, on: Circumstances) -> Iterable[Progress]:
    rule, contact = _rule(on), on.contact
    assert contact is not None, "a profile belongs to a contact"
    if any(isinstance(one, Profile) for one in on.beside):
        raise Refusal("begun-already", "a profile of this family is being gathered", ("go on with that one",))
    adults = tuple(dict.fromkeys(command.adults))
    if strangers := sorted(set(adults) - contact.arrival.people.keys()):
        known = sorted(set(contact.arrival.people) - {contact.arrival.child.ref})
        raise Refusal("unknown-person", f"nobody in this contact has the ref {', '.join(strangers)}", known)
    if contact.arrival.child.ref in adults:
        raise Refusal(
            "not-an-adult", "the child whom the contact is about is no adult of the family", ("leave it out",)
        )
    yield on.begin(Profile, ProfileBegun, by=command.actor, adults=adults, known=tuple(_known(rule, contact, adults)))


def _known(rule: ProfileRule, contact: Contact, adults: tuple[str, ...]) -> Iterator[Flagged]:
    """What the case system says is so. That it says nothing is no answer: the checks ask."""
    services = contact.arrival.services
    for flag in rule.flags:
        if flag.known_as is None:
            continue
        if flag.of == "family":
            people = (*adults, contact.arrival.child.ref)
            if any(flag.known_as in services.get(ref, ()) for ref in people):
                yield Flagged(flag=flag.id, answer="yes", source="case-system")
            continue
        for ref in adults:
            if flag.known_as in services.get(ref, ()):
                yield Flagged(flag=flag.id, person=ref, answer="yes", source="case-system")


def said_by(check: UUID, asked: ClockFacts, facts: Iterable[Fact], on: Circumstances) -> Iterable[Progress]:
    """What an agency's answer to a check says, in the open profile of the contact's family: the flags that the pack lets it say.

    A value that is neither `yes`, `no` nor `not known` says nothing: a worker reads it beside the profile.
    """
    profile = next((one for one in on.beside if isinstance(one, Profile)), None)
    if profile is None:
        return
    values = {fact.name: fact.value.strip().lower().replace(" ", "-") for fact in facts}
    told = [
        {"flag": flag.id, "answer": values.get(flag.said_by.fact), "source": asked.agency, "check": check}
        for flag in _rule(on).flags
        if flag.said_by and (flag.said_by.check, flag.said_by.agency_kind) == (asked.check, asked.agency_kind)
    ]
    flags = [Flagged.model_validate(one) for one in told if one["answer"] in get_args(FlagAnswer)]
    new = [(ProfileFlagRecorded, {"said": flag}) for flag in flags if flag not in profile.flags]
    if new:
        yield on.go_on(profile, *new)


def _record(held: Profile, command: RecordProfileFlag, on: Circumstances) -> Iterable[Progress]:
    rule = _rule(on)
    flag = rule.flag(command.flag)
    if flag is None:
        names = (f"{flag.name} ({flag.id})" for flag in rule.flags)
        raise Refusal("unknown-flag", "the profile has no such flag", names)
    if flag.of == "family" and command.person is not None:
        raise Refusal("of-the-family", f"'{flag.name}' is said of the whole family", ("leave the person out",))
    if flag.of == "adult" and command.person not in held.adults:
        why = f"'{flag.name}' is said of one adult, and that is none of the profile's"
        raise Refusal("of-an-adult", why, (f"name one of {', '.join(held.adults)}",))
    said = Flagged.model_validate(command.model_dump(include=set(Flagged.model_fields)))
    yield on.go_on(held, (ProfileFlagRecorded, {"by": command.actor, "said": said}))


def _complete(held: Profile, command: CompleteProfile, on: Circumstances) -> Iterable[Progress]:
    said = {(one.flag, one.person) for one in held.flags}
    wanted = [(flag, person) for flag in _rule(on).flags for person in _whom(flag, held)]
    missing = [
        f"{flag.name} of {person}" if person else flag.name for flag, person in wanted if (flag.id, person) not in said
    ]
    if missing:
        why = f"not established: {'; '.join(missing)}"
        raise Refusal("flag-blank", why, (f"record {what}, or that it is not known" for what in missing))
    yield on.go_on(held, (ProfileCompleted, {"by": command.actor, "flags": held.flags, "summary": command.summary}))


def _whom(flag: ProfileFlag, held: Profile) -> tuple[str | None, ...]:
    return (None,) if flag.of == "family" else held.adults


def _rule(on: Circumstances) -> ProfileRule:
    if on.pack.profile is None:
        why = f"{on.pack.authority.front_door} makes no profile of families"
        raise Refusal("no-profile", why, ("ask the agencies by the checks",))
    return on.pack.profile


PROFILE: Final = Kind(
    holds=Profile, deciders={BeginProfile: _begin, RecordProfileFlag: _record, CompleteProfile: _complete}
)
