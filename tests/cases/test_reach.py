"""Where a call for a department goes, and departments that fall back on each other in a circle."""

import pytest

from app.cases.reach import DEPARTMENT, Goal, Loop, Ways, goal

SALES, MOBILE, DESK = Goal("queue", "sales"), Goal("number", "+37255500199"), Goal("operator", "7")


def to(department: int) -> Goal:
    return Goal(DEPARTMENT, str(department))


@pytest.mark.parametrize(
    ("ways", "open_now", "wanted"),
    [
        ({1: Ways(SALES, MOBILE)}, {1}, SALES),
        ({1: Ways(SALES, MOBILE)}, (), MOBILE),
        ({1: Ways(SALES, None)}, (), SALES),  # closed, and nobody else: it is called all the same
        ({1: Ways(SALES, to(2)), 2: Ways(DESK, None)}, {2}, DESK),
        ({1: Ways(SALES, to(2)), 2: Ways(DESK, MOBILE)}, (), MOBILE),
        ({1: Ways(SALES, to(2)), 2: Ways(DESK, None)}, (), SALES),
        ({1: Ways(None, to(2)), 2: Ways(DESK, None)}, (), DESK),
        ({1: Ways(None, to(2)), 2: Ways(None, None)}, {1, 2}, None),
        ({1: Ways(SALES, to(9))}, (), SALES),  # the fallback is out of use
        ({1: Ways(None, None)}, {1}, None),
        ({}, (), None),
    ],
)
def test_where_a_call_goes(ways: dict[int, Ways], open_now: set[int], wanted: Goal | None) -> None:
    assert goal(ways, 1, open_now) == wanted


@pytest.mark.parametrize(
    ("ways", "circle"),
    [
        ({1: Ways(SALES, to(1))}, [1, 1]),
        ({1: Ways(SALES, to(2)), 2: Ways(DESK, to(1))}, [1, 2, 1]),
        ({1: Ways(SALES, to(2)), 2: Ways(DESK, to(3)), 3: Ways(None, to(2))}, [2, 3, 2]),
    ],
)
def test_a_circle_is_found(ways: dict[int, Ways], circle: list[int]) -> None:
    with pytest.raises(Loop) as loop:
        goal(ways, 1, ())
    assert loop.value.departments == circle
    assert goal(ways, 1, {1}) == SALES
