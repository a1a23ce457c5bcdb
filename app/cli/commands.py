"""`keskus`: run the service, the demo, a sandbox PBX, and the first steps of administration.

Loading the whole service takes longer than most commands run, so only the commands that run it load it.
"""

import asyncio
import shlex
from collections import Counter
from datetime import datetime
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncEngine

from app.accounts.errors import PasswordUnfit
from app.cli.backup import backup as backup_command
from app.cli.backup import restore as restore_command
from app.cli.base import console, loaded_or_fail, problems, say, with_engine
from app.cli.base import fail as _fail
from app.cli.base import settings_or_fail as _settings
from app.cli.check import check as check_command
from app.cli.settings import HelpWithSettings, SettingsFile, use_settings_file
from app.cli.settings import settings as settings_command
from app.cli.user import user
from app.crm.imports.direct import bring_directly
from app.crm.imports.queries import Counts
from app.crm.imports.tables import ImportJobRow
from app.domain.campaigns import DialMode
from app.domain.ids import CampaignId
from app.domain.spans import counted, span
from app.history.rebuild import Report, rebuild
from app.lists.reader import Look
from app.pbx.event_log import EventLog
from app.records.changes import Kind
from app.records.errors import DatabaseUnreachable, DatabaseUrlInvalid
from app.records.migrations import head
from app.records.spool import SpoolUnusable
from app.sandbox.configuration import write_own
from app.sandbox.packages import SandboxError
from app.sandbox.sandbox import Certificate, Layout, Sandbox, default_run_dir, shipped
from app.service.settings import PREFIX
from app.service.starting import CannotStart, check_event_log
from app.simulator.learned import DayUnfit
from app.simulator.plots import KINDS, PlotsMissing
from app.staffing.simulate import Wishes, live, plot, read_day, table_of, variants
from app.staffing.what_if import on_record
from app.system import clock, logs
from app.system.loading import loading
from app.system.moments import of_this_machine
from app.system.private import keep_new_files_private

if TYPE_CHECKING:
    from app.service.wiring import House

app = typer.Typer(
    help="Keskus: a call centre on top of Asterisk.", no_args_is_help=True, pretty_exceptions_enable=False
)
pbx = typer.Typer(help="A sandbox Asterisk on this machine, to try things with.", no_args_is_help=True)
db = typer.Typer(help="The database.", no_args_is_help=True)
bring = typer.Typer(help="Import lists from files.", no_args_is_help=True)
app.add_typer(pbx, name="pbx")
app.add_typer(user, name="user")
app.add_typer(db, name="db")
app.add_typer(bring, name="import")
app.command("check")(check_command)
app.command("settings")(settings_command)
app.command("backup")(backup_command)
app.command("restore")(restore_command)

SHOWN = 40  # differing calls that are listed
RunDir = Annotated[Path, typer.Option("--run-dir", help="The sandbox's own folder.")]


@app.callback()
def every_command(settings: SettingsFile = None) -> None:
    """Keskus: a call centre on top of Asterisk."""
    keep_new_files_private()
    use_settings_file(settings)


@app.command(context_settings={"help_option_names": []})
def serve(_help: HelpWithSettings = False) -> None:
    """Run the service until it is stopped. Settings come from KESKUS__... variables and a settings file."""
    loaded = loaded_or_fail()
    with loading():
        from app.service.wiring import run as run_house
        from app.service.wiring import serve as serve_house
    log = loaded.settings.log
    logs.configure(log.level, json=log.json_lines)
    try:
        run_house(serve_house(loaded, _say_started))
    except (CannotStart, DatabaseUrlInvalid, DatabaseUnreachable, SpoolUnusable) as error:
        _fail(str(error))
    except PasswordUnfit as error:
        _fail(f"KESKUS__ADMIN__PASSWORD: {error}")


@app.command()
def demo(
    calls: Annotated[int, typer.Option(min=0, help="End after so many calls; 0 goes on until Ctrl-C.")] = 0,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The page's TCP port; 0 takes a free one.")
    ] = 8000,
) -> None:
    """Run a call centre on this machine: a PBX, robot operators, random callers, and a web page."""
    with loading():
        from app.demo.show import run_demo
    try:
        raise typer.Exit(asyncio.run(run_demo(console, calls=calls, port=port)))
    except SandboxError as error:
        _fail(str(error))
    except (KeyboardInterrupt, asyncio.CancelledError):
        raise typer.Exit(130) from None


@app.command()
def simulate(  # noqa: PLR0917 - Typer gives them by name
    operators: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=1_000,
            help="Operators logged in all day; left out: 10, or as many as on the day of --from-day.",
        ),
    ] = None,
    leads: Annotated[
        int | None, typer.Option(min=0, help="The most numbers to dial; 0: no campaign; left out: no limit.")
    ] = None,
    answer_rate: Annotated[
        float, typer.Option(min=0.1, max=100.0, help="The share of dials that are answered, in %.")
    ] = 25.0,
    mode: Annotated[
        DialMode | None,
        typer.Option(help="How the campaign dials; left out: predictive, or as on the day of --from-day."),
    ] = None,
    lines: Annotated[
        float, typer.Option(min=1.0, max=10.0, help="Lines for each free operator, in mode ratio.")
    ] = 1.5,
    calls: Annotated[float, typer.Option(min=0.0, help="Inbound calls an hour.")] = 0.0,
    hours: Annotated[float, typer.Option(min=0.5, max=24.0, help="The length of the day, in hours.")] = 8.0,
    seeds: Annotated[
        int,
        typer.Option(min=1, max=1_000, help="How many days to simulate, each with a random seed of its own."),
    ] = 4,
    from_day: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Take all of this from the records of that day."),
    ] = None,
    more_operators: Annotated[
        int, typer.Option(help="Also simulate the day with this many more operators, or fewer.")
    ] = 0,
    target: Annotated[
        float,
        typer.Option(
            min=0.0, help="The target of the service level: seconds within which a call is to be answered."
        ),
    ] = 20.0,
    picture: Annotated[
        list[Path] | None,
        typer.Option("--plot", help="Draw the result into this file, .svg or .png; may be repeated."),
    ] = None,
) -> None:
    """Simulate a day around the real floor: operators' occupancy, abandoned calls, callers' waits."""
    for path in picture or ():
        if path.suffix.lower() not in KINDS:
            _fail(f"{path}: a picture's name ends in {' or '.join(KINDS)}")
        if not path.absolute().parent.is_dir():
            _fail(f"{path}: there is no such directory")
    wishes = Wishes(
        operators=operators,
        hours=hours,
        mode=mode,
        answer_rate=answer_rate / 100.0,
        lines=lines,
        leads=inf if leads is None else leads,
        calls=calls,
        target_s=target,
    )
    record = None
    if from_day is not None:
        _moment(from_day)
        record = with_engine(lambda engine: read_day(engine, from_day.date()))
    try:
        day = wishes.made_up() if record is None else wishes.like(record)
        lived = live(variants(day, more_operators), seeds, problems)
        title = f"A day of {span(day.hours * 3600)}, lived {counted(seeds, 'time')}"
        console.print(table_of(lived, target, None if record is None else on_record(record), title))
        for path in picture or ():
            plot(lived, day, path)
            say(f"Drawn: {path}")
    except DayUnfit as error:
        _fail(f"{from_day:%Y-%m-%d}: {error}" if from_day else str(error))
    except PlotsMissing as error:
        _fail(str(error))
    except OSError as error:
        _fail(f"the picture cannot be written: {error.strerror or error}")
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


@pbx.command()
def up(
    run_dir: RunDir = default_run_dir(),  # noqa: B008 - a default to be shown in the help
    tls: Annotated[bool, typer.Option("--tls", help="Listen for SIP over TLS, too.")] = False,
    certificate: Annotated[
        Path | None,
        typer.Option(exists=True, help="The certificate for --tls, in PEM; left out: one is made."),
    ] = None,
    key: Annotated[Path | None, typer.Option(exists=True, help="The certificate's key, in PEM.")] = None,
) -> None:
    """Start the sandbox; the first time fetches Asterisk."""
    if (certificate is None) != (key is None) or (certificate is not None and not tls):
        _fail("--certificate and --key go together, and with --tls")
    given = Certificate(certificate.resolve(), key.resolve()) if certificate and key else tls
    sandbox = Sandbox(run_dir, tls=given)
    layout = _start(sandbox)
    if tls and not layout.tls_port:
        _fail("it runs already, without TLS; stop it first: keskus pbx down")
    say(f"Asterisk is up in {run_dir}")
    console.print(f"  SIP (UDP, TCP)   {layout.host}:{layout.sip_port}")
    if layout.tls_port:
        console.print(f"  SIP over TLS     {layout.host}:{layout.tls_port}, sound by SRTP")
        if certificate is None:
            say(f"    phones are to trust {run_dir / 'sip.crt'}")
    console.print(f"  browser phones   {layout.websocket_url}")
    console.print(f"  AMI              {layout.host}:{layout.ami_port}, user {layout.ami_username}")
    console.print(f"  carrier          calls from {layout.trunk_host} are the trunk's")
    console.print("What keskus serve needs, to be pasted into its shell:")
    for name, value in _serve_variables(sandbox, layout).items():
        console.out(f"export {name}={shlex.quote(value)}", highlight=False)
    console.print("keskus pbx cli 'core show channels' asks it; keskus pbx down stops it.")


def _serve_variables(sandbox: Sandbox, layout: Layout) -> dict[str, str]:
    """The settings of a service on this PBX. The AMI secret goes into a file, so that no screen shows it."""
    secret = sandbox.run_dir / "ami_secret"
    write_own(secret, layout.ami_secret)
    port = layout.tls_port or layout.sip_port
    variables = {
        "HOST": layout.host,
        "PORT": str(layout.ami_port),
        "USERNAME": layout.ami_username,
        "SECRET_FILE": str(secret),
        "SOFTPHONES_URL": sandbox.softphones_url,
        "EVENT_LOG_URL": sandbox.event_log_url,
        "SOUNDS": str(sandbox.sounds),
        "LOG": str(sandbox.log_file),
        "SIP_ADDRESS": f"{layout.host}:{port}",
        "SIP_TRANSPORT": "tls" if layout.tls_port else "udp",
        "WEBSOCKET_URL": layout.websocket_url,
    }
    return {f"{PREFIX}PBX__{name}": value for name, value in variables.items()}


@pbx.command()
def down(run_dir: RunDir = default_run_dir()) -> None:  # noqa: B008
    """Stop the sandbox; calls in progress end."""
    asyncio.run(Sandbox(run_dir).stop())
    console.print("Asterisk is down.")


@pbx.command()
def status(run_dir: RunDir = default_run_dir()) -> None:  # noqa: B008
    """Tell whether the sandbox runs; exit status 1 if not."""
    found = asyncio.run(Sandbox(run_dir).status())
    if not found.running or found.layout is None:
        say(f"No Asterisk runs in {run_dir}.")
        raise typer.Exit(1)
    say(f"Asterisk runs in {run_dir}: process {found.pid}, SIP port {found.layout.sip_port}.")


@pbx.command("files")
def pbx_files() -> None:
    """Print the folder with the files for an Asterisk of your own: asterisk/ and dialplan/."""
    typer.echo(shipped("asterisk").parent)


@pbx.command()
def cli(command: str, run_dir: RunDir = default_run_dir()) -> None:  # noqa: B008
    """Run one Asterisk console command, such as 'pjsip show endpoints'."""
    try:
        console.out(asyncio.run(Sandbox(run_dir).cli(command)), highlight=False)
    except SandboxError as error:
        _fail(str(error))


@db.command("upgrade")
def upgrade_database() -> None:
    """Upgrade the tables to this version; `serve` does so too."""

    async def nothing_more(_: AsyncEngine) -> None:
        return None

    with_engine(nothing_more)
    console.print(f"The database is at {head()}, the newest version.")


@db.command("rebuild")
def rebuild_records(
    from_at: Annotated[
        datetime, typer.Option("--from", help="The first moment, in local time, such as 2026-03-02T08:00.")
    ],
    to_at: Annotated[datetime, typer.Option("--to", help="The first moment after the period.")],
    only_check: Annotated[
        bool,
        typer.Option(
            "--check", help="Print what differs and change nothing; exit status 1 if anything does."
        ),
    ] = False,
) -> None:
    """Rebuild the call records of a period from the PBX's own event log, and print what differed.

    Records that agree within a second stay as they are; fields that the log does not have (contacts, names) are kept.
    """
    settings = _settings()
    url = settings.pbx.event_log_url.get_secret_value()
    if not url:
        _fail("KESKUS__PBX__EVENT_LOG_URL is not set: where does the PBX keep its event log?")
    if from_at >= to_at:
        _fail("the period ends before it begins")
    begins, ends = _moment(from_at), _moment(to_at)

    async def work(engine: AsyncEngine) -> Report:
        await check_event_log(url)
        events = EventLog(url)
        try:
            return await rebuild(
                engine,
                events,
                begins,
                ends,
                write=not only_check,
                region=settings.floor.region,
            )
        finally:
            await events.close()

    report = with_engine(work)
    console.print(_differences(report))
    if only_check and report.changes:
        raise typer.Exit(1)


@bring.command("leads")
def import_leads(
    file: Annotated[
        Path,
        typer.Argument(exists=True, dir_okay=False, readable=True, help="A CSV, XLSX, ODS or vCard file."),
    ],
    campaign: Annotated[int, typer.Option(min=1, help="The campaign's id.")],
    sheet: Annotated[
        str | None, typer.Option(help="The sheet of a workbook; left out: the first with telephone numbers.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would be added, and add nothing.")
    ] = False,
) -> None:
    """Import a list of leads into a campaign. Rejected rows are written to a file beside it, with reasons.

    Exit status 1 when the list could not be read to its end.
    """
    with Progress(
        TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn(),
        console=problems, transient=True,
    ) as bars:  # fmt: skip
        bar = bars.add_task(file.name, total=1.0)

        def told(counts: Counts) -> None:
            bars.update(bar, completed=counts.progress, description=counted(counts.rows, "row"))

        async def work(engine: AsyncEngine) -> tuple[ImportJobRow, Path]:
            return await bring_directly(
                engine,
                file,
                CampaignId(campaign),
                sheet=sheet,
                dry_run=dry_run,
                now=clock.utc_now,
                shown=lambda looked: bars.console.print(_columns(looked)),
                told=told,
            )

        try:
            job, rejected = with_engine(work)
        except KeyboardInterrupt:
            problems.print("Interrupted. What has come in stays; brought again, the file goes on from there.")
            raise typer.Exit(130) from None
    console.print(
        f"{counted(job.rows, 'row')}: {job.added:,} {'would be added' if dry_run else 'added'}, "
        f"{job.duplicates:,} there already, {job.rejected:,} rejected."
    )
    if job.duplicates or job.rejected:
        say(f"Rows that did not come in, with reasons: {rejected}")
    if job.note:
        say(job.note, problems, "red")
        raise typer.Exit(1)


def _moment(said: datetime) -> datetime:
    """A moment of a command's option, in this machine's time zone."""
    try:
        return of_this_machine(said)
    except ValueError as error:
        _fail(str(error))


def _say_started(house: "House") -> None:
    say(f"Keskus listens on {house.url}", problems)
    if house.made_up_password is not None:
        problems.print("The first administrator was made. It is shown this once:")
        problems.print(
            f"  user [bold]admin[/bold], password [bold]{house.made_up_password}[/bold]", highlight=False
        )


def _start(sandbox: Sandbox) -> Layout:
    with Progress(TextColumn("{task.description}"), BarColumn(), console=problems, transient=True) as bars:
        bar = bars.add_task("Asterisk", total=1.0)
        try:
            return asyncio.run(
                sandbox.start(lambda what, share: bars.update(bar, description=what, completed=share))
            )
        except SandboxError as error:
            _fail(str(error))


def _differences(report: Report) -> Table:
    """A rebuild's findings as a table; it has the calls' ids, but no phone numbers."""
    counts = Counter(change.kind for change in report.changes)
    agree = report.logged - len(report.changes)
    title = f"{counted(report.logged, 'call')} in the PBX's log: {agree} agree"
    title += "".join(f", {counts[kind]} {kind.value}" for kind in Kind if counts[kind])
    table = Table(
        title=title, title_justify="left", min_width=len(title)
    )  # an empty table would break its title
    for column in ("call", "", "was", "is"):
        table.add_column(column)
    for change in report.changes[:SHOWN]:
        was = [f"{name} {_plain(old)}" for name, (old, _) in change.differences.items()]
        is_ = [f"{name} {_plain(new)}" for name, (_, new) in change.differences.items()]
        table.add_row(change.call, change.kind.value, "\n".join(was), "\n".join(is_))
    notes = [f"and {len(report.changes) - SHOWN} more"] if len(report.changes) > SHOWN else []
    if report.open:
        notes.append(f"{report.open} calls whose end is not in the log were left as they are")
    if report.not_logged:
        notes.append(f"{len(report.not_logged)} records that the log does not know were left as they are")
    if report.ahead_s:
        notes.append(f"the PBX's clock was {report.ahead_s:+.0f} s off ours")
    table.caption = "; ".join(notes) or None
    return table


def _columns(looked: Look) -> Table:
    """How a file's columns are read, as a table."""
    how = looked.reading
    title = f"{how.encoding or f'sheet {how.sheet}'} {how.delimiter.strip()}".strip()
    table = Table(title=title, title_justify="left")
    table.add_column("column")
    table.add_column("is")
    for place, role in enumerate(how.columns):
        named = how.header[place] if how.header is not None and place < len(how.header) else ""
        table.add_row(named or str(place + 1), role.value.replace("_", " "))
    others = [
        f"{counted(one['rows'], 'row')} on sheet {one['name']}{' (hidden)' if one['hidden'] else ''}"
        for one in looked.shown["sheets"]
        if one["rows"] and one["name"] != how.sheet
    ]
    table.caption = f"not read: {', '.join(others)}" if others else None
    return table


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone().isoformat(" ", "seconds")
    return f"{value:.1f}" if isinstance(value, float) else str(value)
