"""Answers that fade, and what they say of an article: laws."""

import math
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.retrieval.prior import HALF_LIFE, Decayed, Matters, Situation, Subject, prior

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
moments = st.integers(0, 400 * 24).map(lambda hours: BEGIN + timedelta(hours=hours))
answers = st.lists(st.tuples(moments, st.booleans()), max_size=30)


def counted(given_: list[tuple[datetime, bool]]) -> Decayed:
    of = Decayed()
    for at, helped in given_:
        of.add(at, helped=helped)
    return of


def close(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return all(math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12) for a, b in zip(one, other, strict=True))


@settings(max_examples=100, deadline=None)
@given(answers, st.randoms(), moments)
def test_three_numbers_are_as_exact_as_all_answers_in_any_order(
    given_: list[tuple[datetime, bool]], random: object, now: datetime
) -> None:
    now = max([now, *(at for at, _ in given_)])
    exact = [0.0, 0.0]
    for at, helped in given_:
        exact[0 if helped else 1] += 0.5 ** ((now - at) / HALF_LIFE)
    shuffled = list(given_)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    for order in (given_, shuffled):
        assert close(counted(order).as_of(now), (exact[0], exact[1]))


@settings(max_examples=100, deadline=None)
@given(answers, moments, st.booleans())
def test_one_more_answer_moves_the_odds_its_way_and_time_moves_them_to_the_middle(
    given_: list[tuple[datetime, bool]], at: datetime, helped: bool
) -> None:
    now = max([at, *(one for one, _ in given_)])
    before, after = counted(given_).odds(now), counted([*given_, (at, helped)]).odds(now)
    assert after > before if helped else after < before
    later = counted(given_).odds(now + timedelta(days=3650))
    assert abs(later) <= abs(before) + 1e-9


def test_what_is_about_others_products_and_complaints_comes_behind_for_a_customer_who_has_none() -> None:
    general = Subject(queues=frozenset({"shop"}))
    of_router = Subject(queues=frozenset({"shop"}), products=frozenset({"router"}))
    of_fault = Subject(queues=frozenset({"shop"}), topics=frozenset({"fault"}))

    def speaks(subject: Subject, **has: object) -> float:
        return prior(subject, Situation(queue="shop", **has), (), 1, BEGIN)[0]  # type: ignore[arg-type]

    assert speaks(general) == speaks(of_router) == speaks(of_fault)  # whoever calls may have either
    assert (
        speaks(general, customer=True) > speaks(of_router, customer=True) == speaks(of_fault, customer=True)
    )
    has = {"customer": True, "products": Matters(frozenset({"router"}))}
    assert speaks(of_router, **has) > speaks(general, **has) > speaks(of_fault, **has)
    had = {"customer": True, "products": Matters(lately=frozenset({"router"}))}
    assert (
        speaks(of_router, **has) > speaks(of_router, **had) > speaks(general, **had) > speaks(of_fault, **had)
    )
