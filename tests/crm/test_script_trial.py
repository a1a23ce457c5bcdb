"""The dry run of scripts: what it finds is what walking every way by brute force finds."""

from collections.abc import Iterator, Sequence
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.crm.scripts.flow import (
    END,
    Answer,
    AnswerFault,
    Branch,
    Check,
    Condition,
    Flow,
    Jump,
    JumpKind,
    Passed,
    Question,
    QuestionKind,
    Step,
    answer_of,
    holds,
    leads_to,
    position,
)
from app.crm.scripts.trial import COMPARED_MOST, Fault, FaultKind, try_out

CODES = ("a", "b", "c", "d")
NUMBERS = ("-1", "-0.5", "0", "0.5", "1", "1.5", "2", "2.5")
DAYS = ("2026-02-27", "2026-02-28", "2026-03-01", "2026-03-02")
TEXTS = ("Jah", "muu")


def asks(kind: QuestionKind, *choices: str) -> Question:
    return Question(kind, choices)


YES_NO = asks(QuestionKind.YES_NO)
VALUES = {
    QuestionKind.CHOICE: ("x", "y"),
    QuestionKind.SEVERAL: ("x", "y"),
    QuestionKind.YES_NO: ("yes", "no"),
    QuestionKind.NUMBER: ("0", "1", "2"),
    QuestionKind.DATE: DAYS[1:3],
    QuestionKind.TEXT: ("jah",),
}


def when(step: str, check: Check, value: str = "", *, then: str) -> Branch:
    return Branch((Condition(step, check, value),), then)


@st.composite
def flows(draw: st.DrawFn) -> Flow:
    """Up to four steps; conditions look at any question, their own or another."""
    codes = CODES[: draw(st.integers(1, 4))]
    questions = {
        code: draw(
            st.one_of(
                st.none(),
                st.sampled_from(
                    [
                        asks(QuestionKind.CHOICE, "x", "y", "z"),
                        asks(QuestionKind.SEVERAL, "x", "y"),
                        YES_NO,
                        asks(QuestionKind.NUMBER),
                        asks(QuestionKind.DATE),
                        asks(QuestionKind.TEXT),
                    ]
                ),
            )
        )
        for code in codes
    }
    asking = [code for code in codes if questions[code] is not None]
    targets = st.sampled_from([*codes, END])

    def condition() -> Condition:
        step = draw(st.sampled_from(asking))
        question = questions[step]
        assert question is not None
        checks = [Check.IS, Check.IS_NOT, Check.ANSWERED, Check.UNANSWERED]
        if question.kind in {QuestionKind.NUMBER, QuestionKind.DATE}:
            checks += [Check.AT_LEAST, Check.AT_MOST]
        return Condition(step, draw(st.sampled_from(checks)), draw(st.sampled_from(VALUES[question.kind])))

    steps = []
    for code in codes:
        count = draw(st.integers(0, 2)) if asking else 0
        branches = tuple(
            Branch(tuple(condition() for _ in range(draw(st.integers(1, 2)))), draw(targets))
            for _ in range(count)
        )
        then = draw(st.one_of(st.none(), targets))
        required = draw(st.booleans())
        steps.append(
            Step(code=code, question=questions[code], required=required, branches=branches, then=then)
        )
    return Flow(tuple(steps))


def every_answer(step: Step) -> Iterator[Answer]:
    if step.question is None:
        yield None
        return
    if not step.required:
        yield None
    match step.question.kind:
        case QuestionKind.YES_NO:
            yield from ("yes", "no")
        case QuestionKind.CHOICE:
            yield from step.question.choices
        case QuestionKind.SEVERAL:
            for count in (1, 2):
                yield from combinations(step.question.choices, count)
        case QuestionKind.NUMBER:
            yield from NUMBERS
        case QuestionKind.DATE:
            yield from DAYS
        case QuestionKind.TEXT:
            yield from TEXTS


State = tuple[str, frozenset[tuple[str, Answer]]]


def brute_force(flow: Flow) -> set[tuple[FaultKind, str]]:
    """Walks all answers, and keeps every one of them."""
    begin: State = (flow.steps[0].code, frozenset())
    after: dict[State, set[State | None]] = {}
    dead: set[str] = set()
    waiting = [begin]
    while waiting:
        state = waiting.pop()
        if state in after:
            continue
        after[state] = set()
        step = flow.by_code[state[0]]
        for answer in every_answer(step):
            answers = dict(state[1]) | {step.code: answer}
            target = leads_to(flow, step, answers)
            if target is None:
                dead.add(step.code)
            if target is None or target == END:
                after[state].add(None)
            else:
                following = (target, frozenset(answers.items()))
                after[state].add(following)
                waiting.append(following)
    out: set[State | None] = {None}
    while more := {state for state, to in after.items() if state not in out and to & out}:
        out |= more
    reached = {code for code, _ in after}
    return (
        {(FaultKind.DEAD_END, code) for code in dead}
        | {(FaultKind.NO_WAY_OUT, state[0]) for state in after if state not in out}
        | {(FaultKind.UNREACHABLE, one.code) for one in flow.steps if one.code not in reached}
    )


@settings(max_examples=150, deadline=None)
@given(flows())
def test_a_trial_finds_what_brute_force_finds(flow: Flow) -> None:
    assert {(one.kind, one.step) for one in try_out(flow)} == brute_force(flow)


@settings(max_examples=100, deadline=None)
@given(flows())
def test_the_way_of_a_fault_leads_there(flow: Flow) -> None:
    for fault in try_out(flow):
        trail: list[Passed] = []
        for one in fault.way:
            assert position(flow, trail) == one.step
            trail.append(one)
        if fault.kind is FaultKind.DEAD_END:
            assert position(flow, trail) is None
        elif fault.kind is FaultKind.NO_WAY_OUT:
            assert position(flow, trail) == fault.step


def kinds(faults: Sequence[Fault]) -> list[tuple[str, str, str]]:
    return [(one.kind.value, one.step, one.what) for one in faults]


ASK = Step("a", YES_NO, required=True, branches=(when("a", Check.IS, "no", then=END),), then="b")


@pytest.mark.parametrize(
    ("steps", "faults"),
    [
        ((), [("empty", "", "")]),
        ((ASK, Step("b", then=END)), []),
        ((ASK, Step("b")), [("dead_end", "b", "")]),
        # Both answers lead on: nothing is said of the case that is none.
        (
            (
                Step(
                    "a",
                    YES_NO,
                    required=True,
                    branches=(
                        when("a", Check.IS, "yes", then=END),
                        when("a", Check.IS, "no", then=END),
                    ),
                ),
            ),
            [],
        ),
        # The same, and the answer may be left out.
        (
            (
                Step(
                    "a",
                    YES_NO,
                    branches=(when("a", Check.IS, "yes", then=END), when("a", Check.IS, "no", then=END)),
                ),
            ),
            [("dead_end", "a", "")],
        ),
        ((ASK, Step("b", then="c"), Step("c", then="b")), [("no_way_out", "b", ""), ("no_way_out", "c", "")]),
        # A loop with a way out is none.
        ((Step("a", YES_NO, required=True, branches=(when("a", Check.IS, "yes", then=END),), then="a"),), []),
        # The way out depends on an answer that never changes again.
        (
            (
                Step("a", YES_NO, required=True, then="b"),
                Step("b", branches=(when("a", Check.IS, "yes", then=END),), then="b"),
            ),
            [("no_way_out", "b", "")],
        ),
        # A branch behind one that always holds leads nobody there.
        (
            (
                Step(
                    "a",
                    YES_NO,
                    required=True,
                    branches=(when("a", Check.ANSWERED, then=END), when("a", Check.IS, "no", then="b")),
                    then=END,
                ),
                Step("b", then=END),
            ),
            [("unreachable", "b", "")],
        ),
        # No number is at least 2 and at most 1.
        (
            (
                Step(
                    "a",
                    asks(QuestionKind.NUMBER),
                    required=True,
                    branches=(
                        Branch(
                            (Condition("a", Check.AT_LEAST, "2"), Condition("a", Check.AT_MOST, "1,0")), "b"
                        ),
                        when("a", Check.AT_LEAST, "0.000001", then=END),
                        when("a", Check.AT_MOST, "0", then=END),
                    ),
                ),
                Step("b", then=END),
            ),
            [("unreachable", "b", "")],
        ),
        ((Step("a", then="z"),), [("step_unknown", "a", "z")]),
        ((Step("a", then=END), Step("a", then=END)), [("code_twice", "a", "a")]),
        ((Step("end", then=END),), [("code_twice", "end", "end")]),
        ((Step("a", asks(QuestionKind.CHOICE), then=END),), [("without_choices", "a", "")]),
        ((Step("a", asks(QuestionKind.CHOICE, "x", "x"), then=END),), [("code_twice", "a", "x")]),
        (
            (Step("a", branches=(when("z", Check.IS, "x", then=END),), then=END),),
            [("condition_unfit", "a", "z")],
        ),
        (
            (Step("a", YES_NO, branches=(when("a", Check.AT_LEAST, "1", then=END),), then=END),),
            [("condition_unfit", "a", "a")],
        ),
        (
            (
                Step(
                    "a",
                    asks(QuestionKind.CHOICE, "x"),
                    branches=(when("a", Check.IS, "y", then=END),),
                    then=END,
                ),
            ),
            [("condition_unfit", "a", "a")],
        ),
    ],
)
def test_what_a_trial_finds(steps: tuple[Step, ...], faults: list[tuple[str, str, str]]) -> None:
    assert kinds(try_out(Flow(steps))) == faults


def test_a_jump_to_nothing_is_told_beside_what_else_is_wrong() -> None:
    jump = Jump(JumpKind.ARTICLE, "7")
    flow = Flow((Step("a", jump=jump),))
    assert kinds(try_out(flow, frozenset({jump}))) == [
        ("jump_unknown", "a", "article 7"),
        ("dead_end", "a", ""),
    ]


def test_a_script_whose_branches_hang_together_too_much_is_refused_soon() -> None:
    codes = [f"q{place}" for place in range(40)]
    asked = [
        Step(code, asks(QuestionKind.CHOICE, "x", "y", "z"), required=True, then=following)
        for code, following in zip(codes, [*codes[1:], "last"], strict=True)
    ]
    branches = tuple(when(code, Check.IS, "x", then=END) for code in codes[:20])
    faults = try_out(Flow((*asked, Step("last", branches=branches, then=END))))
    assert [one.kind for one in faults] == [FaultKind.TOO_TANGLED]


def test_conditions_look_at_so_many_choices_of_one_question_at_most() -> None:
    codes = [f"x{place}" for place in range(COMPARED_MOST + 1)]
    branches = tuple(when("a", Check.IS, code, then=END) for code in codes)
    flow = Flow((Step("a", asks(QuestionKind.SEVERAL, *codes), branches=branches, then=END),))
    assert kinds(try_out(flow)) == [("too_tangled", "a", "")]


@pytest.mark.parametrize(
    ("question", "typed", "answer"),
    [
        (None, "x", AnswerFault.NO_QUESTION),
        (None, None, None),
        (YES_NO, "", AnswerFault.MISSING),
        (YES_NO, "maybe", AnswerFault.NOT_A_CHOICE),
        (YES_NO, "yes", "yes"),
        (asks(QuestionKind.NUMBER), " -12,50 ", " -12,50 "),
        (asks(QuestionKind.NUMBER), "1e5", AnswerFault.NOT_A_NUMBER),
        (asks(QuestionKind.DATE), "2026-02-29", AnswerFault.NOT_A_DAY),
        (asks(QuestionKind.DATE), "2024-02-29", "2024-02-29"),
        (asks(QuestionKind.SEVERAL, "x", "y", "z"), ["z", "x", "z"], ("x", "z")),
        (asks(QuestionKind.SEVERAL, "x", "y"), ["q"], AnswerFault.NOT_A_CHOICE),
        (asks(QuestionKind.SEVERAL, "x"), [], AnswerFault.MISSING),
        (asks(QuestionKind.TEXT), " Pärnu mnt 1 😀\n", " Pärnu mnt 1 😀\n"),
        (asks(QuestionKind.CHOICE, "x"), ["x"], AnswerFault.NOT_A_CHOICE),
    ],
)
def test_what_counts_of_what_was_typed(
    question: Question | None, typed: str | list[str] | None, answer: Answer | AnswerFault
) -> None:
    assert answer_of(Step("a", question, required=True), typed) == answer


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(list(VALUES)),
    st.one_of(st.none(), st.sampled_from([*NUMBERS, *DAYS, *TEXTS, "x", "yes"]), st.just(("x",))),
    st.data(),
)
def test_is_and_is_not_part_all_answers(kind: QuestionKind, answer: Answer, data: st.DataObject) -> None:
    value, question = data.draw(st.sampled_from(VALUES[kind])), asks(kind, "x", "y")
    both = [holds(Condition("a", check, value), question, answer) for check in (Check.IS, Check.IS_NOT)]
    assert sorted(both) == [False, True]
    if answer is None:
        assert not any(
            holds(Condition("a", check, value), question, None)
            for check in Check
            if check not in {Check.IS_NOT, Check.UNANSWERED}
        )
