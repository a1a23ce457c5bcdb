"""A row as a template that can be walked, and what a walk found as a card."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit

from app.crm.crm_lookup.errors import (
    AuthenticationUnsupported,
    CrmAddressPrivate,
    CrmAddressUnfit,
    TemplateInvalid,
    TemplateUnsupported,
)
from app.crm.crm_lookup.tables import CrmLookupRow, LookupKind
from app.crm_template.errors import ExpressionUnfit, Fault, TemplateUnfit
from app.crm_template.model import (
    Output,
    Parameter,
    Request,
    Rule,
    RuleKind,
    Scenario,
    Template,
    Value,
    Variable,
)
from app.crm_template.predefined import PREDEFINED
from app.crm_template.reading import check_template, read_template
from app.crm_template.run import Filled, address_of
from app.domain.calls import CrmCard, CrmState
from app.domain.errors import Refusal
from app.system.networks import Network, is_inside, is_web_address

_UNSUPPORTED: Final = frozenset(
    {Fault.SCENARIO_TYPE, Fault.REQUEST_TYPE, Fault.ENCODING, Fault.RESPONSE_TYPE, Fault.RULE_TYPE}
)
_BRACKETED: Final = re.compile(r"\[([A-Za-z_][A-Za-z0-9_]*)\]")
_AUTHORITY: Final = re.compile(r"https?://([^/?#]*)", re.IGNORECASE)
_HOST: Final = re.compile(r"\[[0-9a-f.]*:[0-9a-f:.]*\]|[a-z0-9.\-]+", re.IGNORECASE)
_PORT: Final = re.compile(r":[0-9]*$")
_LINE_MOST: Final = 200
_URL_MOST: Final = 2000


@lru_cache(maxsize=4)
def template_of(xml: str) -> Template:
    """A template from its XML; slow, so call it on a thread of its own.

    Raises:
        TemplateInvalid, TemplateUnsupported, AuthenticationUnsupported: it cannot be used.
    """
    try:
        return read_template(xml.encode())
    except TemplateUnfit as error:
        raise refusal_of(error) from error


def refusal_of(error: TemplateUnfit) -> Refusal:
    """A template's fault as a refusal."""
    if error.fault is Fault.AUTHENTICATION:
        return AuthenticationUnsupported(kind=error.where)
    if error.fault in _UNSUPPORTED:
        return TemplateUnsupported(fault=error.fault.value, where=error.where)
    return TemplateInvalid(fault=error.fault.value, where=error.where)


def template_of_url(said: Mapping[str, Any]) -> Template:
    """A template that asks one address.

    Args:
        said: the fields of `UrlLookup`.

    Raises:
        CrmAddressUnfit: the address, or the link, is none.
    """
    url, link, headers = str(said["url"]), str(said.get("link", "")), dict(said.get("headers") or {})
    for address in filter(None, (url, link)):
        authority = _AUTHORITY.match(address)
        host = _HOST.match(authority[1]) if authority is not None else None
        if authority is None or host is None or not re.fullmatch(r"(:[0-9]+)?", authority[1][host.end() :]):
            raise CrmAddressUnfit(part=address[:_LINE_MOST])
    texts = (url, link, *headers.values())
    own = {"id", "name", "company", *(one.lower() for one in PREDEFINED)}
    names = dict.fromkeys(
        name for text in texts for name in _BRACKETED.findall(text) if name.lower() not in own
    )
    paths = {key: str(said.get(key, "")) for key in ("name", "company", "id")}
    first = next(filter(None, paths.values()), "")
    outputs = [Output("FirstName", "[Name]"), Output("CompanyName", "[Company]"), Output("EntityId", "[Id]")]
    template = Template(
        name=_host_in(url),
        parameters=tuple(Parameter(name) for name in names),
        scenarios=(
            Scenario(
                id="",
                request=Request(
                    url=url, headers=tuple(Value(key, text=value) for key, value in headers.items())
                ),
                rules=(Rule(RuleKind.ANY, first),) if first else (),
                variables=tuple(Variable(key.title(), path) for key, path in paths.items() if path),
                outputs=(*outputs, *((Output("ContactUrl", link),) if link else ())),
            ),
        ),
        names=frozenset({*own, *(name.lower() for name in names)}),
    )
    try:
        check_template(template)
    except TemplateUnfit as error:
        raise refusal_of(error) from error
    return template


def row_template(row: CrmLookupRow) -> Template:
    """The row's template.

    Raises:
        Refusal: it cannot be used.
    """
    return template_of(row.template) if row.kind == LookupKind.TEMPLATE.value else template_of_url(row.url)


def _host_in(address: str) -> str:
    """The host of an address that begins with `http` or `https`, as it is written; empty: there is none."""
    authority = _AUTHORITY.match(address)
    return _PORT.sub("", authority[1].lower()) if authority is not None else ""


def hosts_of(template: Template) -> list[str]:
    """Hosts that are written in a template's addresses, with variables as they are written."""
    return sorted({_host_in(one.request.url) for one in template.scenarios} - {""})


def check_addresses(template: Template, parameters: Mapping[str, str], networks: Sequence[Network]) -> None:
    """Check where a template's requests go, as far as its texts and parameters say; slow, so call it on a thread.

    A host that is a name is checked at each connection, and so is one that the CRM names itself.

    Args:
        template: which knows all parameters.
        parameters: by name.
        networks: private networks that are allowed.

    Raises:
        CrmAddressPrivate: a request would go inside.
        CrmAddressUnfit: an address has a user before its host.
    """
    filled = Filled(template, parameters)
    for scenario in template.scenarios:
        try:
            parts = urlsplit(address_of(filled, scenario))
            host = parts.hostname or ""
        except (ExpressionUnfit, ValueError):
            continue
        if "@" in parts.netloc:
            raise CrmAddressUnfit(part=host[:_LINE_MOST])
        if is_inside(host, networks):
            raise CrmAddressPrivate(host=host)


def card_of(outputs: Mapping[str, str]) -> CrmCard:
    """What was found as a card; texts are bounded, and a page is one of http or https."""
    said = {name.lower(): " ".join(value.split()) for name, value in outputs.items()}
    name = said.get("fullname") or f"{said.get('firstname', '')} {said.get('lastname', '')}"
    url = said.get("contacturl", "")
    if len(url) > _URL_MOST or not is_web_address(url):
        url = ""
    card = CrmCard(
        CrmState.FOUND,
        name.strip()[:_LINE_MOST],
        said.get("companyname", "")[:_LINE_MOST],
        url,
        (said.get("entityid") or said.get("contactid") or "")[:_LINE_MOST],
    )
    return card if any(card[1:]) else CrmCard(CrmState.UNKNOWN)


def shown_address(url: str) -> str:
    """Host, path and names of the query, without values: those may be secrets.

    >>> shown_address("https://crm.example/v1/people?term=55500123&key=abc")
    'crm.example/v1/people?term,key'
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    names = ",".join(part.partition("=")[0] for part in parts.query.split("&") if part)
    return f"{parts.netloc.rpartition('@')[2]}{parts.path}" + (f"?{names}" if names else "")
