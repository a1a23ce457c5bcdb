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
    "left": [],
    "auto_answer": False,
    "numbers": ["101"],
    "version": 1,
    "state": {
        "id": 12,
        "name": "Mari Maasikas",
        "presence": "available",
        "break_reason": "",
        "break_until": None,
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
        "left": [],
        "cause": "wrap_up_over",
    },
}
_SIP: dict[str, JsonValue] = {
    "username": "op12",
    "secret": "32 characters",
    "address": "pbx.example:5061",
    "transport": "tls",
    "srtp": True,
    "qr": [],
}


class StateIn(RequestModel):
    """The presence that an operator is to have."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"presence": "on_break", "reason": "lunch"}, {"presence": "available"}]
        }
    )

    presence: Presence
    """`available` takes calls; `on_break` and `offline` take none. During a call it is remembered, and begins when
    the call has ended.
    """
    reason: Line = ""
    """The reason of a break."""


class SkipIn(RequestModel):
    """Why a lead is skipped."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "spoke with them yesterday"}]})

    reason: Annotated[Line, Field(min_length=1)]
    """The reason, in a few words; it is kept with the lead."""


class MembershipIn(RequestModel):
    """An operator's place in a queue."""

    queue: QueueName
    """The queue's id."""
    level: Annotated[int, Field(ge=1, le=100)] = 1
    """The level in the queue, 1..100; operators on level 1 are offered calls first."""


class OperatorProfile(RequestModel):
    """What an operator can do."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"skills": ["lang:et"], "memberships": [{"queue": "sales"}]}]}
    )

    skills: Skills = Field(default_factory=list)
    """Skills, such as languages (`lang:et`) or products; calls require them. At most 50."""
    memberships: Annotated[list[MembershipIn], Field(max_length=200)] = Field(default_factory=list)
    """The queues that the operator serves, and the level in each; at most 200."""
    auto_answer: bool = False
    """True: the phone is asked to answer calls by itself."""


class OperatorIn(OperatorProfile):
    """A new operator: with a new user, or for an existing user."""

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
    """A new user, or the id of an existing one."""
    browser: bool = False
    """True: the phone is the one in the browser. False: any SIP phone."""
    number: TypedNumber | None = None
    """An internal number by which colleagues reach the operator."""


class OperatorOut(Shown):
    """An operator: the settings, and the state now."""

    model_config = ConfigDict(json_schema_extra={"examples": [_OPERATOR]})

    id: int
    """The operator's id, which is the id of the user."""
    name: str
    """The name that colleagues see."""
    endpoint: str
    """The PJSIP endpoint of their phone."""
    skills: list[str]
    """The operator's skills; calls require them."""
    memberships: list[MembershipIn]
    """The operator's queues, and the level in each; those that they have left for now included."""
    left: list[str]
    """The queues that the operator has left for now; no call of theirs is offered."""
    auto_answer: bool
    """True: the phone is asked to answer calls by itself."""
    numbers: list[str]
    """Numbers that are routed to this operator."""
    version: int
    """The number of the version, as in the `ETag`."""
    state: OperatorView | None
    """The operator's state now; null while the operator is not on the floor."""


class SipAccount(Shown):
    """The SIP account to enter into a phone."""

    model_config = ConfigDict(json_schema_extra={"examples": [_SIP]})

    username: str
    """The account's name: the phone's user name and authentication name."""
    secret: str
    """The password; it is shown only this once."""
    address: str
    """The address at which the phone registers; for a browser, the URL of the PBX's websocket."""
    transport: Literal["udp", "tcp", "tls", "ws"]
    """The transport; `ws` is a browser's websocket."""
    srtp: bool
    """True: the phone must encrypt its sound with SRTP, with keys by SDES, or in a browser by DTLS."""
    qr: list[str]
    """The account as a QR code, for apps that read accounts in the format of GS Wave: a line for each row of squares,
    `1` for a dark one. Empty for a phone in the browser, which needs none."""


class NewOperator(OperatorOut):
    """A new operator with the SIP account of the phone, which is shown only this once."""

    model_config = ConfigDict(json_schema_extra={"examples": [_OPERATOR | {"sip": _SIP}]})

    sip: SipAccount | None
    """The SIP account; null where this service does not manage the accounts, and with `Keskus-In-Force: later`."""
