"""What the PBX's own event log says of calls: entries -> the record each call must have. Pure.

A family of entries has all channels that were ever joined. In it every channel that entered one of our queues
(`KeskusEntered`) is a call. The bridges tell who talked with whom: two channels in one bridge at the same time talk,
and the two ends of a Local channel are one. So transfers, pick-ups, parking and optimised Local channels need no rules
of their own.

Within a family, time goes by the differences between entries. A known setting of the PBX's clock in between is taken
out; where the clock was set back unnoticed, no time went by. The log cannot tell who the contact is, nor to which
queue the service moved a waiting call.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import fsum, inf
from typing import Final, NamedTuple

from app.domain.calls import CallOutcome, Direction, EndedBy, OfferOutcome
from app.domain.ids import CallId, CampaignId, ChannelId, OperatorId, QueueId
from app.floor.facts import CallRecord, LegRecord
from app.history.past_entries import (
    LEFT_TO,
    at_one_channel,
    bridge_of,
    families,
    far_end,
    headers_of,
    is_lost,
    leaves,
    priority_of,
    skills_of,
)
from app.history.past_internal import past_internal
from app.history.past_outgoing import past_outgoing
from app.pbx.clocks import ClockSet, passed_s
from app.pbx.dialplan import Context
from app.pbx.event_log import Entry
from app.pbx.words import endpoint_of, offer_outcome, whole_number

OFFERED_IN: Final[frozenset[str]] = frozenset({Context.CONNECT, Context.FALLBACK})
"""Contexts whose Dial or Queue is an offer; any other's is a transfer."""
END_UNKNOWN: Final = "its end was not logged"
SAME_LEG_S: Final = 1.0
"""Two stretches with the same phone that are less than this apart are one leg: it was moved, not left."""
NEAR_S: Final = 0.5
"""Two moments that are less than this apart are one."""
LOST_S: Final = 2.0
"""The most between the end of a talk with a phone that died and the customer's return to the queue."""
_LOCALS: Final = 4  # Local channels one behind the other that are followed
_BUSY, _REJECTED = 17, 21

_Wall = Callable[[float], datetime]
"""Turns seconds of a family's time into the time of day."""


class PastCall(NamedTuple):
    """A call as the log has it."""

    record: CallRecord
    over: bool
    """Its end was logged; else the record goes as far as the log does."""
    last: Entry
    """The last entry of the call's family."""


class Stay(NamedTuple):
    """A channel in a bridge, from one moment to another (seconds of the family's time)."""

    bridge: str
    name: str
    from_s: float
    to_s: float


@dataclass(slots=True)
class _Channel:
    unique: ChannelId
    name: str
    born_under: ChannelId
    """Its linked id when it began: its own id, or that of the channel it was dialled for."""
    began_s: float
    ended_s: float | None = None
    cause: int = 0
    source: str = ""
    """The channel that hung up first."""
    stays: list[Stay] = field(default_factory=list)
    music: list[tuple[float, float]] = field(default_factory=list)
    entries: list[tuple[float, Entry]] = field(default_factory=list)


class _Entering(NamedTuple):
    """A channel enters a queue."""

    at_s: float
    entry: Entry
    words: Mapping[str, str]


class _Part(NamedTuple):
    """A stretch of talk with one phone."""

    unique: ChannelId
    endpoint: str
    from_s: float
    to_s: float


def past_calls(
    entries: Iterable[Entry], operators: Mapping[str, OperatorId], clock_sets: Sequence[ClockSet] = ()
) -> Iterator[PastCall]:
    """Give every call of these entries.

    Args:
        entries: whole families, in the order they were written.
        operators: the operator of each endpoint.
        clock_sets: when the PBX's clock was set.
    """
    for family in families(list(entries)):
        story = _Story(family, operators, clock_sets)
        yield from story.calls()


class _Story:
    """One family, by channel."""

    def __init__(
        self, entries: Sequence[Entry], operators: Mapping[str, OperatorId], clock_sets: Sequence[ClockSet]
    ) -> None:
        self._operators = operators
        self._channels: dict[ChannelId, _Channel] = {}
        self._by_name: dict[str, _Channel] = {}
        self._in_bridge: defaultdict[str, list[tuple[_Channel, Stay]]] = defaultdict(list)
        entries = at_one_channel(entries)
        open_stays: dict[tuple[ChannelId, str], tuple[str, float]] = {}
        open_music: dict[ChannelId, float] = {}
        self._timed: list[tuple[float, Entry]] = []
        now_s, last_s = 0.0, entries[0].at_s
        for entry in entries:
            now_s += passed_s(last_s, entry.at_s, clock_sets)
            last_s = entry.at_s
            channel = self._channel(entry, now_s)
            channel.entries.append((now_s, entry))
            self._timed.append((now_s, entry))
            match entry.event:
                case "BRIDGE_ENTER":
                    open_stays[entry.unique, bridge_of(entry)] = entry.channel, now_s
                case "BRIDGE_EXIT":
                    name, from_s = open_stays.pop((entry.unique, bridge_of(entry)), (entry.channel, now_s))
                    self._stayed(channel, Stay(bridge_of(entry), name, from_s, now_s))
                case "STREAM_BEGIN":
                    open_music[entry.unique] = now_s
                case "STREAM_END":
                    channel.music.append((open_music.pop(entry.unique, now_s), now_s))
                case "HANGUP":
                    channel.cause = int(entry.extra.get("hangupcause") or 0)
                    channel.source = str(entry.extra.get("hangupsource") or "")
                case "CHAN_END":
                    channel.ended_s = now_s
        self._last, self._until_s = entries[-1], now_s
        for (unique, bridge), (name, from_s) in open_stays.items():
            self._stayed(self._channels[unique], Stay(bridge, name, from_s, inf))
        for unique, from_s in open_music.items():
            self._channels[unique].music.append((from_s, now_s))

    def calls(self) -> Iterator[PastCall]:
        """Every call of the family."""
        for channel in self._channels.values():
            if entered := _entries_of(channel):
                yield self._call(channel, sorted([*entered, *self._into_waiting(channel)]))
        for record, over in past_outgoing(self._timed, self._operators):
            yield PastCall(record, over, self._last)
        for record, over in past_internal(self._timed, self._operators):
            yield PastCall(record, over, self._last)

    def _into_waiting(self, caller: _Channel) -> Iterator[_Entering]:
        """The queues in which the caller took the place of an operator's second line, by an attended transfer."""
        for channel in self._channels.values():
            for at_s, entry in channel.entries:
                extra = entry.extra
                if (
                    entry.event != "ATTENDEDTRANSFER"
                    or extra.get("transferee_channel_uniqueid") != caller.unique
                ):
                    continue
                lines = (entry.unique, ChannelId(str(extra.get("channel2_uniqueid"))))
                waits = [entering for line in lines for entering in _entries_of(self._channels.get(line))]
                if "bridge2_id" not in extra and waits:
                    yield _Entering(at_s, waits[-1].entry, waits[-1].words)

    def _is_handed_over(self, line: _Channel) -> bool:
        """Whether it is an operator's second line, which they joined to a customer by an attended transfer."""
        return any(
            entry.event == "ATTENDEDTRANSFER"
            and line.unique in (entry.unique, entry.extra.get("channel2_uniqueid"))
            for channel in self._channels.values()
            for _, entry in channel.entries
        )

    def _channel(self, entry: Entry, now_s: float) -> _Channel:
        channel = self._channels.get(entry.unique)
        if channel is None:
            channel = _Channel(
                unique=entry.unique, name=entry.channel, born_under=entry.linked, began_s=now_s
            )
            self._channels[entry.unique] = channel
        self._by_name[entry.channel] = channel
        return channel

    def _stayed(self, channel: _Channel, stay: Stay) -> None:
        channel.stays.append(stay)
        self._in_bridge[stay.bridge].append((channel, stay))

    def _call(self, caller: _Channel, entered: Sequence[_Entering]) -> PastCall:
        began_s, first, words = entered[0]
        over = caller.ended_s is not None
        ended_s = self._until_s if caller.ended_s is None else caller.ended_s
        began = datetime.fromtimestamp(first.at_s, UTC)

        def wall(at_s: float) -> datetime:
            return began + timedelta(seconds=at_s - began_s)

        talks = self._talks(caller)
        # Music that began outside a talk is no hold: the log may tell its end too late, or never.
        holds = [hold for hold in caller.music if any(part.from_s <= hold[0] < part.to_s for part in talks)]
        legs = sorted(
            [
                *(self._leg(caller, part, holds, wall) for part in talks),
                *self._missed(caller, talks, ended_s, wall),
            ],
            key=lambda leg: leg.began_at,
        )
        left_s, left_to = next(
            ((at_s, entry.context) for at_s, entry in caller.entries if leaves(entry)), (None, "")
        )
        campaign = words.get("Campaign", "")
        handed_over = self._is_handed_over(caller)
        ended_by = EndedBy.CALLER if handed_over else self._ended_by(caller, talks, left_s is not None)
        served = [leg.operator for leg in legs if leg.answered_at and leg.operator is not None]
        record = CallRecord(
            call=CallId(caller.unique),
            channel=caller.unique,
            channel_name=caller.name,
            caller_number=first.number,
            caller_name=first.name,
            contact=None,
            dialed=words.get("Did", ""),
            first_queue=QueueId(words.get("Queue", "")),
            queue=QueueId(entered[-1].words.get("Queue", "")),
            arrived_at=began,
            answered_at=wall(talks[0].from_s) if talks else None,
            ended_at=wall(ended_s),
            waited_s=_waited_s([entering.at_s for entering in entered], talks, left_s, ended_s),
            rang_s=sum(leg.rang_s for leg in legs),
            talked_s=sum(leg.talked_s for leg in legs),
            held_s=sum(leg.held_s for leg in legs),
            duration_s=ended_s - began_s,
            operator=served[-1] if served else None,
            outcome=_outcome(
                answered=bool(talks),
                left_to=left_to,
                ended_by=ended_by,
                handed_over=handed_over,
            ),
            ended_by=ended_by,
            cause=caller.cause,
            cause_text="" if over else END_UNKNOWN,
            legs=tuple(legs),
            language=words.get("RouteLanguage", ""),
            skills=skills_of(words),
            priority=priority_of(words, entered[-1].words),
            campaign=CampaignId(int(campaign)) if campaign.isdecimal() else None,
            unheard=not over,
            direction=Direction.INTERNAL if endpoint_of(caller.name) in self._operators else None,
            caller_operator=self._operators.get(endpoint_of(caller.name)),
            number_withheld=words.get("Withheld") == "yes",
        )
        return PastCall(record, over, self._last)

    # Talks

    def _talks(self, caller: _Channel) -> list[_Part]:
        """The caller's talks in order; a phone's stretches that belong together are one."""
        parts = sorted(
            (part for stay in caller.stays for part in self._partners(caller, stay, _LOCALS)),
            key=lambda part: (part.from_s, part.to_s),
        )
        talks: list[_Part] = []
        for part in parts:
            last = talks[-1] if talks else None
            if last is not None and last.unique == part.unique and part.from_s - last.to_s < SAME_LEG_S:
                talks[-1] = last._replace(to_s=max(last.to_s, min(part.to_s, self._until_s)))
                continue
            # Where two talks overlap, the later one counts: the earlier one was about to end.
            if last is not None and last.to_s > part.from_s:
                talks[-1] = last._replace(to_s=part.from_s)
            talks.append(part._replace(to_s=min(part.to_s, self._until_s)))
        return talks

    def _partners(self, one: _Channel, stay: Stay, locals_left: int) -> Iterator[_Part]:
        for other, theirs in self._in_bridge[stay.bridge]:
            from_s, to_s = max(stay.from_s, theirs.from_s), min(stay.to_s, theirs.to_s)
            if other is one or from_s >= to_s:
                continue
            far = self._by_name.get(far_end(theirs.name))
            if far is None:
                yield _Part(other.unique, endpoint_of(theirs.name), from_s, to_s)
            elif locals_left:
                for part in (p for s in far.stays for p in self._partners(far, s, locals_left - 1)):
                    if max(part.from_s, from_s) < min(part.to_s, to_s):
                        yield part._replace(from_s=max(part.from_s, from_s), to_s=min(part.to_s, to_s))

    def _leg(
        self, caller: _Channel, part: _Part, holds: Sequence[tuple[float, float]], wall: _Wall
    ) -> LegRecord:
        phone = self._channels[part.unique]
        rang = phone.born_under == caller.born_under and phone.began_s <= part.from_s
        lost = (at_s for at_s, entry in caller.entries if is_lost(entry))
        held_s = fsum(max(0.0, min(to_s, part.to_s) - max(from_s, part.from_s)) for from_s, to_s in holds)
        return LegRecord(
            operator=self._operators.get(part.endpoint),
            endpoint=part.endpoint,
            channel=part.unique,
            began_at=wall(phone.began_s if rang else part.from_s),
            rang_s=part.from_s - phone.began_s if rang else 0.0,
            answered_at=wall(part.from_s),
            talked_s=part.to_s - part.from_s,
            held_s=held_s,
            ended_at=wall(part.to_s),
            outcome=OfferOutcome.ACCEPTED if rang and _offered(caller, phone.began_s) else None,
            phone_lost=any(part.to_s <= at_s < part.to_s + LOST_S for at_s in lost),
        )

    # Phones that rang in vain

    def _missed(
        self, caller: _Channel, talks: Sequence[_Part], ended_s: float, wall: _Wall
    ) -> Iterator[LegRecord]:
        under = caller.born_under
        talked = {part.unique for part in talks}
        for phone in self._channels.values():
            endpoint = endpoint_of(phone.name)
            if (
                phone is caller
                or phone.unique in talked
                or not endpoint
                or phone.born_under != under
                or phone.born_under == phone.unique
                or phone.began_s < caller.began_s
                or self._answered_beside(talks, phone, endpoint)
            ):
                continue
            stopped_s = ended_s if phone.ended_s is None else phone.ended_s
            outcome = None
            if _offered(caller, phone.began_s):
                outcome = _missed_outcome(caller, phone, talks, stopped_s)
            yield LegRecord(
                operator=self._operators.get(endpoint),
                endpoint=endpoint,
                channel=phone.unique,
                began_at=wall(phone.began_s),
                rang_s=stopped_s - phone.began_s,
                answered_at=None,
                talked_s=0.0,
                held_s=0.0,
                ended_at=wall(stopped_s),
                outcome=outcome,
            )

    def _answered_beside(self, talks: Sequence[_Part], phone: _Channel, endpoint: str) -> bool:
        """Whether this is a phone's second contact, which rang beside the one that answered."""
        return any(
            part.endpoint == endpoint
            and abs(self._channels[part.unique].began_s - phone.began_s) < NEAR_S
            and (phone.ended_s is None or phone.ended_s >= part.from_s)
            for part in talks
        )

    def _ended_by(self, caller: _Channel, talks: Sequence[_Part], let_go: bool) -> EndedBy:  # noqa: FBT001
        source = caller.source
        broken = self._by_name.get(source)
        if broken is not None and broken is not caller and _is_broken(caller, broken):
            # What ended the talk with a phone that broke did not end the call.
            if talks[-1].unique == broken.unique:
                return EndedBy.SERVICE if let_go else EndedBy.CALLER
            source = self._channels[talks[-1].unique].source
        if not endpoint_of(source) and talks:
            source = self._channels[talks[-1].unique].source  # behind a Local channel the phone has it
        if source and self._by_name.get(source) is caller:
            return EndedBy.CALLER
        endpoint = endpoint_of(source)
        if endpoint in self._operators:
            return EndedBy.OPERATOR
        if endpoint:
            return EndedBy.OUTSIDE
        return EndedBy.SERVICE if let_go else EndedBy.PBX


def _entries_of(channel: _Channel | None) -> list[_Entering]:
    found: list[_Entering] = []
    for at_s, entry in channel.entries if channel is not None else []:
        words = found[-1].words if found and is_lost(entry) else headers_of(entry)
        if words:
            found.append(_Entering(at_s, entry, words))
    return found


def _is_broken(caller: _Channel, phone: _Channel) -> bool:
    """Whether it is a phone with which the caller's talk was lost."""
    ended_s = inf if phone.ended_s is None else phone.ended_s
    return any(is_lost(entry) and abs(at_s - ended_s) < LOST_S for at_s, entry in caller.entries)


def _offered(caller: _Channel, at_s: float) -> bool:
    """Whether the caller's channel was then dialling an offer that was not yet answered."""
    dials = [
        (dialled_s, entry.context)
        for dialled_s, entry in caller.entries
        if entry.event == "APP_START" and entry.application in ("Dial", "Queue") and dialled_s <= at_s
    ]
    if not dials or dials[-1][1] not in OFFERED_IN:
        return False
    # One Dial straight after another, by a transfer, is not logged as a start.
    return not any(dials[-1][0] < stay.to_s <= at_s for stay in caller.stays)


def _missed_outcome(
    caller: _Channel, phone: _Channel, talks: Sequence[_Part], stopped_s: float
) -> OfferOutcome:
    answered_s = min((part.from_s for part in talks if part.from_s >= phone.began_s), default=inf)
    for at_s, entry in caller.entries:
        told = entry.event == "APP_START" and entry.data.startswith("KeskusOfferEnded")
        if told and phone.began_s <= at_s <= answered_s:
            words = dict(part.split(": ", 1) for part in entry.data.split(",")[1:] if ": " in part)
            return offer_outcome(words.get("DialStatus", ""), whole_number(words.get("Cause", "")))
    if any(abs(part.from_s - stopped_s) < NEAR_S for part in talks):
        return OfferOutcome.CANCELLED  # it was picked up
    if caller.ended_s is not None and caller.ended_s - stopped_s < NEAR_S:
        return OfferOutcome.CANCELLED
    if phone.cause in (_BUSY, _REJECTED):
        return OfferOutcome.REJECTED
    return OfferOutcome.TIMED_OUT


def _waited_s(joined: Sequence[float], talks: Sequence[_Part], left_s: float | None, ended_s: float) -> float:
    """Seconds from each entering of a queue to the next answer, entering, letting go or end."""
    stops = sorted([*joined, *(part.from_s for part in talks), *([left_s] if left_s else []), ended_s])
    return sum(next((stop for stop in stops if stop > at_s), at_s) - at_s for at_s in joined)


def _outcome(*, answered: bool, left_to: str, ended_by: EndedBy, handed_over: bool) -> CallOutcome:
    if answered:
        return CallOutcome.ANSWERED
    if handed_over:
        return CallOutcome.HANDED_OVER
    if left_to:
        return LEFT_TO[left_to]
    return CallOutcome.ABANDONED if ended_by is EndedBy.CALLER else CallOutcome.FAILED
