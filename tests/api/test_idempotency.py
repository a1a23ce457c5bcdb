"""What is kept for `Idempotency-Key`: each user's answers in room of their own."""

import pytest
from fastapi import Response

from app.api.errors import TooManyRequests
from app.api.idempotency import Answers
from app.domain.roles import Role

OTHER = (2, Role.OPERATOR.value, "/api/v1/contacts", "mine")


def key(place: int) -> tuple[int, str, str, str]:
    return 1, Role.OPERATOR.value, "/api/v1/contacts", str(place)


def done(answers: Answers, one: tuple[int, str, str, str], body: bytes = b"x") -> None:
    assert answers.begin(one, b"asked") is None
    answers.keep(one, Response(body, 201))


def test_a_user_pushes_out_their_own_answers_alone() -> None:
    answers = Answers(of_user=3)
    done(answers, OTHER)
    for place in range(10):
        done(answers, key(place))
    assert answers.begin(OTHER, b"asked") is not None
    assert answers.begin(key(9), b"asked") is not None
    assert answers.begin(key(6), b"asked") is None, "the oldest have gone"


def test_answers_are_bounded_in_bytes_in_whatever_order_they_come() -> None:
    answers = Answers(of_user=100, bytes_of_user=100)
    done(answers, OTHER, b"x" * 100)
    for place in range(20):
        assert answers.begin(key(place), b"asked") is None
    for place in reversed(range(20)):
        answers.keep(key(place), Response(b"x" * 40, 201))
    kept = [place for place in range(20) if answers.begin(key(place), b"asked") is not None]
    assert kept == [0, 1]
    assert answers.begin(OTHER, b"asked") is not None
    done(answers, key(30), b"x" * 500)
    assert answers.begin(key(30), b"asked") is not None, "a large one is kept alone"
    answers.forget(key(30))
    done(answers, key(31))
    assert answers.begin(key(31), b"asked") is not None


def test_what_is_being_done_is_not_done_twice_to_make_room() -> None:
    answers = Answers(of_user=2)
    for place in range(2):
        assert answers.begin(key(place), b"asked") is None
    with pytest.raises(TooManyRequests):
        answers.begin(key(2), b"asked")
    assert answers.begin(OTHER, b"asked") is None
    answers.forget(key(0))
    assert answers.begin(key(2), b"asked") is None
