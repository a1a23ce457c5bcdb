"""What single entries of the PBX's own event log say of calls, and which entries belong together. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from app.domain.calls import CallOutcome
from app.domain.ids import ChannelId
from app.floor.campaigns.attempts import LIVE_PRIORITY
from app.pbx.dialplan import Context
from app.pbx.event_log import Entry
from app.pbx.words import whole_number

LEFT_TO: Final[Mapping[str, CallOutcome]] = {
    Context.LEAVE: CallOutcome.MAX_WAIT,
    Context.ABANDONED: CallOutcome.DROPPED,
    Context.LOST: CallOutcome.LOST,
    Context.BUSY: CallOutcome.TURNED_AWAY,
}
"""Contexts in which a waiting caller is let go, with the outcome of the call."""


def families(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """Split entries into families: channels that were ever joined are in one."""
    parent: dict[ChannelId, ChannelId] = {}

    def root(id_: ChannelId) -> ChannelId:
        while parent.setdefault(id_, id_) != id_:
            parent[id_] = id_ = parent[parent[id_]]
        return id_

    for entry in entries:
        for id_ in (entry.linked, *entry.joined()):
            parent[root(entry.unique)] = root(id_)
    found: defaultdict[ChannelId, list[Entry]] = defaultdict(list)
    for entry in entries:
        found[root(entry.unique)].append(entry)
    yield from found.values()


def at_one_channel(entries: Sequence[Entry]) -> Sequence[Entry]:
    """Where another channel has taken the caller's place in a queue, give the entries of both the first one's id.

    A channel that entered a queue itself keeps its id: an attended transfer also puts one channel in another's place.
    """
    entered = {entry.unique for entry in entries if headers_of(entry) is not None}
    first = {
        entry.unique: call
        for entry in entries
        if (call := entry.replaced) is not None and entry.unique not in entered
    }
    last = {call: unique for unique, call in first.items()}
    return [
        entry._replace(
            unique=first.get(entry.unique, entry.unique), linked=first.get(entry.linked, entry.linked)
        )
        for entry in entries
        if entry.event not in ("HANGUP", "CHAN_END")
        or last.get(first.get(entry.unique, entry.unique), entry.unique) == entry.unique
    ]


def headers_of(entry: Entry) -> Mapping[str, str] | None:
    """The headers of a `KeskusEntered`, or of a `KeskusAnswered` by a person; None for anything else."""
    if entry.event != "APP_START" or entry.application != "UserEvent":
        return None
    name, *headers = entry.data.split(",")
    if name not in ("KeskusEntered", "KeskusAnswered"):
        return None
    words = {key.strip(): value.strip() for key, _, value in (header.partition(":") for header in headers)}
    return words if words.get("Amd") != "MACHINE" else None


def is_lost(entry: Entry) -> bool:
    """Whether the caller is back in the queue because the phone they talked with died."""
    is_event = entry.event == "APP_START" and entry.application == "UserEvent"
    return is_event and entry.data.partition(",")[0] == "KeskusPhoneLost"


def leaves(entry: Entry) -> bool:
    """Whether a waiting caller is let go."""
    return entry.event == "APP_START" and entry.context in LEFT_TO


def bridge_of(entry: Entry) -> str:
    """The bridge that an entry is about; empty for none."""
    return str(entry.extra.get("bridge_id") or "")


def far_end(name: str) -> str:
    """The other end of a Local channel; empty for other kinds."""
    if not name.startswith("Local/"):
        return ""
    return f"{name[:-1]}{'2' if name.endswith('1') else '1'}"


def priority_of(first: Mapping[str, str], last: Mapping[str, str]) -> int:
    """The priority a call entered with. A campaign's call has that of a live answer, until sent to a queue."""
    if last.get("Campaign"):
        return LIVE_PRIORITY
    return whole_number((last if first.get("Campaign") else first).get("CallPriority", ""))


def skills_of(words: Mapping[str, str]) -> tuple[str, ...]:
    """Skills that a call asks for, by the headers it entered with."""
    language = words.get("RouteLanguage", "")
    skills = {skill for skill in words.get("Skills", "").split("&") if skill}
    return tuple(sorted(skills | ({f"lang:{language}"} if language else set())))
