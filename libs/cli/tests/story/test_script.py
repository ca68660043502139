"""A story file that cannot be played is refused with its file, its line and the reason, before anything starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from icart_cli.story.script import StoryRefused, parse_story, read_stories


def problems(text: str) -> list[str]:
    _, found = parse_story(text, "evening.yaml")
    return [str(problem) for problem in found]


def test_a_story_is_read_with_the_line_of_each_step(story: str) -> None:
    script, found = parse_story(story, "evening.yaml")
    assert not found
    assert script is not None
    assert script.lines == (9, 22)
    assert script.name == "evening"


@pytest.mark.parametrize(
    ("before", "after", "line", "reason"),
    [
        ("    proves: [IN-3]", "    proofs: [IN-3]", 11, "unknown key 'proofs'"),
        ("at: Fri 18 Dec 2026 10:05", "at: Mon 18 Dec 2026 10:05", 9, "is a Friday, not 'Mon'"),
        ("at: Fri 18 Dec 2026 10:05", "at: tomorrow", 9, "an instant is written like"),
        ("at: Fri 18 Dec 2026 10:30", "at: Fri 18 Dec 2026 10:00", 1, "comes before the one ahead of it"),
        ("submit: referral.submitted", "submit: referral.lost", 13, "there is no message type 'referral.lost'"),
        ("submit: referral.submitted", "submit: screening.closed", 13, "is not sent by partners"),
        ("kind: professional", "kind: wizard", 18, "$.referrer.kind"),
        ("          channel: form\n", "          channel: form\n          colour: red\n", 18, "has no field 'colour'"),
        ("by: manager", "by: nobody", 25, "'nobody' is not in the cast"),
        ("about: first/p1", "about: second/p1", 25, "nothing was called 'second' before this"),
        ("urgency: urgent", "urgency: someday", 25, "$.urgency"),
        ("command: screening.triage", "command: timers.start", 25, "is not a person's command"),
        ("        name: first\n", "        name: first\n        attach: [{name: a.txt}]\n", 13, "'text' is missing"),
        ("said: intake", "sad: intake", 21, "this has none of the keys"),
        ("count: 1", "where: {gaps: {moon: 1}}", 21, "is compared with a value, or by one of"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(story: str, before: str, after: str, line: int, reason: str) -> None:
    assert before in story
    found = problems(story.replace(before, after, 1))
    assert any(one.startswith(f"evening.yaml:{line}:") and reason in one for one in found), found


def test_a_command_about_an_undertaking_needs_only_its_name(story: str) -> None:
    answer = (
        "{command: screening.answer-disagreement, about: first/p1/disagreement, by: manager, fields: {answer: So.}}"
    )
    command = story[story.index("{command: ") :].split("\n")[0]
    assert problems(story.replace(command, answer)) == []
    wrong = answer.replace("answer: So.", "reply: So.")
    assert any("has no field 'reply'" in one for one in problems(story.replace(command, wrong)))


def test_two_stories_of_the_same_time_cannot_share_one_clock(story: str, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(story)
    (tmp_path / "b.yaml").write_text(story)
    with pytest.raises(StoryRefused, match="there is one clock"):
        read_stories([tmp_path])


def test_stories_are_played_in_the_order_of_their_time(story: str, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(story)
    (tmp_path / "b.yaml").write_text(story.replace("Fri 18 Dec 2026", "Fri 11 Dec 2026"))
    assert [script.name for script in read_stories([tmp_path])] == ["b", "a"]


def test_a_folder_without_a_story_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoryRefused, match="there is no story"):
        read_stories([tmp_path])
