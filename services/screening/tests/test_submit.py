"""The worker submits: nothing blank, a level that fits, consent where it is needed (SC-6 to SC-8, CO-2, CO-3)."""

from typing import Any

from icart_common.contracts.referral import Consent, Person, Referrer
from icart_common.contracts.screening import ContactSubmitted, RecordConsent, Submit, Triage
from icart_common.policy.consent import ParentalConsent
from icart_screening.domain.consent import consent_stands
from icart_screening.domain.contact import Contact
from icart_screening.domain.refusal import Refusal
from services.screening.tests.front_door import MONDAY, FrontDoor, contact_opened, each, of, of_type

GIVEN = Consent(person="p2", status="given", sought_by="w1", when=MONDAY, how="visit")
REFUSED = Consent(person="p2", status="refused")
OF_NO_RESPONSIBILITY = Consent(person="p3", status="given", sought_by="w1", when=MONDAY, how="visit")


def submit(door: FrontDoor, contact: Any, outcome: str, level: int, **fields: Any) -> Contact | Refusal:
    whole = {"outcome": outcome, "level": level, "reasons": "because of what was found", **fields}
    decided = door.tell(contact, Submit, door.worker_of(contact), "w1", **whole)
    return decided if isinstance(decided, Refusal) else decided[0].contact


def code(decided: Contact | Refusal) -> str | None:
    return decided.code if isinstance(decided, Refusal) else None


@each("SC-3", "SC-8", "SC-2")
def test_it_goes_to_the_authorisation_desktop_with_what_was_found(door: FrontDoor) -> None:
    contact = door.allocated(door.cast.safeguarding, consents=(GIVEN,))
    held = door.submitted(
        contact, door.cast.assessment, door.cast.assessment_level, need_code="N1", factors=("domestic abuse",)
    )
    assert held.desktop == door.pack.strand(door.cast.safeguarding).authorisation_desktop
    (said,) = of_type(door.log, ContactSubmitted)
    assert (said.by.person, said.outcome, said.need_code, said.factors) == (
        "w1", door.cast.assessment, "N1", ("domestic abuse",),
    )  # fmt: skip
    assert held.status == "open"


@each("SC-6")
def test_every_blank_section_and_statement_is_named(door: FrontDoor) -> None:
    contact = door.allocated(door.cast.early, consents=(GIVEN,))
    decided = submit(door, contact, door.cast.early_ending, door.cast.early_level)
    assert isinstance(decided, Refusal)
    assert decided.code == "section-blank"
    strand = door.pack.strand(door.cast.early)
    for section in strand.sections:
        assert door.pack.section(section).name in decided.why
    for statement in door.pack.required_statements:
        assert statement.question in decided.why


@each("SC-6")
def test_one_blank_statement_is_enough(door: FrontDoor) -> None:
    contact = door.allocated(door.cast.early, consents=(GIVEN,))
    door.fill(contact, without=("child-views",))
    decided = submit(door, contact, door.cast.early_ending, door.cast.early_level)
    assert isinstance(decided, Refusal)
    question = next(held.question for held in door.pack.required_statements if held.id == "child-views")
    assert (decided.code, decided.why, decided.allowed) == (
        "statement-blank", f"still blank: {question}", (f"answer: {question}",),
    )  # fmt: skip


@each("SC-10", "SC-4")
def test_only_the_allocated_worker_submits(door: FrontDoor) -> None:
    contact = door.allocated(door.cast.safeguarding, consents=(GIVEN,))
    fields = {"outcome": door.cast.advice, "level": 1, "reasons": "so"}
    assert door.refused(contact, Submit, door.cast.social_worker, "w2", **fields).code == "not-your-work"
    assert door.refused(contact, Submit, door.cast.manager, "w1", **fields).code == "role-may-not"
    door.submitted(contact, door.cast.advice, 1)
    assert door.refused(contact, Submit, door.cast.social_worker, "w1", **fields).code == "submitted"


@each("SC-4")
def test_what_nobody_was_given_nobody_submits(door: FrontDoor) -> None:
    contact = door.open()
    fields = {"outcome": door.cast.early_ending, "level": door.cast.early_level, "reasons": "so"}
    assert door.refused(contact, Submit, door.cast.early_worker, "w1", **fields).code == "not-triaged"
    door.done(contact, Triage, door.cast.manager, "m1", strand=door.cast.early, urgency="routine", reason="so")
    assert door.refused(contact, Submit, door.cast.early_worker, "w1", **fields).code == "not-allocated"


@each("SC-7", "SC-8")
def test_every_outcome_of_a_strand_and_no_other_can_be_submitted(door: FrontDoor) -> None:
    for strand in door.pack.strands:
        for outcome in door.pack.outcomes:
            contact = door.allocated(strand.id, consents=(GIVEN,))
            door.fill(contact)
            decided = submit(door, contact, outcome.id, outcome.level, need_code="N2")
            wanted = None if outcome.id in strand.outcomes else "outcome-not-of-strand"
            assert code(decided) == wanted, f"{outcome.id} on {strand.id}"


@each("SC-8")
def test_the_level_has_to_be_one_for_the_outcome(door: FrontDoor) -> None:
    contact = door.allocated(door.cast.safeguarding, consents=(GIVEN,))
    door.fill(contact)
    assert code(submit(door, contact, door.cast.assessment, 1, need_code="N1")) == "level-disagrees"
    assert code(submit(door, contact, door.cast.advice, door.cast.assessment_level)) == "level-disagrees"


@each("SC-8", "SC-24")
def test_an_assessment_needs_the_need_code(door: FrontDoor) -> None:
    contact = door.allocated(door.cast.safeguarding, consents=(GIVEN,))
    door.fill(contact)
    outcome, level = door.cast.assessment, door.cast.assessment_level
    assert code(submit(door, contact, outcome, level)) == "need-code-needed"
    assert code(submit(door, contact, outcome, level, need_code="N0")) is None


@each("CO-2")
def test_early_intervention_waits_for_consent(door: FrontDoor) -> None:
    contact = door.allocated(door.cast.early)
    door.fill(contact)
    ending = door.cast.early_ending, door.cast.early_level
    assert code(submit(door, contact, *ending)) == "consent-needed"
    door.done(contact, RecordConsent, door.cast.early_worker, "w1", consent=OF_NO_RESPONSIBILITY)
    assert code(submit(door, contact, *ending)) == "consent-needed"
    door.done(contact, RecordConsent, door.cast.early_worker, "w1", consent=GIVEN)
    assert code(submit(door, contact, *ending)) is None


@each("CO-1", "CO-2")
def test_what_one_of_two_who_hold_responsibility_refuses_is_not_agreed(door: FrontDoor) -> None:
    father = Person(ref="p4", role="parent", given_name="Ambrose", parental_responsibility=True)
    refuses = Consent(person="p4", status="refused", sought_by="w1", when=MONDAY, how="telephone")
    contact = door.allocated(door.cast.early, consents=(GIVEN,), family=(*contact_opened().family, father))
    door.fill(contact)
    before = door.contacts[contact]
    door.done(contact, RecordConsent, door.cast.early_worker, "w1", consent=refuses)
    ending = door.cast.early_ending, door.cast.early_level
    decided = submit(door, contact, *ending)
    assert isinstance(decided, Refusal)
    assert (decided.code, "refused" in decided.why) == ("consent-needed", True)
    assert [consent_stands(one, door.pack) for one in (before, door.contacts[contact])] == [True, False]
    once = door.pack.model_copy(update={"parental_consent": ParentalConsent(stands="once-somebody-gives", source="S1")})
    assert consent_stands(door.contacts[contact], once), "the pack says which of the two it is"
    door.done(
        contact, RecordConsent, door.cast.early_worker, "w1", consent=refuses.model_copy(update={"status": "given"})
    )
    assert code(submit(door, contact, *ending)) is None


@of("CO-2", authorities=("halton",))
def test_halton_exempts_the_public_family_and_the_anonymous(door: FrontDoor) -> None:
    for kind in ("professional", "family", "child", "public", "anonymous"):
        contact = door.allocated("early-intervention", referrer=Referrer(kind=kind))
        door.fill(contact)
        wanted = None if kind in ("family", "public", "anonymous") else "consent-needed"
        assert code(submit(door, contact, "advise-caf", 2)) == wanted


@of("CO-2", authorities=("cheshire-west",))
def test_cheshire_west_exempts_nobody_from_consent_to_early_help(door: FrontDoor) -> None:
    for kind in ("professional", "family", "child", "public", "anonymous"):
        contact = door.allocated("early-help", referrer=Referrer(kind=kind))
        door.fill(contact)
        assert code(submit(door, contact, "advise-taf", 2)) == "consent-needed"


@of("CO-2", "CO-3", authorities=("york",))
def test_york_takes_an_enquiry_on_where_asking_would_risk_harm(door: FrontDoor) -> None:
    contact = door.allocated("enquiry")
    door.fill(contact)
    assert code(submit(door, contact, "brokered-support", 2, without_consent="crime")) == "unknown-ground"
    assert code(submit(door, contact, "brokered-support", 2, without_consent="risk-of-significant-harm")) is None


@each("CO-2")
def test_where_consent_was_refused_it_can_only_end_with_nothing_done(door: FrontDoor) -> None:
    for outcome in door.pack.strand(door.cast.early).outcomes:
        contact = door.allocated(door.cast.early, consents=(REFUSED,))
        door.fill(contact)
        held = door.pack.outcome(outcome)
        decided = submit(door, contact, outcome, held.level, need_code="N1")
        allowed = held.no_further_action or held.transfers_to is not None
        assert code(decided) == (None if allowed else "consent-needed")


@each("CO-3")
def test_safeguarding_without_consent_says_why(door: FrontDoor) -> None:
    contact = door.allocated(door.cast.safeguarding)
    door.fill(contact)
    ending: dict[str, Any] = {"outcome": door.cast.assessment, "level": door.cast.assessment_level, "need_code": "N1"}
    decided = submit(door, contact, **ending)
    assert isinstance(decided, Refusal)
    assert decided.code == "consent-ground-needed"
    assert any(door.cast.ground in sentence for sentence in decided.allowed)
    assert code(submit(door, contact, **ending, without_consent="it was raining")) == "unknown-ground"
    held = submit(door, contact, **ending, without_consent=door.cast.ground)
    assert isinstance(held, Contact)
    assert held.submitted is not None
    assert held.submitted.without_consent == door.cast.ground
