"""What the PBX's own event log says of calls between colleagues: entries -> the record each must have. Pure.

The dialplan names each such call in its user events: `KeskusInternal` when a phone calls, `KeskusInternalLeg` on the
leg of the colleague's phone, and `KeskusInternalMissed` when nobody was reached. The floor's own rules read the rest of
the log: `app.floor.internal.state`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from app.domain.calls import EndedBy
from app.domain.ids import CallId, ChannelId, OperatorId
from app.domain.now import Now
from app.floor.events import Missed
from app.floor.facts import CallRecord
from app.floor.internal.records import record_of
from app.floor.internal.state import Internal, InternalCall
from app.floor.model import Leg
from app.pbx.event_log import Entry
from app.pbx.words import endpoint_of, missed


class PastInternal(NamedTuple):
    """A call between colleagues, as the log has it."""

    record: CallRecord
    over: bool
    """Its end was logged; else the record goes as far as the log does."""


@dataclass(slots=True)
class _Channel:
    name: str = ""
    began_s: float = 0.0
    cause: int = 0
    source: str = ""
    """The channel that hung up first."""
    ended: bool = False


class _Over(NamedTuple):
    call: InternalCall
    at_s: float
    by: ChannelId | None = None
    """The channel whose end ended the call."""
    missed: Missed | None = None


@dataclass(slots=True)
class _Family:
    operators: Mapping[str, OperatorId]
    internal: Internal = field(default_factory=Internal)
    channels: defaultdict[ChannelId, _Channel] = field(default_factory=lambda: defaultdict(_Channel))
    over: list[_Over] = field(default_factory=list)
    until_s: float = 0.0


def past_internal(
    entries: Iterable[tuple[float, Entry]], operators: Mapping[str, OperatorId]
) -> Iterator[PastInternal]:
    """Give every call between colleagues of one family.

    Args:
        entries: in the order they were written, each with its seconds of the family's time.
        operators: whose each endpoint is.
    """
    family = _Family(operators)
    for at_s, entry in entries:
        _take(family, at_s, entry)
    for over in family.over:
        yield PastInternal(_record(family, over), over=_is_told(family, over))
    for call in family.internal.calls.values():
        call.unheard = True
        yield PastInternal(_record(family, _Over(call, family.until_s)), over=False)


def _take(family: _Family, at_s: float, entry: Entry) -> None:
    if entry.unique not in family.channels:
        family.channels[entry.unique] = _Channel(began_s=at_s)
    channel = family.channels[entry.unique]
    channel.name, family.until_s = entry.channel, at_s
    internal, now = family.internal, _moment(at_s)
    match entry.event:
        case "ANSWER" | "PICKUP":
            _answered(family, entry, now)
        case "HANGUP":
            channel.cause = int(entry.extra.get("hangupcause") or 0)
            channel.source = str(entry.extra.get("hangupsource") or "")
        case "CHAN_END":
            channel.ended = True
            call = internal.of_channel(entry.unique)
            if call is not None and call.ends_with(entry.unique):
                _end(family, _Over(call, at_s, entry.unique))
        case "BLINDTRANSFER":
            call = internal.of_channel(entry.unique)
            if call is not None:
                call.hung_up_first = call.end_of(entry.unique)
                _end(family, _Over(call, at_s))
        case "ATTENDEDTRANSFER":
            lines = entry.unique, ChannelId(str(entry.extra.get("channel2_uniqueid")))
            joined = internal.join(lines, lambda line: _began(family, line), now)
            family.over += [_Over(call, at_s) for call in joined.ended]
        case "APP_START" if entry.application == "UserEvent":
            _told(family, at_s, entry)


def _answered(family: _Family, entry: Entry, now: Now) -> None:
    call = family.internal.of_channel(entry.unique)
    if call is not None:
        by = entry.extra.get("pickup_channel_uniqueid")  # another phone picked up, whether it rang or not
        endpoint = endpoint_of(str(entry.extra.get("pickup_channel") or entry.channel))
        leg = ChannelId(str(by or entry.unique))
        family.internal.answer(call, leg, endpoint, family.operators.get(endpoint), now)


def _told(family: _Family, at_s: float, entry: Entry) -> None:
    name, *headers = entry.data.split(",")
    words = {key.strip(): value.strip() for key, _, value in (header.partition(":") for header in headers)}
    internal, id_ = family.internal, CallId(words.get("Call", ""))
    call = internal.calls.get(id_)
    if name == "KeskusInternal":
        _begin(family, id_, at_s, entry, words)
    elif name == "KeskusEntered":
        if (before := internal.of_channel(entry.unique)) is not None:
            _end(family, _Over(before, at_s))
    elif call is not None and name == "KeskusInternalLeg":
        internal.ring(call, entry.unique, _moment(at_s))
    elif call is not None and name == "KeskusInternalMissed" and call.answered is None:
        _end(family, _Over(call, at_s, missed=missed(words.get("Status", ""))))


def _begin(family: _Family, id_: CallId, at_s: float, entry: Entry, words: Mapping[str, str]) -> None:
    internal = family.internal
    by, called = words.get("By", ""), words.get("To", "")
    endpoint = endpoint_of(by)
    caller = family.operators.get(endpoint)
    if caller is None or id_ in internal.calls:
        return
    if (before := internal.of_channel(entry.unique)) is not None:
        _end(family, _Over(before, at_s))
    began = Now(at_s, datetime.fromtimestamp(entry.at_s, UTC))
    internal.begin(
        InternalCall(
            id=id_,
            channel_name=by,
            caller_number=entry.number,
            caller_name=entry.name,
            dialled=words.get("Number", ""),
            began=began,
            caller=caller,
            called=family.operators.get(called),
            endpoint=called,
            near=Leg(operator=caller, endpoint=endpoint, began=began, channel=entry.unique),
        )
    )


def _end(family: _Family, over: _Over) -> None:
    family.internal.end(over.call)
    family.over.append(over)


def _began(family: _Family, line: ChannelId) -> Now | None:
    channel = family.channels.get(line)
    return _moment(channel.began_s) if channel is not None else None


def _moment(at_s: float) -> Now:
    """A moment of which only the seconds count: a record's times are its first one and the seconds since."""
    return Now(at_s, datetime.min.replace(tzinfo=UTC))


def _record(family: _Family, over: _Over) -> CallRecord:
    call, cause = over.call, 0
    by = over.by if over.missed is None or call.far is None else call.far.channel
    if by is not None:
        ends = sorted(call.parts, key=lambda part: part.channel != by)
        channels = [family.channels[part.channel] for part in ends if part.channel is not None]
        cause = channels[0].cause
        heard = channels[:1] if over.missed is not None else channels  # the caller may hang up later
        source = next((channel.source for channel in heard if channel.source), "")
        call.hung_up_first = _who(family, call, source)
    return record_of(call, _moment(over.at_s), cause=cause, missed=over.missed)


def _is_told(family: _Family, over: _Over) -> bool:
    """Whether the channels whose end tells who ended the call are over."""
    if over.by is not None:
        ends = list(over.call.parts)
    else:
        ends = [over.call.far] if over.missed is not None and over.call.far is not None else []
    return all(family.channels[part.channel].ended for part in ends if part.channel is not None)


def _who(family: _Family, call: InternalCall, source: str) -> EndedBy | None:
    for part in call.parts:
        if part.channel is not None and family.channels[part.channel].name == source:
            return call.end_of(part.channel)
    return None
