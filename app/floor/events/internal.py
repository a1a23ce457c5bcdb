"""Operators' calls to each other."""

from enum import Enum, auto
from typing import NamedTuple

from app.domain.ids import (
    CallId,
    ChannelId,
)


class ColleagueCalled(NamedTuple):
    """A phone rings, or would ring, an operator's, and is no customer of a queue."""

    call: CallId
    """Given by the PBX: the channel's id, a colon, and which of its calls it is."""
    channel: ChannelId
    """Of who calls."""
    channel_name: str
    caller_number: str
    caller_name: str
    number: str
    """As dialled."""
    endpoint: str
    """The phone that is called."""
    line: str
    """The phone that calls."""


class ColleagueRang(NamedTuple):
    """The phone of a call between colleagues is dialled."""

    call: CallId
    leg: ChannelId
    called_by: ColleagueCalled
    """What was told when it began."""


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
