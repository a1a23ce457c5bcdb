"""A campaign's day in virtual time: legal in every mode, and predictive earns its keep."""

from functools import cache
from random import Random

import pytest

from app.domain.campaigns import DialMode
from app.simulator.campaign_people import UsualLeads, log_normal, steady, swinging
from app.simulator.dialing import DialingCentre, Tally
from app.simulator.memoryless import Memoryless
from app.simulator.pacers import FloorPacer, OraclePacer, VicidialPacer

LIMIT = 0.03


@cache
def day(
    mode: DialMode, operators: int, seed: int, *, swings: bool = False, hours: int = 3, lines: int = 500
) -> Tally:
    return centre(FloorPacer(mode, ratio=3.0), operators, seed, swings=swings, lines=lines).run(
        hours * 3600.0
    )


def centre(
    pacer: FloorPacer | VicidialPacer, operators: int, seed: int, *, swings: bool = False, lines: int = 500
) -> DialingCentre:
    randoms = [Random(f"{seed} {what}") for what in ("leads", "talk", "wrap-up")]
    leads = UsualLeads(randoms[0], swinging(0.25) if swings else steady(0.25))
    talk, wrap_up = log_normal(randoms[1], 100.0, 1.1), log_normal(randoms[2], 20.0, 0.6)
    return DialingCentre(leads, pacer, operators, talk=talk, wrap_up=wrap_up, lines=lines)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("swings", [False, True])
def test_predictive_keeps_the_limit_every_day(seed: int, swings: bool) -> None:
    tally = day(DialMode.PREDICTIVE, 6, seed, swings=swings)
    assert tally.abandoned_share <= LIMIT
    assert tally.highest <= LIMIT + 0.01


@pytest.mark.parametrize("seed", range(3))
def test_predictive_keeps_operators_busier_than_progressive(seed: int) -> None:
    assert (
        day(DialMode.PREDICTIVE, 6, seed).utilisation > 1.12 * day(DialMode.PROGRESSIVE, 6, seed).utilisation
    )


def test_progressive_abandons_nobody() -> None:
    assert day(DialMode.PROGRESSIVE, 6, 0).abandoned == 0
    assert day(DialMode.PREVIEW, 6, 0).dials == 0


@pytest.mark.parametrize("seed", range(3))
def test_a_ratio_keeps_the_limit(seed: int) -> None:
    assert day(DialMode.RATIO, 6, seed).abandoned_share <= LIMIT


def test_lines_are_kept() -> None:
    few = centre(FloorPacer(DialMode.PREDICTIVE), 6, 1, lines=8)
    for second in range(0, 3_600, 20):
        few.run(float(second))
        assert len(few.dials) + len(few.waiting) + len(few.talking) <= 8


def test_the_same_seed_gives_the_same_day() -> None:
    one, other = (centre(FloorPacer(DialMode.PREDICTIVE), 4, 7).run(3_600.0) for _ in range(2))
    assert one == other


def test_the_oracle_sees_more() -> None:
    tally = centre(OraclePacer(), 6, 0).run(3 * 3600.0)
    assert tally.utilisation > day(DialMode.PREDICTIVE, 6, 0).utilisation


def test_vicidials_method_by_its_defaults_is_held_to_progressive() -> None:
    tally = centre(VicidialPacer(), 20, 0).run(3 * 3600.0)
    assert 0.55 < tally.utilisation < 0.75
    assert 0.02 < tally.abandoned_share < 0.05


@pytest.mark.parametrize(("operators", "utilisation", "dropped"), [(5, 0.789, 0.0241)])
def test_the_best_of_the_memoryless_model(operators: int, utilisation: float, dropped: float) -> None:
    best = Memoryless(operators).best(LIMIT)
    assert best.utilisation == pytest.approx(utilisation, abs=0.001)
    assert best.dropped == pytest.approx(dropped, abs=0.0005)
