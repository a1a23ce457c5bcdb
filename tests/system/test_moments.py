"""Moments near the ends of time are refused in words, whoever says them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from typer.testing import CliRunner

from app.cli.commands import app
from app.system.moments import in_range, of_this_machine

EDGE = timezone(timedelta(hours=23, minutes=59))


@pytest.mark.parametrize(
    "at",
    [
        datetime(1, 1, 1, tzinfo=EDGE),
        datetime(9999, 12, 31, 23, 59, tzinfo=timezone(-timedelta(hours=23))),
        datetime(1999, 12, 31, tzinfo=UTC),
        datetime(2200, 1, 1, tzinfo=UTC),
        datetime(2026, 3, 2),  # noqa: DTZ001 - nobody knows where
    ],
)
def test_moments_that_are_not_taken(at: datetime) -> None:
    with pytest.raises(ValueError, match="this moment"):
        in_range(at)


def test_moments_are_told_in_utc() -> None:
    assert in_range(datetime(2000, 1, 1, tzinfo=EDGE)) == datetime(1999, 12, 31, 0, 1, tzinfo=UTC)
    assert of_this_machine(datetime(2026, 3, 2, 9)).tzinfo is UTC  # noqa: DTZ001


@pytest.mark.parametrize(("begins", "ends"), [("0001-01-01", "2026-01-01"), ("2026-01-01", "9999-12-31")])
def test_the_command_line_refuses_them_too(begins: str, ends: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KESKUS__PBX__EVENT_LOG_URL", "sqlite+aiosqlite:////nowhere/log.sqlite")
    done = CliRunner().invoke(app, ["db", "rebuild", "--from", begins, "--to", ends])
    assert done.exit_code == 2
    assert "out of range: years 2000 to 2199" in done.output
