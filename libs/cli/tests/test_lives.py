"""The pictures of lives: of these packs, complete, and readable."""

from collections import Counter
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from icart_cli.lives.drawn import BEGINS, Drawn, of_kind, of_strand
from icart_cli.lives.mermaid import mermaid
from icart_cli.lives.pages import stale, write
from icart_cli.lives.svg import layout, svg
from icart_cli.main import app
from icart_common.policy import load_packs
from icart_common.policy.lives import LIVES
from icart_common.policy.lives import contact as contact_life
from icart_screening.domain.decide import COMMANDS

BOOK = load_packs()
DRAWN = [
    drawn
    for pack in BOOK.packs()
    for drawn in (*(of_kind(life, pack) for life in LIVES), *(of_strand(strand, pack) for strand in pack.strands))
]
every_life = pytest.mark.parametrize("life", DRAWN, ids=[f"{place}-{life.id}" for place, life in enumerate(DRAWN)])


def test_the_pages_in_the_docs_are_of_these_packs() -> None:
    assert stale(Path("docs/lives"), BOOK) == []


def test_a_page_that_is_missing_changed_or_too_many_is_stale_until_they_are_written_again(tmp_path: Path) -> None:
    written = {path.name for path in write(tmp_path, BOOK)}
    assert {"README.md", "strategy-discussion.md", "contact-york-referral.svg"} <= written
    (tmp_path / "disagreement.svg").unlink()
    (tmp_path / "README.md").write_text("by hand")
    (tmp_path / "gone.md").write_text("of another time")
    assert stale(tmp_path, BOOK) == ["README.md", "disagreement.svg", "gone.md"]
    assert {path.name for path in write(tmp_path, BOOK)} == set(stale(tmp_path, BOOK)) | {
        "README.md", "disagreement.svg", "gone.md",
    }  # fmt: skip
    assert write(tmp_path, BOOK) == []


@every_life
def test_nothing_lies_on_anything_else(life: Drawn) -> None:
    placed = layout(life)
    for upper, lower in combinations(placed.boxes, 2):
        assert upper.y + upper.height < lower.y
    heights = Counter(y for arrow in placed.arrows for y in (arrow.start, arrow.end))
    assert set(heights.values()) <= {1}
    assert len({arrow.lane for arrow in placed.arrows}) == len(placed.arrows)
    assert all(arrow.lane < placed.legend for arrow in placed.arrows)
    boxes = {y for box in placed.boxes for y in range(box.y, box.y + box.height)}
    assert heights.keys() <= boxes
    picture = ElementTree.fromstring(svg(life))
    height = float(picture.attrib["height"])
    assert all(float(text.attrib["y"]) < height for text in picture.iter("{http://www.w3.org/2000/svg}text"))


@every_life
def test_every_step_and_state_is_drawn_and_every_state_but_an_end_is_left(life: Drawn) -> None:
    text, picture = mermaid(life), svg(life)
    for step in life.steps:
        assert f">{step.number}. {step.says.split(':')[0]}" in picture.replace("&#x27;", "'")
        assert step.who not in ("", "nobody")
        for source, target in step.arrows():
            start = "[*]" if source == BEGINS else source.replace("-", "_").replace(" ", "_")
            assert f"    {start} --> {target.replace('-', '_').replace(' ', '_')}: {step.number}. " in text
    reached = {target for step in life.steps for _, target in step.arrows()}
    assert reached == set(life.states) - {BEGINS}


def test_a_contacts_life_has_a_step_for_every_command_and_for_no_other() -> None:
    steps = [step for pack in BOOK.packs() for strand in pack.strands for step in contact_life.steps_on(strand, pack)]
    assert {step.command for step in steps if step.command} == COMMANDS


@pytest.mark.req("AU-7", authority="york")
def test_one_life_of_one_pack_is_drawn_to_a_file(tmp_path: Path) -> None:
    runner = CliRunner()
    picture = tmp_path / "life.svg"
    drawn = runner.invoke(app, ["policy", "draw", "--authority", "york", "--life", "enquiry", "--to", str(picture)])
    assert drawn.exit_code == 0, drawn.output
    assert "Advice team manager" in picture.read_text()
    assert "TM-5" in picture.read_text()
    text = runner.invoke(app, ["policy", "draw", "--authority", "york", "--life", "strategy-discussion"])
    assert text.output.startswith("stateDiagram-v2")
    unknown = runner.invoke(app, ["policy", "draw", "--life", "no-such"])
    assert "strategy-discussion" in str(getattr(unknown.exception, "fix", ""))
