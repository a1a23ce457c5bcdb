"""Operators, their phones and their state."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, JsonValue

from app.api.schemas import Line, QueueName, RequestModel, Shown, Skills, TypedNumber
from app.crm.users.schemas import UserIn
from app.domain.operators import Presence
from app.live.operator_view import OperatorView

_OPERATOR: dict[str, JsonValue] = {
    "id": 12,
    "name": "Mari Maasikas",
    "endpoint": "op12",
    "skills": ["lang:et", "lang:ru"],
    "memberships": [{"queue": "sales", "level": 1}],
    "auto_answer": False,
    "numbers": ["101"],
    "state": {
        "id": 12,
        "name": "Mari Maasikas",
        "presence": "available",
        "break_reason": "",
        "pending": None,
        "pending_reason": "",
        "routing": "idle",
        "device": "registered",
        "call": None,
        "since": "2026-03-02T09:12:00.000Z",
        "wrap_up_until": None,
        "talked": None,
        "preview": None,
        "outgoing": [],
        "colleagues": [],
        "missed": [],
        "queues": ["sales"],
        "cause": "wrap_up_over",
    },
}
_SIP: dict[str, JsonValue] = {
    "username": "op12",
    "secret": "32 characters",
    "address": "pbx.example:5061",
    "transport": "tls",
    "srtp": True,
}


class StateIn(RequestModel):
    """A presence that is asked for."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"presence": "on_break", "reason": "lunch"}, {"presence": "available"}]
        }
    )

    presence: Presence
    """`available` takes calls, `on_break` and `offline` take none; during a call it is remembered, and begins when the
    call is over.
    """
    reason: Line = ""
    """Of a break."""


class SkipIn(RequestModel):
    """Why a lead is not called now."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "spoke with them yesterday"}]})

    reason: Annotated[Line, Field(min_length=1)]
    """In a few words; it is kept with the lead."""


class MembershipIn(RequestModel):
    """A place in a queue."""

    queue: QueueName
    """The queue's id."""
    level: Annotated[int, Field(ge=1, le=100)] = 1
    """1 is asked first."""


class OperatorProfile(RequestModel):
    """What an operator can do."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"skills": ["lang:et"], "memberships": [{"queue": "sales"}]}]}
    )

    skills: Skills = Field(default_factory=list)
    """What they can do: languages as `lang:et`, products; calls ask for them. At most 50."""
    memberships: Annotated[list[MembershipIn], Field(max_length=200)] = Field(default_factory=list)
    """The queues they serve, and at which level; at most 200."""
    auto_answer: bool = False
    """Their phone is asked to pick up by itself."""


class OperatorIn(OperatorProfile):
    """A new operator: a new user, or the part of an operator for one that is there."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "user": {
                        "username": "mari.maasikas",
                        "password": "at-least-10-characters",
                        "display_name": "Mari Maasikas",
                    },
                    "skills": ["lang:et", "lang:ru"],
                    "memberships": [{"queue": "sales", "level": 1}],
                    "number": "101",
                },
                {"user": 12, "memberships": [{"queue": "sales"}]},
            ]
        }
    )

    user: UserIn | Annotated[int, Field(ge=1, le=2**31 - 1)]
    """A new user, or the id of one that is there."""
    browser: bool = False
    """The phone in the browser, instead of any SIP phone."""
    number: TypedNumber | None = None
    """An internal number: colleagues reach the operator by it."""


class OperatorOut(Shown):
    """An operator: what is set, and the state now."""

    model_config = ConfigDict(json_schema_extra={"examples": [_OPERATOR]})

    id: int
    """The operator's id: that of their user."""
    name: str
    """The name that colleagues see."""
    endpoint: str
    """The PJSIP endpoint of their phone."""
    skills: list[str]
    """What they can do; calls ask for it."""
    memberships: list[MembershipIn]
    """The queues they serve, and at which level; at most 200."""
    auto_answer: bool
    """Their phone is asked to pick up by itself."""
    numbers: list[str]
    """Numbers that lead to this operator."""
    state: OperatorView | None
    """None while the floor does not have the operator."""


class SipAccount(Shown):
    """What to type into a SIP phone."""

    model_config = ConfigDict(json_schema_extra={"examples": [_SIP]})

    username: str
    """The account's name, for the user name and the authentication name of the phone."""
    secret: str
    """Shown this once."""
    address: str
    """Where the phone registers; a browser's gets the whole URL of the PBX's websocket."""
    transport: Literal["udp", "tcp", "tls", "ws"]
    """How: `ws` is a browser's, by websocket."""
    srtp: bool
    """The phone must encrypt its sound: SRTP with keys by SDES, or in a browser by DTLS."""


class NewOperator(OperatorOut):
    """An operator with the account of the phone, shown this once."""

    model_config = ConfigDict(json_schema_extra={"examples": [_OPERATOR | {"sip": _SIP}]})

    sip: SipAccount | None
    """None where accounts are not written by this service."""
