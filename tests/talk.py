"""One call at a test's own phone: who it is with, where its sound goes, and its log of times."""

import re
from dataclasses import dataclass, field

from app.system import clock
from tests.rtp import Sound
from tests.sipmessage import SipMessage, parameter, user_of


@dataclass(eq=False)
class Talk:
    """One call at a phone, from its ringing or dialling to its end. Times are monotonic seconds, 0 for not yet."""

    call_id: str
    own: str
    """Our address, with our tag."""
    other: str
    """Theirs, with their tag once it is known."""
    contact: str
    """Where their next request from us goes."""
    invite: SipMessage = field(default_factory=lambda: SipMessage(""))
    sound: Sound | None = None
    ours: bool = False
    """We called."""
    number: int = 0
    """The last CSeq we used."""
    began_s: float = 0.0
    answered_s: float = 0.0
    ended_s: float = 0.0
    ended_by: str = ""
    """`us` or `them`."""
    status: int = 0
    """The last status that our INVITE was answered with."""
    renewed: int = 0
    """How often the other side has renewed it (re-INVITE)."""
    holds: bool = False
    """We have put the other side on hold."""
    referred: list[int] = field(default_factory=list)
    """What became of our transfer: the statuses that NOTIFY told."""

    @property
    def peer(self) -> str:
        """The number that the phone shows."""
        return user_of(self.other)

    @property
    def talked_s(self) -> float:
        return self.ended_s - self.answered_s

    @property
    def tag(self) -> str:
        return parameter(self.own, "tag")

    @property
    def rings(self) -> bool:
        """They call, and we have not said yet what comes of it."""
        return not (self.ours or self.answered_s or self.ended_s)

    def sdp(self, host: str, direction: str) -> str:
        """What we want to hear, and where."""
        assert self.sound is not None
        version = max(self.number, 1)
        return (
            f"v=0\r\no=- 1 {version} IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\n"
            f"m=audio {self.sound.port} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na={direction}\r\n"
        )

    def speak(self, message: SipMessage) -> None:
        """Send sound to where the other side's SDP says."""
        host = re.search(r"^c=IN IP4 (\S+)", message.body, re.MULTILINE)
        port = re.search(r"^m=audio (\d+)", message.body, re.MULTILINE)
        if host and port and self.sound is not None:
            self.sound.send_to(host.group(1), int(port.group(1)))

    def end(self, by: str) -> None:
        """Log the end, the first time, and fall silent."""
        if not self.ended_s:
            self.ended_s, self.ended_by = clock.monotonic(), by
            if self.sound is not None:
                self.sound.mute()
