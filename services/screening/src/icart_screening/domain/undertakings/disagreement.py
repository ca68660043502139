"""Professional disagreement (SC-20): the managers answer, the agency may raise it to the board, and how it ended is recorded."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final
from uuid import UUID

from icart_common.contracts.base import AgencyId, Part
from icart_common.contracts.disagreements import (
    AnswerDisagreement,
    DisagreementAnswered,
    DisagreementEvent,
    DisagreementRaised,
    DisagreementRaisedHigher,
    DisagreementResolved,
    DisagreementSubmitted,
    RaiseDisagreement,
    RaiseHigher,
    ResolveDisagreement,
    Stage,
)
from icart_common.policy.lives.disagreement import LIFE, WITH_MANAGERS
from icart_common.policy.lives.life import Life
from icart_screening.domain.refusal import Refusal
from icart_screening.domain.undertakings.agencies import known_agency
from icart_screening.domain.undertakings.standing_still import STANDING_STILL
from icart_screening.domain.undertakings.undertaking import Circumstances, Kind, Progress, Undertaking


class Answer(Part):
    """What was answered, and by whom it was to be settled then."""

    stage: Stage
    text: str


class Disagreement(Undertaking):
    """One agency's disagreement with one decision."""

    LIFE: ClassVar[Life] = LIFE

    agency: AgencyId = ""
    reference: str = ""
    """The contact's."""
    submitted: UUID | None = None
    """The agency's own id, when it raised it itself."""
    about: str = ""
    because: str = ""
    wants: str = ""
    raised_by: str = ""
    """The member of staff who recorded it: they may not settle it. Nobody, when the agency raised it itself."""
    answers: tuple[Answer, ...] = ()
    resolution: str | None = None
    upheld: bool | None = None
    learnt: str | None = None

    @property
    def stage(self) -> Stage:
        """Who is to settle it now."""
        return "board" if self.state in ("with-board", "answered-by-board") else "managers"

    def after(self, event: object) -> dict[str, object]:
        """What an event changes in it."""
        match event:
            case DisagreementRaised():
                said = event.model_dump(include={"agency", "reference", "submitted", "about", "because", "wants"})
                return {**said, "raised_by": event.by.person if event.by else ""}
            case DisagreementAnswered():
                return {"answers": (*self.answers, Answer(stage=event.stage, text=event.answer))}
            case DisagreementResolved():
                return event.model_dump(include={"resolution", "upheld", "learnt"})
            case _:
                return {}


def _raise(_: None, command: RaiseDisagreement, on: Circumstances) -> Iterable[Progress]:
    known_agency(on.pack, command.agency)
    said = command.model_dump(include={"agency", "about", "because", "wants"})
    yield on.begin(Disagreement, DisagreementRaised, by=command.actor, reference=_reference(on), **said)


def _submitted(own: Disagreement | None, said: DisagreementSubmitted, on: Circumstances) -> Iterable[Progress]:
    """The agency raises it, or is not content with the managers' answer. The same message again changes nothing."""
    held = next((one for one in on.beside if isinstance(one, Disagreement) and one.agency == said.agency), None)
    if said.stage == "board":
        if held is None:
            why = "no disagreement of your agency about this contact is open"
            raise Refusal("not-raised", why, ("raise it with the managers first: stage `managers`",))
        if held.state in WITH_MANAGERS:
            yield _on(held, on, DisagreementRaisedHigher, because=said.because, about=held.about, wants=said.wants)
        return
    if own is not None:
        return
    if held is not None:
        why = "a disagreement of your agency about this contact is open already"
        raise Refusal("open-already", why, ("wait for the answer", "raise it to the board: stage `board`"))
    fields = said.model_dump(include={"agency", "about", "because", "wants"})
    begun = {"reference": _reference(on), "submitted": said.disagreement, **fields}
    yield on.begin(Disagreement, DisagreementRaised, id=said.undertaking, **begun)


def _reference(on: Circumstances) -> str:
    assert on.contact is not None, "a disagreement is about a contact"
    return on.contact.reference


def _on(held: Disagreement, on: Circumstances, event: type[DisagreementEvent], **said: object) -> Progress:
    """The disagreement after an event, which says whose it is."""
    whose = {"agency": held.agency, "reference": held.reference, "submitted": held.submitted}
    return on.go_on(held, (event, {**whose, **said}))


def _answer(held: Disagreement, command: AnswerDisagreement, on: Circumstances) -> Iterable[Progress]:
    _not_their_own(held, command.actor.person, on)
    yield _on(held, on, DisagreementAnswered, by=command.actor, stage=held.stage, answer=command.answer)


def _higher(held: Disagreement, command: RaiseHigher, on: Circumstances) -> Iterable[Progress]:
    said = {"because": command.because, "about": held.about, "wants": held.wants}
    yield _on(held, on, DisagreementRaisedHigher, by=command.actor, **said)


def _resolve(held: Disagreement, command: ResolveDisagreement, on: Circumstances) -> Iterable[Progress]:
    _not_their_own(held, command.actor.person, on)
    said = command.model_dump(include={"resolution", "upheld", "learnt"})
    yield _on(held, on, DisagreementResolved, by=command.actor, stage=held.stage, **said)


def _not_their_own(held: Disagreement, person: str, on: Circumstances) -> None:
    """Whoever decided, or raised it, does not settle it: that is no second look."""
    contact = on.contact
    decided = {contact.ending.by.person} if contact and contact.ending else set()
    if person in decided | {held.raised_by}:
        why = "who raised it, or took the decision that it is about, does not settle it"
        raise Refusal("own-decision", why, ("another manager settles it", "raise it to the board"))


DISAGREEMENT: Final = Kind(
    holds=Disagreement,
    deciders={
        RaiseDisagreement: _raise,
        DisagreementSubmitted: _submitted,
        AnswerDisagreement: _answer,
        RaiseHigher: _higher,
        ResolveDisagreement: _resolve,
        **STANDING_STILL,
    },
)
