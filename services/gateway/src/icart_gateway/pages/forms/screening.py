"""The steps of a contact's own life: from triage to an authorised outcome (SC-1 to SC-19)."""

from __future__ import annotations

from typing import Final

from icart_common.contracts.at_once import StepUpNow, TellPolice
from icart_common.contracts.base import Command
from icart_common.contracts.corrections import Abandon, CorrectRecord
from icart_common.contracts.screening import (
    Allocate,
    Authorise,
    CloseAdvice,
    RecordConsent,
    RecordPrivacyNotice,
    RecordSection,
    SendBack,
    Submit,
    Triage,
)
from icart_common.contracts.standing_still import (
    PauseClocks,
    PauseUndertakingClocks,
    ResumeClocks,
    ResumeUndertakingClocks,
)
from icart_common.policy.screening import Section
from icart_gateway.pages.forms.field import Choice, Field
from icart_gateway.pages.forms.step import Scene, Step
from icart_gateway.pages.forms.wording import (
    NEEDS,
    URGENCIES,
    grounds,
    levels,
    named,
    people,
    reason,
)


def _triage(scene: Scene) -> tuple[Field, ...]:
    proposed = scene.record.proposed
    hint = ""
    if proposed:
        name = scene.pack.strand(proposed.strand).name
        hint = f"The rules propose {name}, {proposed.urgency}: {proposed.rule}. You decide."
    return (
        Field(
            "strand",
            "Where should it be screened?",
            "choice",
            hint,
            "Choose where it is screened",
            named(scene.pack.strands),
        ),
        Field("urgency", "How urgent is it?", "choice", "", "Choose how urgent it is", URGENCIES),
        reason("Why?", "Say why it goes there", "Stands in the record, beside what was proposed"),
        Field("instructions", "Instructions for whoever screens it", "long"),
    )


def _allocate(scene: Scene) -> tuple[Field, ...]:
    workers = tuple(
        Choice(one.person, one.name, f"{one.open_contacts} open {'contact' if one.open_contacts == 1 else 'contacts'}")
        for one in scene.workers
    )
    other = Choice("other", "Somebody else", "Give their staff number below")
    again = scene.record.worker is not None
    return (
        Field("worker", "Who screens it?", "choice", "", "Choose who screens it", (*workers, other)),
        Field("worker_number", "Staff number of somebody else", "text", "Only if you chose somebody else"),
        Field("instructions", "Instructions for them", "long"),
        Field(
            "reason",
            "Why does it go to another worker?",
            "text",
            "",
            "Say why it is taken from the worker who has it" if again else "",
        ),
    )[: 4 if again else 3]


def _worker(_scene: Scene, said: dict[str, object]) -> dict[str, object]:
    number = said.pop("worker_number", None)
    return {**said, "worker": number} if said.get("worker") == "other" else said


def sections_to_fill(scene: Scene) -> tuple[Section, ...]:
    """The sections of this contact that the role of whoever is signed in fills, in the record's order."""
    pack, strand = scene.pack, scene.record.strand
    role = pack.role(scene.who.role)
    own = pack.strand(strand).sections if strand else ()
    others = {one for other in pack.strands if other.id != strand for one in other.sections}
    mine = [
        one
        for one in pack.sections
        if role.may_fill(one.id) and (strand is None or one.id in own or one.id not in others)
    ]
    return tuple(sorted(mine, key=lambda one: one.order))


def _parts(scene: Scene) -> tuple[Choice, ...]:
    return named(sections_to_fill(scene))


def _section(scene: Scene) -> tuple[Field, ...]:
    """The section's text, and the statements that may be written in it (SC-6)."""
    chosen = scene.place.part or next((one.id for one in sections_to_fill(scene)), "")
    section = next((one for one in scene.pack.sections if one.id == chosen), None)
    if section is None:
        return ()
    record = scene.record
    strand = scene.pack.strand(record.strand) if record.strand else None
    asked = [
        one
        for one in scene.pack.required_statements
        if one.section == section.id or (one.section is None and strand and section.id in strand.sections)
    ]
    statements = (
        Field(
            f"statements.{one.id}",
            one.question,
            "long",
            _elsewhere(scene, one.id, section.id),
            starts_as=record.statements.get(one.id, ("", ""))[1],
        )
        for one in asked
    )
    return (
        Field("section", "Section", "fixed", starts_as=section.id),
        Field("text", section.name, "long", starts_as=record.sections.get(section.id, "")),
        *statements,
    )


def _elsewhere(scene: Scene, statement: str, section: str) -> str:
    written_in, text = scene.record.statements.get(statement, (section, ""))
    return f"Written in {scene.pack.section(written_in).name}" if text and written_in != section else ""


def _only_new(scene: Scene, said: dict[str, object]) -> dict[str, object]:
    """What stands there already is not written again, so that nobody is said to have written another's words."""
    record, section = scene.record, said.get("section")
    found = dict(said)
    if found.get("text") == record.sections.get(str(section)):
        del found["text"]
    statements = found.pop("statements", None)
    if isinstance(statements, dict):
        new = {name: text for name, text in statements.items() if record.statements.get(name, ("", ""))[1] != text}
        found |= {"statements": new} if new else {}
    return found


def _correct(scene: Scene) -> tuple[Field, ...]:
    return (
        *_section(scene),
        reason("What was wrong?", "Say what was wrong", "What stood there before stays in the log"),
    )


def _consent(scene: Scene) -> tuple[Field, ...]:
    return (
        Field("consent.person", "Whose consent?", "choice", "", "Choose whose consent it is", people(scene)),
        Field(
            "consent.status",
            "What did they say?",
            "choice",
            "",
            "Choose what they said",
            (
                Choice("given", "They agreed"),
                Choice("refused", "They refused"),
                Choice("not-sought", "They were not asked"),
            ),
        ),
        Field("consent.why_not", "If they were not asked, why not?", "text"),
        Field("consent.sought_by", "Who asked them?", "text"),
        Field("consent.when", "When?", "moment", "For example, 16 11 2026 and 14:30"),
        Field("consent.how", "How?", "text", "For example, in person or by telephone"),
    )


def _privacy(scene: Scene) -> tuple[Field, ...]:
    return (
        Field(
            "notice.person", "Who was shown the privacy notice?", "choice", "", "Choose who was shown it", people(scene)
        ),
        Field("notice.shown_by", "Who showed it to them?", "text", "", "Say who showed it", starts_as=scene.who.name),
        Field("notice.when", "When?", "moment", "For example, 16 11 2026 and 14:30", "Say when it was shown"),
        Field("notice.how", "How?", "text"),
    )


def _submit(scene: Scene) -> tuple[Field, ...]:
    record, pack = scene.record, scene.pack
    strand = pack.strand(record.strand or pack.strands[0].id)
    outcomes = [pack.outcome(one) for one in strand.outcomes]
    draft = record.draft
    without = grounds(scene, strand.consent.grounds)
    return (
        Field(
            "level",
            "Level of need",
            "choice",
            "",
            "Choose a level of need",
            levels(scene, {*strand.levels, *(one.level for one in outcomes)}),
            str(draft.level) if draft else "",
        ),
        Field(
            "outcome",
            "Outcome",
            "choice",
            "",
            "Choose an outcome",
            named(one for one in outcomes if not one.opened_in_error),
            draft.outcome if draft else "",
        ),
        Field("reasons", "Reasons", "long", "", "Give your reasons", starts_as=draft.reasons if draft else ""),
        Field("need_code", "The child's primary need", "select", "Needed when a referral follows", choices=NEEDS),
        Field("factors", "Factors", "lines", "One on each line"),
        Field(
            "without_consent",
            "If there is no consent, why does it go on?",
            "select",
            "",
            choices=without,
        ),
    )[: 6 if without else 5]


def _advice(scene: Scene) -> tuple[Field, ...]:
    strand = scene.pack.strand(scene.record.strand or scene.pack.strands[0].id)
    outcomes = named(scene.pack.outcome(one) for one in strand.authorisation.worker_may_close_outcomes)
    return (
        Field("outcome", "Outcome", "choice", "", "Choose an outcome", outcomes),
        Field("reasons", "Reasons", "long", "", "Give your reasons"),
    )


def _step_up(_scene: Scene) -> tuple[Field, ...]:
    return (
        reason("What is the risk?", "Say what the risk is"),
        Field(
            "crime",
            "What should the police be told at once?",
            "long",
            "Only if a crime against the child is suspected. Never say who told us",
        ),
        Field("strategy", "Why is a strategy discussion needed?", "long", "Only if you decide one now"),
    )


def _standing_still(pauses: type[Command], resumes: type[Command]) -> tuple[Step, Step]:
    """The same words for a contact's clocks and for those of what stands beside it."""
    return (
        Step(
            pauses,
            "Let its clocks stand still",
            "Let the clocks stand still",
            "The clocks stand still.",
            lambda _: (reason("Why can nobody go on?", "Say why nobody can go on"),),
        ),
        Step(
            resumes,
            "Let its clocks run on",
            "Let the clocks run on",
            "The clocks run again.",
            lambda _: (reason("Why can it go on?", "Say why it can go on"),),
        ),
    )


STEPS: Final = (
    Step(Triage, "Triage this contact", "Triage this contact", "The contact has been triaged.", _triage),
    Step(
        Allocate,
        "Give this contact to a worker",
        "Give it to them",
        "The contact has been allocated.",
        _allocate,
        _worker,
    ),
    Step(
        RecordSection,
        "Write in the record",
        "Save in the record",
        "What you wrote is in the record.",
        _section,
        _only_new,
        _parts,
    ),
    Step(RecordConsent, "Record consent", "Record consent", "Consent has been recorded.", _consent),
    Step(
        RecordPrivacyNotice,
        "Record that the privacy notice was shown",
        "Record it",
        "It is recorded that the privacy notice was shown.",
        _privacy,
    ),
    Step(
        Submit,
        "Submit with an outcome",
        "Submit for authorisation",
        "The contact waits for a manager to authorise it.",
        _submit,
    ),
    Step(
        Authorise,
        "Authorise the outcome",
        "Authorise the outcome",
        "The outcome has been authorised.",
        lambda _: (Field("note", "A note for the record", "long", "The referrer is not told of it"),),
    ),
    Step(
        SendBack,
        "Send it back",
        "Send it back",
        "The contact is back with its worker.",
        lambda _: (
            Field(
                "actions",
                "What is still to be done?",
                "lines",
                "One action on each line",
                "Say what is still to be done",
            ),
        ),
    ),
    Step(CloseAdvice, "Close as advice", "Close the contact", "The contact is closed.", _advice),
    Step(
        CorrectRecord,
        "Correct an error",
        "Correct the record",
        "The record has been corrected.",
        _correct,
        _only_new,
        _parts,
    ),
    Step(
        Abandon,
        "Opened in error",
        "Send it off as opened in error",
        "A manager is asked to close it as opened in error.",
        lambda _: (
            Field(
                "reason", "Why should it not have been opened?", "long", "", "Say why it should not have been opened"
            ),
        ),
    ),
    *_standing_still(PauseClocks, ResumeClocks),
    *_standing_still(PauseUndertakingClocks, ResumeUndertakingClocks),
    Step(
        StepUpNow,
        "Step up at once",
        "Step it up now",
        "The contact is with social workers, as immediate.",
        _step_up,
        danger=True,
    ),
    Step(
        TellPolice,
        "Tell the police",
        "Tell the police now",
        "The police are told.",
        lambda _: (
            Field(
                "concern",
                "What should the police be told?",
                "long",
                "Never say who told us",
                "Say what the police should be told",
            ),
        ),
        danger=True,
    ),
)
