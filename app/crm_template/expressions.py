"""The language of a template's texts.

A text stands for itself, except for what is in brackets: `[Name]` is the value of a variable, `[IIf(condition,a,b)]`
one of two texts, `[[Time].ToString("HH:mm")]` a method of a value, `[[Parameter]]` a parameter whose value is a text of
this language itself. `{{` and `}}` stand for brackets, `^^` for a quotation mark. Brackets around anything else stand
for themselves: so does the name of a variable that nobody knows.

Only parameters are evaluated as texts, for whoever sets up the template wrote them. What the CRM or a caller says is a
value and nothing more, whatever brackets it has.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from app.crm_template.errors import ExpressionUnfit
from app.crm_template.formats import number_text, span_text, time_text

Scalar = str | int | float | bool | datetime | timedelta

DEPTH: Final = 20
"""How deep brackets may nest."""
TEXT_MOST: Final = 65_536
"""How long a text may become, in characters."""
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ON_NAME: Final = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(\..+)", re.DOTALL)
_CALL: Final = re.compile(r"\.([A-Za-z_]+)")
_SPECIAL: Final = re.compile(r"\[|\{\{|\}\}|\^\^")
_ESCAPED: Final = {"{{": "[", "}}": "]", "^^": '"'}
_COMPARED: Final = re.compile(r"==|!=|>=|<=|>|<")
_IIF: Final = "iif("


def _as_it_is(_name: str, value: str) -> str:
    return value


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
        ExpressionUnfit: it calls something that does not exist, nests too deep, or becomes too long.
    """
    return _render(text, scope, 0)


def holds(condition: str, scope: Scope) -> bool:
    """Whether a condition is true; an empty one is not.

    >>> holds('[Enabled]!=True||[Id]==""', Scope({"enabled": "True", "id": "7"}))
    False

    Raises:
        ExpressionUnfit: as `evaluate`.
    """
    return _holds(condition, scope, 0)


def _render(text: str, scope: Scope, depth: int) -> str:
    if depth > DEPTH:
        raise ExpressionUnfit("brackets nest too deep")
    parts: list[str] = []
    at, length = 0, 0
    while (special := _SPECIAL.search(text, at)) is not None:
        parts.append(text[at : special.start()])
        if special[0] == "[":
            end = _closing(text, special.start())
            if end < 0:
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


def _closing(text: str, opening: int) -> int:
    """Where the bracket closes that opens here; -1: nowhere."""
    depth = 0
    for at in range(opening, len(text)):
        if text[at] == "[":
            depth += 1
        elif text[at] == "]":
            depth -= 1
            if not depth:
                return at
    return -1


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
    if depth > DEPTH:
        raise ExpressionUnfit("brackets nest too deep")
    if _NAME.fullmatch(inner):
        name = inner.lower()
        value = scope.values.get(name)
        if value is None:
            return name, "" if name in scope.known else None
        return name, value
    if inner[: len(_IIF)].lower() == _IIF and inner.endswith(")"):
        return "", _chosen(inner, replace(scope, written=_as_it_is), depth)
    if inner[:1] == "[":
        end = _closing(inner, 0)
        if end > 0 and inner[end + 1 : end + 2] == ".":
            _, target = _value(inner[1:end].strip(), scope, depth + 1)
            return "", _chain(target, inner[end + 1 :], scope, depth)
        if end == len(inner) - 1:
            return _value(inner[1:-1].strip(), scope, depth + 1)
    if (on := _ON_NAME.fullmatch(inner)) and on[1].lower() in scope.known | scope.values.keys():
        _, target = _value(on[1], scope, depth + 1)
        return "", _chain(target, on[2], scope, depth)
    return "", None


def _chain(target: Scalar | None, rest: str, scope: Scope, depth: int) -> Scalar:
    scope = replace(scope, written=_as_it_is)
    value: Scalar = "" if target is None else target
    while rest:
        call = _CALL.match(rest)
        if call is None:
            raise ExpressionUnfit(f"{rest[:40]} is no method")
        rest = rest[call.end() :]
        arguments: list[str] = []
        if rest[:1] == "(":
            end = _closing_parenthesis(rest)
            inside = rest[1:end].strip()
            arguments = (
                [_unquoted(_render(one, scope, depth + 1)) for one in _split(inside, ",")] if inside else []
            )
            rest = rest[end + 1 :].lstrip()
        value = _call(value, call[1].lower().removeprefix("get_"), arguments)
    return value


def _closing_parenthesis(text: str) -> int:
    depth, quoted = 0, False
    for at, letter in enumerate(text):
        if letter == '"':
            quoted = not quoted
        elif quoted:
            continue
        elif letter == "(":
            depth += 1
        elif letter == ")":
            depth -= 1
            if not depth:
                return at
    raise ExpressionUnfit("a parenthesis is not closed")


def _split(text: str, mark: str) -> list[str]:
    """The parts between marks that stand outside of brackets, parentheses and quotation marks."""
    parts, begin, depth, quoted, at = [], 0, 0, False, 0
    while at < len(text):
        letter = text[at]
        if letter == '"':
            quoted = not quoted
        elif not quoted and letter in "[(":
            depth += 1
        elif not quoted and letter in "])":
            depth -= 1
        elif not quoted and not depth and text.startswith(mark, at):
            parts.append(text[begin:at])
            begin = at = at + len(mark)
            continue
        at += 1
    return [*parts, text[begin:]]


def _unquoted(text: str) -> str:
    text = text.strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


def _holds(condition: str, scope: Scope, depth: int) -> bool:
    scope = replace(scope, written=_as_it_is)
    return any(
        all(_compare(one.strip(), scope, depth) for one in _split(alternative, "&&"))
        for alternative in _split(condition, "||")
    )


def _compare(text: str, scope: Scope, depth: int) -> bool:
    for operator in ("==", "!=", ">=", "<=", ">", "<"):
        sides = _split(text, operator)
        if len(sides) == 2:
            left, right = (_unquoted(_render(side, scope, depth + 1)) for side in sides)
            return _compared(left, operator, right)
    if len(text) > 1 and text[0] == "(" and _closing_parenthesis(text) == len(text) - 1:
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
        return value.astimezone(UTC)
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
