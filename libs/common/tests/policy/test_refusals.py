"""A pack that cannot work is refused with the file, the line, the reason and what to do (AU-7)."""

from __future__ import annotations

from pathlib import Path

import pytest

from icart_common.policy import PolicyRefused, check_file, load_pack, load_packs

pytestmark = pytest.mark.req("AU-7")

# what is broken, the text that is there, the text instead, words of the reason
BROKEN = {
    "an unknown key": ("closures: []", "closurs: []", "unknown key 'closurs'"),
    "an unknown key deep inside": ("hands_back: \"09:00\"", "hands_back: \"09:00\"\n  hand_back: x", "unknown key"),
    "a value without its source": ("  source: 'S0, \"Contacting iCART\"'\n", "", "'source' is missing"),
    "a source of no kind": ("source: 'S0, \"Contacting iCART\"'", "source: everybody knows", "pattern"),
    "a missing role": ("worker_role: social-worker", "worker_role: social-wroker", "unknown role 'social-wroker'"),
    "a role that may not do the work": (
        "manager_role: social-work-manager", "manager_role: social-worker", "may not allocate",
    ),
    "nobody to accept the night team's work": ("edt-accept, ", "", "nobody may edt-accept"),
    "an unreachable outcome": (
        "outcomes: [advice-or-service, transfer-to-safeguarding, advise-caf, continue-plan]",
        "outcomes: [advice-or-service, transfer-to-safeguarding, advise-caf]",
        "unreachable outcome: no strand has 'continue-plan'",
    ),
    "an outcome that goes nowhere": ("transfers_to: safeguarding", "transfers_to: safegarding", "unknown strand"),
    "an outcome that goes in a circle": (
        "transfers_to: safeguarding", "transfers_to: early-intervention", "transfers a strand to itself",
    ),
    "a clock of no event": ("starts_on: step_up_agreed", "starts_on: step_up", "input should be"),
    "a clock that asks what is not yet known": (
        "starts_on: step_up_agreed, counted_from: event,",
        "starts_on: contact_opened, counted_from: event, when: {strand: [safeguarding]},",
        "a clock that cannot run: strand and urgency are not known on contact_opened",
    ),
    "answers that are chased on another day than they are asked for": (
        "answers: {allowance: {kind: working_days, n: 2}", "answers: {allowance: {kind: working_days, n: 3}",
        "answers are asked for by one day and chased on another",
    ),
    "a clock that ends as it starts": (
        "ends_on: [step_up_met]", "ends_on: [step_up_agreed]", "both starts and ends it",
    ),
    "a clock for a strand that is not there": (
        "when: {strand: [early-intervention]}", "when: {strand: [early]}", "unknown strand 'early'",
    ),
    "a clock of no allowance": ("{kind: calendar_weeks, n: 2}", "{kind: fortnight}", "fortnight"),
    "a clock of no time": ("{kind: calendar_weeks, n: 2}", "{kind: calendar_weeks, n: 0}", "greater than or equal"),
    "a clock beyond the known bank holidays": (
        "{kind: calendar_weeks, n: 2}", "{kind: calendar_weeks, n: 520}", "a clock that cannot run",
    ),
    "a clock that is due as it starts": (
        "allowance: {kind: elapsed, hours: 72}", "allowance: {kind: elapsed, hours: 0}", "it is due as it starts",
    ),
    "an absence with the clock of something else": (
        "absence_clock: absence", "absence_clock: TM-6", "does not go off at the moment of an absence",
    ),
    "a flag that nobody of that kind is asked about": (
        "agency_kind: probation, fact", "agency_kind: police, fact", "asks no agency of kind 'police'",
    ),
    "a flag of one adult that an answer is to say": (
        "of: adult, known_as: adult_safeguarding,",
        "of: adult, said_by: {check: services, agency_kind: probation, fact: x, source: S1},",
        "does not say of which adult",
    ),
    "a safety clock that pauses": (
        "allowance: {kind: elapsed, hours: 72}", "may_pause: true, allowance: {kind: elapsed, hours: 72}", "never pauses",
    ),
    "an unknown desktop": ("  desktop: cart\n", "  desktop: kart\n", "unknown desktop 'kart'"),
    "hours that run backwards": ("monday: 09:00-17:30", "monday: 17:30-09:00", "not after it opens"),
    "overlapping hours": ("hands_back: \"09:00\"", "hands_back: \"09:30\"", "overlapping hours"),
    "hours with a gap": ("friday: \"16:40\"", "friday: \"16:50\"", "nobody answers from 16:40"),
    "a check of an agency that is not there": (
        "agency_kinds: [police]\n    questions", "agencies: [polise]\n    questions", "unknown agency 'polise'",
    ),
    "a check that can be sent to nobody": (
        "agency_kinds: [police]\n    questions", "agency_kinds: [cafcass]\n    questions", "can be sent to nobody",
    ),
    "a check that no clock times": (
        "when: {agency_kind: [voluntary, probation]}", "when: {agency_kind: [probation]}",
        "no clock times check 'services' of hearthside-halton",
    ),
    "a check of our own records that no clock times": (
        "household, council-tax]}", "household]}", "no clock times check 'council-tax' of our own workers",
    ),
    "a check that reaches nobody": (
        "delivery: {email: [casework.hearthside@example.org]}, ", "", "cannot reach 'hearthside-halton'",
    ),
    "a check that cannot be answered": (
        "may_write: [vpa, referrals, replies]", "may_write: [vpa, referrals]", "may not answer by message",
    ),
    "a check of our own that names agencies": (
        "    asked_of: worker\n    questions: [{id: history,",
        "    asked_of: worker\n    agency_kinds: [school]\n    questions: [{id: history,", "and it names agencies",
    ),
    "a clock of a check that is not there": ("household, council-tax]}", "household, council-taxes]}", "unknown check"),
    "nobody to share without consent": ("share-without-consent, ", "", "without the parents' knowledge"),
    "public hours without staff": ("friday: 09:00-16:30", "friday: 09:00-16:45", "at which nobody works"),
}  # fmt: skip


def broken(folder: Path, text: str, there: str, instead: str) -> Path:
    assert there in text, f"the pack does not hold {there!r}"
    file = folder / "broken.yaml"
    file.write_text(text.replace(there, instead), encoding="utf-8")
    return file


@pytest.mark.parametrize("case", BROKEN)
def test_refused_with_file_line_and_reason(tmp_path: Path, halton_text: str, case: str) -> None:
    there, instead, reason = BROKEN[case]
    file = broken(tmp_path, halton_text, there, instead)
    problems = check_file(file)
    named = [problem for problem in problems if reason.lower() in problem.reason.lower()]
    assert named, [str(problem) for problem in problems]
    assert named[0].file == str(file)
    assert 0 < named[0].line <= len(file.read_text().splitlines())
    assert named[0].fix
    with pytest.raises(PolicyRefused, match=str(file.name)):
        load_pack(file)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("{{ referrer_name }}", "OutcomeOthersView has no field 'referrer_name'"),
        ("{{ reference.__class__ }}", "may not reach inside"),
        ("{{ reference | nonsense }}", "No filter named 'nonsense'"),
        ("{% if %}", "cannot be read"),
        ("{{ range(9) }}", "'range'"),
    ],
)
def test_a_template_that_shows_more_than_its_view(tmp_path: Path, halton_text: str, body: str, reason: str) -> None:
    there = 'subject: "Thank you, reference {{ reference }}"'
    file = broken(tmp_path, halton_text, there, f'subject: "{body}"')
    problem = next(problem for problem in check_file(file) if reason in problem.reason)
    assert file.read_text().splitlines()[problem.line - 1].strip().startswith("subject:")


def test_a_subject_that_names_a_child(tmp_path: Path, halton_text: str) -> None:
    there = 'subject: "Operation Encompass, {{ force_reference }}"'
    file = broken(tmp_path, halton_text, there, 'subject: "About {{ child_name }}"')
    assert any("a subject may not hold child_name" in problem.reason for problem in check_file(file))


def test_a_template_for_another_audience(tmp_path: Path, halton_text: str) -> None:
    file = broken(tmp_path, halton_text, "view: OutcomeOthersView", "view: OutcomeProfessionalView")
    assert any("another audience" in problem.reason for problem in check_file(file))


def test_a_missing_template(tmp_path: Path, halton_text: str) -> None:
    file = broken(tmp_path, halton_text, "  - id: repeat\n", "  - id: repeated\n")
    reasons = [problem.reason for problem in check_file(file)]
    assert "template 'repeat' is missing" in reasons
    assert "template 'repeated' is never sent" in reasons


def test_the_line_is_the_line_of_the_mistake(tmp_path: Path, halton_text: str) -> None:
    file = broken(tmp_path, halton_text, "desktop: cart\n", "desktop: kart\n")
    (problem,) = check_file(file)
    assert file.read_text().splitlines()[problem.line - 1] == "    desktop: kart"
    assert problem.fix == "Did you mean 'cart'?"
    assert str(problem).startswith(f"{file}:{problem.line}: ")


def test_all_problems_come_together(tmp_path: Path, halton_text: str) -> None:
    text = halton_text.replace("desktop: cart\n", "desktop: kart\n").replace(
        "worker_role: social-worker", "worker_role: x"
    )
    file = broken(tmp_path, text, "transfers_to: safeguarding", "transfers_to: nowhere")
    with pytest.raises(PolicyRefused) as refused:
        load_pack(file)
    assert len(refused.value.problems) == 3


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"authority: {id: x", "not readable as YAML"),
        (b"[]", "valid dictionary"),
        (b"authority: !!python/object:os.system x", "not readable as YAML"),
        (b"[" * 200_000, "nested too deeply"),
        (b"roles: &r []\nstrands: *r", "an alias"),
        (b"version: '2026.1'\nversion: '2026.2'", "comes twice"),
    ],
)
def test_a_file_that_is_no_pack(tmp_path: Path, content: bytes, reason: str) -> None:
    file = tmp_path / "none.yaml"
    file.write_bytes(content)
    assert any(reason in problem.reason for problem in check_file(file)), check_file(file)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    (problem,) = check_file(tmp_path / "absent.yaml")
    assert "cannot be read" in problem.reason


def test_a_folder_without_packs(tmp_path: Path) -> None:
    with pytest.raises(PolicyRefused, match="no policy pack"):
        load_packs(tmp_path)


def test_two_files_of_one_version(tmp_path: Path, halton_text: str) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(halton_text, encoding="utf-8")
    with pytest.raises(PolicyRefused, match=r"version 2026\.1 of 'halton' is already in"):
        load_packs(tmp_path)


def test_an_agency_that_differs_between_authorities(tmp_path: Path, halton_text: str) -> None:
    (tmp_path / "halton.yaml").write_text(halton_text, encoding="utf-8")
    other = halton_text.replace("{id: halton, ", "{id: elsewhere, ")
    (tmp_path / "elsewhere.yaml").write_text(other, encoding="utf-8")
    with pytest.raises(PolicyRefused) as refused:
        load_packs(tmp_path)
    clashing = {problem.path for problem in refused.value.problems}
    assert "agencies.edt-halton" in clashing
    assert "agencies.cheshire-police" not in clashing
