from dataclasses import fields
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.compliance.rules import RULE_SETS, Hours, Limits, RuleSet, Week, every_day, stricter, too_lax
from app.domain.campaigns import Purpose, Window

hours = st.none() | st.tuples(st.integers(0, 1440), st.integers(0, 1440)).filter(lambda h: h[0] < h[1]).map(
    lambda h: Hours(*h)
)
weeks: st.SearchStrategy[Week] = st.tuples(hours, hours, hours, hours, hours, hours, hours)
seconds = st.none() | st.floats(0, 1e6)
limits = st.builds(
    Limits,
    abandon_limit=st.none() | st.floats(0, 1),
    window=st.none() | st.sampled_from(Window),
    ring_min_s=seconds,
    connect_s=seconds,
    message=st.none() | st.booleans(),
    redial_after_abandoned_s=seconds,
    redial_after_machine_s=seconds,
    hours=st.none() | weeks,
    holidays=st.none() | st.booleans(),
    consent_for=st.none() | st.frozensets(st.sampled_from(Purpose)),
    keep_days=st.none() | st.integers(0, 5000),
)


@pytest.mark.parametrize("rules", RULE_SETS.values(), ids=RULE_SETS)
def test_every_number_says_where_it_comes_from(rules: object) -> None:
    """And nothing has a source that has no number."""
    set_ = RULE_SETS[rules.id]  # type: ignore[attr-defined]
    said = {one.name for one in fields(Limits) if getattr(set_.limits, one.name) is not None}
    sourced = [name for source in set_.sources for name in source.of]
    assert sorted(sourced) == sorted(said)


@pytest.mark.parametrize("rules", RULE_SETS.values(), ids=RULE_SETS)
def test_titles_and_notes_are_in_three_languages(rules: RuleSet) -> None:
    assert all(rules.titles)
    assert len(set(rules.titles)) == len(rules.titles)
    assert len(set(rules.notes)) == (len(rules.notes) if any(rules.notes) else 1)


def test_the_sets_say_what_they_are_known_for() -> None:
    tsr, ofcom, estonia = (RULE_SETS[id_].limits for id_ in ("us_tsr", "ofcom_2010", "eu_estonia"))
    assert (tsr.abandon_limit, tsr.window, tsr.ring_min_s, tsr.connect_s) == (0.03, Window.THIRTY_DAYS, 15, 2)
    assert tsr.hours == every_day(480, 1260)
    assert (ofcom.abandon_limit, ofcom.window, ofcom.ring_min_s) == (0.03, Window.ROLLING_DAY, 15)
    assert (ofcom.redial_after_abandoned_s, RULE_SETS["ofcom_2010"].until) == (259_200, date(2017, 3, 1))
    assert estonia.consent_for == frozenset({Purpose.MARKETING})
    assert RULE_SETS["own"].limits == Limits()


@given(limits, limits)
def test_the_stricter_of_both_is_laxer_than_neither(law: Limits, own: Limits) -> None:
    both = stricter(law, own)
    assert too_lax(law, both) == too_lax(own, both) == []
    assert stricter(law, both) == stricter(both, own) == both
    for day in range(7):
        for minute in (0, 539, 540, 1259, 1260, 1439):
            assert not _open(both, day, minute) or (_open(law, day, minute) and _open(own, day, minute))
    assert (law.consent_for or frozenset()) | (own.consent_for or frozenset()) == (
        both.consent_for or frozenset()
    )


def _open(limits: Limits, day: int, minute: int) -> bool:
    if limits.hours is None:
        return True
    hours = limits.hours[day]
    return hours is not None and hours.opens <= minute < hours.closes


@pytest.mark.parametrize(
    ("own", "names"),
    [
        (Limits(), []),
        (Limits(abandon_limit=0.02, ring_min_s=20, hours=every_day(540, 1200)), []),
        (Limits(abandon_limit=0.05), ["abandon_limit"]),
        (Limits(window=Window.ROLLING_DAY), []),
        (Limits(window=Window.CAMPAIGN), ["window"]),
        (Limits(ring_min_s=14.9, connect_s=2.5), ["ring_min_s", "connect_s"]),
        (Limits(message=False), ["message"]),
        (Limits(hours=every_day(480, 1261)), ["hours"]),
        (Limits(redial_after_abandoned_s=60, holidays=True), []),
    ],
)
def test_a_campaign_may_not_be_laxer_than_the_law(own: Limits, names: list[str]) -> None:
    assert too_lax(RULE_SETS["us_tsr"].limits, own) == names


@pytest.mark.parametrize(("opens", "closes"), [(-1, 10), (10, 10), (20, 10), (0, 1441)])
def test_hours_that_are_none(opens: int, closes: int) -> None:
    with pytest.raises(ValueError, match="hours"):
        Hours(opens, closes)


@pytest.mark.parametrize("said", [{"abandon_limit": 3}, {"ring_min_s": -1}, {"keep_days": -1}])
def test_limits_that_make_no_sense(said: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"share|negative"):
        Limits(**said)  # type: ignore[arg-type]
