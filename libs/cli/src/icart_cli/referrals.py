"""`icart gaps`, `icart drafts`, `icart form-notice`: what referrals leave out, what is still being typed, what the form says."""

from __future__ import annotations

from datetime import datetime

from icart_cli import exits
from icart_cli.database import connect
from icart_cli.describe import shown
from icart_cli.output import Output
from icart_cli.places import Places
from icart_common.policy import UnknownPolicy, load_packs
from icart_common.policy.form_notice import form_notice

GAPS = """
with every as (
    select a.agency, split_part(q.question, ':', 1) as question, null::timestamptz as answered_at, a.asked_at
    from asked a cross join lateral jsonb_array_elements_text(coalesce(a.state->'open', '[]')) q (question)
    where a.authority = $1 and ($2::text is null or a.agency = $2) and ($3::timestamptz is null or a.asked_at >= $3)
    union all
    select a.agency, split_part(q.key, ':', 1), q.value::timestamptz, a.asked_at
    from asked a cross join lateral jsonb_each_text(coalesce(a.state->'answered', '{}')) q
    where a.authority = $1 and ($2::text is null or a.agency = $2) and ($3::timestamptz is null or a.asked_at >= $3)
)
select agency, question, count(*) as asked, count(answered_at) as answered,
       round((extract(epoch from percentile_cont(0.5) within group (order by answered_at - asked_at)) / 3600)::numeric, 1)
           as hours
from every group by agency, question
order by agency, question <> all($4::text[]), count(*) desc, question
"""
DRAFTS = """
select id, agency, owner, version, saved_at, (select count(*) from jsonb_object_keys(state->'fields')) as fields,
       jsonb_array_length(state->'clashes') as clashes
from draft where authority = $1 and submission is null order by saved_at, id limit $2
"""


async def gaps(output: Output, places: Places, authority: str, agency: str | None, since: datetime | None) -> None:
    """Which questions each agency leaves open, how often it answers and in what time (IN-3): the child's voice first."""
    try:
        questions = load_packs().pack(authority).good_referral.questions
    except UnknownPolicy as unknown:
        raise exits.Stop(exits.WRONG_USE, f"{unknown}.") from None
    voice = [question.id for question in questions if question.path == "child_views"]
    async with connect(places, "intake") as connection:
        found = await connection.fetch(GAPS, authority, agency, since, voice)
    rows = [
        (
            row["agency"],
            row["question"],
            row["asked"],
            row["answered"],
            "" if row["hours"] is None else f"{row['hours']}",
        )
        for row in found
    ]
    output.table(
        "gap",
        ("agency", "question", "asked", "answered", "median hours"),
        rows,
        empty="Nothing has been asked: every referral was whole, or none came.",
    )


async def drafts(output: Output, places: Places, authority: str, limit: int) -> None:
    """Drafts that nobody has submitted, the longest untouched first: whose, never what they say (IN-22)."""
    async with connect(places, "intake") as connection:
        found = await connection.fetch(DRAFTS, authority, limit)
    rows = [
        (
            str(row["id"]),
            row["agency"],
            row["owner"],
            row["version"],
            shown(row["saved_at"]),
            row["fields"],
            row["clashes"],
        )
        for row in found
    ]
    output.table(
        "draft", ("id", "agency", "owner", "version", "saved", "fields", "clashes"), rows, empty="No open drafts."
    )


def show_form_notice(output: Output, authority: str, at: datetime) -> None:
    """What the online form says at an instant, before and after it is sent (IN-13)."""
    try:
        notice = form_notice(load_packs().pack(authority), at)
    except UnknownPolicy as unknown:
        raise exits.Stop(exits.WRONG_USE, f"{unknown}.") from None
    if notice is None:
        output.fact("form-notice", "The front door is open.", authority=authority, open=True)
    else:
        output.fact("form-notice", f"{notice.subject}\n{notice.body}", authority=authority, open=False)
