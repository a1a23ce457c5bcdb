"""The demo, for real and short: its campaign obeys its own limit and goes on beside the callers."""

import pytest
from rich.console import Console

from app.demo import show
from app.demo.tally import Tally
from app.domain.campaigns import AttemptOutcome


async def test_the_demos_campaign_reaches_customers_and_lets_none_go(monkeypatch: pytest.MonkeyPatch) -> None:
    tallies: list[Tally] = []
    conclude = show._conclude

    def note(console: Console, tally: Tally) -> int:
        tallies.append(tally)
        return conclude(console, tally)

    monkeypatch.setattr(show, "_conclude", note)
    await show.run_demo(Console(quiet=True), calls=6, port=0)  # whose records are true is told elsewhere
    (tally,) = tallies
    assert AttemptOutcome.ABANDONED.value not in tally.attempts
    assert tally.attempts[AttemptOutcome.ANSWERED.value] >= 3
