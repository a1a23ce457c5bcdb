"""The websocket's messages as JSON schemas, for the interface's description."""

import json
from collections.abc import Mapping
from typing import Annotated, Any, Final, get_args

from pydantic import Field, TypeAdapter

from app.live.call_view import CallView, CrmView, ParkedView, ReasonView
from app.live.campaign_view import CampaignView, ForecastView, PacingView, StoppedView
from app.live.messages import (
    Answer,
    Beat,
    CallChanged,
    CallEndedMessage,
    CallHidden,
    CampaignChanged,
    CampaignRemovedMessage,
    Change,
    GoingAway,
    LinkChanged,
    Numbered,
    OperatorChangedMessage,
    OperatorRemovedMessage,
    OutgoingAlarmMessage,
    OutgoingRefusedMessage,
    ParkingChanged,
    QueueChanged,
    QueueRemovedMessage,
    RecordsChanged,
    Resumed,
    ScreenPop,
    ScreenPopEnded,
    Snapshot,
    SubjectChanged,
)
from app.live.operator_view import (
    ColleagueView,
    MissedView,
    OperatorView,
    OutgoingView,
    PreviewView,
    TalkedView,
)
from app.live.queue_view import QueueView
from app.live.views import AlarmView, ColumnView

MESSAGE: Final = "Message"
"""The schema of any message; `type` says which."""
SCHEMAS: Final[Mapping[type, str]] = {
    Snapshot: "Snapshot",
    Resumed: "Resumed",
    Beat: "Beat",
    CallChanged: "CallChanged",
    CallEndedMessage: "CallEndedMessage",
    CallHidden: "CallHidden",
    CrmView: "CrmView",
    OperatorChangedMessage: "OperatorChangedMessage",
    OperatorRemovedMessage: "OperatorRemovedMessage",
    QueueChanged: "QueueChanged",
    QueueRemovedMessage: "QueueRemovedMessage",
    CampaignChanged: "CampaignChanged",
    CampaignRemovedMessage: "CampaignRemovedMessage",
    ScreenPop: "ScreenPop",
    ScreenPopEnded: "ScreenPopEnded",
    OutgoingRefusedMessage: "OutgoingRefusedMessage",
    OutgoingAlarmMessage: "OutgoingAlarmMessage",
    LinkChanged: "LinkChanged",
    ParkingChanged: "ParkingChanged",
    RecordsChanged: "RecordsChanged",
    SubjectChanged: "SubjectChanged",
    GoingAway: "GoingAway",
    AlarmView: "AlarmView",
    CallView: "CallView",
    ColleagueView: "ColleagueView",
    ColumnView: "ColumnView",
    MissedView: "MissedView",
    OperatorView: "OperatorView",
    OutgoingView: "OutgoingView",
    ParkedView: "ParkedView",
    PreviewView: "PreviewView",
    QueueView: "QueueView",
    ReasonView: "ReasonView",
    TalkedView: "TalkedView",
    CampaignView: "CampaignView",
    ForecastView: "ForecastView",
    PacingView: "PacingView",
    StoppedView: "StoppedView",
}
"""Names of the schemas of messages and of their parts. They never change: generated clients have types so named."""
_PREFIX: Final = "#/components/schemas/"


def with_messages(description: dict[str, Any]) -> dict[str, Any]:
    """Add every message, and `MESSAGE` for any of them, to an OpenAPI description, under the names of `SCHEMAS`."""
    told: TypeAdapter[Any] = TypeAdapter(Annotated[Answer | Change, Field(discriminator="type")])
    message = told.json_schema(mode="serialization", ref_template=f"{_PREFIX}{{model}}")
    numbered = TypeAdapter(Numbered).json_schema(mode="serialization")
    known: dict[str, Any] = message.pop("$defs")
    for change in get_args(Change):
        schema = known[change.__name__]
        schema["properties"] = numbered["properties"] | schema["properties"]
        schema["required"] = numbered["required"] + schema["required"]
    known[MESSAGE] = {"description": "One frame of `/ws/desktop`; `type` says which.", **message}
    schemas = description["components"]["schemas"]
    for name, schema in known.items():
        schemas.setdefault(name, schema)
    return _named(description)


def _named(description: dict[str, Any]) -> dict[str, Any]:
    """Give schemas their names in `SCHEMAS` where the classes have others."""
    renamed = {known.__name__: name for known, name in SCHEMAS.items() if known.__name__ != name}
    if not renamed:
        return description
    schemas = description["components"]["schemas"]
    for was, name in renamed.items():
        schemas[name] = schemas.pop(was) | {"title": name}
    text = json.dumps(description)
    for was, name in renamed.items():
        text = text.replace(f'"{_PREFIX}{was}"', f'"{_PREFIX}{name}"')
    named: dict[str, Any] = json.loads(text)
    return named
