"""Variables that a template need not declare: the caller's number, and what happened in a call."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from app.crm_template.expressions import Scalar

PREDEFINED: Final = (
    "Number", "MaxLength", "CallDirection", "FoundRecordCount", "LineBreak", "CallType", "Name", "EntityId",
    "EntityType", "Agent", "AgentFirstName", "AgentLastName", "AgentEmail", "AgentExtension", "Duration",
    "DurationTimespan", "DateTime", "CallStartTimeLocal", "CallStartTimeUTC", "CallEstablishedTimeLocal",
    "CallEstablishedTimeUTC", "CallEndTimeLocal", "CallEndTimeUTC", "QueueExtension", "Queue", "CallId", "DID",
    "InboundCallText", "MissedCallText", "OutboundCallText", "NotAnsweredOutboundCallText", "Recording",
    "RecordingUrl", "RecordingHyperLink", "Transcription", "Summary", "Sentiment", "SentimentScore",
)  # fmt: skip
"""Names that may stand in a template without being declared; those that a call has no value for are empty."""


@dataclass(frozen=True, slots=True)
class ReportedCall:
    """A call that is over, as a template reports it."""

    id: str
    number: str
    """The customer's number."""
    outbound: bool
    answered: bool
    started: datetime
    established: datetime | None
    ended: datetime
    talked_s: float
    name: str = ""
    """The customer's name."""
    agent: str = ""
    """The operator's extension, else the operator's name."""
    agent_name: str = ""
    queue: str = ""
    dialed: str = ""


def variables_of(call: ReportedCall, zone: tzinfo) -> dict[str, Scalar]:
    """What a template's report may say of a call, by name in lower case."""
    if call.answered:
        kind = "Outbound" if call.outbound else "Inbound"
    else:
        kind = "Notanswered" if call.outbound else "Missed"
    given, _, surname = call.agent_name.partition(" ")
    established = call.established or call.started
    talked = timedelta(seconds=call.talked_s)
    return {
        "calltype": kind,
        "calldirection": "Outbound" if call.outbound else "Inbound",
        "name": call.name,
        "agent": call.agent,
        "agentextension": call.agent,
        "agentfirstname": given,
        "agentlastname": surname,
        "duration": talked,
        "durationtimespan": talked,
        "datetime": call.started.astimezone(zone),
        "callstarttimelocal": call.started.astimezone(zone),
        "callstarttimeutc": call.started.astimezone(UTC),
        "callestablishedtimelocal": established.astimezone(zone),
        "callestablishedtimeutc": established.astimezone(UTC),
        "callendtimelocal": call.ended.astimezone(zone),
        "callendtimeutc": call.ended.astimezone(UTC),
        "queueextension": call.queue,
        "queue": call.queue,
        "callid": call.id,
        "did": call.dialed,
    }


def samples() -> dict[str, Scalar]:
    """Values to try a template's texts with."""
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    call = ReportedCall(
        "1", "", outbound=False, answered=True, started=noon, established=noon, ended=noon, talked_s=60.0
    )
    return variables_of(call, UTC) | {"number": "+37255500123", "foundrecordcount": 0, "linebreak": "\n"}
