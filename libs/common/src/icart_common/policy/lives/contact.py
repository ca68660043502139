"""The life of a contact on one strand of a pack, as data that `icart policy draw` draws (SC-1 to SC-13).

The rules themselves are in the module of each command; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from icart_common.contracts.at_once import StepUpNow, TellPolice
from icart_common.contracts.corrections import Abandon, CorrectRecord
from icart_common.contracts.joint_work import CopyFromSibling, DismissSibling, IncludeSibling, SeparateNotice
from icart_common.contracts.screening import (
    Allocate,
    Authorise,
    CloseAdvice,
    ContactCommand,
    RecordConsent,
    RecordPrivacyNotice,
    RecordSection,
    SendBack,
    Submit,
    Triage,
)
from icart_common.contracts.standing_still import PauseClocks, ResumeClocks
from icart_common.policy.clocks import Moment
from icart_common.policy.pack import PolicyPack
from icart_common.policy.roles import Permission
from icart_common.policy.screening import Strand

ELSEWHERE: Final = "on another strand"
STATES: Final = ("arrived", "on the desktop", "with a worker", "submitted", "closed", ELSEWHERE)
ENDS: Final = frozenset({"closed", ELSEWHERE})
_WORKED: Final = ("on the desktop", "with a worker")
_OPEN: Final = ("arrived", *_WORKED, "submitted")
_STAYS: Final[tuple[tuple[type[ContactCommand], Permission, str], ...]] = (
    (RecordSection, "record", "fill a section"),
    (RecordConsent, "record", "record consent"),
    (RecordPrivacyNotice, "record", "record that the privacy notice was shown"),
    (CopyFromSibling, "record", "copy from a sibling's contact"),
    (IncludeSibling, "settle-siblings", "include a sibling who was left out"),
    (DismissSibling, "settle-siblings", "dismiss a sibling who was left out"),
    (SeparateNotice, "separate-notice", "give a joined notice a contact of its own"),
    (TellPolice, "record", "tell the police of a suspected crime"),
    (PauseClocks, "pause-clocks", "let its clocks stand still"),
    (ResumeClocks, "pause-clocks", "let its clocks run on"),
)


@dataclass(frozen=True, slots=True)
class ContactStep:
    """What somebody does with a contact, in which states, and where it is after that (None: where it was)."""

    command: type[ContactCommand] | None
    says: str
    leaves: tuple[str, ...]
    """None of them for the arrival."""
    reaches: str | None
    permission: Permission | None = None
    moments: tuple[Moment, ...] = ()
    chosen_anew: bool = False
    """Whether the clocks of the first choice of a strand and an urgency end with it."""
    on: str | None = None
    """The strand on which whoever does it has to act, and whose clocks start, when it is another."""
    own_work: bool = False
    """Nobody does this to their own work: not who submitted it, nor the worker whom it is with."""
    worker_alone: bool = False
    """Only the worker whom the contact is with does this."""


def steps_on(strand: Strand, pack: PolicyPack) -> Iterator[ContactStep]:
    """Everything that can be done with a contact on the strand, in the order in which it is usually done."""
    outcomes = [pack.outcome(outcome) for outcome in strand.outcomes]
    yield ContactStep(None, "arrive", (), "arrived", None, ("contact_opened",))
    yield ContactStep(Triage, "triage it to this strand", ("arrived",), _WORKED[0], "triage", ("triaged",))
    yield ContactStep(Allocate, "give it to a worker", _WORKED, _WORKED[1], "allocate", ("allocated",))
    yield ContactStep(
        Submit, "submit it with an outcome", _WORKED[1:], "submitted", "submit", ("submitted",), worker_alone=True
    )
    yield ContactStep(Abandon, "send it off as opened in error", _WORKED, "submitted", "record", ("submitted",))
    yield ContactStep(SendBack, "send it back with actions", ("submitted",), _WORKED[1], "send-back", ("sent_back",))
    referred: tuple[Moment, ...] = ("referral_created",) if any(one.creates_referral for one in outcomes) else ()
    ended: tuple[Moment, ...] = ("authorised", "closed", *referred)
    yield ContactStep(Authorise, "authorise the outcome", ("submitted",), "closed", "authorise", ended, own_work=True)
    if strand.authorisation.rule == "worker-may-close":
        closed: tuple[Moment, ...] = ("closed",)
        yield ContactStep(CloseAdvice, "close advice", _WORKED[1:], "closed", "close-advice", closed, worker_alone=True)
    if any(one.transfers_to for one in outcomes):
        says = "authorise a transfer: a linked contact follows"
        over: tuple[Moment, ...] = ("authorised", "closed")
        yield ContactStep(Authorise, says, ("submitted",), ELSEWHERE, "transfer", over, own_work=True)
    yield ContactStep(Triage, "triage it again, to another strand", _OPEN[1:], ELSEWHERE, "triage", (), True)
    yield ContactStep(Triage, "triage it again, with another urgency", _WORKED, None, "triage", ("triaged",), True)
    at_once: tuple[Moment, ...] = ("stepped_up",)
    if strand.kind == "safeguarding":
        says = "step it up at once, from anywhere"
        yield ContactStep(StepUpNow, says, ("arrived",), _WORKED[0], "step-up", at_once, True)
        yield ContactStep(StepUpNow, "make it immediate where it is", _WORKED, None, "step-up", at_once, True)
        yield ContactStep(StepUpNow, "make it immediate at once", ("submitted",), _WORKED[1], "step-up", at_once, True)
    else:
        says = "step it up at once, to safeguarding"
        to = next(one.id for one in pack.strands if one.kind == "safeguarding")
        yield ContactStep(StepUpNow, says, _OPEN[1:], ELSEWHERE, "step-up", at_once, True, to)
    yield ContactStep(CorrectRecord, "correct an error", (*_OPEN, "closed"), None, "correct")
    for command, permission, says in _STAYS:
        yield ContactStep(command, says, _OPEN, None, permission)


def state_of(status: str, strand: str | None, worker: str | None, *, submitted: bool) -> str:
    """The state of STATES that a contact is in. What went to another strand is there a contact that arrived or was triaged."""
    if status == "closed":
        return "closed"
    if strand is None:
        return _OPEN[0]
    if submitted:
        return _OPEN[-1]
    return _WORKED[1] if worker else _WORKED[0]
