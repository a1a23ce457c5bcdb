"""The contexts of the dialplan that the service sends channels to, or finds them in (dialplan/README.md)."""

from enum import StrEnum


class Context(StrEnum):
    """By its name in the dialplan."""

    INBOUND = "keskus-inbound"
    """A call from a trunk begins here."""
    HOLD = "keskus-hold"
    CONNECT = "keskus-connect"
    FALLBACK = "keskus-fallback"
    """The PBX's own queue."""
    LEAVE = "keskus-leave"
    """A caller is let go with a message."""
    BUSY = "keskus-busy"
    LOST = "keskus-lost"
    """Nothing came from a caller's line any more."""
    ANSWERED = "keskus-answered"
    """A customer whom a campaign called."""
    MACHINE = "keskus-machine"
    ABANDONED = "keskus-abandoned"
    OUTGOING = "keskus-outgoing"
    """A phone asks to be connected outside."""
    DIAL = "keskus-dial"
    """It is."""
    REFUSED = "keskus-refused"
    """It is not."""
    FULL = "keskus-full"
    """Blind transfers land here while all parking places are taken."""
    INTERNAL = "keskus-internal"
    """What phones dial."""
