"""An operator's own phone, as the page is told of it."""

from typing import Annotated

from pydantic import ConfigDict, Field

from app.api.schemas import RequestModel, Shown
from app.crm.operators.tables import SoftphoneKind


class PhoneIn(RequestModel):
    """The phone at which an operator talks."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"kind": "browser"}]})

    kind: SoftphoneKind
    """`browser`: the phone in the page. `sip`: a desk phone, or a program."""


class MyPhone(Shown):
    """The phone at which an operator talks."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"kind": "browser", "username": "op12", "numbers": ["101"]}]}
    )

    kind: SoftphoneKind
    """`browser`: the phone in the page. `sip`: a desk phone, or a program."""
    username: str
    """The name of the phone's account."""
    numbers: list[str]
    """The numbers by which colleagues reach the operator."""


class IceServerOut(Shown):
    """A STUN or TURN server, as a browser's `RTCIceServer`."""

    urls: list[str]
    """Its addresses."""
    username: str
    """The user name; empty: none is asked for."""
    credential: str
    """The password, which ends with the phone's secret; empty: none is asked for."""


class PhoneTalk(Shown):
    """A talk that the phone is in, by which a page that was loaded anew takes it over (`Replaces`, RFC 3891)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "call": "1772442901.7",
                    "sip_call_id": "8e5c1f0a-6f",
                    "to_tag": "2f1d",
                    "from_tag": "kq3p7",
                    "held": False,
                }
            ]
        }
    )

    call: str | None
    """The call's id; null: a call with a colleague or outside."""
    sip_call_id: str
    """The dialog's `Call-ID`."""
    to_tag: str
    """The PBX's tag."""
    from_tag: str
    """The phone's tag."""
    held: bool
    """The other party is on hold."""


class PhoneSecret(Shown):
    """What the phone in the page needs to register, for a while."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "username": "op12",
                    "secret": "32 characters",
                    "lasts_s": 900,
                    "websocket_url": "wss://pbx.example/phones",
                    "ice_servers": [{"urls": ["stun:turn.example:3478"], "username": "", "credential": ""}],
                    "talks": [],
                }
            ]
        }
    )

    username: str
    """The name of the account: the phone's user name and authentication name."""
    secret: str
    """The password. The one before is not valid any more."""
    lasts_s: Annotated[int, Field(gt=0)]
    """Seconds until the password ends; renew it in time."""
    websocket_url: str
    """The PBX's websocket."""
    ice_servers: list[IceServerOut]
    """Servers that help the sound through firewalls."""
    talks: list[PhoneTalk]
    """The talks that the phone is in."""
