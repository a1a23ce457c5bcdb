"""Events of operators' calls to each other."""

from enum import Enum, auto
from typing import NamedTuple

from app.domain.ids import (
    CallId,
    ChannelId,
)


class ColleagueCalled(NamedTuple):
    """An operator's phone called a colleague's phone, other than through a queue."""

    call: CallId
    """Given by the PBX: the channel's id, a colon, and the number of this call among the channel's calls."""
    channel: ChannelId
    """The channel of the phone that calls."""
    channel_name: str
    caller_number: str
    caller_name: str
    number: str
    """The number as dialled."""
    endpoint: str
    """The phone that is called."""
    line: str
    """The phone that calls."""


class ColleagueRang(NamedTuple):
    """The PBX rings the called phone of a call between colleagues."""

    call: CallId
    leg: ChannelId
    called_by: ColleagueCalled
    """The event with which the call began."""


class Missed(Enum):
    """Why a phone was not reached."""

    BUSY = auto()
    NO_ANSWER = auto()
    UNREACHABLE = auto()
    FAILED = auto()


class ColleagueMissed(NamedTuple):
    """A call between colleagues reached nobody."""

    call: CallId
    why: Missed


InternalEvent = ColleagueCalled | ColleagueRang | ColleagueMissed
