"""Is a phone that talks still there? Judged by its sound, its reports, its registration and its answers. Pure.

Silence alone says nothing: a phone on hold is silent, and so is one that sends no sound while it is muted. So a phone
that is silent is asked (OPTIONS), and is dead when

- it does not answer, or
- whoever answers is not who the talk is with: another address is registered by now; such a phone, too, has some time
  to be heard again.

A phone that answers is also asked within the talk, once it has registered anew from the same address, or is silent for
long: one that was started anew does not know the talk (481), and the PBX ends its part.

What the PBX counts of its sound and reports (RTP, RTCP) makes good everything: who is heard is there.
"""

import re
from dataclasses import dataclass
from math import inf
from typing import Final, NamedTuple

SILENT_S: Final = 1.0
"""A phone that was heard in the talk is asked when nothing has come from it for so long."""
QUIET_S: Final = 4.0
"""The same for one on hold, and for one that never sent any sound."""
ASK_AGAIN_S, ASK_QUIET_AGAIN_S = 2.0, 8.0
"""How long an answer holds while the phone stays silent: in the talk; on hold, or where it never sent any sound."""
ANSWER_S: Final = 2.0
"""How long a phone that was heard in the talk may take to answer; of others the PBX says itself, a bit later."""
MOVED_S, MOVED_QUIET_S = 2.5, 10.0
"""How long one is waited for who has registered from another address: in the talk, on hold."""
CHECK_S: Final = 6.0
"""When a phone that answers is asked within the talk, once: its reports come every 5 s. At once if registered anew. On
hold it is asked for that alone, unless nothing has come from it since it is watched."""
IDENTIFY_S: Final = 10.0
"""How often it is learned who is registered while the phone is heard."""
_ADDRESS: Final = re.compile(r"sips?:(?:[^@;>]*@)?([^;>?]+)")
_COUNTED: Final = re.compile(r"(rxcount|rxjitter|rtt|rlp)=([^;]*)")
_REACHABLE: Final = frozenset({"Reachable", "Created", "NonQualified", "Unknown"})


class Registration(NamedTuple):
    """Who is registered, and how they answered the PBX last."""

    contact: str = ""
    """The PBX's name of the address; empty: nobody is registered."""
    until: str = ""
    """When it is over, unless it is renewed; by the PBX's clock."""
    status: str = ""
    answered: str = ""
    """How long the last answer took: another one each time."""
    uri: str = ""
    """The address."""


@dataclass(slots=True)
class PhoneSigns:
    """One phone in one talk. All `*_s` are monotonic seconds."""

    counted: str = ""
    """What had come from it, as the PBX counts."""
    heard_s: float = 0.0
    """When that changed last."""
    sounded: bool = False
    """Sound has come from it in this talk."""
    heard: bool = False
    """Something has come from it since it is watched."""
    registered: Registration | None = None
    """Who was, while it was heard; before that the address that the talk is with."""
    candidate: Registration | None = None
    """Who is; the phone, if it is heard after that."""
    identified_s: float = 0.0
    asked_s: float | None = None
    before: str = ""
    """How long the answer took before it was asked."""
    answered_s: float = -inf
    checked: str | None = None
    """Until when the registration was when the phone was asked within the talk; None: not in this silence."""

    def listen(self, statistics: str, now_s: float) -> None:
        """Take what the PBX counts of the phone's sound and reports."""
        counted = ";".join(f"{name}={value}" for name, value in _COUNTED.findall(statistics))
        if counted == self.counted:
            return
        first, self.counted, self.heard_s = not self.counted, counted, now_s
        self.sounded = self.sounded or "rxcount=0;" not in f"{counted};"
        self.heard = not first
        self.asked_s = self.checked = None
        if self.candidate is not None and not first:
            self.registered, self.candidate = self.candidate, None

    def wants_registration(self, now_s: float, *, held: bool) -> bool:
        """Whether it is to be learned who is registered: now and then, and all the time while it is in doubt."""
        return (
            self.registered is None
            or self._is_in_doubt(now_s, held=held)
            or now_s - self.identified_s >= IDENTIFY_S
        )

    def learn(self, registration: Registration, now_s: float, *, held: bool, talks_with: str = "") -> bool:
        """Take who is registered; tell whether the phone is to be asked (again).

        Args:
            registration: who is.
            now_s: monotonic seconds.
            held: the phone is on hold.
            talks_with: the address where the PBX sends what belongs to the talk; wanted the first time alone.
        """
        self.identified_s = now_s
        if self.registered is None:
            left = _is_websocket(talks_with) and _address(talks_with) != _address(registration.uri)
            self.registered = Registration(talks_with) if left else registration
        if not self._is_in_doubt(now_s, held=held):
            self.candidate = registration
            return False
        self.candidate = None
        if self.asked_s is None:
            self.asked_s, self.before = now_s, registration.answered
            return True
        known = self.registered
        same = registration.contact == known.contact
        if same and registration.answered != self.before and registration.status in _REACHABLE:
            self.asked_s, self.answered_s = None, now_s
            return False
        return True

    def is_dead(self, registration: Registration, now_s: float, *, held: bool) -> bool:
        """Whether nobody is there any more. Ask after `learn`."""
        known = self.registered
        if known is None or not known.contact:
            return False  # of who was not registered nothing can be told
        silent_s, talks = now_s - self.heard_s, self.sounded and not held
        if self.asked_s is None or now_s == self.asked_s:
            return False
        if registration.contact != known.contact:
            return silent_s >= (MOVED_S if talks else MOVED_QUIET_S)
        if registration.status == "Unreachable":
            return True
        return talks and registration.answered == self.before and now_s - self.asked_s >= ANSWER_S

    def is_to_be_checked(self, registration: Registration, now_s: float, *, held: bool) -> bool:
        """Whether to ask the phone within the talk. Ask after `learn`."""
        known = self.registered
        if known is None or registration.contact != known.contact or not self._is_silent(now_s, held=held):
            return False
        anew = registration.until != (known.until if self.checked is None else self.checked)
        expected = not (held and self.heard)
        long = expected and self.checked is None and now_s - self.heard_s >= CHECK_S
        if anew or long:
            self.checked = registration.until
        return anew or long

    def forget(self, now_s: float) -> None:
        """Nobody was looking for a while: what was seen before says nothing."""
        self.heard_s, self.asked_s = now_s, None

    def _is_in_doubt(self, now_s: float, *, held: bool) -> bool:
        if self.asked_s is not None:
            return True
        again_s = ASK_AGAIN_S if self.sounded and not held else ASK_QUIET_AGAIN_S
        return self._is_silent(now_s, held=held) and now_s - self.answered_s >= again_s

    def _is_silent(self, now_s: float, *, held: bool) -> bool:
        return now_s - self.heard_s >= (SILENT_S if self.sounded and not held else QUIET_S)


def _is_websocket(uri: str) -> bool:
    """A browser's: its registration ends with its websocket, so that of another address is not the talk's phone.

    Whoever has another transport may register from one port and talk from another.
    """
    return ";transport=ws" in uri.lower()


def _address(uri: str) -> str:
    found = _ADDRESS.match(uri)
    return found[1] if found else ""
