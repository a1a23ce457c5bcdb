"""Reads a template's XML, and refuses at once what could not be carried out later."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from app.crm_template.answers import EntitiesDeclared, parse_xml
from app.crm_template.errors import ExpressionUnfit, Fault, TemplateUnfit
from app.crm_template.expressions import Scope, evaluate, holds
from app.crm_template.model import (
    AuthenticationKind,
    Output,
    Parameter,
    Request,
    Rule,
    RuleKind,
    Scenario,
    Template,
    Value,
    ValueKind,
    Variable,
)
from app.crm_template.predefined import PREDEFINED, samples

TEMPLATE_MOST: Final = 100_000
"""How long a template may be, in bytes; published ones have some ten thousand."""
SCENARIOS_MOST: Final = 100
"""How many scenarios a template may have; published ones have up to twenty."""
_ELEMENTS_MOST: Final = 2000
_DEEP: Final = 30
_METHODS: Final = {"get": "GET", "post": "POST", "put": "PUT", "patch": "PATCH", "delete": "DELETE"}
_AUTHENTICATIONS: Final = {
    "no": AuthenticationKind.NONE,
    "none": AuthenticationKind.NONE,
    "": AuthenticationKind.NONE,
    "basic": AuthenticationKind.BASIC,
    "scenario": AuthenticationKind.SCENARIO,
}
_KINDS: Final = {
    "integer": ValueKind.INTEGER,
    "int": ValueKind.INTEGER,
    "number": ValueKind.NUMBER,
    "double": ValueKind.NUMBER,
    "boolean": ValueKind.BOOLEAN,
    "bool": ValueKind.BOOLEAN,
    "object": ValueKind.OBJECT,
    "array": ValueKind.ARRAY,
}
_AUTHORITY: Final = re.compile(r"https?:[/\\]*([^/\\?#]*)", re.IGNORECASE)
_URL_BEGINNINGS: Final = ("http://", "https://", "[")


@dataclass(slots=True)
class _Node:
    tag: str
    attributes: Mapping[str, str]
    parts: list["_Node"] = field(default_factory=list)
    text: list[str] = field(default_factory=list)

    def get(self, name: str, default: str = "") -> str:
        return self.attributes.get(name.lower(), default)

    def all(self, *tags: str) -> Iterator["_Node"]:
        return (part for part in self.parts if part.tag in tags)

    def one(self, tag: str) -> "_Node":
        return next(self.all(tag), _Node(tag, {}))

    @property
    def said(self) -> str:
        return "".join(self.text)


def read_template(xml: bytes) -> Template:
    """A template from its file.

    Raises:
        TemplateUnfit: it is none, or asks for something that cannot be carried out.
    """
    root = _parse(xml)
    if root.tag != "crm":
        raise TemplateUnfit(Fault.NOT_A_TEMPLATE, root.tag)
    scenarios = tuple(_scenario(one) for one in root.one("scenarios").all("scenario"))
    if len(scenarios) > SCENARIOS_MOST:
        raise TemplateUnfit(Fault.TOO_LARGE, f"{SCENARIOS_MOST} scenarios")
    authentication = root.one("authentication")
    kind = _AUTHENTICATIONS.get(authentication.get("type").lower())
    if kind is None:
        raise TemplateUnfit(Fault.AUTHENTICATION, authentication.get("type"))
    parameters = tuple(_parameter(one) for one in root.one("parameters").all("parameter"))
    number = root.one("number")
    template = Template(
        name=root.get("Name") or "CRM",
        version=_whole(root.get("Version"), 1),
        number_prefix=number.get("Prefix") or "AsIs",
        number_most=number.get("MaxLength"),
        most_at_once=min(64, max(1, _whole(root.one("connection").get("MaxConcurrentRequests"), 16))),
        parameters=parameters,
        authentication=kind,
        authentication_value=authentication.one("value").said.strip(),
        scenarios=scenarios,
        names=_names(parameters, scenarios),
    )
    check_template(template)
    return template


def _parse(xml: bytes) -> _Node:
    if len(xml) > TEMPLATE_MOST:
        raise TemplateUnfit(Fault.TOO_LARGE, f"{TEMPLATE_MOST} bytes")
    top = _Node("", {})
    open_, count = [top], 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if count > _ELEMENTS_MOST or len(open_) > _DEEP:
            raise TemplateUnfit(Fault.TOO_LARGE, f"{_ELEMENTS_MOST} elements, {_DEEP} deep")
        node = _Node(
            name.rpartition(":")[2].lower(), {key.lower(): value for key, value in attributes.items()}
        )
        open_[-1].parts.append(node)
        open_.append(node)

    def end(_name: str) -> None:
        open_.pop()

    def text(said: str) -> None:
        open_[-1].text.append(said)

    try:
        parse_xml(xml, start, end, text)
    except EntitiesDeclared as error:
        raise TemplateUnfit(Fault.ENTITIES, "DOCTYPE") from error
    except ValueError as error:
        raise TemplateUnfit(Fault.NOT_XML, str(error)) from error
    return top.parts[0]


def _whole(text: str, default: int) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else default


def _parameter(node: _Node) -> Parameter:
    if not node.get("Name"):
        raise TemplateUnfit(Fault.MISSING, "Parameter Name")
    choices = node.get("ListValues")
    return Parameter(
        name=node.get("Name"),
        title=node.get("Title"),
        kind=node.get("Type") or "String",
        default=node.get("Default"),
        choices=tuple(one.strip() for one in choices.split(",")) if choices else (),
    )


def _scenario(node: _Node) -> Scenario:
    id_ = node.get("Id")
    if node.get("Type", "REST").upper() not in {"REST", ""}:
        raise TemplateUnfit(Fault.SCENARIO_TYPE, f"{id_} {node.get('Type')}".strip())
    outputs = node.one("outputs")
    return Scenario(
        id=id_,
        request=_request(id_, node.one("request")),
        rules=tuple(_rule(one) for one in node.one("rules").all("rule")),
        variables=tuple(
            Variable(
                name=one.get("Name"),
                path=one.get("Path") or one.said.strip(),
                filters=tuple(_rule(rule) for rule in one.one("filter").all("rule")),
            )
            for one in node.one("variables").all("variable")
        ),
        outputs=tuple(
            Output(one.get("Type") or one.get("Name"), one.get("Value") or one.said.strip())
            for one in outputs.all("output")
        ),
        following=outputs.get("Next"),
        allow_empty=outputs.get("AllowEmpty").lower() == "true",
    )


def _rule(node: _Node) -> Rule:
    try:
        kind = RuleKind((node.get("Type") or "any").lower())
    except ValueError as error:
        raise TemplateUnfit(Fault.RULE_TYPE, node.get("Type")) from error
    return Rule(kind, node.said.strip() or node.get("Path"), node.get("Ethalon"))


def _request(id_: str, node: _Node) -> Request:
    method = _METHODS.get((node.get("RequestType") or node.get("Method") or "Get").lower())
    if method is None:
        raise TemplateUnfit(Fault.REQUEST_TYPE, node.get("RequestType"))
    encoding = (node.get("RequestEncoding") or "UrlEncoded").lower()
    if encoding not in {"urlencoded", "json"} and not node.get("Message"):
        raise TemplateUnfit(Fault.ENCODING, node.get("RequestEncoding"))
    response = (node.get("ResponseType") or "Json").lower()
    if response not in {"json", "xml"}:
        raise TemplateUnfit(Fault.RESPONSE_TYPE, node.get("ResponseType"))
    if not node.get("Url"):
        raise TemplateUnfit(Fault.MISSING, f"{id_} Request Url".strip())
    if not node.get("Url").strip().lower().startswith(_URL_BEGINNINGS) or _names_user(node.get("Url")):
        raise TemplateUnfit(Fault.URL, node.get("Url"))
    return Request(
        url=node.get("Url").strip(),
        method=method,
        skip_if=node.get("SkipIf"),
        headers=tuple(_value(one) for one in node.one("headers").all("value", "header")),
        query=tuple(
            Value(one.get("Name") or one.get("Key"), text=one.get("Value") or one.said)
            for one in node.one("query").all("parameter", "value")
        ),
        body=_body(node),
        message=node.get("Message"),
        form=encoding == "urlencoded",
        content_type=node.get("RequestContentType"),
        xml=response == "xml",
    )


def _names_user(url: str) -> bool:
    """Whether an address has a user before its host: it looks as if it led to the user's name."""
    found = _AUTHORITY.match(url.strip())
    return found is not None and "@" in found[1]


def _body(node: _Node) -> Value | None:
    """All `PostValues` as one object; those with a key are objects in it."""
    parts: list[Value] = []
    for posted in node.all("postvalues"):
        own = Value(
            posted.get("Key"),
            ValueKind.OBJECT,
            only_if=posted.get("If"),
            skip_if=posted.get("SkipIf"),
            parts=tuple(_value(one) for one in posted.all("value", "object", "array")),
        )
        parts.append(own)
    if not parts:
        return None
    if len(parts) == 1 and not parts[0].key:
        return parts[0]
    keyed = [part for part in parts if part.key]
    loose = [one for part in parts if not part.key for one in part.parts]
    return Value("", ValueKind.OBJECT, parts=(*loose, *keyed))


def _value(node: _Node) -> Value:
    parts = tuple(_value(one) for one in node.all("value", "object", "array"))
    named = {"object": ValueKind.OBJECT, "array": ValueKind.ARRAY}.get(node.tag)
    kind = named or _KINDS.get(node.get("Type").lower(), ValueKind.OBJECT if parts else ValueKind.TEXT)
    return Value(
        node.get("Key") or node.get("Name"),
        kind,
        text=node.said,
        only_if=node.get("If"),
        skip_if=node.get("SkipIf"),
        parts=parts,
    )


def _names(parameters: tuple[Parameter, ...], scenarios: tuple[Scenario, ...]) -> frozenset[str]:
    return frozenset(
        name.lower()
        for name in (
            *PREDEFINED,
            *(one.name for one in parameters),
            *(one.name for scenario in scenarios for one in scenario.variables),
            *(one.name for scenario in scenarios for one in scenario.outputs),
        )
    )


def check_template(template: Template) -> None:
    """Refuse what could not be carried out: every text is evaluated once with samples.

    Raises:
        TemplateUnfit: with the text concerned.
    """
    if not template.lookups:
        raise TemplateUnfit(Fault.NO_LOOKUP, template.name)
    granting = template.authentication_value
    if template.authentication is AuthenticationKind.SCENARIO and not (
        granting and template.scenario(granting)
    ):
        raise TemplateUnfit(Fault.MISSING, f"Scenario {granting}")
    for scenario in template.scenarios:
        if scenario.following and template.scenario(scenario.following) is None:
            raise TemplateUnfit(Fault.MISSING, f"Scenario {scenario.following}")
    scope = Scope(samples(), known=template.names)
    text = ""
    try:
        for text in _texts(template):
            evaluate(text, scope)
        for text in _conditions(template):
            holds(text, scope)
    except ExpressionUnfit as error:
        raise TemplateUnfit(Fault.EXPRESSION, f"{error}: {text}") from error


def _texts(template: Template) -> Iterator[str]:
    yield template.number_most
    yield template.authentication_value
    for scenario in template.scenarios:
        yield scenario.request.url
        yield scenario.request.message
        for value in _values(scenario.request):
            yield value.text
        yield from (output.value for output in scenario.outputs)
        yield from (rule.wanted for rule in scenario.rules)
    yield from (one.default for one in template.parameters)


def _conditions(template: Template) -> Iterator[str]:
    for scenario in template.scenarios:
        yield scenario.request.skip_if
        for value in _values(scenario.request):
            yield value.only_if
            yield value.skip_if


def _values(request: Request) -> Iterator[Value]:
    waiting = [*request.headers, *request.query, *([request.body] if request.body is not None else [])]
    while waiting:
        value = waiting.pop()
        yield value
        waiting += value.parts
