"""Professional disagreement: raised, answered, raised higher, resolved, against its clocks (SC-20, TM-16)."""

import pytest

from icart_common.contracts.disagreements import (
    AnswerDisagreement,
    DisagreementResolved,
    RaiseDisagreement,
    RaiseHigher,
    ResolveDisagreement,
)
from icart_common.contracts.timers import CancelClock, MeetClock, StartClock
from icart_screening.domain.undertakings.disagreement import Disagreement
from services.screening.tests.front_door import FrontDoor, each, of_type

RAISED = {"about": "the outcome", "because": "nothing has changed at home", "wants": "an assessment"}


def raised(door: FrontDoor) -> tuple[Disagreement, str]:
    """A disagreement of the school with the contact's outcome, and a role that may settle it."""
    contact = door.open()
    one = door.begun(contact, RaiseDisagreement, door.cast.manager, "m1", agency=door.cast.school, **RAISED)
    held = door.undertakings[one]
    assert isinstance(held, Disagreement)
    return held, door.cast.manager


@each("SC-20", "TM-16")
def test_from_the_managers_to_the_board_and_its_resolution(door: FrontDoor) -> None:
    one, manager = raised(door)
    door.begun(one.id, AnswerDisagreement, manager, "m2", answer="The plan is to be given six weeks.")
    door.begun(one.id, RaiseHigher, manager, "m1", because="Six weeks is too long for this child.")
    door.begun(one.id, AnswerDisagreement, manager, "m2", answer="An assessment begins this week.")
    door.begun(
        one.id, ResolveDisagreement, manager, "m2", resolution="Assessed.", upheld=True, learnt="Ask the school."
    )
    held = door.undertakings[one.id]
    assert isinstance(held, Disagreement)
    assert [answer.stage for answer in held.answers] == ["managers", "board"]
    assert (held.state, held.upheld, held.version) == ("resolved", True, 5)
    (resolved,) = of_type(door.told, DisagreementResolved)
    assert (resolved.stage, resolved.by.person) == ("board", "m2")
    started = {clock.clock: clock.rule for clock in of_type(door.clocks, StartClock) if clock.subject == one.id}
    assert set(started.values()) == {"TM-16-stage-1", "TM-16-stage-2"}
    met = [clock.clock for clock in of_type(door.clocks, MeetClock) if clock.clock in started]
    assert sorted(met) == sorted(started)
    assert not [clock for clock in of_type(door.clocks, CancelClock) if clock.clock in started]


@each("SC-20")
def test_nobody_settles_their_own_and_nothing_is_done_out_of_turn(door: FrontDoor) -> None:
    one, manager = raised(door)
    assert door.not_begun(one.id, AnswerDisagreement, manager, "m1", answer="No.").code == "own-decision"
    door.begun(one.id, AnswerDisagreement, manager, "m2", answer="No.")
    again = door.not_begun(one.id, AnswerDisagreement, manager, "m2", answer="Still no.")
    assert again.code == "not-now"
    assert again.allowed == (
        "raise it to the board", "record how it was resolved", "let its clocks stand still", "let its clocks run on",
    )  # fmt: skip
    assert (
        door.not_begun(one.id, AnswerDisagreement, manager, "m2", answer="No.", seen_version=1).code == "version-moved"
    )
    assert door.undertakings[one.id].version == 2


@each("SC-20")
def test_a_disagreement_goes_on_when_the_contact_has_closed(door: FrontDoor) -> None:
    contact = door.allocated(door.cast.early, consents=())
    unknown = door.not_begun(contact, RaiseDisagreement, door.cast.manager, "m1", agency="no-such-agency", **RAISED)
    assert unknown.code == "unknown-agency"
    one = door.begun(contact, RaiseDisagreement, door.cast.manager, "m1", agency=door.cast.school, **RAISED)
    door.contacts[contact] = door.contacts[contact].model_copy(update={"status": "closed", "desktop": None})
    door.begun(one, ResolveDisagreement, door.cast.manager, "m2", resolution="Withdrawn.", upheld=False)
    assert not door.undertakings[one].open


@each()
@pytest.mark.parametrize("command", [AnswerDisagreement, ResolveDisagreement])
def test_a_role_that_may_not_hears_which_may(door: FrontDoor, command: type) -> None:
    one, _ = raised(door)
    fields = {"answer": "No."} if command is AnswerDisagreement else {"resolution": "None.", "upheld": False}
    refused = door.not_begun(one.id, command, "edt-worker", "e1", **fields)
    assert refused.code == "role-may-not"
    assert refused.allowed
