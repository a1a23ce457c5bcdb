"""What the PBX says of callers' numbers, in the one spelling that contacts, records and do-not-calls have.

Carriers send one number in many ways. Here, between the PBX and the floor, it becomes E.164; the way it was sent is
kept beside it. What has letters in it is no number.
"""

from typing import TypeVar

from app.crm.numbers import caller_key
from app.floor.events import CallEntered, Event, SeenChannel, SnapshotTaken
from app.floor.facts import CallRecord

_Caller = TypeVar("_Caller", CallEntered, SeenChannel, CallRecord)


def with_known_callers(event: Event, region: str) -> Event:
    """An event of the PBX, with its callers' numbers as they are looked up and written down.

    Args:
        event: as the PBX tells it.
        region: ISO 3166 code of the country for numbers without a country code.
    """
    match event:
        case CallEntered():
            return known_caller(event, region)
        case SnapshotTaken():
            return event._replace(channels=tuple(known_caller(one, region) for one in event.channels))
        case _:
            return event


def known_caller(caller: _Caller, region: str) -> _Caller:
    """The same of whatever names a caller."""
    key = caller_key(caller.caller_number, region)
    sent = caller.caller_number if caller.caller_number != key else ""
    return caller._replace(caller_number=key, caller_sent=sent)
