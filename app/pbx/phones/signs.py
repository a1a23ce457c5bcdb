"""Whether a phone in a talk is still there, judged by its sound, reports, registration and answers. Pure.

Silence alone says nothing: a phone on hold is silent, and so is a muted phone that sends no sound. So a silent phone
is asked (OPTIONS). It is dead when

- it does not answer, or
- another address is registered by now, so that another phone answers; the phone of the talk then has some more time
  to be heard again.

A phone that answers is also asked within the talk once it has registered anew from the same address, or has been
silent for long. A phone that was restarted does not know the talk (481), and the PBX ends its leg.

Whenever the PBX counts new sound or reports (RTP, RTCP) from a phone, it is there, whatever else is known.
"""

import re
from dataclasses import dataclass
from math import inf
from typing import Final, NamedTuple

SILENT_S: Final = 1.0
"""After how many silent seconds a phone that was heard in the talk is asked."""
QUIET_S: Final = 4.0
"""After how many silent seconds a phone on hold, or one that never sent sound, is asked."""
ASK_AGAIN_S, ASK_QUIET_AGAIN_S = 2.0, 8.0
"""Seconds from an answer to the next question while a phone stays silent: in the talk; on hold or without any sound."""
ANSWER_S: Final = 2.0
"""Seconds that a phone that was heard in the talk may take to answer. For others the PBX's own `Unreachable` counts."""
MOVED_S, MOVED_QUIET_S = 2.5, 10.0
"""Silent seconds after which a phone counts as dead when another address is registered: in the talk; on hold."""
CHECK_S: Final = 6.0
"""Silent seconds after which a phone that answers is asked within the talk, once; its reports come every 5 s. A phone
that registered anew is asked at once. On hold a phone is asked for a new registration only, unless nothing has ever
come from it."""
IDENTIFY_S: Final = 10.0
"""Seconds between looks at the registration while the phone is heard."""
_ADDRESS: Final = re.compile(r"sips?:(?:[^@;>]*@)?([^;>?]+)")
_COUNTED: Final = re.compile(r"(rxcount|rxjitter|rtt|rlp)=([^;]*)")
_REACHABLE: Final = frozenset({"Reachable", "Created", "NonQualified", "Unknown"})


class Registration(NamedTuple):
    """The registered contact of a phone's account, and its last answer to the PBX."""

    contact: str = ""
    """The PBX's name of the address; empty: nobody is registered."""
    until: str = ""
    """When the registration expires, by the PBX's clock."""
    status: str = ""
    answered: str = ""
    """The round-trip time of the last answer; another value means a new answer."""
    uri: str = ""
    """The contact's SIP address."""


@dataclass(slots=True)
class PhoneSigns:
    """One phone in one talk. All `*_s` are monotonic seconds."""

    counted: str = ""
    """The PBX's last counts of the phone's sound and reports."""
    heard_s: float = 0.0
    """When `counted` last changed."""
    sounded: bool = False
    """Whether the phone has sent sound in this talk."""
    heard: bool = False
    """Whether anything has come from the phone since the watch began."""
    registered: Registration | None = None
    """The registration while the phone was last heard; before that, the address that the talk is with."""
    candidate: Registration | None = None
    """The registration learned last; it becomes `registered` when the phone is heard after that."""
    identified_s: float = 0.0
    asked_s: float | None = None
    before: str = ""
    """`Registration.answered` before the phone was asked."""
    answered_s: float = -inf
    checked: str | None = None
    """`Registration.until` when the phone was asked within the talk; None: not asked in this silence."""

    def listen(self, statistics: str, now_s: float) -> None:
        """Take the PBX's counts of the phone's sound and reports, `CHANNEL(rtcp,all)`."""
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
        """Whether to look the registration up: every `IDENTIFY_S`, and at each look while the phone is in doubt."""
        return (
            self.registered is None
            or self._is_in_doubt(now_s, held=held)
            or now_s - self.identified_s >= IDENTIFY_S
        )

    def learn(self, registration: Registration, now_s: float, *, held: bool, talks_with: str = "") -> bool:
        """Take the registration; tell whether to ask the phone (again).

        Args:
            registration: the current one.
            now_s: monotonic seconds.
            held: whether the phone is on hold.
            talks_with: the address to which the PBX sends requests of the talk; needed the first time only.
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
        """Whether the phone is dead. Call after `learn`."""
        known = self.registered
        if known is None or not known.contact:
            return False  # nothing can be known of a phone that was not registered
        silent_s, talks = now_s - self.heard_s, self.sounded and not held
        if self.asked_s is None or now_s == self.asked_s:
            return False
        if registration.contact != known.contact:
            return silent_s >= (MOVED_S if talks else MOVED_QUIET_S)
        if registration.status == "Unreachable":
            return True
        return talks and registration.answered == self.before and now_s - self.asked_s >= ANSWER_S

    def is_to_be_checked(self, registration: Registration, now_s: float, *, held: bool) -> bool:
        """Whether to ask the phone within the talk. Call after `learn`."""
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
        """Start the silence anew: nobody looked for a while, so earlier silence says nothing."""
        self.heard_s, self.asked_s = now_s, None

    def _is_in_doubt(self, now_s: float, *, held: bool) -> bool:
        if self.asked_s is not None:
            return True
        again_s = ASK_AGAIN_S if self.sounded and not held else ASK_QUIET_AGAIN_S
        return self._is_silent(now_s, held=held) and now_s - self.answered_s >= again_s

    def _is_silent(self, now_s: float, *, held: bool) -> bool:
        return now_s - self.heard_s >= (SILENT_S if self.sounded and not held else QUIET_S)


def _is_websocket(uri: str) -> bool:
    """Whether the address is a browser's: its registration ends with its websocket, so a new address is a new phone.

    A phone with another transport may register from one port and talk from another.
    """
    return ";transport=ws" in uri.lower()


def _address(uri: str) -> str:
    found = _ADDRESS.match(uri)
    return found[1] if found else ""
