"""A referral is typed by several people at once, over lost connections, and nothing of it is lost (IN-22)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from icart_common.contracts.base import Actor, CommandRefused
from icart_common.contracts.drafts import DraftClashed, DraftSaved, DraftSubmitted, SaveDraft, SubmitDraft
from icart_common.contracts.ids import derived_id, new_id
from icart_common.contracts.intake import ContactOpened, SubmissionTaken
from icart_common.db.pool import Database
from icart_intake.domain.drafts import Draft, account_of, begin, save
from services.intake.tests.conftest import TUESDAY

DRAFT = derived_id(TUESDAY, "draft")
PATHS = ("event.what", "people.p1.given_name", "people.p1.born", "child_views")


def typing(page: str, base: int, draft: UUID = DRAFT, **fields: Any) -> SaveDraft:
    changes = [{"path": path.replace("__", "."), "value": value} for path, value in fields.items()]
    return SaveDraft(
        actor=Actor(person=f"person-{page}", role="contact-officer"), draft=draft, authority="halton",
        agency="public-halton", channel="phone", page=page, base_version=base, changes=changes,
    )  # fmt: skip


def saved(draft: Draft | None, command: SaveDraft) -> Draft:
    return save(draft or begin(command, TUESDAY), command, TUESDAY).draft


saves = st.lists(
    st.tuples(
        st.sampled_from(("tab-a", "tab-b", "tab-c")), st.integers(0, 12), st.sampled_from(PATHS), st.text(max_size=6)
    ),
    max_size=12,
)


@pytest.mark.req("IN-22")
@given(saves=saves)
@example(saves=[("tab-a", 0, PATHS[0], "x"), ("tab-b", 0, PATHS[0], "x"), ("tab-a", 0, PATHS[0], "y")])
def test_every_value_stands_until_somebody_who_saw_it_or_typed_it_replaces_it(saves):
    draft: Draft | None = None
    alive: dict[str, list[tuple[int, str, str]]] = {path: [] for path in PATHS}
    for page, base, path, value in saves:
        version = (draft.version if draft else 0) + 1
        base = min(base, version - 1)
        draft = saved(draft, typing(page, base, **{path.replace(".", "__"): value}))
        alive[path] = [one for one in alive[path] if one[0] > base and one[1] != page]
        alive[path].append((version, page, value))
        for checked in PATHS:
            held = {draft.fields[checked].value} if checked in draft.fields else set()
            beside = {clash.typed.value for clash in draft.clashes if clash.path == checked}
            assert {one[2] for one in alive[checked]} <= held | beside


@pytest.mark.req("IN-22")
@given(
    first=st.dictionaries(st.sampled_from(PATHS[:2]), st.text(max_size=5), min_size=1),
    second=st.dictionaries(st.sampled_from(PATHS[2:]), st.text(max_size=5), min_size=1),
)
def test_saves_of_other_fields_come_out_the_same_in_either_order(first, second):
    begun = saved(None, typing("tab-a", 0, event__when_in_words="yesterday"))
    commands = [
        typing(page, 1, **{path.replace(".", "__"): value for path, value in fields.items()})
        for page, fields in (("tab-a", first), ("tab-b", second))
    ]
    found = []
    for order in (commands, commands[::-1]):
        draft = begun
        for command in order:
            draft = saved(draft, command)
        found.append(({path: typed.value for path, typed in draft.fields.items()}, draft.clashes, draft.version))
    assert found[0] == found[1]


@pytest.mark.req("IN-22")
def test_a_clash_is_settled_by_whoever_saw_both():
    draft = saved(None, typing("tab-a", 0, event__what="She was hungry."))
    both = save(draft, typing("tab-b", 0, event__what="She was cold."), TUESDAY)
    (clash,) = both.clashes
    assert (clash.kept, clash.other) == ("She was hungry.", "She was cold.")
    chosen = saved(both.draft, typing("tab-a", 2, event__what="She was hungry and cold."))
    assert (chosen.fields["event.what"].value, chosen.clashes) == ("She was hungry and cold.", ())


@pytest.mark.req("IN-22")
def test_a_page_whose_connection_was_lost_goes_on_from_what_it_typed_itself():
    draft = saved(None, typing("tab-a", 0, event__what="She wa"))
    after = save(draft, typing("tab-a", 0, event__what="She was hungry."), TUESDAY)
    assert (after.draft.fields["event.what"].value, after.clashes) == ("She was hungry.", ())


def test_people_and_links_are_put_together_by_their_refs():
    draft = saved(None, typing("tab-a", 0, people__p2__given_name="Odalys", people__p2__role="parent",
                               people__p1__role="child", relationships__p2__p1="mother", event__what="x",
                               child_views="", consents__p2__status="refused"))  # fmt: skip
    assert account_of(draft) == {
        "referrer": {},
        "event": {"what": "x"},
        "relationships": [{"person": "p2", "kind": "mother", "of": "p1"}],
        "people": [{"ref": "p1", "role": "child"}, {"ref": "p2", "given_name": "Odalys", "role": "parent"}],
        "consents": [{"person": "p2", "status": "refused"}],
    }


def whole(draft: UUID, base: int = 0) -> SaveDraft:
    return typing("tab-a", base, draft, referrer__kind="public", event__what=f"Shouting every night, {draft}.",
                  people__p1__role="child", people__p1__given_name="Tamsin")  # fmt: skip


def submit(draft: UUID, version: int) -> SubmitDraft:
    return SubmitDraft(actor=Actor(person="person-a", role="contact-officer"), draft=draft, seen_version=version)


@pytest.mark.broker
@pytest.mark.req("IN-22", authority="halton")
async def test_typed_by_two_submitted_and_opened_as_any_referral(desk):
    draft = new_id()
    await desk.send(whole(draft))
    await desk.send(typing("tab-b", 0, draft, people__p1__given_name="Tamzin", why_now="It got worse."))
    (clash,) = await desk.said(DraftClashed)
    assert (clash.path, clash.kept, clash.other) == ("people.p1.given_name", "Tamsin", "Tamzin")
    await desk.send(submit(draft, 2))
    await desk.send(typing("tab-b", 2, draft, people__p1__given_name="Tamsin"))
    await desk.send(submit(draft, 2))
    await desk.send(submit(draft, 3))
    codes = [refused.code for refused in await desk.said(CommandRefused)]
    assert codes == ["clash-open", "version-moved"]
    (submitted,) = await desk.said(DraftSubmitted)
    (contact,) = await desk.said(ContactOpened)
    (taken,) = await desk.said(SubmissionTaken)
    assert submitted.submission == contact.submission == taken.submission == draft
    assert (contact.child.given_name, contact.why_now) == ("Tamsin", "It got worse.")
    await desk.send(typing("tab-b", 4, draft, why_now="More."), submit(draft, 4))
    assert [refused.code for refused in await desk.said(CommandRefused)][2:] == ["submitted", "submitted"]


@pytest.mark.broker
@pytest.mark.req("IN-22", authority="halton")
async def test_what_is_not_whole_is_refused_by_its_fields_and_stays(desk):
    draft = new_id()
    await desk.send(whole(draft), typing("tab-a", 1, draft, people__p1__born="2017-0", event__colour="grey"))
    await desk.send(submit(draft, 2))
    await desk.send(typing("tab-a", 2, draft, event__colour=None), submit(draft, 3))
    unknown, unfit = await desk.said(CommandRefused)
    assert (unknown.code, unknown.allowed) == ("unknown-field", ("event.colour",))
    assert (unfit.code, unfit.allowed) == ("not-whole", ("people.0.born",))
    assert "2017-0" not in unfit.model_dump_json()
    assert await desk.said(ContactOpened) == []
    (row,) = await desk.rows("draft")
    assert (row["submission"], row["version"], row["owner"]) == (None, 3, "person-tab-a")
    nobody = Actor(person="person-a", role="operations")
    as_nobody = (typing("tab-a", 3, draft, why_now="x"), submit(draft, 3))
    await desk.send(*(one.model_copy(update={"actor": nobody}) for one in as_nobody))
    refused = (await desk.said(CommandRefused))[2:]
    assert [one.code for one in refused] == ["role-may-not", "role-may-not"]
    headers = [str(row["headers"]) for row in await desk.rows("outbox") if CommandRefused.TYPE in str(row["headers"])]
    assert len(headers) == 4
    assert all("halton" in one for one in headers), (
        "each says whose it is, so that a page of that authority can show it"
    )
    assert any("contact-officer" in words for words in refused[0].allowed)


@pytest.mark.broker
@pytest.mark.req("IN-22", authority="halton")
async def test_a_draft_survives_a_restart_and_is_nobody_elses(desk, database: Database):
    draft = new_id()
    await desk.send(whole(draft))
    again = type(desk)(database, desk.book)
    again.now = desk.now
    await again.send(typing("tab-a", 1, draft, why_now="third time"))
    other = typing("tab-c", 2, draft, why_now="mine now").model_copy(update={"agency": "brackenfield-high"})
    await again.send(other)
    assert [one.version for one in await desk.said(DraftSaved)] == [1, 2]
    assert [one.code for one in await desk.said(CommandRefused)] == ["another-draft"]
    keys = [row["key"] for row in await desk.rows("outbox")]
    assert "Tamsin" not in str(keys)


@pytest.mark.broker
async def test_a_submit_that_overtakes_its_save_waits_for_it(desk):
    draft = new_id()
    await desk.send(submit(draft, 1))
    await desk.send(whole(draft))
    assert len(await desk.said(DraftSubmitted)) == 1


@pytest.mark.broker
@pytest.mark.req("IN-22", authority="halton")
async def test_what_was_abandoned_is_listed(desk):
    from icart_cli.referrals import DRAFTS

    left, sent = new_id(), new_id()
    await desk.send(whole(left), typing("tab-b", 0, left, event__what="Something else."), whole(sent))
    await desk.send(submit(sent, 1))
    async with desk.database.connection() as connection:
        (row,) = await connection.fetch(DRAFTS, "halton", 100)
    assert (row["id"], row["owner"], row["fields"], row["clashes"]) == (left, "person-tab-a", 4, 1)
