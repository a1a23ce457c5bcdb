"""Which question comes next, and which surveys cannot be asked."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.crm.surveys.answers import read_answer
from app.crm.surveys.errors import AnswerUnfit
from app.crm.surveys.flow import END, Branch, Kind, Question, cases, faults, walk

ET = frozenset({"et"})


def asked(code: str, kind: Kind = Kind.TEXT, **said: Any) -> Question:
    return Question(code=code, kind=kind, languages=ET, **said)


def nps(*branches: Branch, then: str | None = None) -> Question:
    return asked("nps", Kind.NPS, required=True, branches=branches, then=then)


AFTER_CALL = [
    nps(Branch(at_most=6, to="why"), Branch(values=("9", "10"), to="thanks")),
    asked(
        "middle", Kind.CHOICE, options=("price", "speed", "other"), branches=(Branch(skipped=True, to="why"),)
    ),
    asked("why", required=True, then=END),
    asked("thanks"),
]


@pytest.mark.parametrize(
    ("answers", "passed", "then"),
    [
        ({}, (), "nps"),
        ({"nps": None}, (), "nps"),
        ({"nps": "6"}, ("nps",), "why"),
        ({"nps": "9"}, ("nps",), "thanks"),
        ({"nps": "7"}, ("nps",), "middle"),
        ({"nps": "7", "middle": "price"}, ("nps", "middle"), "why"),
        ({"nps": "7", "middle": None}, ("nps", "middle"), "why"),
        ({"nps": "3", "why": "aeglane", "middle": "price"}, ("nps", "why"), None),
        ({"nps": "10", "thanks": None}, ("nps", "thanks"), None),
    ],
)
def test_the_answer_decides_what_comes_next(
    answers: dict[str, str | None], passed: tuple[str, ...], then: str | None
) -> None:
    assert faults(AFTER_CALL, ["et"]) == []
    assert walk(AFTER_CALL, answers) == (passed, then)


@pytest.mark.parametrize(
    ("questions", "found"),
    [
        ([], [("questions", "survey.empty")]),
        ([asked("a"), asked("a")], [("questions.1.code", "survey.question_twice")]),
        ([asked(END)], [("questions.0.code", "survey.question_twice")]),
        ([asked("a", then="b")], [("questions.0.then", "survey.question_target_unknown")]),
        ([nps(Branch(at_most=6, to="b"))], [("questions.0.branches.0.to", "survey.question_target_unknown")]),
        ([asked("a", then=END), asked("b")], [("questions.1", "survey.question_unreached")]),
        (
            [asked("a"), asked("b", then="a")],
            [("questions.0", "survey.question_endless"), ("questions.1", "survey.question_endless")],
        ),
        ([asked("a", then="a")], [("questions.0", "survey.question_endless")]),
        (
            [nps(Branch(at_most=10, to="b"), Branch(at_least=9, to="c")), asked("b"), asked("c")],
            [("questions.0.branches.1", "survey.question_branch_dead")],
        ),
        ([nps(Branch(skipped=True, to=END))], [("questions.0.branches.0", "survey.question_branch_dead")]),
        ([nps(Branch(at_least=11, to=END))], [("questions.0.branches.0", "survey.question_branch_dead")]),
        ([nps(Branch(to=END))], [("questions.0.branches.0", "survey.question_branch_dead")]),
        (
            [asked("a", branches=(Branch(at_least=1, to=END),))],
            [("questions.0.branches.0", "survey.question_branch_dead")],
        ),
        ([asked("a", Kind.SCALE, low=1)], [("questions.0.low", "survey.question_bounds")]),
        ([asked("a", Kind.SCALE, low=1, high=12)], [("questions.0.low", "survey.question_bounds")]),
        ([asked("a", Kind.DATE, low=1)], [("questions.0.low", "survey.question_bounds")]),
        ([asked("a", Kind.CHOICE, options=("x",))], [("questions.0.options", "survey.question_options")]),
        ([asked("a", options=("x", "y"))], [("questions.0.options", "survey.question_options")]),
    ],
)
def test_a_survey_with_a_dead_end_or_a_loop_is_found_out(
    questions: list[Question], found: list[tuple[str, str]]
) -> None:
    assert [(one.where, one.what.code) for one in faults(questions, ["et"])] == found


def test_every_question_is_told_in_every_language() -> None:
    (fault,) = faults([asked("a")], ["et", "ru"])
    assert (fault.where, fault.what.code, fault.what.params["languages"]) == (
        "questions.0.texts",
        "survey.question_untold",
        ["ru"],
    )


CODES = ("a", "b", "c", "d")
TARGETS = st.sampled_from((*CODES, END))
BRANCHES = st.lists(
    st.builds(
        Branch,
        values=st.lists(st.sampled_from(("1", "2", "3")), max_size=2).map(tuple),
        at_least=st.none() | st.integers(0, 4),
        at_most=st.none() | st.integers(0, 4),
        skipped=st.booleans(),
        to=TARGETS,
    ),
    max_size=2,
).map(tuple)


@st.composite
def surveys(draw: st.DrawFn) -> list[Question]:
    return [
        asked(
            code,
            Kind.SCALE,
            low=1,
            high=3,
            required=draw(st.booleans()),
            branches=draw(BRANCHES),
            then=draw(st.none() | TARGETS),
        )
        for code in CODES
    ]


def ways(questions: list[Question], answers: dict[str, str | None]) -> list[tuple[str, ...]]:
    """Every way there is, each answer tried."""
    places = {question.code: question for question in questions}
    passed, then = walk(questions, answers)
    if then is None:
        return [passed]
    return [one for case in cases(places[then]) for one in ways(questions, {**answers, then: case})]


@given(surveys())
def test_a_survey_without_faults_comes_to_its_end_by_every_way_and_leaves_no_question_out(
    questions: list[Question],
) -> None:
    if faults(questions, ["et"]):
        return
    found = ways(questions, {})
    assert {code for way in found for code in way} == set(CODES)
    assert all(len(way) == len(set(way)) for way in found)


FRUIT = asked("f", Kind.SEVERAL, options=("apple", "pear", "plum"))
NUMBER = asked("n", Kind.NUMBER, low=0, high=100)


@pytest.mark.parametrize(
    ("question", "said", "kept"),
    [
        (nps(), 0, "0"),
        (FRUIT, ["plum", "apple"], "apple,plum"),
        (FRUIT, [], None),
        (NUMBER, "12.50", "12.5"),
        (NUMBER, 100, "100"),
        (NUMBER, "-0", "0"),
        (asked("d", Kind.DATE), "2026-02-28", "2026-02-28"),
        (asked("t"), "  🚪 שלום ", "  🚪 שלום "),
        (asked("t"), "", None),
        (asked("t"), None, None),
    ],
)
def test_answers_are_kept_as_texts(question: Question, said: Any, kept: str | None) -> None:
    assert read_answer(question, said) == kept


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (nps(), 11),
        (nps(), "9"),
        (asked("c", Kind.CHOICE, options=("x", "y")), "z"),
        (FRUIT, ["apple", "nut"]),
        (FRUIT, "apple"),
        (NUMBER, "100.5"),
        (NUMBER, "1e3"),
        (NUMBER, "٣"),
        (asked("d", Kind.DATE), "2026-02-30"),
        (asked("d", Kind.DATE), "20260228"),
        (asked("t"), 5),
        (asked("t"), "a" * 10_001),
    ],
)
def test_what_answers_no_question_is_refused(question: Question, said: Any) -> None:
    with pytest.raises(AnswerUnfit):
        read_answer(question, said)
