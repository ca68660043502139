"""Step-down to early help: with the plan and the lead professional named, agreed by the family, or not at all (SC-18)."""

from typing import Any
from uuid import UUID

import pytest

from icart_common.contracts.referral import Consent
from icart_common.contracts.stepping import ReturnStepDown, StepDown, SteppedDown, TakeUpStepDown
from icart_screening.domain.undertakings.step_down import SteppingDown
from services.screening.tests.front_door import FrontDoor, each, of_type


def closed(door: FrontDoor, **changes: Any) -> UUID:
    contact = door.open(**changes)
    door.contacts[contact] = door.contacts[contact].model_copy(update={"status": "closed", "desktop": None})
    return contact


def whole(door: FrontDoor, **changes: Any) -> dict[str, Any]:
    plan = door.pack.stepping.step_down.plans[0].id
    said = {"service": door.cast.school, "plan_kind": plan, "plan": "Weekly visits until Easter."}
    lead = {"lead_professional": "Isolde Pennywhistle", "lead_agency": door.cast.school}
    return {**said, **lead, "because": "The aims were met.", "agreed_by": "Her mother", **changes}


@each("SC-18")
def test_a_case_goes_down_with_its_plan_and_lead_and_is_taken_up(door: FrontDoor) -> None:
    contact = closed(door)
    one = door.begun(contact, StepDown, door.cast.manager, "m1", **whole(door))
    (said,) = of_type(door.told, SteppedDown)
    assert (said.service, said.lead_professional) == (door.cast.school, "Isolde Pennywhistle")
    assert said.child.family_name == "Quillfeather"
    again = door.not_begun(contact, StepDown, door.cast.manager, "m1", **whole(door))
    assert again.code == "offered-already"
    door.begun(one, TakeUpStepDown, door.cast.manager, "m1", first_meeting="2026-11-27")
    found = door.undertakings[one]
    assert isinstance(found, SteppingDown)
    assert (found.state, str(found.first_meeting)) == ("taken-up", "2026-11-27")


@each("SC-18")
@pytest.mark.parametrize(
    ("blank", "named"),
    [
        ({"plan": ""}, "the plan"),
        ({"lead_professional": " "}, "the lead professional"),
        ({"plan": "", "lead_professional": ""}, "the plan and the lead professional"),
    ],
)
def test_without_plan_or_lead_professional_it_is_refused_and_they_are_named(
    door: FrontDoor, blank: dict[str, str], named: str
) -> None:
    refused = door.not_begun(closed(door), StepDown, door.cast.manager, "m1", **whole(door, **blank))
    assert refused.code == "not-whole"
    assert refused.why.endswith(f"missing: {named}")
    assert not door.undertakings


@each("SC-18")
def test_the_family_agrees_and_the_service_can_be_told(door: FrontDoor) -> None:
    manager = door.cast.manager
    assert door.not_begun(door.open(), StepDown, manager, "m1", **whole(door)).code == "contact-open"
    contact = closed(door)
    assert door.not_begun(contact, StepDown, manager, "m1", **whole(door, agreed_by="")).code == "consent-needed"
    assert door.not_begun(contact, StepDown, manager, "m1", **whole(door, service="nobody")).code == "unknown-agency"
    unknown = door.not_begun(contact, StepDown, manager, "m1", **whole(door, plan_kind="no-plan"))
    assert unknown.code == "unknown-plan"
    assert unknown.allowed
    assert door.not_begun(contact, StepDown, "edt-worker", "e1", **whole(door)).code == "role-may-not"
    given = Consent(person="p2", status="given")
    differ = closed(door, consents=(given, Consent(person="p4", status="refused")))
    assert door.not_begun(differ, StepDown, manager, "m1", **whole(door, agreed_by="")).code == "consent-needed"
    agreed = closed(door, consents=(given,))
    door.begun(agreed, StepDown, manager, "m1", **whole(door, agreed_by=""))


@each("SC-18")
def test_a_service_that_cannot_take_it_gives_it_back_and_another_is_asked(door: FrontDoor) -> None:
    contact = closed(door)
    one = door.begun(contact, StepDown, door.cast.manager, "m1", **whole(door))
    door.begun(one, ReturnStepDown, door.cast.manager, "m1", because="The family has moved.")
    assert door.undertakings[one].state == "returned"
    assert door.begun(contact, StepDown, door.cast.manager, "m1", **whole(door)) != one
