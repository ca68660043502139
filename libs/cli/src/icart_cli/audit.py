"""`icart audit check`: is the trail of reads as it was written (QA-4)?"""

from __future__ import annotations

from icart_cli import exits
from icart_cli.database import connect
from icart_cli.output import Output
from icart_cli.places import Places
from icart_gateway.guarding.trail import bad_rows, heads


async def check(output: Output, places: Places) -> int:
    """Work every hash out again. Returns the exit code: 0 when all fit.

    The last hash of each trail is printed: kept elsewhere, it shows later that nobody wrote the whole trail anew.
    """
    async with connect(places, "gateway") as connection:
        bad = [one async for one in bad_rows(connection)]
        ends = await heads(connection)
    for one in bad:
        output.fact(
            "bad-row", f"{one.authority}, row {one.place}: {one.why}.", style="red", authority=one.authority, place=one.place,
            why=one.why,
        )  # fmt: skip
    for authority, (place, last) in sorted(ends.items()):
        output.fact(
            "trail",
            f"{authority}: {place} reads, the last hash is {last.hex()}",
            authority=authority,
            reads=place,
            last=last.hex(),
        )
    output.fact(
        "verdict", "Every trail is as it was written." if not bad else f"{len(bad)} trails were changed.", bad=len(bad)
    )
    return exits.NOT_AS_EXPECTED if bad else exits.OK
