"""`keskus import leads` in a process of its own."""

import asyncio
import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from typer.testing import CliRunner

from app.cli.commands import app
from app.crm.imports.queries import page_jobs
from app.crm.leads.counts import count_leads
from app.records.engine import reading
from tests.lists.lists import write_list
from tests.records.lists import make_campaign

ENDED_S = 200.0
PROGRAM = [sys.executable, "-m", "app", "import", "leads"]


def command(url: str, *said: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*PROGRAM, *said],
        env={**os.environ, "KESKUS__DATABASE__URL": url, "COLUMNS": "200"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Whoever runs the tests behind them may have had it ignored.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no threads here
    )


async def within(url: str, *said: str) -> tuple[int, str]:
    """The same in this process, on a thread: a command has an event loop of its own."""
    environment = {"KESKUS__DATABASE__URL": url, "COLUMNS": "200"}
    done = await asyncio.to_thread(CliRunner().invoke, app, ["import", "leads", *said], env=environment)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


def ended(done: subprocess.Popen[str]) -> tuple[int, str]:
    with done:
        try:
            out, error = done.communicate(timeout=ENDED_S)
        finally:
            done.kill()
    return done.returncode, out + error


@pytest.mark.parametrize("backend", ["sqlite"])
async def test_a_list_is_brought_from_the_command_line(
    engine: AsyncEngine, database_url: str, tmp_path: Path, backend: str
) -> None:
    campaign = await make_campaign(engine)
    file = write_list(tmp_path / "list.csv", 700)
    with file.open("a") as opened:
        opened.write("c-0;Topelt;;+37250000000;\nx;Puudub;;;\n")
    status, said = await within(database_url, str(file), "--campaign", str(campaign), "--dry-run")
    assert status == 0, said
    assert "702 rows: 700 would be added, 1 there already, 1 rejected." in said
    assert "Perekonnanimi │ surname" in said
    status, said = ended(command(database_url, str(file), "--campaign", str(campaign)))
    assert status == 0, said
    assert "702 rows: 700 added, 1 there already, 1 rejected." in said
    assert (
        (tmp_path / "list-rejected.csv")
        .read_text("utf-8-sig")
        .splitlines()[1]
        .startswith("702;its id c-0 is in row 2")
    )
    async with reading(engine) as session:
        assert sum((await count_leads(session, [campaign]))[campaign].values()) == 700
    for wrong in (["--campaign", "99"], []):
        status, said = await within(database_url, str(file), *wrong)
        assert status == 2, said


@pytest.mark.parametrize("backend", ["sqlite"])
async def test_an_interrupted_command_says_so_and_may_be_given_again(
    engine: AsyncEngine, database_url: str, tmp_path: Path, backend: str
) -> None:
    campaign = await make_campaign(engine)
    file = write_list(tmp_path / "list.csv", 4_000)
    running = command(database_url, str(file), "--campaign", str(campaign))
    while True:
        async with reading(engine) as session:
            jobs = await page_jobs(session, campaign)
        if jobs and jobs[0].rows:
            break
        assert running.poll() is None, running.communicate()
        await asyncio.sleep(0.02)  # another process has no event for us, and needs the processor
    running.send_signal(signal.SIGINT)
    status, said = ended(running)
    assert status == 130, said
    async with reading(engine) as session:
        (job,) = await page_jobs(session, campaign)
        assert (job.state, job.fault) == ("cancelled", {"code": "import.interrupted", "params": {}})
        assert sum((await count_leads(session, [campaign]))[campaign].values()) == job.added < 4_000
    status, said = ended(command(database_url, str(file), "--campaign", str(campaign)))
    assert status == 0, said
    async with reading(engine) as session:
        assert sum((await count_leads(session, [campaign]))[campaign].values()) == 4_000
