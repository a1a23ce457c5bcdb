"""The dry run of a script: every way that answers may take is walked. No I/O, no clock.

A state is a step and the answers that still matter there: those that a condition of a later step looks at. Of numbers,
days and texts only those are tried that conditions can tell apart. So the trial is exact: a script without faults never
leaves anybody at a step that leads nowhere, nor in a loop from which no answers lead out, and each of its steps is
reached by some answers. A script that takes more than `WORK_MOST` to try is refused as too tangled.
"""

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import combinations
from typing import Final

from app.crm.scripts.flow import (
    END,
    Answer,
    Check,
    Condition,
    Flow,
    Jump,
    Passed,
    Question,
    QuestionKind,
    Step,
    day_of,
    leads_to,
    number_of,
)

WORK_MOST: Final = 200_000
"""The most answers that are tried, and conditions that are looked at for them."""
COMPARED_MOST: Final = 8
"""The most choices of one `several` that conditions may look at."""
_LEAST_STEP: Final = Decimal("0.000001")
"""Two numbers that answers can have differ by at least this."""
_GREATEST: Final = Decimal("999999999999999.999999")
"""The greatest number that an answer can be."""


class FaultKind(StrEnum):
    """What a trial finds."""

    EMPTY = "empty"
    """The script has no step."""
    CODE_TWICE = "code_twice"
    """Two steps, or two choices of a question, have one code."""
    STEP_UNKNOWN = "step_unknown"
    """A step leads to a step that does not exist."""
    CONDITION_UNFIT = "condition_unfit"
    """A condition looks at a step without a question, or compares with what no answer can be."""
    WITHOUT_CHOICES = "without_choices"
    """A question to choose from has no choices."""
    JUMP_UNKNOWN = "jump_unknown"
    """What a step jumps to does not exist, or is out of use."""
    DEAD_END = "dead_end"
    """Some answers lead nowhere from this step."""
    NO_WAY_OUT = "no_way_out"
    """Some answers lead into a loop through this step that nothing leads out of."""
    UNREACHABLE = "unreachable"
    """No answers lead to this step."""
    TOO_TANGLED = "too_tangled"
    """The branches depend on too many earlier answers to try them all."""
    TEXT_MISSING = "text_missing"
    """A step or a choice has no text in one of the script's languages."""
    VARIABLE_UNKNOWN = "variable_unknown"
    """A text has a variable that there is not for these queues and campaigns."""
    VARIABLE_WITHOUT_FALLBACK = "variable_without_fallback"
    """A variable may be empty, and the text does not say what stands there then."""
    BRACES_UNPAIRED = "braces_unpaired"
    """A brace of a text has no partner."""


@dataclass(slots=True, frozen=True)
class Fault:
    """One fault of a script."""

    kind: FaultKind
    step: str = ""
    """The code of the step; empty: it is of the whole script."""
    what: str = ""
    """The code, the variable, or the language it is about."""
    way: tuple[Passed, ...] = ()
    """Answers that lead there."""


_State = tuple[str, tuple[tuple[str, Answer], ...]]


def try_out(flow: Flow, missing: frozenset[Jump] = frozenset()) -> list[Fault]:
    """All faults of a script's steps; none: it holds.

    Args:
        flow: the script.
        missing: jumps to what does not exist.
    """
    faults = [*_form(flow), *(_jumps(flow, missing))]
    if any(one.kind is not FaultKind.JUMP_UNKNOWN for one in faults):
        return faults  # what does not fit cannot be walked
    return [*faults, *_walk(flow)]


def _jumps(flow: Flow, missing: frozenset[Jump]) -> Iterator[Fault]:
    for step in flow.steps:
        if step.jump in missing and step.jump is not None:
            yield Fault(FaultKind.JUMP_UNKNOWN, step.code, f"{step.jump.to.value} {step.jump.ref}".strip())


def _form(flow: Flow) -> Iterator[Fault]:
    if not flow.steps:
        yield Fault(FaultKind.EMPTY)
    seen = {END}
    for step in flow.steps:
        if step.code in seen:
            yield Fault(FaultKind.CODE_TWICE, step.code, step.code)
        seen.add(step.code)
        yield from _question_form(step)
        for target in (*(one.then for one in step.branches), step.then):
            if target is not None and target != END and target not in flow.by_code:
                yield Fault(FaultKind.STEP_UNKNOWN, step.code, target)
        for branch in step.branches:
            for condition in branch.when:
                asked = flow.by_code.get(condition.step)
                if asked is None or not _fits(condition, asked.question):
                    yield Fault(FaultKind.CONDITION_UNFIT, step.code, condition.step)


def _question_form(step: Step) -> Iterator[Fault]:
    if step.question is None or step.question.kind not in {QuestionKind.CHOICE, QuestionKind.SEVERAL}:
        return
    codes = step.question.choices
    if not codes:
        yield Fault(FaultKind.WITHOUT_CHOICES, step.code)
    for code in sorted({one for one in codes if codes.count(one) > 1}):
        yield Fault(FaultKind.CODE_TWICE, step.code, code)


def _fits(condition: Condition, question: Question | None) -> bool:
    if question is None:
        return False
    if condition.check in {Check.ANSWERED, Check.UNANSWERED}:
        return True
    match question.kind:
        case QuestionKind.NUMBER:
            return number_of(condition.value) is not None
        case QuestionKind.DATE:
            return day_of(condition.value) is not None
        case _ if condition.check in {Check.AT_LEAST, Check.AT_MOST}:
            return False
        case QuestionKind.TEXT:
            return bool(condition.value.strip())
        case QuestionKind.YES_NO:
            return condition.value in {"yes", "no"}
        case _:
            return condition.value in question.choices


def _walk(flow: Flow) -> list[Fault]:
    compared = _compared(flow)
    for code, values in compared.items():
        question = flow.by_code[code].question
        assert question is not None
        if question.kind is QuestionKind.SEVERAL and len(values) > COMPARED_MOST:
            return [Fault(FaultKind.TOO_TANGLED, code)]
    matters = _matters(flow)
    begin: _State = (flow.steps[0].code, ())
    came: dict[_State, tuple[_State, Answer] | None] = {begin: None}
    back: dict[_State, list[_State]] = {}
    over: set[_State] = set()
    """States from which the end, or a dead end, is one step away."""
    stuck: dict[str, Fault] = {}
    waiting = deque([begin])
    work = 0
    while waiting:
        state = waiting.popleft()
        step = flow.by_code[state[0]]
        each = 1 + len(state[1]) + sum(len(one.when) for one in step.branches)
        for answer in _answers(step, compared.get(step.code, [])):
            work += each
            if work > WORK_MOST:
                return [Fault(FaultKind.TOO_TANGLED, step.code)]
            answers = dict(state[1]) | {step.code: answer}
            target = leads_to(flow, step, answers)
            if target is None and step.code not in stuck:
                stuck[step.code] = Fault(FaultKind.DEAD_END, step.code, way=_way(came, state, answer))
            if target is None or target == END:
                over.add(state)
                continue
            kept = tuple(sorted((code, one) for code, one in answers.items() if code in matters[target]))
            following = (target, kept)
            back.setdefault(following, []).append(state)
            if following not in came:
                came[following] = state, answer
                waiting.append(following)
    reached = {code for code, _ in came}
    return [
        *stuck.values(),
        *_without_way_out(came, back, over),
        *(Fault(FaultKind.UNREACHABLE, one.code) for one in flow.steps if one.code not in reached),
    ]


def _without_way_out(
    came: Mapping[_State, tuple[_State, Answer] | None],
    back: Mapping[_State, Sequence[_State]],
    over: Collection[_State],
) -> list[Fault]:
    """Steps in states from which no answers lead to an end."""
    out = set(over)
    waiting = deque(out)
    while waiting:
        for before in back.get(waiting.popleft(), ()):
            if before not in out:
                out.add(before)
                waiting.append(before)
    first: dict[str, _State] = {}
    for state in came:
        if state not in out:
            first.setdefault(state[0], state)
    return [
        Fault(FaultKind.NO_WAY_OUT, code, way=_way(came, state, None)[:-1]) for code, state in first.items()
    ]


def _way(
    came: Mapping[_State, tuple[_State, Answer] | None], state: _State, answer: Answer
) -> tuple[Passed, ...]:
    way = [Passed(state[0], answer)]
    before = came[state]
    while before is not None:
        state, given = before
        way.append(Passed(state[0], given))
        before = came[state]
    return tuple(reversed(way))


def _compared(flow: Flow) -> dict[str, list[str]]:
    """By step, the values that conditions compare its answers with."""
    found: dict[str, list[str]] = {}
    for step in flow.steps:
        for branch in step.branches:
            for one in branch.when:
                values = found.setdefault(one.step, [])
                if one.check not in {Check.ANSWERED, Check.UNANSWERED} and one.value not in values:
                    values.append(one.value)
    return found


def _matters(flow: Flow) -> dict[str, frozenset[str]]:
    """By step, the earlier steps whose answers a condition may look at from there on."""
    uses = {step.code: {one.step for branch in step.branches for one in branch.when} for step in flow.steps}
    goes = {
        step.code: {one.then for one in step.branches} | ({step.then} if step.then is not None else set())
        for step in flow.steps
    }
    found: dict[str, frozenset[str]] = {step.code: frozenset() for step in flow.steps}
    changed = True
    while changed:
        changed = False
        for code, before in found.items():
            after = uses[code].union(*(found[to] for to in goes[code] if to in found)) - {code}
            if after != before:
                found[code] = frozenset(after)
                changed = True
    return found


def _answers(step: Step, compared: Sequence[str]) -> Iterator[Answer]:
    """Answers at a step, one of each kind that conditions can tell apart."""
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
            yield from _several(step.question.choices, compared)
        case QuestionKind.NUMBER:
            yield from _numbers(compared)
        case QuestionKind.DATE:
            yield from _days(compared)
        case QuestionKind.TEXT:
            yield from compared
            yield _other_text(compared)


def _several(choices: Sequence[str], compared: Sequence[str]) -> Iterator[Answer]:
    others = [one for one in choices if one not in compared][:1]
    known = [one for one in choices if one in compared]
    for count in range(len(known) + 1):
        for some in combinations(known, count):
            if some:
                yield some
            elif others:
                yield tuple(others)


def _numbers(compared: Sequence[str]) -> Iterator[str]:
    values = sorted({one for one in map(number_of, compared) if one is not None})
    tried = {Decimal(0), *values}
    for one in values:
        tried |= {one - _LEAST_STEP, one + _LEAST_STEP}
    yield from (f"{one:f}" for one in sorted(tried) if abs(one) <= _GREATEST)


def _days(compared: Sequence[str]) -> Iterator[str]:
    values = {one.toordinal() for one in map(day_of, compared) if one is not None}
    tried = {date(2000, 1, 1).toordinal(), *(at + by for at in values for by in (-1, 0, 1))}
    last = date.max.toordinal()
    yield from (date.fromordinal(one).isoformat() for one in sorted(tried) if 1 <= one <= last)


def _other_text(compared: Sequence[str]) -> str:
    known = {one.strip().casefold() for one in compared}
    other = "x"
    while other in known:
        other += "x"
    return other
