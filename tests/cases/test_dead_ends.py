"""No number, queue or department leads callers nowhere, or in a circle, without being found; judged by walking."""

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cases.dead_ends import Centre, DeadEnd, dead_ends
from app.cases.reach import DEPARTMENT, Goal, Ways

SALES, HELP, MARI = Goal("queue", "sales"), Goal("queue", "help"), Goal("operator", "7")
MOBILE = Goal("number", "+37255500199")
WHOLE = Centre(
    numbers={"6001": SALES, "6002": HELP, "101": MARI},
    queues={"sales": "help", "help": None},
    users={"7"},
    operators={"7"},
    departments={1: Ways(SALES, MOBILE), 2: Ways(MARI, Goal(DEPARTMENT, "1"))},
)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, []),
        ({"queues": {"sales": "none", "help": None}}, [DeadEnd("queue", "sales")]),
        ({"queues": {"sales": "", "help": None}}, [DeadEnd("queue", "sales")]),
        ({"queues": {"sales": "sales", "help": None}}, [DeadEnd("queue", "sales", ("sales",))]),
        (
            {"queues": {"sales": "help", "help": "sales"}},
            [DeadEnd("queue", "sales", ("sales", "help")), DeadEnd("queue", "help", ("help", "sales"))],
        ),
        ({"queues": {"sales": None}}, [DeadEnd("number", "6002")]),
        ({"users": set(), "operators": set()}, [DeadEnd("number", "101"), DeadEnd("department", "2")]),
        ({"operators": set()}, [DeadEnd("department", "2")]),  # the number stays theirs
        ({"numbers": {"6001": SALES}}, [DeadEnd("department", "2")]),  # phones cannot dial an operator
        ({"departments": {3: Ways(None, None)}}, [DeadEnd("department", "3")]),
        ({"departments": {3: Ways(MOBILE, Goal(DEPARTMENT, "9"))}}, [DeadEnd("department", "3")]),
        ({"departments": {3: Ways(MOBILE, Goal(DEPARTMENT, "3"))}}, [DeadEnd("department", "3", ("3",))]),
    ],
)
def test_what_leads_nowhere(change: dict[str, Any], found: list[DeadEnd]) -> None:
    assert dead_ends(WHOLE._replace(**change)) == found


QUEUES, USERS, DEPARTMENTS = ("a", "b", "c", "d"), ("1", "2", "3"), (1, 2, 3, 4)
_dialled = st.one_of(
    st.builds(Goal, st.just("queue"), st.sampled_from((*QUEUES, "gone"))),
    st.builds(Goal, st.just("operator"), st.sampled_from((*USERS, "9"))),
)
_reached = st.one_of(st.none(), _dialled, st.just(MOBILE))
_fallback = st.one_of(
    _reached, st.builds(Goal, st.just(DEPARTMENT), st.sampled_from([str(one) for one in (*DEPARTMENTS, 9)]))
)


@st.composite
def centres(draw: st.DrawFn) -> Centre:
    users = draw(st.sets(st.sampled_from(USERS)))
    return Centre(
        numbers=draw(st.dictionaries(st.sampled_from(("10", "11", "12", "13", "14")), _dialled)),
        queues=draw(
            st.dictionaries(st.sampled_from(QUEUES), st.sampled_from((None, None, *QUEUES, "gone", "")))
        ),
        users=users,
        operators={one for one in users if draw(st.booleans())},
        departments=draw(st.dictionaries(st.sampled_from(DEPARTMENTS), st.builds(Ways, _reached, _fallback))),
    )


def _stays(centre: Centre, queue: str) -> bool:
    """Whether a caller who waits long enough comes to rest; nobody overflows more often than there are queues."""
    at: str | None = queue
    for _ in range(len(centre.queues) + 1):
        if at is None:
            return True
        if at not in centre.queues:
            return False
        at = centre.queues[at]
    return at is None


def _can_be_dialled(centre: Centre, to: Goal) -> bool:
    return any(goal == to for goal in centre.numbers.values()) and (
        to.target in centre.queues if to.kind == "queue" else to.target in centre.operators
    )


def _answers(centre: Centre, department: int) -> bool:
    """Whether a call to a department finds something at any hour: while all work, and while all are closed."""
    at, steps = department, 0
    ways = centre.departments[at]
    if ways.reach is not None and ways.reach != MOBILE and not _can_be_dialled(centre, ways.reach):
        return False
    fallen = ways.reach is not None
    while (to := centre.departments[at].fallback) is not None:
        if to.kind != DEPARTMENT:
            return at != department or to == MOBILE or _can_be_dialled(centre, to)
        at, steps = int(to.target), steps + 1
        if at not in centre.departments:
            return steps > 1 and fallen  # the other one is the dead end, if there is anything before it
        if steps > len(centre.departments):
            return False
        fallen = fallen or centre.departments[at].reach is not None
    return fallen


def _judge(centre: Centre) -> None:
    """What is found is what a caller would find."""
    found = {one[:2] for one in dead_ends(centre)}
    there = {"queue": centre.queues.keys(), "operator": centre.users}
    for number, to in centre.numbers.items():
        assert (("number", number) in found) is (to.target not in there[to.kind])
    stay = all(_stays(centre, queue) for queue in centre.queues)
    assert stay is not any(kind == "queue" for kind, _ in found)
    others = any(kind == "department" for kind, _ in found)
    for department in centre.departments:
        assert _answers(centre, department) or others, "it, or another one on the way, is the dead end"


@given(centres())
def test_a_centre_without_dead_ends_is_one_where_every_caller_gets_somewhere(centre: Centre) -> None:
    _judge(centre)


MANY = 10_000


def test_no_change_that_is_let_pass_leads_callers_nowhere() -> None:
    """Ten thousand centres of up to 60 parts, each made of the one before by a change as people make them."""
    chance = random.Random(13)
    centre, kept, refused = WHOLE, 0, 0
    for _ in range(MANY):
        changed = _change(chance, centre)
        _judge(changed)
        if {one[:2] for one in dead_ends(changed)} - {one[:2] for one in dead_ends(centre)}:
            refused += 1
        else:
            centre, kept = changed, kept + 1
            assert all(_stays(centre, queue) for queue in centre.queues)
            assert all(_answers(centre, department) for department in centre.departments)
    assert min(kept, refused) > MANY // 5, (kept, refused)


def _change(chance: random.Random, centre: Centre) -> Centre:
    """The centre after one part of it was set, or taken away, whatever leads there."""
    part = chance.choice(("numbers", "queues", "users", "operators", "departments"))
    takes = chance.random() < 0.3
    if part in {"users", "operators"}:
        user = str(chance.randrange(20))
        without = {one for one in getattr(centre, part) if one != user}
        if takes and part == "operators":
            return centre._replace(operators=without)
        if takes:
            return centre._replace(users=without, operators={*centre.operators} - {user})
        return centre._replace(users={*centre.users, user}, operators={*centre.operators, user})
    rows: dict[Any, Any] = dict(getattr(centre, part))
    key: Any = chance.randrange(20)
    if part != "departments":
        key = str(key)
    if takes:
        rows.pop(key, None)
    elif part == "numbers":
        rows[key] = _somewhere(chance)
    elif part == "queues":
        rows[key] = chance.choice((None, None, str(chance.randrange(20))))
    else:
        falls = Goal(DEPARTMENT, str(chance.randrange(20)))
        dialled = list(centre.numbers.values()) or [MOBILE]
        reach = chance.choice((None, MOBILE, chance.choice(dialled), _somewhere(chance)))
        rows[key] = Ways(reach, chance.choice((None, falls, falls, chance.choice(dialled))))
    return centre._replace(**{part: rows})


def _somewhere(chance: random.Random) -> Goal:
    return Goal(chance.choice(("queue", "operator")), str(chance.randrange(20)))
