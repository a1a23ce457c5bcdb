from datetime import UTC, datetime, timedelta

import pytest

from app.compliance.recycling import UNCOUNTED, Again, LeadState, Next, NumberTried, Recycling, Tried, after
from app.domain.campaigns import AttemptOutcome as Outcome

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TOMORROW = datetime(2026, 3, 2, 22, tzinfo=UTC)  # Tallinn's midnight
RULES = Recycling()
DONE, WAITING = LeadState.DONE, LeadState.WAITING


def lead(
    *attempts: int, position: int = 0, total: int = 1, today: int = 1, wrong: tuple[int, ...] = ()
) -> Tried:
    numbers = [NumberTried(place, count, place not in wrong) for place, count in enumerate(attempts)]
    return Tried(numbers, position, total, today, TOMORROW)


def waits(reason: str, seconds: float, position: int = 0) -> Next:
    return Next(WAITING, reason, NOON + timedelta(seconds=seconds), position)


@pytest.mark.parametrize(
    ("tried", "outcome", "expected"),
    [
        (lead(1), Outcome.ANSWERED, Next(DONE, "answered")),
        (lead(1), Outcome.ABANDONED, waits("abandoned", 72 * 3600)),
        (lead(1, 0), Outcome.ABANDONED, waits("abandoned", 72 * 3600)),
        (lead(1), Outcome.BUSY, waits("busy", 300)),
        (lead(1, 0), Outcome.BUSY, waits("busy", 300)),
        (lead(1), Outcome.NO_ANSWER, waits("no_answer", 3 * 3600)),
        # Its other numbers come first, in their order, and then the round begins anew.
        (lead(1, 0, 0), Outcome.NO_ANSWER, waits("no_answer", 60, 1)),
        (lead(1, 1, 0, position=1), Outcome.NO_ANSWER, waits("no_answer", 60, 2)),
        (lead(1, 1, 1, position=2), Outcome.NO_ANSWER, waits("no_answer", 3 * 3600, 0)),
        (lead(1, 0, 0, wrong=(1,)), Outcome.NO_ANSWER, waits("no_answer", 60, 2)),
        (lead(6, 1, position=1, wrong=()), Outcome.MACHINE, waits("machine", 4 * 3600, 1)),
        # A wrong number is left, whatever the counts are.
        (lead(1), Outcome.WRONG_NUMBER, Next(DONE, "numbers_exhausted")),
        (lead(1, 0), Outcome.WRONG_NUMBER, waits("wrong_number", 60, 1)),
        (lead(1, 1, position=1), Outcome.WRONG_NUMBER, waits("wrong_number", 60, 0)),
        # The maxima.
        (lead(6), Outcome.BUSY, Next(DONE, "numbers_exhausted")),
        (lead(6, 2), Outcome.BUSY, waits("busy", 60, 1)),
        (lead(3, 3, 4, total=10), Outcome.BUSY, Next(DONE, "attempts_exhausted")),
        (lead(3, today=3), Outcome.BUSY, Next(WAITING, "day_exhausted", TOMORROW, 0)),
        (lead(3, today=3), Outcome.ABANDONED, waits("abandoned", 72 * 3600)),
        # Nothing rang: not counted by who asks, and tried again.
        (lead(0, total=0, today=0), Outcome.REFUSED, waits("refused", 300)),
    ],
)
def test_what_becomes_of_a_lead(tried: Tried, outcome: Outcome, expected: Next) -> None:
    assert after(RULES, tried, outcome, NOON) == expected


def test_each_outcome_has_a_rule() -> None:
    assert set(RULES.again) == set(Outcome)
    assert set(Outcome) > UNCOUNTED


def test_a_campaign_has_rules_of_its_own() -> None:
    rules = Recycling(again={Outcome.BUSY: Again(900.0, other_number=True)}, other_number_gap_s=10.0)
    assert after(rules, lead(1, 0), Outcome.BUSY, NOON) == waits("busy", 10, 1)
    assert after(rules, lead(1), Outcome.BUSY, NOON) == waits("busy", 900)
    assert after(rules, lead(1), Outcome.NO_ANSWER, NOON) == Next(DONE, "no_answer")
