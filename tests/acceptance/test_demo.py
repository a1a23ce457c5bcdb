"""The demo, for real and short: its campaign obeys its own limit and goes on beside the callers."""

import tempfile
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from app.cli.commands import app
from app.demo import show
from app.demo.tally import Tally
from app.domain.campaigns import AttemptOutcome
from app.system import logs
from tests.system.test_private import found, others_may


def test_the_demos_campaign_reaches_customers_and_lets_none_go(monkeypatch: pytest.MonkeyPatch) -> None:
    tallies: list[Tally] = []
    others: list[str] = []
    conclude = show._conclude

    def note(console: Console, tally: Tally) -> int:
        tallies.append(tally)
        others.extend(others_may(folder))
        assert found(folder, "keskus-demo-*/keskus.sqlite", "keskus-demo-*/pbx/realtime.sqlite")
        return conclude(console, tally)

    monkeypatch.setattr(show, "_conclude", note)
    monkeypatch.setattr(logs, "configure", lambda *_, **__: None)  # what is logged is the tests'
    with tempfile.TemporaryDirectory(prefix="keskus-") as name:  # short: a Unix socket is in it
        folder = Path(name)
        monkeypatch.setattr(tempfile, "tempdir", name)
        done = CliRunner().invoke(app, ["demo", "--calls", "6", "--port", "0"])
    assert isinstance(done.exception, SystemExit | None), done.exception
    (tally,) = tallies  # whether its records are true is told elsewhere
    assert not others, "what the demo makes is its owner's alone"
    assert AttemptOutcome.ABANDONED.value not in tally.attempts
    assert tally.attempts[AttemptOutcome.ANSWERED.value] >= 3
    assert all(tally.written.values()), tally.written
