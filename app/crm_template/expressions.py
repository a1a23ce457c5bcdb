"""The language of a template's texts.

A text stands for itself, except for what is in brackets: `[Name]` is the value of a variable, `[IIf(condition,a,b)]`
one of two texts, `[[Time].ToString("HH:mm")]` a method of a value, `[[Parameter]]` a parameter whose value is a text of
this language itself. `{{` and `}}` stand for brackets, `^^` for a quotation mark. Brackets around anything else stand
for themselves: so does the name of a variable that nobody knows.

Only parameters are evaluated as texts, for whoever sets up the template wrote them. What the CRM or a caller says is a
value and nothing more, whatever brackets it has.

Each level of brackets is read once, and there are at most `DEPTH`: the work grows with the length and no faster.
`Work` counts it and bounds what parameters within parameters' texts can make of it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from app.crm_template.errors import ExpressionUnfit
from app.crm_template.formats import number_text, span_text, time_text

Scalar = str | int | float | bool | datetime | timedelta

DEPTH: Final = 20
"""How deep brackets and parentheses may nest."""
WRITTEN_MOST: Final = 16_384
"""How long a text of a template may be, in characters; the longest of published ones are bodies of some thousand."""
TEXT_MOST: Final = 65_536
"""How long a text may become, in characters."""
WORK_MOST: Final = 1_000_000
"""How many characters may be looked at for one template or look-up, those of inner brackets once more each level."""
_STEP: Final = 20
"""What a bracket or a method costs, however short it is, in characters."""
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ON_NAME: Final = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(\..+)", re.DOTALL)
_CALL: Final = re.compile(r"\.([A-Za-z_]+)")
_SPECIAL: Final = re.compile(r"\[|\{\{|\}\}|\^\^")
_BRACKETS: Final = re.compile(r"[\[\]]")
_MARKS: Final = re.compile(r'["()]')
_OPERATORS: Final = ("==", "!=", ">=", "<=", ">", "<")
_SPLITS: Final = {
    mark: re.compile(rf'["\[\]()]|{re.escape(mark)}') for mark in (",", "||", "&&", *_OPERATORS)
}
_ESCAPED: Final = {"{{": "[", "}}": "]", "^^": '"'}
_IIF: Final = "iif("


def _as_it_is(_name: str, value: str) -> str:
    return value


@dataclass(slots=True)
class Work:
    """How much may still be looked at, in characters."""

    left: int = WORK_MOST

    def spend(self, characters: int) -> None:
        """Count something that is looked at.

        Raises:
            ExpressionUnfit: it is more than is left.
        """
        self.left -= _STEP + characters
        if self.left < 0:
            raise ExpressionUnfit("a text takes too long to evaluate")


@dataclass(frozen=True, slots=True)
class Scope:
    """What names stand for."""

    values: Mapping[str, Scalar]
    """By name in lower case."""
    parameters: frozenset[str] = frozenset()
    """Names, in lower case, of the values that whoever sets up the template wrote."""
    known: frozenset[str] = frozenset()
    """Names, in lower case, that may have a value: one that has none is empty."""
    written: Callable[[str, str], str] = _as_it_is
    """How a value is written into the text: takes the variable's name in lower case, empty for what a method gave, and
    the value.
    """
    work: Work = field(default_factory=Work, compare=False)
    """How much may be looked at for all texts that are evaluated in it."""


def as_text(value: Scalar) -> str:
    """A value as a text has it."""
    match value:
        case str():
            return value
        case bool():
            return "True" if value else "False"
        case datetime():
            return time_text(value)
        case timedelta():
            return span_text(value)
        case int() | float():
            return number_text(value)


def evaluate(text: str, scope: Scope) -> str:
    """A text with its brackets evaluated.

    >>> evaluate("[Name], [IIf([Calls]>1,again,welcome)]", Scope({"name": "Anna", "calls": 2}))
    'Anna, again'

    Raises:
        ExpressionUnfit: it calls something that does not exist, nests too deep, or is or becomes too long.
    """
    _check_length(text)
    return _render(text, scope, 0)


def holds(condition: str, scope: Scope) -> bool:
    """Whether a condition is true; an empty one is not.

    >>> holds('[Enabled]!=True||[Id]==""', Scope({"enabled": "True", "id": "7"}))
    False

    Raises:
        ExpressionUnfit: as `evaluate`.
    """
    _check_length(condition)
    return _holds(condition, scope, 0)


def _check_length(text: str) -> None:
    if len(text) > WRITTEN_MOST:
        raise ExpressionUnfit(f"a text is longer than {WRITTEN_MOST} characters")


def _enter(text: str, scope: Scope, depth: int) -> None:
    """Begin to look at a text that stands so deep in others."""
    if depth > DEPTH:
        raise ExpressionUnfit("brackets nest too deep")
    scope.work.spend(len(text))


def _render(text: str, scope: Scope, depth: int) -> str:
    _enter(text, scope, depth)
    closings = _closings(text)
    parts: list[str] = []
    at, length = 0, 0
    while (special := _SPECIAL.search(text, at)) is not None:
        parts.append(text[at : special.start()])
        if special[0] == "[":
            end = closings.get(special.start())
            if end is None:
                parts.append("[")
                at = special.end()
            else:
                parts.append(_bracket(text[special.end() : end], scope, depth + 1))
                at = end + 1
        else:
            parts.append(_ESCAPED[special[0]])
            at = special.end()
        length += len(parts[-1]) + len(parts[-2])
        if length > TEXT_MOST:
            raise ExpressionUnfit("a text becomes too long")
    parts.append(text[at:])
    return "".join(parts)


def _closings(text: str) -> dict[int, int]:
    """Where each bracket closes, by where it opens; those that close nowhere are left out."""
    closings: dict[int, int] = {}
    open_: list[int] = []
    for found in _BRACKETS.finditer(text):
        if found[0] == "[":
            open_.append(found.start())
        elif open_:
            closings[open_.pop()] = found.start()
    return closings


def _bracket(content: str, scope: Scope, depth: int) -> str:
    inner = content.strip()
    if inner[: len(_IIF)].lower() == _IIF and inner.endswith(")"):
        return _chosen(inner, scope, depth)
    name, value = _value(inner, scope, depth)
    if value is None:
        return f"[{_render(content, scope, depth)}]"
    text = as_text(value)
    if name in scope.parameters and "[" in text:
        text = _render(text, replace(scope, parameters=frozenset(), written=_as_it_is), depth)
    return scope.written(name, text)


def _chosen(inner: str, scope: Scope, depth: int) -> str:
    arguments = _split(inner[len(_IIF) : -1], ",")
    if len(arguments) != 3:
        raise ExpressionUnfit("IIf takes a condition and two texts")
    chosen = arguments[1 if _holds(arguments[0], scope, depth) else 2]
    return _render(_unquoted(chosen), scope, depth)


def _value(inner: str, scope: Scope, depth: int) -> tuple[str, Scalar | None]:
    """The value of what stands in brackets, and the variable's name where it is one; None: it stands for itself."""
    _enter(inner, scope, depth)
    if _NAME.fullmatch(inner):
        name = inner.lower()
        value = scope.values.get(name)
        if value is None:
            return name, "" if name in scope.known else None
        return name, value
    if inner[: len(_IIF)].lower() == _IIF and inner.endswith(")"):
        return "", _chosen(inner, replace(scope, written=_as_it_is), depth)
    if inner[:1] == "[":
        end = _closings(inner).get(0, -1)
        if end > 0 and inner[end + 1 : end + 2] == ".":
            _, target = _value(inner[1:end].strip(), scope, depth + 1)
            return "", _chain(target, inner[end + 1 :], scope, depth)
        if end == len(inner) - 1:
            return _value(inner[1:-1].strip(), scope, depth + 1)
    if (on := _ON_NAME.fullmatch(inner)) and _is_known(on[1].lower(), scope):
        _, target = _value(on[1], scope, depth + 1)
        return "", _chain(target, on[2], scope, depth)
    return "", None


def _is_known(name: str, scope: Scope) -> bool:
    return name in scope.known or name in scope.values


def _chain(target: Scalar | None, calls: str, scope: Scope, depth: int) -> Scalar:
    scope = replace(scope, written=_as_it_is)
    value: Scalar = "" if target is None else target
    at = 0
    while at < len(calls):
        call = _CALL.match(calls, at)
        if call is None:
            raise ExpressionUnfit(f"{calls[at : at + 40]} is no method")
        at = call.end()
        arguments: list[str] = []
        if calls.startswith("(", at):
            end = _closing_parenthesis(calls, at)
            inside = calls[at + 1 : end].strip()
            arguments = (
                [_unquoted(_render(one, scope, depth + 1)) for one in _split(inside, ",")] if inside else []
            )
            at = end + 1
            while calls[at : at + 1].isspace():
                at += 1
        scope.work.spend(len(value) if isinstance(value, str) else 0)
        value = _call(value, call[1].lower().removeprefix("get_"), arguments)
    return value


def _closing_parenthesis(text: str, opening: int) -> int:
    depth, quoted = 0, False
    for found in _MARKS.finditer(text, opening):
        if found[0] == '"':
            quoted = not quoted
        elif quoted:
            continue
        elif found[0] == "(":
            depth += 1
        else:
            depth -= 1
            if not depth:
                return found.start()
    raise ExpressionUnfit("a parenthesis is not closed")


def _split(text: str, mark: str) -> list[str]:
    """The parts between marks that stand outside of brackets, parentheses and quotation marks."""
    parts, begin, depth, quoted = [], 0, 0, False
    for found in _SPLITS[mark].finditer(text):
        match found[0]:
            case '"':
                quoted = not quoted
            case _ if quoted:
                continue
            case "[" | "(":
                depth += 1
            case "]" | ")":
                depth -= 1
            case _ if not depth:
                parts.append(text[begin : found.start()])
                begin = found.end()
    return [*parts, text[begin:]]


def _unquoted(text: str) -> str:
    text = text.strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


def _holds(condition: str, scope: Scope, depth: int) -> bool:
    _enter(condition, scope, depth)
    scope = replace(scope, written=_as_it_is)
    return any(
        all(_compare(one.strip(), scope, depth) for one in _split(alternative, "&&"))
        for alternative in _split(condition, "||")
    )


def _compare(text: str, scope: Scope, depth: int) -> bool:
    _enter(text, scope, depth)
    for operator in _OPERATORS:
        sides = _split(text, operator)
        if len(sides) == 2:
            left, right = (_unquoted(_render(side, scope, depth + 1)) for side in sides)
            return _compared(left, operator, right)
    if len(text) > 1 and text[0] == "(" and _closing_parenthesis(text, 0) == len(text) - 1:
        return _holds(text[1:-1], scope, depth + 1)
    return _unquoted(_render(text, scope, depth + 1)).lower() == "true"


def _compared(left: str, operator: str, right: str) -> bool:
    if operator in {"==", "!="}:
        words = {left.lower(), right.lower()}
        same = len(words) == 1 if words & {"true", "false"} else left == right
        return same if operator == "==" else not same
    try:
        one, other = float(left or 0), float(right or 0)
    except ValueError:
        return False
    match operator:
        case ">":
            return one > other
        case "<":
            return one < other
        case ">=":
            return one >= other
        case _:
            return one <= other


def _call(value: Scalar, name: str, arguments: list[str]) -> Scalar:
    match value:
        case datetime():
            return _of_time(value, name, arguments)
        case timedelta():
            return _of_span(value, name)
        case bool():
            return _of_text(as_text(value), name, arguments)
        case int() | float():
            return (
                number_text(value, *arguments[:1])
                if name == "tostring"
                else _of_text(as_text(value), name, arguments)
            )
        case str():
            return _of_text(value, name, arguments)


def _whole(text: str) -> int:
    try:
        return int(float(text))
    except (ValueError, OverflowError) as error:
        raise ExpressionUnfit(f"{text[:20]} is no whole number") from error


_ADDED: Final = {"adddays": 86_400, "addhours": 3600, "addminutes": 60, "addseconds": 1}


def _of_time(value: datetime, name: str, arguments: list[str]) -> Scalar:
    if name == "tostring":
        return time_text(value, *arguments[:1])
    if name == "touniversaltime":
        try:
            return value.astimezone(UTC)
        except OverflowError as error:
            raise ExpressionUnfit("a time is too far away") from error
    if name == "tolocaltime":
        return value
    if name in _ADDED and arguments:
        try:
            return value + timedelta(seconds=float(arguments[0]) * _ADDED[name])
        except (ValueError, OverflowError) as error:
            raise ExpressionUnfit(f"{arguments[0][:20]} cannot be added to a time") from error
    if name in {"year", "month", "day", "hour", "minute", "second"}:
        return int(getattr(value, name))
    raise ExpressionUnfit(f"times have no {name[:40]}")


def _of_span(value: timedelta, name: str) -> Scalar:
    seconds = value.total_seconds()
    match name:
        case "tostring":
            return span_text(value)
        case "totalmilliseconds":
            return seconds * 1000
        case "totalseconds":
            return seconds
        case "totalminutes":
            return seconds / 60
        case "totalhours":
            return seconds / 3600
        case "hours":
            return int(seconds // 3600) % 24
        case "minutes":
            return int(seconds // 60) % 60
        case "seconds":
            return int(seconds) % 60
    raise ExpressionUnfit(f"lengths of time have no {name[:40]}")


def _of_text(value: str, name: str, arguments: list[str]) -> Scalar:  # noqa: C901, PLR0912 - a table
    match name, arguments:
        case "tostring", _:
            return value
        case "length", []:
            return len(value)
        case (("tolower" | "tolowerinvariant"), []):
            return value.lower()
        case (("toupper" | "toupperinvariant"), []):
            return value.upper()
        case "trim", [*letters]:
            return value.strip("".join(letters) or None)
        case "trimstart", [*letters]:
            return value.lstrip("".join(letters) or None)
        case "trimend", [*letters]:
            return value.rstrip("".join(letters) or None)
        case "replace", [old, new]:
            return value.replace(old, new) if old and len(value) * (len(new) + 1) <= TEXT_MOST * 16 else value
        case "substring", [begin]:
            return value[max(0, _whole(begin)) :]
        case "substring", [begin, count]:
            first = max(0, _whole(begin))
            return value[first : first + max(0, _whole(count))]
        case "remove", [begin]:
            return value[: max(0, _whole(begin))]
        case "contains", [part]:
            return part in value
        case "startswith", [part]:
            return value.startswith(part)
        case "endswith", [part]:
            return value.endswith(part)
        case "indexof", [part]:
            return value.find(part)
        case "padleft", [width, *letter]:
            return value.rjust(min(_whole(width), 1000), (letter or [" "])[0][:1] or " ")
        case "padright", [width, *letter]:
            return value.ljust(min(_whole(width), 1000), (letter or [" "])[0][:1] or " ")
    raise ExpressionUnfit(f"texts have no {name[:40]} of {len(arguments)} arguments")
