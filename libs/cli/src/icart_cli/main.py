"""`icart`: one command line for partners, operators and operations.

Exit codes: 0 done; 1 it ran, and what it found is not as it should be; 2 the command's words or its file are wrong;
3 refused by the broker, the database or the catalogue; 4 something does not answer; 5 waited for in vain.
Nothing personal goes into an argument: what is sent is read from a file or from standard input (`-`).
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from icart_cli import api_commands, audit_commands, cases_commands, documents_commands, exits, match, records_commands
from icart_cli.gateway_commands import app as gateway_app
from icart_cli.lives.command import draw
from icart_cli.options import Folder, Json, Person, Reason, output_of
from icart_cli.output import Output
from icart_cli.places import DEFAULT_FOLDER, Places
from icart_cli.rights_page import rights
from icart_common.policy import PolicyRefused

app = typer.Typer(
    help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None
)
topics_app = typer.Typer(help="Topics and their ACLs, as the catalogue and the packs say.", no_args_is_help=True)
letters_app = typer.Typer(
    help="Messages that could not be handled: list, look at, correct, send again.", no_args_is_help=True
)
policy_app = typer.Typer(help="Policy packs.", no_args_is_help=True)
schema_app = typer.Typer(help="Message types, their schemas and the AsyncAPI document.", no_args_is_help=True)
for name, group in (
    ("topics", topics_app), ("dead-letters", letters_app), ("policy", policy_app), ("schema", schema_app),
    ("api", api_commands.app), ("cases", cases_commands.app),
    ("documents", documents_commands.app), ("match", match.app), ("audit", audit_commands.app),
    ("gateway", gateway_app),
):  # fmt: skip
    app.add_typer(group, name=name)
records_commands.add_to(app)

Service = Annotated[str, typer.Argument(help="intake, police-vpa, screening, notifications, timers or gateway")]
PagesPort = Annotated[
    int, typer.Option(min=0, max=65535, help="Where the pages answer; any free port when it is 0 or taken.")
]


def _run(work: Coroutine[Any, Any, int | None]) -> None:
    raise typer.Exit(asyncio.run(work) or exits.OK)


@app.command()
def up(
    folder: Folder = DEFAULT_FOLDER,
    brokers: Annotated[int, typer.Option(help="1, or 3 for a cluster with three copies of everything.")] = 1,
    packs: Annotated[
        Path | None, typer.Option(help="A folder of policy packs instead of those that come along.")
    ] = None,
    pages_port: PagesPort = 8420,
    as_json: Json = False,
) -> None:
    """Start broker, database (unless the environment names them), all services and the pages; Ctrl-C stops all of it."""
    from icart_cli.up import up as run_up

    if brokers not in {1, 3}:
        raise exits.Stop(exits.WRONG_USE, f"--brokers is 1 or 3, not {brokers}.")
    _run(run_up(Output(as_json=as_json), folder, brokers=brokers, packs=packs, pages_port=pages_port))


@app.command()
def demo(
    stories: Annotated[
        list[Path] | None, typer.Argument(help="Story files; those in docs/stories when none is named.")
    ] = None,
    folder: Folder = DEFAULT_FOLDER,
    brokers: Annotated[int, typer.Option(help="1, or 3 for a cluster with three copies of everything.")] = 1,
    open_pages: Annotated[
        bool, typer.Option("--open", help="Look on: the pages first, a breath between steps, and no end before Ctrl-C.")
    ] = False,
    pages_port: PagesPort = 8420,
    as_json: Json = False,
) -> None:
    """Play the stories on a real broker and database; 0 only when everything that had to come of them came."""
    from icart_cli.story.demo import demo as play

    chosen = stories or sorted(Path("docs/stories").glob("*.yaml"))
    if not chosen:
        raise exits.Stop(
            exits.WRONG_USE, "There is no docs/stories here.", "Name story files, or run it in the project's folder."
        )
    _run(play(
        Output(as_json=as_json), folder, chosen, brokers=brokers, pages_port=pages_port, watched=open_pages
    ))  # fmt: skip


@app.command()
def submit(
    file: Annotated[Path, typer.Argument(help="The message as JSON; - for standard input.")],
    kind: Annotated[str, typer.Option("--type", help="Its message type.")] = "icart.referral.submitted.v1",
    wait: Annotated[float, typer.Option(help="Seconds to show what becomes of it; 0 returns at once.")] = 5.0,
    attach: Annotated[
        list[Path] | None, typer.Option(help="A document that comes with it; as often as needed.")
    ] = None,
    folder: Folder = DEFAULT_FOLDER,
    as_json: Json = False,
) -> None:
    """Send a partner's message (a referral, a VPA, a notice) and show what becomes of it."""
    from icart_cli import partner

    async def work() -> None:
        await partner.submit(output_of(as_json), Places(folder), file, kind, wait_seconds=wait, attach=attach or ())

    _run(work())


@app.command()
def follow(
    submission: Annotated[str | None, typer.Argument(help="Id of a submission, contact, VPA or notice.")] = None,
    last: Annotated[bool, typer.Option("--last", help="What was submitted last from this folder.")] = False,
    wait: Annotated[float, typer.Option(help="Seconds of silence after which it ends.")] = 3.0,
    folder: Folder = DEFAULT_FOLDER,
    as_json: Json = False,
) -> None:
    """Show everything that has been said of one submission: contacts, clocks with their sums, messages back."""
    from icart_cli import partner

    places = Places(folder)
    if last == (submission is not None):
        raise exits.Stop(exits.WRONG_USE, "Give an id, or --last.")
    correlations, subjects = partner.last_submission(places) if last else (set(), {str(submission)})

    async def work() -> int:
        return (
            exits.OK
            if await partner.follow(output_of(as_json), places, correlations, subjects, seconds=wait)
            else exits.NOT_AS_EXPECTED
        )

    _run(work())


@app.command("send-command")
def send_command(
    file: Annotated[Path, typer.Argument(help="The command as JSON or YAML; - for standard input.")],
    kind: Annotated[str, typer.Option("--type", help="Its message type, for example icart.screening.triage.v1.")],
    wait: Annotated[float, typer.Option(help="Seconds to wait for the answer.")] = 15.0,
    folder: Folder = DEFAULT_FOLDER,
    as_json: Json = False,
) -> None:
    """Send an operator's command and show the answer; a refusal says what would be allowed (exit code 3)."""
    from icart_cli import operate

    _run(operate.send_command(output_of(as_json), Places(folder), file, kind, wait_seconds=wait))


@app.command()
def migrate(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be done.")] = False,
    folder: Folder = DEFAULT_FOLDER,
    as_json: Json = False,
) -> None:
    """Bring every service's database to its newest revision."""
    from icart_cli import migrations

    _run(migrations.migrate_all(output_of(as_json), Places(folder), dry_run=dry_run))


Authority = Annotated[str, typer.Option("--authority", help="For example halton.")]


@app.command()
def gaps(
    authority: Authority,
    agency: Annotated[str | None, typer.Option("--agency", help="Only of this agency.")] = None,
    since: Annotated[datetime | None, typer.Option("--since", help="Only of referrals since this day (UTC).")] = None,
    folder: Folder = DEFAULT_FOLDER,
    as_json: Json = False,
) -> None:
    """What each agency's referrals leave out, how often it answers, and in what time: the child's voice first."""
    from icart_cli import referrals

    day = since.replace(tzinfo=UTC) if since else None
    _run(referrals.gaps(output_of(as_json), Places(folder), authority, agency, day))


@app.command()
def drafts(
    authority: Authority,
    limit: Annotated[int, typer.Option(help="At most so many.")] = 100,
    folder: Folder = DEFAULT_FOLDER,
    as_json: Json = False,
) -> None:
    """Referrals that were begun and never sent, the longest untouched first. Never what they say."""
    from icart_cli import referrals

    _run(referrals.drafts(output_of(as_json), Places(folder), authority, limit))


@app.command("form-notice")
def form_notice(
    authority: Authority,
    at: Annotated[datetime | None, typer.Option("--at", help="An instant in UTC; now when it is left out.")] = None,
    as_json: Json = False,
) -> None:
    """What the online form says before and after it is sent: out of hours, that nobody reads it, and whom to call."""
    from icart_cli import referrals

    when = at.replace(tzinfo=UTC) if at else Places(DEFAULT_FOLDER).clock().now()
    referrals.show_form_notice(output_of(as_json), authority, when)


@app.command()
def doctor(folder: Folder = DEFAULT_FOLDER, as_json: Json = False) -> None:
    """What is reachable, what is behind, what is wrong and what to do."""
    from icart_cli import doctor as looks

    _run(looks.doctor(output_of(as_json), Places(folder)))


def _topics(apply: bool, folder: Path, as_json: bool, acls: bool) -> None:
    from icart_cli import topics

    raise typer.Exit(
        topics.topics(output_of(as_json), Places(folder), apply=apply, with_acls=acls, simulated_time=False)
    )


Acls = Annotated[bool, typer.Option("--acls/--no-acls", help="Rights too, on a broker that has them.")]


@topics_app.command("plan")
def topics_plan(folder: Folder = DEFAULT_FOLDER, acls: Acls = False, as_json: Json = False) -> None:
    """Show what `apply` would change."""
    _topics(False, folder, as_json, acls)


@topics_app.command("apply")
def topics_apply(folder: Folder = DEFAULT_FOLDER, acls: Acls = False, as_json: Json = False) -> None:
    """Make, grow and configure topics, grant and revoke rights. Nothing is deleted."""
    _topics(True, folder, as_json, acls)


@letters_app.command("list")
def letters_list(
    services: Annotated[list[str] | None, typer.Argument(help="Services; all of them when none is named.")] = None,
    state: Annotated[str | None, typer.Option(help="waiting, sent-again, discarded, or all")] = "waiting",
    code: Annotated[str | None, typer.Option(help="Only this reason, for example wrong-schema.")] = None,
    topic: Annotated[str | None, typer.Option(help="Only from this topic.")] = None,
    limit: Annotated[int, typer.Option(help="At most so many from each service.")] = 100,
    folder: Folder = DEFAULT_FOLDER,
    as_json: Json = False,
) -> None:
    """Where each came from and why it is here; never what it says."""
    from icart_cli import dead_letters

    chosen = None if state == "all" else state
    _run(dead_letters.show_list(
        output_of(as_json), Places(folder), services or [], state=chosen, code=code, topic=topic, limit=limit
    ))  # fmt: skip


@letters_app.command("show")
def letters_show(
    service: Service,
    dead_letter: UUID,
    person: Person,
    reason: Reason,
    folder: Folder = DEFAULT_FOLDER,
    as_json: Json = False,
) -> None:
    """The whole original. It may hold personal data: who looked, and why, is recorded first."""
    from icart_cli import dead_letters

    _run(dead_letters.show_one(output_of(as_json), Places(folder), service, dead_letter, person=person, reason=reason))


@letters_app.command("replay")
def letters_replay(
    service: Service,
    person: Person,
    reason: Reason,
    dead_letters: Annotated[
        list[UUID] | None, typer.Argument(help="Ids; all that --code and --topic choose when none is given.")
    ] = None,
    code: Annotated[str | None, typer.Option(help="Only this reason.")] = None,
    topic: Annotated[str | None, typer.Option(help="Only from this topic.")] = None,
    correction: Annotated[
        Path | None, typer.Option(help="A file with the corrected message, for one dead letter.")
    ] = None,
    really: Annotated[bool, typer.Option("--really", help="Do it; without it this is a dry run.")] = False,
    folder: Folder = DEFAULT_FOLDER,
    as_json: Json = False,
) -> None:
    """Have dead letters handled again where they are kept, as of when they came; or send one corrected, on its topic."""
    from icart_cli import dead_letters as letters

    _run(letters.replay(
        output_of(as_json), Places(folder), service, dead_letters or [], code=code, topic=topic, correction=correction,
        really=really, person=person, reason=reason,
    ))  # fmt: skip


@letters_app.command("discard")
def letters_discard(
    service: Service,
    dead_letters: list[UUID],
    person: Person,
    reason: Reason,
    folder: Folder = DEFAULT_FOLDER,
    as_json: Json = False,
) -> None:
    """Mark dead letters as not to be sent again. They are kept."""
    from icart_cli import dead_letters as letters

    _run(letters.discard(output_of(as_json), Places(folder), service, dead_letters, person=person, reason=reason))


policy_app.command("draw")(draw)
policy_app.command("rights")(rights)


@policy_app.command("check")
def policy_check(files: list[Path], as_json: Json = False) -> None:
    """Say what is wrong with policy packs: file, line, reason and what to do."""
    from icart_cli import checks

    raise typer.Exit(checks.policy_check(output_of(as_json), files))


@policy_app.command("list")
def policy_list(as_json: Json = False) -> None:
    """The packs that come with this release."""
    from icart_cli import checks

    checks.policy_list(output_of(as_json))


Docs = Annotated[Path, typer.Option(help="The folder of the AsyncAPI document.")]


@schema_app.command("list")
def schema_list(as_json: Json = False) -> None:
    """Every message type, where it travels and who says it."""
    from icart_cli import checks

    checks.schema_list(output_of(as_json))


@schema_app.command("show")
def schema_show(kind: Annotated[str, typer.Argument(help="A message type.")]) -> None:
    """The JSON Schema of a message type."""
    from icart_cli import checks

    checks.schema_show(Output(), kind)


@schema_app.command("check")
def schema_check(docs: Docs = Path("docs"), as_json: Json = False) -> None:
    """The compatibility gate: does every type keep what it promised, and is the document of this code."""
    from icart_cli import checks

    raise typer.Exit(checks.schema_check(output_of(as_json), docs))


@schema_app.command("write")
def schema_write(
    replace: Annotated[
        list[str] | None, typer.Option(help="A type whose committed version was never released.")
    ] = None,
    docs: Docs = Path("docs"),
    as_json: Json = False,
) -> None:
    """Write the schemas and the AsyncAPI document from the code."""
    from icart_cli import checks

    raise typer.Exit(checks.schema_write(output_of(as_json), docs, replace or []))


def main() -> None:
    """The entry point: turns what a command raises into a sentence and an exit code."""
    try:
        app()
    except exits.Stop as stop:
        Output(as_json=not sys.stderr.isatty()).error(str(stop), stop.fix)
        sys.exit(stop.code)
    except PolicyRefused as refused:
        Output(as_json=not sys.stderr.isatty()).error(str(refused), "`icart policy check FILE` shows each problem.")
        sys.exit(exits.WRONG_USE)
    except KeyboardInterrupt:
        sys.exit(130)
