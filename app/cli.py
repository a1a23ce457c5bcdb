"""`keskus`: run the service, the demo, a sandbox PBX, and the first steps of administration."""

import asyncio
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from app import logs
from app.demo.show import run_demo
from app.main import House
from app.main import serve as serve_house
from app.pbx.packages import SandboxError
from app.pbx.sandbox import Layout, Sandbox, default_run_dir
from app.records.engine import open_engine
from app.records.errors import DatabaseUnreachable, DatabaseUrlInvalid
from app.records.migrations import current, head, upgrade
from app.settings import Settings, load_settings

app = typer.Typer(
    help="Keskus: a call centre on top of Asterisk.", no_args_is_help=True, pretty_exceptions_enable=False
)
pbx = typer.Typer(help="A real Asterisk on this machine, to play with.", no_args_is_help=True)
db = typer.Typer(help="The database.", no_args_is_help=True)
app.add_typer(pbx, name="pbx")
app.add_typer(db, name="db")
console = Console()
problems = Console(stderr=True)

RunDir = Annotated[Path, typer.Option("--run-dir", help="The sandbox's own folder.")]


@app.command()
def serve() -> None:
    """Run the service until it is stopped. Settings come from KESKUS__... variables."""
    settings = _settings()
    logs.configure(settings.log.level, json=settings.log.json_lines)
    try:
        asyncio.run(serve_house(settings, _say_started))
    except (DatabaseUrlInvalid, DatabaseUnreachable) as error:
        _fail(str(error))
    except OSError as error:
        _fail(f"cannot listen on {settings.http.host}:{settings.http.port}: {error.strerror or error}")


@app.command()
def demo(
    calls: Annotated[int, typer.Option(min=0, help="End after so many calls; 0 goes on until Ctrl-C.")] = 0,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Where the page is; 0 takes a free one.")
    ] = 8000,
) -> None:
    """A call centre on this machine: a PBX, robot operators, callers that come by themselves, and a page."""
    try:
        raise typer.Exit(asyncio.run(run_demo(console, calls=calls, port=port)))
    except SandboxError as error:
        _fail(str(error))
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


@pbx.command()
def up(run_dir: RunDir = default_run_dir()) -> None:  # noqa: B008 - a default to be shown in the help
    """Start it, fetching Asterisk the first time."""
    layout = _start(Sandbox(run_dir))
    console.print(f"Asterisk is up in {run_dir}")
    console.print(f"  SIP (UDP, TCP)   {layout.host}:{layout.sip_port}")
    console.print(f"  browser phones   ws://{layout.host}:{layout.http_port}/ws")
    console.print(f"  AMI              {layout.host}:{layout.ami_port}, user {layout.ami_username}")
    console.print(f"  carrier          calls from {layout.trunk_host} are the trunk's")
    console.print("keskus pbx cli 'core show channels' asks it; keskus pbx down stops it.")


@pbx.command()
def down(run_dir: RunDir = default_run_dir()) -> None:  # noqa: B008
    """Stop it; calls in progress end."""
    asyncio.run(Sandbox(run_dir).stop())
    console.print("Asterisk is down.")


@pbx.command()
def status(run_dir: RunDir = default_run_dir()) -> None:  # noqa: B008
    """Tell whether it runs; exit status 1 if not."""
    found = asyncio.run(Sandbox(run_dir).status())
    if not found.running or found.layout is None:
        console.print(f"No Asterisk runs in {run_dir}.")
        raise typer.Exit(1)
    console.print(f"Asterisk runs in {run_dir}: process {found.pid}, SIP port {found.layout.sip_port}.")


@pbx.command()
def cli(command: str, run_dir: RunDir = default_run_dir()) -> None:  # noqa: B008
    """Run one console command, such as 'pjsip show endpoints'."""
    try:
        console.out(asyncio.run(Sandbox(run_dir).cli(command)), highlight=False)
    except SandboxError as error:
        _fail(str(error))


@db.command("upgrade")
def upgrade_database() -> None:
    """Bring the tables up to this version; `serve` does so too."""

    async def work() -> str | None:
        engine = open_engine(_settings().database.url.get_secret_value())
        try:
            await upgrade(engine)
            return await current(engine)
        finally:
            await engine.dispose()

    try:
        version = asyncio.run(work())
    except (DatabaseUrlInvalid, DatabaseUnreachable) as error:
        _fail(str(error))
    console.print(f"The database is at {version}, the newest is {head()}.")


def main() -> None:
    """The console script."""
    app()


def _say_started(house: House) -> None:
    problems.print(f"Keskus listens on {house.url}")
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


def _settings() -> Settings:
    try:
        return load_settings()
    except ValidationError as error:
        lines = [
            f"KESKUS__{'__'.join(str(part) for part in item['loc']).upper()}: {item['msg']}"
            for item in error.errors(include_input=False, include_url=False)
        ]
        _fail("the settings do not fit:\n  " + "\n  ".join(lines))
    except OSError as error:
        _fail(f"a settings file cannot be read: {error}")


def _fail(message: str) -> NoReturn:
    problems.print(message, style="red", highlight=False, markup=False)
    raise typer.Exit(2)
