"""Translates Asterisk's single values for the floor: channel names, states, statuses, numbers."""

from app.domain.calls import OfferOutcome
from app.domain.operators import DeviceState
from app.floor.events import Missed

_DEVICE_STATES = {
    "NOT_INUSE": DeviceState.REGISTERED,
    "INUSE": DeviceState.IN_USE,
    "BUSY": DeviceState.IN_USE,
    "RINGING": DeviceState.IN_USE,
    "RINGINUSE": DeviceState.IN_USE,
    "ONHOLD": DeviceState.IN_USE,
}  # UNAVAILABLE, INVALID and UNKNOWN: nothing to ring
_DIAL_OUTCOMES = {
    "NOANSWER": OfferOutcome.TIMED_OUT,
    "BUSY": OfferOutcome.REJECTED,
    "DONTCALL": OfferOutcome.REJECTED,
    "TORTURE": OfferOutcome.REJECTED,
    "CANCEL": OfferOutcome.CANCELLED,
}  # CHANUNAVAIL, CONGESTION, INVALIDARGS: the call did not reach the phone
_CALL_REJECTED = 21  # Q.850: a phone's "decline", which Dial reports as CHANUNAVAIL or CONGESTION
_MISSED = {
    "BUSY": Missed.BUSY,
    "NOANSWER": Missed.NO_ANSWER,
    "CHANUNAVAIL": Missed.UNREACHABLE,
}
PJSIP = "PJSIP/"


def endpoint_of(channel_name: str) -> str:
    """The PJSIP endpoint a channel belongs to; empty for other kinds of channel.

    >>> endpoint_of("PJSIP/op12-0000001a")
    'op12'
    """
    if not channel_name.startswith(PJSIP):
        return ""
    return channel_name[len(PJSIP) :].rpartition("-")[0]


def line_of(channel_name: str) -> str:
    """The line of a channel: the PJSIP endpoint of a trunk or phone, or another kind of channel's name without number.

    >>> line_of("PJSIP/trunk-0000001a"), line_of("Local/s@keskus-talk-0000001a;2")
    ('trunk', 'Local/s@keskus-talk')
    """
    return channel_name.removeprefix(PJSIP).rpartition("-")[0]


def missed(status: str) -> Missed:
    """Why a colleague's phone was not reached, by Dial's status."""
    return _MISSED.get(status, Missed.FAILED)


def offer_outcome(status: str, cause: int) -> OfferOutcome:
    """The outcome of an offer that was not accepted, by Dial's status and the Q.850 hangup cause."""
    if cause == _CALL_REJECTED:
        return OfferOutcome.REJECTED
    return _DIAL_OUTCOMES.get(status, OfferOutcome.FAILED)


def device_state(state: str) -> DeviceState:
    """The floor's device state for Asterisk's; an unknown state counts as unreachable."""
    return _DEVICE_STATES.get(state, DeviceState.UNREACHABLE)


def known_number(value: str) -> str:
    """A number or name from Asterisk; empty for its `<unknown>`."""
    return "" if value == "<unknown>" else value


def whole_number(value: str) -> int:
    """A number as Asterisk writes it; 0 for anything else."""
    try:
        return int(value)
    except ValueError:
        return 0
