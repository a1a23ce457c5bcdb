"""The CRM as the API takes and shows it."""

from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import ConfigDict, Field, StringConstraints

from app.api.schemas import RequestModel, Shown, TypedNumber, named_after
from app.crm.crm_lookup.tables import CrmReportRow, LookupKind, ReportState
from app.crm_template.reading import TEMPLATE_MOST
from app.domain.calls import CrmCard

_KEY = Annotated[str, StringConstraints(min_length=1, max_length=100)]
_Filled = Annotated[dict[_KEY, Annotated[str, StringConstraints(max_length=4000)]], Field(max_length=100)]
_Path = Annotated[str, StringConstraints(max_length=200)]
_XML: Final = (
    '<?xml version="1.0"?><Crm Name="Example" Version="1" Country="EE"><Number Prefix="Plus" MaxLength=""/>'
    '<Parameters><Parameter Name="APIkey" Type="String" Title="API key:"/></Parameters>'
    '<Authentication Type="No"/><Scenarios><Scenario Id="" Type="REST">'
    '<Request Url="https://crm.example/people?phone=[Number]&amp;key=[APIkey]" RequestType="Get" ResponseType="Json"/>'
    '<Rules><Rule Type="Any">people.id</Rule></Rules><Variables><Variable Name="Name" Path="people.name"/></Variables>'
    '<Outputs><Output Type="FirstName" Value="[Name]"/></Outputs></Scenario></Scenarios></Crm>'
)


class UrlLookup(RequestModel):
    """A CRM that is asked at one address, and answers in JSON."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "url": "https://crm.example/people?phone=[Number]",
                    "headers": {"Authorization": "Bearer [Token]"},
                    "name": "people.name",
                    "company": "people.company.name",
                    "id": "people.id",
                    "link": "https://crm.example/people/[Id]",
                }
            ]
        }
    )

    url: Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]
    """The address, with `[Number]` for the caller's number and other parameters in brackets; values are encoded."""
    headers: Annotated[
        dict[
            Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9\-]+$", max_length=100)],
            Annotated[str, StringConstraints(max_length=2000, pattern=r"^[\x20-\x7e]*$")],
        ],
        Field(max_length=20),
    ] = Field(default_factory=dict)
    """Headers of the request, with parameters in brackets."""
    name: _Path = ""
    """Where the answer has the caller's name: names with dots between; of a list the first item is taken."""
    company: _Path = ""
    """Where the answer has the caller's company."""
    id: _Path = ""
    """Where the answer has the caller's id."""
    link: Annotated[str, StringConstraints(max_length=2000, strip_whitespace=True)] = ""
    """The caller's page in the CRM, with `[Id]`, `[Number]` and parameters in brackets; empty: none."""


class CrmLookupIn(RequestModel):
    """How to ask the CRM: a `template`, or a `url`."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"template": _XML, "parameters": {"APIkey": "a key of the CRM"}}]}
    )

    template: Annotated[str, StringConstraints(min_length=1, max_length=TEMPLATE_MOST)] | None = None
    """A CRM template of 3CX, the XML as it is."""
    url: UrlLookup | None = None
    """An address to ask, instead of a template."""
    parameters: _Filled = Field(default_factory=dict)
    """What the template's parameters, or those in the address, stand for. They are secret: no answer shows them."""
    enabled: bool = True
    """Whether the CRM is asked."""
    cache_s: Annotated[int, Field(ge=0, le=86_400)] = 300
    """Seconds for which an answer is used again; 0: every call asks."""
    reports: bool = False
    """Whether calls are reported to the CRM when they are over; the template has a scenario `ReportCall` for it."""


class CrmLookupPatch(RequestModel):
    """What changes; fields that are left out stay."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"enabled": False}]})

    enabled: bool | None = None
    """Whether the CRM is asked."""
    cache_s: Annotated[int, Field(ge=0, le=86_400)] | None = None
    """Seconds for which an answer is used again."""
    reports: bool | None = None
    """Whether calls are reported to the CRM."""
    parameters: _Filled | None = None
    """All parameters anew: those that are left out get their defaults, for a secret must not go where it was not meant
    to.
    """


class ParameterOut(Shown):
    """A parameter of the template."""

    name: str
    """Its name."""
    title: str
    """What people are asked for."""
    kind: str
    """The template's word for its kind, such as `String` or `Boolean`."""
    choices: list[str]
    """What it may be; empty: anything."""
    filled: bool
    """Whether a value was given. The value itself is not shown."""


class CrmLookupOut(Shown):
    """How the CRM is asked."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "version": 2,
                    "kind": "template",
                    "name": "Example",
                    "enabled": True,
                    "cache_s": 300,
                    "reports": False,
                    "can_report": True,
                    "hosts": ["crm.example"],
                    "parameters": [
                        {
                            "name": "APIkey",
                            "title": "API key:",
                            "kind": "String",
                            "choices": [],
                            "filled": True,
                        }
                    ],
                    "state": "working",
                }
            ]
        }
    )

    version: int
    """The version, as in the `ETag`."""
    kind: LookupKind
    """Whether a template or an address describes the CRM."""
    name: str
    """The CRM's name in the template; the host of the address."""
    enabled: bool
    """Whether the CRM is asked."""
    cache_s: int
    """Seconds for which an answer is used again."""
    reports: bool
    """Whether calls are reported."""
    can_report: bool
    """Whether the template can report calls."""
    hosts: list[str]
    """The hosts that are written in the template; parameters may name others."""
    parameters: list[ParameterOut]
    """The template's parameters."""
    state: Literal["working", "paused", "off"]
    """`paused`: the CRM failed several times, and is left alone for half a minute."""


class TryIn(RequestModel):
    """A number to try."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"number": "+37255500123"}]})

    number: TypedNumber
    """The number to look up."""


class StepOut(Shown):
    """One request to the CRM."""

    scenario: str
    """The template's scenario; empty: the one that finds a caller."""
    method: str
    """The request's method; empty: nothing was sent."""
    address: str
    """Host and path, with the names of what was asked for; values are left out."""
    status: int | None
    """The status of the CRM's answer; null: there was none."""
    outcome: Literal["found", "nothing", "skipped", "status", "unreadable", "no_answer", "unfit"]
    """What came of it."""
    detail: str
    """Why, where something failed: `forbidden` (a private address), `plain` (an address outside, without TLS),
    `unreachable`, `late`, `too_large`, `url`, or a sentence.
    """


class CardOut(Shown):
    """The caller as the CRM knows them."""

    name: str
    """Name; empty for none."""
    company: str
    """Company; empty for none."""
    url: str
    """The caller's page in the CRM; empty for none."""
    id: str
    """The caller's id in the CRM; empty for none."""

    @classmethod
    def of(cls, card: CrmCard) -> "CardOut":
        """The card as the API shows it."""
        return cls(name=card.name, company=card.company, url=card.url, id=card.id)


class TriedOut(Shown):
    """What the CRM would tell of a caller with this number."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "number": "+37255500123",
                    "found": {"name": "Anna Tamm", "company": "", "url": "https://crm.example/7", "id": "7"},
                    "steps": [
                        {
                            "scenario": "",
                            "method": "GET",
                            "address": "crm.example/people?phone,key",
                            "status": 200,
                            "outcome": "found",
                            "detail": "",
                        }
                    ],
                    "took_ms": 82,
                }
            ]
        }
    )

    number: str
    """The number as it was looked up."""
    found: CardOut | None
    """The caller; null: nobody was found."""
    steps: list[StepOut]
    """The requests, in their order."""
    took_ms: int
    """How long it took, in milliseconds."""


class ReportOut(Shown):
    """The report of a call to the CRM."""

    call: str
    """The call."""
    state: ReportState
    """What has become of it."""
    tries: int
    """How many times it was tried."""
    made_at: datetime
    """When the call was over."""
    tried_at: datetime | None
    """When it was tried last; null: not yet."""
    next_at: datetime | None
    """When it is tried next; null: not again."""
    detail: str
    """Why the last try failed."""

    @classmethod
    def of(cls, row: CrmReportRow) -> "ReportOut":
        """The report as the API shows it."""
        return cls.model_validate(named_after(row.model_dump()))


class ReportPage(Shown):
    """A page of reports."""

    items: list[ReportOut]
    """The reports, newest first."""
    next: str | None
    """Give it as `cursor` for the next page; null on the last page."""
