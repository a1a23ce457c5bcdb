"""A CRM template as data: parameters, authentication, and scenarios, each a request with what to read of its answer."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

LOOKUP: Final = frozenset({"", "lookupbynumber"})
"""Ids, in lower case, of the scenarios that find a caller by number."""
REPORT: Final = "reportcall"
"""The id, in lower case, of the scenario that reports a call."""


class AuthenticationKind(StrEnum):
    """How the CRM learns who asks."""

    NONE = "none"
    BASIC = "basic"
    SCENARIO = "scenario"


class RuleKind(StrEnum):
    """What a rule asks of the value at its path."""

    ANY = "any"
    EQUALS = "equals"
    NUMBER = "number"
    """It is the caller's number, however it is written."""


class ValueKind(StrEnum):
    """What a value of a request's body is."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    OBJECT = "object"
    ARRAY = "array"


@dataclass(frozen=True, slots=True)
class Parameter:
    """What whoever sets up the template fills in."""

    name: str
    title: str = ""
    kind: str = "String"
    """As the template has it: `String`, `Password`, `Boolean`, `Integer`, `List`, `OAuth`, ..."""
    default: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition on an answer."""

    kind: RuleKind
    path: str
    wanted: str = ""


@dataclass(frozen=True, slots=True)
class Variable:
    """A value to be taken from an answer: the first at its path that all filters admit."""

    name: str
    path: str
    filters: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Output:
    """What a scenario finds out, by a name that has a meaning: `FirstName`, `ContactUrl`, ..."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a request's header, query or body."""

    key: str
    kind: ValueKind = ValueKind.TEXT
    text: str = ""
    only_if: str = ""
    skip_if: str = ""
    parts: tuple["Value", ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request, its texts still to be evaluated."""

    url: str
    method: str = "GET"
    skip_if: str = ""
    headers: tuple[Value, ...] = ()
    query: tuple[Value, ...] = ()
    body: Value | None = None
    message: str = ""
    """The body as one text; empty: `body` makes it."""
    form: bool = False
    """The body is sent as a form, not as JSON."""
    content_type: str = ""
    xml: bool = False
    """The answer is XML, not JSON."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A request, and what its answer means."""

    id: str
    request: Request
    rules: tuple[Rule, ...] = ()
    variables: tuple[Variable, ...] = ()
    outputs: tuple[Output, ...] = ()
    following: str = ""
    """The id of the scenario that goes on; empty: this is the last."""
    allow_empty: bool = False
    """Go on even when the answer has nothing that the rules ask for."""


@dataclass(frozen=True, slots=True)
class Template:
    """A whole template."""

    name: str
    version: int = 1
    number_prefix: str = "AsIs"
    """`AsIs`, `Off`, `Plus` or `Zeros`: what stands before the country code of a number."""
    number_most: str = ""
    """How many of the last digits of a number are kept; a text to be evaluated."""
    most_at_once: int = 16
    """Requests at one time."""
    parameters: tuple[Parameter, ...] = ()
    authentication: AuthenticationKind = AuthenticationKind.NONE
    authentication_value: str = ""
    """With `basic`: user and password with a colon between; with `scenario`: the scenario's id."""
    scenarios: tuple[Scenario, ...] = ()
    names: frozenset[str] = field(default=frozenset())
    """Every name that the template or the service gives a value, in lower case."""

    def scenario(self, id_: str) -> Scenario | None:
        """The scenario of an id, whatever its case; None: there is none."""
        return next((one for one in self.scenarios if one.id.lower() == id_.lower()), None)

    @property
    def lookups(self) -> tuple[Scenario, ...]:
        """The scenarios that find a caller by number, in their order."""
        return tuple(one for one in self.scenarios if one.id.lower() in LOOKUP)

    @property
    def report(self) -> Scenario | None:
        """The scenario that reports a call; None: the template reports none."""
        return self.scenario(REPORT)
