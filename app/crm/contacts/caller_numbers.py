"""Callers' numbers from the PBX, in the one spelling that contacts, records and do-not-calls use.

Carriers send one number in many ways. Here, between the PBX and the floor, it becomes E.164; the way it was sent is
kept beside it. What has letters in it is no number.
"""

from typing import TypeVar

from app.floor.events import CallEntered, Event, SeenChannel
from app.floor.facts import CallRecord
from app.numbers.reader import caller_key

_Caller = TypeVar("_Caller", CallEntered, SeenChannel, CallRecord)


def with_known_caller(event: Event, region: str) -> Event:
    """An event of the PBX; a caller's number in it is in the spelling that is looked up and recorded.

    Args:
        event: as the PBX tells it.
        region: ISO 3166 code of the country for numbers without a country code.
    """
    return known_caller(event, region) if isinstance(event, CallEntered) else event


def known_caller(caller: _Caller, region: str) -> _Caller:
    """A caller with the number in the spelling that is looked up and recorded; for any class that names a caller."""
    key = caller_key(caller.caller_number, region)
    sent = caller.caller_number if caller.caller_number != key else ""
    return caller._replace(caller_number=key, caller_sent=sent)
