"""The contexts of the dialplan that the service sends channels to, or finds them in (dialplan/README.md)."""

from enum import StrEnum


class Context(StrEnum):
    """A context, by its name in the dialplan."""

    INBOUND = "keskus-inbound"
    """Calls from a trunk begin here."""
    HOLD = "keskus-hold"
    CONNECT = "keskus-connect"
    FALLBACK = "keskus-fallback"
    """Callers in the PBX's own queue, while the service is away."""
    LEAVE = "keskus-leave"
    """A caller hears a message, and the call ends."""
    BUSY = "keskus-busy"
    LOST = "keskus-lost"
    """A caller whose line is dead."""
    ANSWERED = "keskus-answered"
    """A customer who answered a campaign's call."""
    MACHINE = "keskus-machine"
    ABANDONED = "keskus-abandoned"
    OUTGOING = "keskus-outgoing"
    """A phone asks for a number outside."""
    DIAL = "keskus-dial"
    """The number outside is dialled."""
    REFUSED = "keskus-refused"
    """The number outside is refused."""
    FULL = "keskus-full"
    """Blind transfers go here while all parking places are taken."""
    INTERNAL = "keskus-internal"
    """Numbers that phones dial."""
