"""What the PBX's own event log says of operators' calls outside: entries -> the record each must have. Pure.

The dialplan names each such call in its user events: `KeskusOutgoing` when a phone asks for it, `KeskusOutgoingLeg` on
the channel outside when it is dialled, and `KeskusOutgoingRefused` when it is not.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from app.compliance.outgoing import OutgoingRule
from app.domain.calls import EndedBy
from app.domain.ids import CallId, ChannelId, OperatorId
from app.domain.now import Now
from app.floor.facts import CallRecord
from app.floor.outgoing.records import record_of, talker
from app.floor.outgoing.state import OutgoingCall
from app.pbx.event_log import Entry
from app.pbx.words import endpoint_of

_RULES = {rule.value: rule for rule in OutgoingRule}


class PastOutgoing(NamedTuple):
    """An operator's call outside, as the log has it."""

    record: CallRecord
    over: bool
    """Its end was logged; else the record goes as far as the log does."""


@dataclass(slots=True)
class _Channel:
    name: str = ""
    answered_s: float | None = None
    ended_s: float | None = None
    cause: int = 0
    source: str = ""
    """The channel that hung up first."""


@dataclass(slots=True)
class _Asked:
    at_s: float
    entry: Entry
    words: Mapping[str, str]
    leg: ChannelId | None = None
    leg_s: float = 0.0
    refused_s: float | None = None
    rule: OutgoingRule | None = None


@dataclass(slots=True)
class _Family:
    asked: dict[CallId, _Asked] = field(default_factory=dict)
    channels: defaultdict[ChannelId, _Channel] = field(default_factory=lambda: defaultdict(_Channel))
    until_s: float = 0.0


def past_outgoing(
    entries: Iterable[tuple[float, Entry]], operators: Mapping[str, OperatorId]
) -> Iterator[PastOutgoing]:
    """Give every call outside of one family.

    Args:
        entries: in the order they were written, each with its seconds of the family's time.
        operators: the operator of each endpoint.
    """
    family = _Family()
    for at_s, entry in entries:
        _take(family, at_s, entry)
    for id_, asked in family.asked.items():
        yield _past(family, id_, asked, operators)


def _take(family: _Family, at_s: float, entry: Entry) -> None:
    channel = family.channels[entry.unique]
    channel.name, family.until_s = entry.channel, at_s
    match entry.event:
        case "ANSWER":
            channel.answered_s = at_s if channel.answered_s is None else channel.answered_s
        case "HANGUP":
            channel.cause = int(entry.extra.get("hangupcause") or 0)
            channel.source = str(entry.extra.get("hangupsource") or "")
        case "CHAN_END":
            channel.ended_s = at_s
        case "APP_START" if entry.application == "UserEvent":
            _told(family, at_s, entry)


def _told(family: _Family, at_s: float, entry: Entry) -> None:
    name, *headers = entry.data.split(",")
    words = {key.strip(): value.strip() for key, _, value in (header.partition(":") for header in headers)}
    id_ = CallId(words.get("Call", ""))
    if name == "KeskusOutgoing":
        family.asked[id_] = _Asked(at_s=at_s, entry=entry, words=words)
    asked = family.asked.get(id_)
    if asked is None:
        return
    if name == "KeskusOutgoingLeg":
        asked.leg, asked.leg_s = entry.unique, at_s
    elif name == "KeskusOutgoingRefused":
        asked.refused_s = at_s
        asked.rule = _RULES.get(words.get("Rule", ""), OutgoingRule.SERVICE_AWAY)


def _past(family: _Family, id_: CallId, asked: _Asked, operators: Mapping[str, OperatorId]) -> PastOutgoing:
    began = Now(asked.at_s, datetime.fromtimestamp(asked.entry.at_s, UTC))

    def moment(at_s: float) -> Now:
        return Now(at_s, began.wall)  # a record's points in time go by the first and the seconds since

    by, entry = asked.words.get("By", ""), asked.entry
    endpoint = endpoint_of(by)
    call = OutgoingCall(
        id=id_,
        channel=entry.unique,
        channel_name=entry.channel,
        endpoint=endpoint,
        operator=operators.get(endpoint),
        dialled=asked.words.get("Number", ""),
        began=began,
        transferred=entry.channel != by,
    )
    own = family.channels[entry.unique]
    last = family.channels[asked.leg] if asked.leg is not None else own
    if asked.leg is not None:
        call.leg, call.rang = asked.leg, moment(asked.leg_s)
        call.answered = moment(last.answered_s) if last.answered_s is not None else None
        call.left = moment(own.ended_s) if own.ended_s is not None else None
    if last.source == last.name and asked.leg is not None:
        call.hung_up_first = EndedBy.OUTSIDE
    elif (last.source or own.source) in (
        own.name,
        entry.channel,
    ):  # a caller who gives up is logged on their own channel only
        call.hung_up_first = talker(call)
    stopped = asked.refused_s if asked.leg is None else None
    ended_s = stopped if stopped is not None else last.ended_s
    call.unheard = ended_s is None
    rule = asked.rule if stopped is not None else None
    until = moment(family.until_s if ended_s is None else ended_s)
    record = record_of(call, until, last.cause if rule is None else 0, "", rule)
    return PastOutgoing(record, over=ended_s is not None)
