"""Walks a template's scenarios without I/O: yields requests, is sent replies, and returns what was found.

`look_up` and `report` are generators. Whoever drives one sends each request, and sends back the reply, or None where
there was none in time. `authenticate` does the same for a template whose authentication is a scenario.
"""

import base64
import json
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import quote, urlencode

from app.crm_template.answers import Data, Hit, find, read_answer, same_number
from app.crm_template.errors import AnswerUnreadable, ExpressionUnfit
from app.crm_template.expressions import Scalar, Scope, Work, as_text, evaluate, holds
from app.crm_template.model import AuthenticationKind, Rule, RuleKind, Scenario, Template, Value, ValueKind

CHAIN_MOST: Final = 20
"""How many requests one look-up or report may make."""
_UNAUTHORISED: Final = 401
_OK: Final = range(200, 300)
_OF_ADDRESSES: Final = "%/:?#[]@!$&'()*+,;=~"


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request to the CRM."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class HttpReply:
    """What the CRM answered."""

    status: int
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Step:
    """One scenario, walked."""

    scenario: str
    outcome: str
    """`skipped`, `found`, `nothing`, `status` (the CRM refused), `unreadable`, `no_answer` or `unfit`."""
    status: int | None = None
    detail: str = ""
    request: HttpRequest | None = field(default=None, repr=False)


@dataclass(slots=True)
class Outcome:
    """What came of a look-up or a report."""

    outputs: dict[str, str] = field(default_factory=dict)
    """What was found, by the name of the output, such as `FirstName`; empty: nothing."""
    steps: list[Step] = field(default_factory=list)
    work: Work = field(default_factory=Work, repr=False, compare=False)
    """How much may still be looked at for it."""

    @property
    def failed(self) -> Step | None:
        """The step that the CRM refused or did not answer; None: there was none."""
        return next((one for one in self.steps if one.outcome in _FAILURES), None)

    @property
    def unauthorised(self) -> bool:
        """The CRM does not accept the authentication."""
        return any(one.status == _UNAUTHORISED for one in self.steps)


_FAILURES: Final = frozenset({"status", "unreadable", "no_answer", "unfit"})
Walk = Generator[HttpRequest, HttpReply | None, Outcome]


@dataclass(frozen=True, slots=True)
class Filled:
    """A template with its parameters filled in, and what its authentication scenario gave."""

    template: Template
    parameters: Mapping[str, str]
    """By name; a parameter that is not here has its default."""
    granted: Mapping[str, str] = field(default_factory=dict)
    """Variables of the authentication scenario, by name in lower case."""

    def values(self) -> dict[str, Scalar]:
        """What names stand for before anything is asked."""
        values: dict[str, Scalar] = {"linebreak": "\n"}
        for one in self.template.parameters:
            values[one.name.lower()] = self.parameters.get(one.name, one.default)
        return values | dict(self.granted)

    @property
    def typed(self) -> frozenset[str]:
        """Names, in lower case, that whoever set up the template wrote."""
        return frozenset(one.name.lower() for one in self.template.parameters)


def address_of(filled: Filled, scenario: Scenario) -> str:
    """Where a scenario's request goes, as far as that is known before anything is asked.

    Raises:
        ExpressionUnfit: see `evaluate`.
    """
    return _url(scenario.request.url, Scope(filled.values(), filled.typed))


def format_number(filled: Filled, number: str) -> str:
    """A number as the template's CRM expects it.

    Args:
        filled: the template.
        number: E.164, or digits.
    """
    template = filled.template
    prefix = "+" if number.startswith("+") else "00" if number.startswith("00") else ""
    digits = number.removeprefix(prefix)
    wanted = {"off": "", "plus": "+", "zeros": "00"}.get(template.number_prefix.lower(), prefix)
    number = (wanted if prefix else "") + digits
    most = evaluate(template.number_most, Scope(filled.values(), filled.typed, template.names)).strip()
    if most.isascii() and most.isdecimal() and 0 < int(most) < len(number):
        return number[-int(most) :]
    return number


def look_up(filled: Filled, number: str) -> Walk:
    """Find out who has a number: the template's look-ups in their order, until one finds somebody."""
    outcome = Outcome()
    values = filled.values() | {"foundrecordcount": 0, "calldirection": "Inbound"}
    values["number"] = format_number(filled, number)
    for scenario in filled.template.lookups:
        yield from _chain(filled, scenario, dict(values), outcome, number)
        if outcome.outputs:
            break
    return outcome


def report(filled: Filled, number: str, call: Mapping[str, Scalar]) -> Walk:
    """Report a call.

    Args:
        filled: the template.
        number: the customer's.
        call: variables of the call, by name in lower case.
    """
    outcome = Outcome()
    scenario = filled.template.report
    if scenario is not None:
        values = filled.values() | dict(call) | {"number": format_number(filled, number)}
        yield from _chain(filled, scenario, values, outcome, number)
    return outcome


def authenticate(filled: Filled) -> Walk:
    """Ask for what later requests need; nothing where the template's authentication is no scenario."""
    outcome = Outcome()
    scenario = filled.template.scenario(filled.template.authentication_value)
    if filled.template.authentication is AuthenticationKind.SCENARIO and scenario is not None:
        values = filled.values()
        before = set(values)
        yield from _chain(filled, scenario, values, outcome, "")
        if outcome.failed is None:
            outcome.outputs |= {name: as_text(value) for name, value in values.items() if name not in before}
    return outcome


def _chain(
    filled: Filled, first: Scenario, values: dict[str, Scalar], outcome: Outcome, number: str
) -> Generator[HttpRequest, HttpReply | None, None]:
    scenario: Scenario | None = first
    scope = Scope(values, filled.typed, filled.template.names, work=outcome.work)
    while scenario is not None and len(outcome.steps) < CHAIN_MOST:
        try:
            if holds(scenario.request.skip_if, scope):
                outcome.steps.append(Step(scenario.id, "skipped"))
                found = False
                if not scenario.following or not scenario.allow_empty:
                    return
            else:
                request = _request(filled, scenario, scope)
                reply = yield request
                step, data = _read(scenario, request, reply)
                if step.outcome == "found":
                    outcome.work.spend(_searched(scenario, reply))
                found = step.outcome == "found" and _take(scenario, data, values, scope, number)
                outcome.steps.append(
                    step
                    if found or step.outcome != "found"
                    else Step(scenario.id, "nothing", step.status, request=request)
                )
                if step.outcome in _FAILURES:
                    return
            if not found and not scenario.allow_empty:
                return
            _publish(scenario, values, scope, outcome)
        except (ExpressionUnfit, UnicodeError) as error:
            outcome.steps.append(Step(scenario.id, "unfit", detail=str(error)[:200]))
            return
        scenario = filled.template.scenario(scenario.following) if scenario.following else None


def _read(scenario: Scenario, request: HttpRequest, reply: HttpReply | None) -> tuple[Step, Data]:
    if reply is None:
        return Step(scenario.id, "no_answer", request=request), None
    if reply.status not in _OK:
        return Step(scenario.id, "status", reply.status, request=request), None
    try:
        return Step(scenario.id, "found", reply.status, request=request), read_answer(
            reply.body, xml=scenario.request.xml
        )
    except AnswerUnreadable as error:
        if not scenario.rules and not scenario.variables:  # whatever it answers, nothing is read of it
            return Step(scenario.id, "found", reply.status, request=request), None
        return Step(scenario.id, "unreadable", reply.status, str(error), request), None


_VALUE_LENGTH: Final = 32
"""How long a value is in an answer with many of them, with its name, in bytes."""


def _searched(scenario: Scenario, reply: HttpReply | None) -> int:
    """How many values of an answer are looked at, at most: each path may lead through all."""
    paths = len(scenario.rules) + sum(1 + len(one.filters) for one in scenario.variables)
    return 0 if reply is None else paths * (len(reply.body) // _VALUE_LENGTH)


def _take(scenario: Scenario, data: Data, values: dict[str, Scalar], scope: Scope, number: str) -> bool:
    """Take the scenario's variables from an answer; whether its rules find something there."""
    trail: dict[tuple[str, ...], int] = {}
    for rule in scenario.rules:
        hit = next(
            (one for one in find(data, rule.path) if one.belongs(trail) and _fits(one, rule, scope, number)),
            None,
        )
        if hit is None:
            return False
        trail |= hit.trail
    if scenario.rules:
        values["foundrecordcount"] = len({hit.value for hit in find(data, scenario.rules[0].path)})
    for variable in scenario.variables:
        hits = (one for one in find(data, variable.path) if one.belongs(trail))
        filters = [(rule, find(data, rule.path)) for rule in variable.filters]
        values[variable.name.lower()] = next(
            (hit.value for hit in hits if _admitted(hit, filters, scope, number)), ""
        )
    for variable in scenario.variables:
        # Published templates call the id that a search found `[Id]` without declaring it.
        if variable.path.rpartition(".")[2].lower() == "id":
            values.setdefault("id", values[variable.name.lower()])
    return True


def _admitted(hit: Hit, filters: Sequence[tuple[Rule, Sequence[Hit]]], scope: Scope, number: str) -> bool:
    """Whether a value's filters admit it; each comes with what there is at its path."""
    scope.work.spend(sum(len(there) for _, there in filters))
    return all(
        any(one.belongs(hit.trail) and _fits(one, rule, scope, number) for one in there)
        for rule, there in filters
    )


def _fits(hit: Hit, rule: Rule, scope: Scope, number: str) -> bool:
    match rule.kind:
        case RuleKind.ANY:
            return True
        case RuleKind.EQUALS:
            return hit.value == evaluate(rule.wanted, scope)
        case RuleKind.NUMBER:
            return same_number(hit.value, number)


def _publish(scenario: Scenario, values: dict[str, Scalar], scope: Scope, outcome: Outcome) -> None:
    """Make the scenario's outputs known: to whoever asked, and to the scenarios that follow."""
    for output in scenario.outputs:
        text = _output(output.name, output.value, scope)
        if text:
            outcome.outputs[output.name] = text
            values.setdefault(output.name.lower(), text)


def _output(name: str, value: str, scope: Scope) -> str:
    if name.lower().endswith("url"):
        return _url(value, scope).strip()
    return evaluate(value, scope).strip()


def _url(text: str, scope: Scope) -> str:
    """An address: what stands before its path is as it is, anything after that is encoded."""
    begun: list[bool] = []
    before = text.partition("?")[0].lower()

    def written(name: str, value: str) -> str:
        first = not begun
        begun.append(True)
        if first and text.lstrip().startswith("["):
            return value  # the address itself
        return value if name in scope.parameters and f"[{name}]" in before else quote(value, safe="")

    whole = evaluate(text, replace(scope, written=written))
    return quote(
        whole, safe=_OF_ADDRESSES
    )  # a template may have blanks, braces and other letters in its address


def _request(filled: Filled, scenario: Scenario, scope: Scope) -> HttpRequest:
    request = scenario.request
    url = _url(request.url, scope)
    if query := [(one.key, evaluate(one.text, scope)) for one in request.query if _wanted(one, scope)]:
        url += ("&" if "?" in url else "?") + urlencode(query)
    headers = [(one.key, evaluate(one.text, scope).strip()) for one in request.headers if _wanted(one, scope)]
    given = {name.lower() for name, _ in headers}
    if filled.template.authentication is AuthenticationKind.BASIC and "authorization" not in given:
        credentials = evaluate(filled.template.authentication_value, scope)
        headers.append(("Authorization", f"Basic {base64.b64encode(credentials.encode()).decode()}"))
    if (name := filled.granted.get("headername")) and name.lower() not in given:
        headers.append((name, filled.granted.get("headervalue", "")))
    body, kind = _body(scenario, scope)
    if body and "content-type" not in given:
        headers.append(("Content-Type", request.content_type or kind))
    if "accept" not in given:
        headers.append(("Accept", "application/xml" if request.xml else "application/json"))
    return HttpRequest(request.method, url, tuple(headers), body)


def _body(scenario: Scenario, scope: Scope) -> tuple[bytes, str]:
    request = scenario.request
    if request.message:
        if request.form:
            return evaluate(request.message, scope).encode(), "application/x-www-form-urlencoded"
        escaped = replace(scope, written=lambda _, value: json.dumps(value)[1:-1])
        return evaluate(request.message, escaped).encode(), "application/json"
    if request.body is None:
        return b"", ""
    if request.form:
        pairs = [(one.key, evaluate(one.text, scope)) for one in request.body.parts if _wanted(one, scope)]
        return urlencode(pairs).encode(), "application/x-www-form-urlencoded"
    return json.dumps(_json(request.body, scope), ensure_ascii=False).encode(), "application/json"


def _wanted(value: Value, scope: Scope) -> bool:
    return (not value.only_if or holds(value.only_if, scope)) and not holds(value.skip_if, scope)


_NOTHING: Final = object()


def _json(value: Value, scope: Scope) -> Any:
    match value.kind:
        case ValueKind.OBJECT:
            return {
                one.key: said
                for one in value.parts
                if _wanted(one, scope) and (said := _json(one, scope)) is not _NOTHING
            }
        case ValueKind.ARRAY:
            return [
                said
                for one in value.parts
                if _wanted(one, scope) and (said := _json(one, scope)) is not _NOTHING
            ]
        case ValueKind.TEXT:
            return evaluate(value.text, scope)
    return _plain(value.kind, evaluate(value.text, scope).strip())


def _plain(kind: ValueKind, text: str) -> object:
    """A number or a truth value; what is none is the text that it is, and an empty one is left out."""
    if not text:
        return _NOTHING
    if kind is ValueKind.BOOLEAN:
        return text.lower() in {"true", "1", "yes"}
    try:
        return int(text) if kind is ValueKind.INTEGER else float(text)
    except ValueError:
        return text
