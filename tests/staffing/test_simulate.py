"""`keskus simulate`: days made up, a day on file lived again, and what is said when there is none."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine
from typer.testing import CliRunner

from app.cli.commands import app
from app.crm import metadata
from app.domain.campaigns import AttemptOutcome, DialMode
from app.floor.events import Event
from app.floor.facts import AttemptEnded, StepResult
from app.records.engine import reading, writing
from app.records.journal import Journal
from app.simulator.day import Day, Inbound, LivedDay, Outbound
from app.simulator.day_figures import Part, together
from app.simulator.learned import DayUnfit
from app.staffing.days import CallOnFile, DayOnFile, Shift, day_on_file
from app.staffing.simulate import Wishes, variants
from app.staffing.what_if import day_like, on_record
from tests.records.test_journal import running

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
YESTERDAY = Day(
    4,
    Outbound(mode=DialMode.PROGRESSIVE),
    inbound=Inbound((20.0, 30.0)),
    hours=3,
    miss_rate=0.1,
    work_s=4000.0,
    break_s=500.0,
)


async def on_file(engine: AsyncEngine, day: Day, seed: int = 0) -> tuple[DayOnFile, Part]:
    """Live a day, write down what the service would, and read it again."""
    lived = LivedDay(day, seed)
    journal = Journal(engine)
    attempts: list[AttemptEnded] = []

    def heard(_: Event, outcome: StepResult) -> None:
        journal.record(outcome)
        attempts.extend(fact for fact in outcome.facts if isinstance(fact, AttemptEnded))

    # From now on: the operators' first states were told while the day was opened.
    lived.world.listeners.append(heard)
    whole = lived.run().whole
    async with running(journal):
        await journal.flush()
    async with writing(engine) as session:
        rows = [
            {
                "id": fact.attempt,
                "campaign_id": fact.campaign,
                "lead_id": fact.lead,
                "position": 0,
                "number": "+37255500001",
                "mode": DialMode.PROGRESSIVE.value,
                "rule_set": "own",
                "runner": "",
                "placed_at": fact.asked_at,
                "sent_at": fact.asked_at,
                "answered_at": fact.answered_at,
                "connected_at": fact.connected_at,
                "ended_at": fact.ended_at,
                "outcome": fact.outcome.value,
                "amd": "",
                "call_id": fact.call,
                "note": "",
            }
            for fact in attempts
        ]
        await session.execute(insert(metadata.tables["attempt"]), rows)
    async with reading(engine) as session:
        return await day_on_file(session, MONDAY, MONDAY + timedelta(days=1)), whole


async def test_a_day_on_file_is_told_as_it_was_and_lived_again(engine: AsyncEngine) -> None:
    records, was = await on_file(engine, YESTERDAY)
    told = on_record(records)
    assert told.dials == was.dials
    assert told.outcomes == was.outcomes
    assert (len(told.waits_s), len(told.lost_waits_s)) == (len(was.waits_s), len(was.lost_waits_s))
    assert told.utilisation == pytest.approx(was.utilisation, abs=0.03)
    assert sum(told.connects_s) == pytest.approx(sum(was.connects_s), abs=0.5)

    day = day_like(records)
    assert (day.operators, day.outbound and day.outbound.mode) == (4, DialMode.PROGRESSIVE)
    assert day.hours == pytest.approx(3.0, abs=0.1)
    assert day.miss_rate == pytest.approx(0.1, abs=0.06)
    assert day.break_s == pytest.approx(500.0, abs=120.0)
    assert day.inbound is not None
    *whole_hours, last = day.inbound.an_hour
    assert sum(whole_hours) + last * (day.hours - len(whole_hours)) == pytest.approx(told.inbound)
    again = together(LivedDay(day, seed).run().whole for seed in range(4))
    assert again.utilisation == pytest.approx(was.utilisation, abs=0.05)
    assert again.dials / 4 == pytest.approx(was.dials, rel=0.3)  # 320 to 500 by seed
    assert again.inbound / 4 == pytest.approx(was.inbound, rel=0.25)
    answered, dials = again.outcomes[AttemptOutcome.ANSWERED], again.dials
    assert answered / dials == pytest.approx(was.outcomes[AttemptOutcome.ANSWERED] / was.dials, abs=0.03)


async def test_an_empty_day_is_refused(engine: AsyncEngine) -> None:
    async with reading(engine) as session:
        records = await day_on_file(session, MONDAY, MONDAY + timedelta(days=1))
    with pytest.raises(DayUnfit, match="no operator was logged in"):
        Wishes().like(records)


def test_one_call_in_a_short_last_hour_is_no_rush() -> None:
    ends = MONDAY + timedelta(hours=2, minutes=1)
    at = [*(MONDAY + timedelta(minutes=minute) for minute in range(0, 120, 6)), ends]
    day = day_like(
        DayOnFile(
            calls=[CallOnFile(moment, waited_s=5.0, talked_s=60.0, answered=True) for moment in at],
            shifts={1: Shift(logged_in_s=7260.0)},
            begins=MONDAY,
            ends=ends,
        )
    )
    assert day.inbound is not None
    assert list(day.inbound.an_hour) == pytest.approx([10.0, 11 / (61 / 60), 11 / (61 / 60)])


def test_more_operators_are_a_day_of_their_own_and_nobody_is_none() -> None:
    days = variants(Wishes(3, leads=10).made_up(), 2)
    assert [day.operators for day in days.values()] == [3, 5]
    with pytest.raises(DayUnfit):
        variants(Wishes(3).made_up(), -3)


def test_the_command_prints_and_draws(tmp_path: Path) -> None:
    pictures = [tmp_path / "day.svg", tmp_path / "day.png"]
    done = CliRunner().invoke(
        app,
        ["simulate", "--operators=3", "--hours=1", "--seeds=1", "--calls=20", "--more-operators=1"]
        + [f"--plot={picture}" for picture in pictures],
    )
    assert done.exit_code == 0, done.output
    assert "3 operators" in done.output
    assert "4 operators" in done.output
    assert "abandoned of live answers" in done.output
    assert b"utilisation, %" in pictures[0].read_bytes()
    assert pictures[1].read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("--plot day.gif", ".svg or .png"),
        ("--plot nowhere/day.svg", "no such directory"),
        ("--leads 0", "nobody calls"),
        ("--operators 2 --more-operators -2", "are nobody"),
        ("--operators 0", "Invalid value"),
        ("--from-day yesterday", "does not match"),
        ("--from-day 0001-01-01", "years 2000 to 2199"),
        ("--from-day 9999-12-31", "years 2000 to 2199"),
    ],
)
def test_what_cannot_be_is_said(options: str, said: str) -> None:
    done = CliRunner().invoke(app, ["simulate", *options.split()])
    assert done.exit_code == 2
    assert said in " ".join(done.output.split())


def test_a_day_without_records_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KESKUS__DATABASE__URL", f"sqlite+aiosqlite:///{tmp_path / 'keskus.db'}")
    done = CliRunner().invoke(app, ["simulate", "--from-day", "2026-01-05"])
    assert done.exit_code == 2
    assert "2026-01-05: no operator was logged in that day" in done.output


def test_without_the_library_that_draws_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "matplotlib", None)
    done = CliRunner().invoke(
        app, f"simulate --operators 1 --hours 0.5 --seeds 1 --leads 5 --plot {tmp_path / 'a.svg'}".split()
    )
    assert done.exit_code == 2
    assert "matplotlib" in done.output
