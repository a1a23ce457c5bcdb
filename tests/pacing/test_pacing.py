"""How many numbers a campaign dials, and the bound that keeps it from dialling more."""

from dataclasses import replace
from itertools import product
from math import isclose
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.campaigns import DialMode
from app.pacing.calls_to_place import CAREFUL, Bound, PacingView, calls_to_place
from app.pacing.forecast import DialInFlight
from app.pacing.poisson_binomial import Claims
from app.pacing.risk import AbandonmentRecord
from app.pacing.statistics import CampaignStatistics

NOW_S = 5_000.0
CLEAN = AbandonmentRecord(answered=1_000, abandoned=10, limit=0.03)
SPENT = AbandonmentRecord(answered=970, abandoned=30, limit=0.03)


def learned(*, answer_rate: float = 0.25, dials: int = 800) -> CampaignStatistics:
    """A campaign that has worked for a while, up to `NOW_S`."""
    random = Random(1)
    statistics = CampaignStatistics(25)
    for n in range(dials):
        at_s = NOW_S - (dials - n)
        if random.random() < answer_rate:
            statistics.answered(
                rang_s=min(24.9, 2 + random.gammavariate(3, 3)), attempt=1, hour=9, now_s=at_s
            )
            statistics.talked(random.lognormvariate(4.2, 0.9))
            statistics.wrapped_up(random.lognormvariate(2.8, 0.5))
        else:
            statistics.failed(rang_s=25.0, attempt=1, hour=9, now_s=at_s)
    return statistics


LEARNED = learned()


def view(mode: DialMode = DialMode.PREDICTIVE, **changes: object) -> PacingView:
    """Ten operators: two idle, six talking, two wrapping up; four dials ring."""
    usual = PacingView(
        mode,
        idle=2,
        talking_s=(5.0, 20.0, 40.0, 80.0, 100.0, 200.0),
        wrapping_up_s=(2.0, 15.0),
        dials=[DialInFlight(age_s) for age_s in (1.0, 5.0, 12.0, 20.0)],
        waiting=0,
        lines=100,
        record=CLEAN,
        statistics=LEARNED,
    )
    return replace(usual, **changes)  # type: ignore[arg-type]


ages = st.lists(st.floats(0, 600), max_size=30)
records = st.builds(
    AbandonmentRecord, st.integers(0, 5_000), st.integers(0, 200), st.sampled_from((0.0, 0.01, 0.03, 1.0))
)
views = st.builds(
    PacingView,
    mode=st.sampled_from(DialMode),
    idle=st.integers(0, 30),
    talking_s=ages,
    wrapping_up_s=ages,
    dials=st.lists(st.builds(DialInFlight, st.floats(0, 70), st.integers(1, 9)), max_size=60),
    waiting=st.integers(0, 5),
    lines=st.integers(0, 80),
    record=records,
    statistics=st.sampled_from(
        (LEARNED, CampaignStatistics(25), CampaignStatistics(60), learned(answer_rate=0.9))
    ),
    ratio=st.floats(1, 5),
    attempt=st.integers(1, 9),
    kept=st.integers(0, 3),
    due=st.integers(0, 2),
    left=st.integers(0, 3),
    inbound_at_risk=st.booleans(),
)


@given(views)
def test_what_always_holds(seen: PacingView) -> None:
    decision = calls_to_place(seen, NOW_S)
    assert 0 <= decision.place <= seen.lines
    assert decision.look_again_s > 0
    if seen.ready == 0 or seen.mode is DialMode.PREVIEW:
        assert decision.place == 0
    if seen.record.allowed < 1 or seen.mode is DialMode.PROGRESSIVE:
        assert decision.place <= seen.unclaimed
    if seen.mode is not DialMode.PREVIEW and seen.ready:
        assert decision.place >= min(seen.unclaimed - seen.left, seen.lines)
    assert 0 <= decision.kept <= min(decision.place, seen.unclaimed)
    if seen.strict is not None:
        assert decision.kept == decision.place


@given(views)
def test_nobody_is_idle_with_leads_to_call_but_by_a_bound_that_is_named(seen: PacingView) -> None:
    decision = calls_to_place(seen, NOW_S)
    if seen.mode is DialMode.PREVIEW or decision.place >= seen.unclaimed:
        return
    assert decision.bound in (Bound.CALLERS, Bound.LINES)
    if decision.bound is Bound.CALLERS:
        assert seen.unclaimed - decision.place <= seen.left


@given(views, st.integers(1, 3))
def test_who_is_left_for_callers_is_not_dialled_ahead_for(seen: PacingView, left: int) -> None:
    seen = replace(seen, mode=DialMode.PREDICTIVE, statistics=LEARNED, left=0, due=0, lines=1_000)
    risked = [
        decision.place - decision.kept
        for decision in (
            calls_to_place(replace(seen, idle=seen.idle + left, left=left), NOW_S),
            calls_to_place(seen, NOW_S),
        )
    ]
    assert risked[0] == risked[1]


def test_an_idle_operators_only_dial_needs_nobody_kept_while_calls_are_spare() -> None:
    seen = view(idle=1, dials=(), talking_s=(5.0,), wrapping_up_s=(), callers_per_s=0.01)
    plenty, one, none = (
        calls_to_place(replace(seen, record=record), NOW_S)
        for record in (AbandonmentRecord(200, 3, 0.03), AbandonmentRecord(40, 0, 0.03), SPENT)
    )
    assert plenty.forecast is not None
    assert plenty.forecast.accepted_risk < plenty.forecast.risk <= CAREFUL
    assert (plenty.place, plenty.kept) == (1, 0)
    assert (one.place, one.kept) == (none.place, none.kept) == (1, 1)


@given(views)
def test_the_explanation_adds_up(seen: PacingView) -> None:
    decision = calls_to_place(replace(seen, mode=DialMode.PREDICTIVE), NOW_S)
    forecast = decision.forecast
    assert (forecast is None) == (seen.ready == 0)
    assert isclose(decision.spare, seen.record.spare)
    if forecast is None:
        return
    for rate in (forecast.answer_rate, forecast.risk, forecast.next_risk, forecast.accepted_risk):
        assert 0.0 <= rate <= 1.0
    assert 0.0 <= forecast.freed <= len(seen.talking_s) + len(seen.wrapping_up_s) + 1e-9
    assert 0.0 <= forecast.answers <= len(seen.dials) + 1e-9
    assert forecast.risk <= forecast.next_risk + 1e-9
    risked = decision.place - decision.kept
    if risked > max(0, seen.unclaimed - seen.left):
        assert forecast.risk <= forecast.accepted_risk
    elif risked:
        assert forecast.risk <= max(CAREFUL, forecast.accepted_risk)
    if decision.bound is Bound.RISK:
        assert forecast.next_risk > forecast.accepted_risk
    if decision.bound is Bound.RECORD:
        assert seen.record.allowed < 1


@given(views, st.integers(1, 5))
def test_more_free_operators_never_mean_fewer_calls(seen: PacingView, more: int) -> None:
    seen = replace(seen, lines=1_000)
    assert calls_to_place(replace(seen, idle=seen.idle + more), NOW_S).place >= calls_to_place(
        seen, NOW_S
    ).place or (seen.statistics.handling.calls < 2 * (seen.ready + more))


@given(views, st.integers(1, 5))
def test_a_dial_in_flight_never_means_more_calls(seen: PacingView, more: int) -> None:
    flying = [*seen.dials, *[DialInFlight(1.0)] * more]
    assert calls_to_place(replace(seen, dials=flying), NOW_S).place <= calls_to_place(seen, NOW_S).place


@given(views)
def test_a_worse_record_never_means_more_calls(seen: PacingView) -> None:
    worse = replace(seen.record, abandoned=seen.record.abandoned + 1)
    if worse.spare < seen.record.spare and worse.reserve - seen.record.reserve < 1e-2:
        assert calls_to_place(replace(seen, record=worse), NOW_S).place <= calls_to_place(seen, NOW_S).place


@pytest.mark.parametrize(
    ("mode", "changes", "place", "bound"),
    [
        (DialMode.PREVIEW, {}, 0, Bound.MODE),
        (DialMode.PROGRESSIVE, {"dials": ()}, 2, Bound.MODE),
        (DialMode.PROGRESSIVE, {"dials": (), "due": 1}, 1, Bound.MODE),
        (DialMode.PROGRESSIVE, {"dials": (DialInFlight(3.0),)}, 1, Bound.MODE),
        (DialMode.PROGRESSIVE, {"dials": (), "due": 2}, 0, Bound.INBOUND),
        (DialMode.PROGRESSIVE, {"dials": (), "lines": 1}, 1, Bound.LINES),
        (DialMode.PROGRESSIVE, {"dials": (), "left": 1}, 1, Bound.CALLERS),
        (DialMode.PREDICTIVE, {"dials": (), "record": SPENT, "left": 2}, 0, Bound.CALLERS),
        (DialMode.PREDICTIVE, {"dials": (), "inbound_at_risk": True}, 2, Bound.INBOUND),
        (DialMode.RATIO, {"ratio": 2.0, "dials": ()}, 4, Bound.MODE),
        (DialMode.RATIO, {"ratio": 2.5, "dials": (DialInFlight(1.0),)}, 4, Bound.MODE),
        (DialMode.RATIO, {"ratio": 2.0, "dials": (), "record": SPENT}, 2, Bound.RECORD),
        (DialMode.RATIO, {"ratio": 99.0, "dials": (), "lines": 3}, 3, Bound.LINES),
        (DialMode.PREDICTIVE, {"dials": (), "record": SPENT}, 2, Bound.RECORD),
        (DialMode.PREDICTIVE, {"dials": (), "lines": 3}, 3, Bound.LINES),
        (DialMode.PREDICTIVE, {"dials": (), "statistics": CampaignStatistics(25)}, 2, Bound.LEARNING),
        (DialMode.PREDICTIVE, {"idle": 0, "talking_s": (), "wrapping_up_s": ()}, 0, Bound.NOBODY_READY),
    ],
)
def test_modes(mode: DialMode, changes: dict[str, object], place: int, bound: Bound) -> None:
    decision = calls_to_place(view(mode, **changes), NOW_S)
    assert (decision.place, decision.bound) == (place, bound)


def test_predictive_dials_ahead_of_operators_who_will_be_free() -> None:
    alone = calls_to_place(view(idle=0, dials=(), wrapping_up_s=(12.0, 15.0, 18.0, 20.0)), NOW_S)
    assert alone.place > 0
    assert alone.forecast is not None
    assert alone.forecast.freed > 0.5
    just_begun = calls_to_place(view(idle=0, dials=(), talking_s=(0.0,) * 8, wrapping_up_s=()), NOW_S)
    assert just_begun.place < alone.place


def test_a_ratio_does_not_pass_what_the_record_has_room_for() -> None:
    record = AbandonmentRecord(answered=39, abandoned=0, limit=0.03)
    assert record.allowed == 1
    decision = calls_to_place(view(DialMode.RATIO, ratio=20.0, dials=(), record=record), NOW_S)
    assert decision.bound in {Bound.RISK, Bound.ROOM}
    assert 2 <= decision.place < 20


@pytest.mark.parametrize(
    ("answered", "abandoned", "allowed"),
    [(0, 0, 0), (32, 0, 0), (33, 0, 1), (65, 0, 2), (64, 1, 0), (970, 30, 0), (971, 29, 1), (500, 40, 0)],
)
def test_what_may_be_abandoned_keeps_the_share(answered: int, abandoned: int, allowed: int) -> None:
    record = AbandonmentRecord(answered, abandoned, 0.03)
    assert record.allowed == allowed
    if allowed:
        assert (abandoned + allowed) / (answered + abandoned + allowed) <= 0.03
    assert (abandoned + allowed + 1) / (answered + abandoned + allowed + 1) > 0.03


@given(st.lists(st.floats(0, 1), max_size=7), st.integers(0, 5), st.integers(0, 3))
def test_the_law_of_claims_is_exact(chances: list[float], operators: int, allowed: int) -> None:
    claims = Claims(chances, operators, allowed)
    at_least = [0.0, 0.0]
    for happens in product((0, 1), repeat=len(chances)):
        weight = 1.0
        for yes, chance in zip(happens, chances, strict=True):
            weight *= chance if yes else 1.0 - chance
        at_least[0] += weight * (sum(happens) >= operators)
        at_least[1] += weight * (sum(happens) >= operators + allowed + 1)
    assert isclose(claims.all_taken(), at_least[0], abs_tol=1e-9)
    assert isclose(claims.overspent(), at_least[1], abs_tol=1e-9)


@pytest.mark.parametrize("operators", [12, 16, 20, 24, 28])
def test_the_law_of_many_claims_is_close(operators: int, monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(3)
    chances = [random.random() for _ in range(40)]
    near = Claims(chances, operators, 2)
    monkeypatch.setattr("app.pacing.poisson_binomial.EXACT", 1e9)
    exact = Claims(chances, operators, 2)
    assert isclose(near.all_taken(), exact.all_taken(), rel_tol=0.05, abs_tol=5e-4)
    assert isclose(near.overspent(), exact.overspent(), rel_tol=0.05, abs_tol=5e-4)
