"""A SIP phone in the test's own process: a customer's, an operator's, or the carrier's far end.

    async with Phone(layout, "op1", secret) as op1, Phone.customer(layout, "37255500001") as anna:
        call = await anna.dial(NUMBER)
        talk = await op1.rings()
        op1.answer(talk)
        await op1.refer(talk, "102")

It does what an operator does with a phone, in any order and at any moment: hold, a second line, transfers blind and
attended. It speaks and hears (`tests.rtp`), and keeps its own log of when each talk was.
"""

import secrets
from types import TracebackType
from typing import Final, Self

from app.sandbox.sandbox import Layout
from app.system import clock
from tests.rtp import Sound
from tests.sipline import WAIT_S, SipLine
from tests.sipmessage import SipMessage, parameter, signed, uri_of
from tests.talk import Talk

__all__ = ["CLEARLY", "Phone", "Talk"]

ALLOW: Final = "INVITE, ACK, CANCEL, BYE, OPTIONS, NOTIFY, REFER"
CLEARLY: Final = 25  # packets: half a second
REGISTERED_S: Final = 300


class Phone(SipLine):
    """A phone; registered from entering the context if it has a secret.

    Args:
        layout: where the PBX is.
        name: the softphone's account, or the customer's number.
        secret: the account's secret.
        host: the address it calls from; by default the PBX's own.
        port: its port; by default any.
        voice: what it says for ever, a byte.
    """

    def __init__(
        self, layout: Layout, name: str, secret: str = "", *, host: str = "", port: int = 0, voice: int = 0x41
    ) -> None:
        super().__init__(layout, name, host or layout.host, port)
        self.voice = voice
        self.talks: list[Talk] = []
        """All its calls, the oldest first."""
        self.display = ""
        """The name it calls under."""
        self.refuse = 0
        """Answer each call with this status, 0 for ringing."""
        self.forward_to = ""
        """Send each call on to this number (302); empty: do not."""
        self.options = 0
        """How often the PBX asked whether it is there."""
        self.forwarded = 0
        """Calls that were sent on."""
        self.deaf = False
        """Nothing reaches it."""
        self._secret = secret

    @classmethod
    def customer(cls, layout: Layout, number: str, *, voice: int = 0x43) -> Self:
        """A customer who calls through the carrier's line."""
        return cls(layout, number, host=layout.trunk_host, voice=voice)

    @classmethod
    def outside(cls, layout: Layout, *, voice: int = 0x4F) -> Self:
        """Whoever is called through the carrier's line."""
        return cls(layout, "outside", host=layout.trunk_host, port=layout.trunk_port, voice=voice)

    # What people do

    async def rings(self, timeout_s: float = WAIT_S) -> Talk:
        """Wait until it rings; give the call."""
        await self.until(lambda: any(talk.rings for talk in self.talks), timeout_s)
        return next(talk for talk in self.talks if talk.rings)

    def answer(self, talk: Talk) -> None:
        """Pick up."""
        talk.answered_s = clock.monotonic()
        talk.speak(talk.invite)
        self.say(self._sdp(talk, talk.invite.reply(200, "OK", talk.tag)), talk.invite)

    def decline(self, talk: Talk, status: int = 486) -> None:
        """Do not take the call."""
        self.say(talk.invite.reply(status, "Declined", talk.tag), talk.invite)
        self._over(talk, "us")

    async def dial(self, number: str, *, replacing: Talk | None = None, privacy: str = "") -> Talk:
        """Call a number; it rings on while the test goes on. With `replacing`, take another phone's talk over."""
        uri = f"sip:{number}@{self.pbx}"
        own = f"<sip:{self.user}@{self.host}>;tag={secrets.token_hex(4)}"
        own = f'"{self.display}" {own}' if self.display else own
        talk = Talk(
            secrets.token_hex(8), own, other=f"<{uri}>", contact=uri, ours=True, began_s=clock.monotonic()
        )
        talk.sound = Sound(self.host, self.voice)
        self.talks.append(talk)
        request = self._request(talk, "INVITE")
        if replacing is not None:
            tags = f"to-tag={parameter(replacing.other, 'tag')};from-tag={replacing.tag}"
            request.headers.append(("Replaces", f"{replacing.call_id};{tags}"))
        if privacy:
            request.headers.append(("Privacy", privacy))
        talk.invite = self.send(self._sdp(talk, request))
        return talk

    async def connected(self, talk: Talk) -> None:
        """Wait until the other side picks up.

        Raises:
            AssertionError: it was refused or ended.
        """
        await self.until(lambda: bool(talk.answered_s or talk.ended_s))
        assert talk.answered_s, f"{self!r}: refused with {talk.status}"

    async def hears(self, talk: Talk, voice: int, timeout_s: float = WAIT_S) -> None:
        """Wait until a voice is clearly heard, counted from now."""
        assert talk.sound is not None
        before = talk.sound.heard[voice]
        sound = talk.sound
        sound.on_heard = self.touch
        await self.until(lambda: sound.heard[voice] - before >= CLEARLY, timeout_s)

    async def hold(self, talk: Talk, *, resume: bool = False) -> None:
        """Put the other party on hold, or take it off hold."""
        assert talk.sound is not None
        talk.sound.mute()
        talk.holds = not resume
        request = self._request(talk, "INVITE")
        self.send(self._sdp(talk, request, "sendrecv" if resume else "sendonly"))
        reply = await self.final(request)
        assert reply.status == 200, reply.start
        if resume:
            talk.speak(reply)

    async def refer(
        self, talk: Talk, number: str = "", *, joining: Talk | None = None, waits: bool = False
    ) -> int:
        """Transfer: to a number unseen, or to the party of another of our talks. Give how it went.

        Once it is done the phone hangs up what is left, as phones do; if it is refused the talk goes on.

        Args:
            talk: who is transferred.
            number: where to.
            joining: the talk whose party they are joined to.
            waits: the phone hangs up only when the PBX has ended the talk `joining`. Asterisk tells that it is done
                before it has put the other into the place of a line that no phone has answered. A BYE that comes within
                a millisecond finds them not yet there, and they are cut off.
        """
        target = f"sip:{number}@{self.pbx}"
        if joining is not None:
            tags = f"to-tag%3D{parameter(joining.other, 'tag')}%3Bfrom-tag%3D{joining.tag}"
            target = f"{uri_of(joining.other)}?Replaces={joining.call_id}%3B{tags}"
        request = self._request(talk, "REFER")
        request.headers += [("Refer-To", f"<{target}>"), ("Referred-By", f"<{uri_of(talk.own)}>")]
        reply = await self.final(self.send(request))
        if reply.status != 202:
            return reply.status
        await self.until(lambda: bool(talk.ended_s or (talk.referred and talk.referred[-1] >= 200)))
        status = talk.referred[-1] if talk.referred else 200
        if status < 300:
            if joining is not None and waits:
                await self.until(lambda: bool(joining.ended_s))
            await self.hang_up(talk)
            if joining is not None:
                await self.hang_up(joining)
        return status

    async def hang_up(self, talk: Talk) -> None:
        """End a talk, or give up calling. Nothing if it is over."""
        if talk.ended_s:
            return
        if talk.answered_s:
            self._over(talk, "us")
            await self.final(self.send(self._request(talk, "BYE")))
            return
        await self.give_up(talk)
        await self.until(lambda: bool(talk.ended_s))

    async def give_up(self, talk: Talk) -> None:
        """Cancel a call at the first sign that the PBX has it: before, there is nothing to cancel (RFC 3261, 9.1)."""
        await self.until(lambda: self.is_heard_of(talk.invite) or bool(talk.ended_s))
        if not talk.ended_s:
            self.send(_within(talk.invite, "CANCEL"))

    def vanish(self) -> None:
        """As without network or power: nothing goes out any more, and nothing comes in."""
        self.deaf = True
        self.leave_registered()
        for talk in self.talks:
            talk.end("us")

    # Registration

    async def __aenter__(self) -> Self:
        await self.open()
        try:
            if self._secret:
                await self._register(REGISTERED_S)
        except BaseException:
            self.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._secret and kind is None:
            await self._register(0)
        for talk in self.talks:
            if talk.answered_s and not talk.ended_s:
                self.send(self._request(talk, "BYE"))  # the PBX must not keep it for the next test
            if talk.sound is not None:
                talk.sound.close()
        self.close()

    def __repr__(self) -> str:
        return f"<Phone {self.user} {[(t.peer, t.status, t.answered_s, t.ended_s, t.referred) for t in self.talks]}>"

    async def is_refused(self) -> None:
        """Register again, as phones do, and be refused: the secret is no longer valid."""
        assert await self._try_to_register(REGISTERED_S) in (401, 403)

    async def register_again(self) -> None:
        """Register at the same address again, as phones do before it is over."""
        await self._register(REGISTERED_S)

    def leave_registered(self) -> None:
        """Do not take the registration back at the end: it is not there any more."""
        self._secret = ""

    async def _register(self, expires_s: int) -> None:
        assert await self._try_to_register(expires_s) == 200

    async def _try_to_register(self, expires_s: int) -> int:
        own = f"<sip:{self.user}@{self.host}>"
        talk = Talk(
            secrets.token_hex(8), f"{own};tag={secrets.token_hex(4)}", other=own, contact=f"sip:{self.pbx}"
        )
        request = self._request(talk, "REGISTER")
        request.headers.append(("Expires", str(expires_s)))
        challenge = await self.final(self.send(request))
        assert challenge.status == 401, challenge.start
        return (await self.final(self.send(self._sign(talk, request, challenge)))).status

    # What the PBX says

    def datagram_received(self, data: bytes, addr: object) -> None:
        if not self.deaf:
            super().datagram_received(data, addr)

    def asked(self, request: SipMessage) -> None:
        self.options += request.method == "OPTIONS"
        talk = next((t for t in self.talks if t.call_id == request.get("Call-ID")), None)
        if request.method == "ACK":
            return
        if request.method == "INVITE" and talk is None and not parameter(request.get("To"), "tag"):
            self._invited(request)
        elif talk is None:
            status, reason = (200, "OK") if request.method in ("OPTIONS", "NOTIFY") else (481, "No such call")
            self.say(request.reply(status, reason, secrets.token_hex(4)), request)
        elif request.method == "INVITE":
            talk.renewed += 1
            direction = "sendonly" if talk.holds else "sendrecv"
            if not talk.holds:
                talk.speak(request)
            self.say(self._sdp(talk, request.reply(200, "OK", talk.tag), direction), request)
        else:
            self.say(request.reply(200, "OK", talk.tag), request)
            if request.method == "NOTIFY":
                talk.referred.append(int(request.body.split()[1]))
            elif request.method == "BYE":
                self._over(talk, "them")
            elif request.method == "CANCEL" and not talk.answered_s:
                self.say(talk.invite.reply(487, "Request Terminated", talk.tag), talk.invite)
                self._over(talk, "them")

    def _invited(self, request: SipMessage) -> None:
        tag = secrets.token_hex(4)
        if self.forward_to:
            reply = request.reply(302, "Moved Temporarily", tag)
            reply.headers.append(("Contact", f"<sip:{self.forward_to}@{self.pbx}>"))
            self.say(reply, request)
            self.forwarded += 1
            self.touch()
            return
        if self.refuse:
            self.say(request.reply(self.refuse, "Refused", tag), request)
            return
        own, contact = f"{request.get('To')};tag={tag}", uri_of(request.get("Contact"))
        talk = Talk(request.get("Call-ID"), own, other=request.get("From"), contact=contact, invite=request)
        talk.began_s = clock.monotonic()
        talk.sound = Sound(self.host, self.voice)
        self.talks.append(talk)
        reply = request.reply(180, "Ringing", tag)
        reply.headers.append(("Contact", self.contact))
        self.say(reply, request)

    def replied(self, reply: SipMessage) -> None:
        talk = next((t for t in self.talks if t.call_id == reply.get("Call-ID")), None)
        if reply.method != "INVITE" or talk is None:
            return
        if reply.status < 200:
            talk.other = reply.get("To")  # with their tag, once it rings
            return
        first = reply.branch == talk.invite.branch
        if first:
            talk.status = reply.status
        if reply.status < 300:
            talk.other, talk.contact = reply.get("To"), uri_of(reply.get("Contact"))
            self.send(self._request(talk, "ACK", reply.number))
            if first and not talk.answered_s:
                talk.answered_s = clock.monotonic()
                talk.speak(reply)
            return
        ack = _within(talk.invite, "ACK")
        ack.headers = [("To", reply.get("To")), *(h for h in ack.headers if h[0] != "To")]
        self.send(ack)
        if first and reply.status == 401 and not talk.invite.get("Authorization"):
            talk.invite = self.send(self._sign(talk, talk.invite, reply))
        elif first:
            self._over(talk, "them")

    # Messages

    def _request(self, talk: Talk, method: str, number: int = 0) -> SipMessage:
        talk.number = talk.number if number else talk.number + 1
        headers = [self.via(), ("From", talk.own), ("To", talk.other), ("Call-ID", talk.call_id)]
        headers += [("CSeq", f"{number or talk.number} {method}"), ("Max-Forwards", "70")]
        headers += [("Contact", self.contact), ("Allow", ALLOW)]
        return SipMessage(f"{method} {talk.contact} SIP/2.0", headers)

    def _sign(self, talk: Talk, request: SipMessage, challenge: SipMessage) -> SipMessage:
        method, uri, _ = request.start.split(" ")
        again = self._request(talk, method)
        again.headers += [h for h in request.headers if h[0] in ("Expires", "Replaces", "Content-Type")]
        sign = signed(challenge.get("WWW-Authenticate"), method, uri, self.user, self._secret)
        again.headers.append(("Authorization", sign))
        again.body = request.body
        return again

    def _sdp(self, talk: Talk, message: SipMessage, direction: str = "sendrecv") -> SipMessage:
        if not message.get("Contact"):
            message.headers.append(("Contact", self.contact))
        message.headers.append(("Content-Type", "application/sdp"))
        message.body = talk.sdp(self.host, direction)
        return message

    def _over(self, talk: Talk, by: str) -> None:
        talk.end(by)
        self.touch()


def _within(invite: SipMessage, method: str) -> SipMessage:
    """A CANCEL, or the ACK of a refusal: of the INVITE's own transaction."""
    kept = [h for h in invite.headers if h[0] in ("Via", "From", "To", "Call-ID", "Max-Forwards")]
    request = SipMessage(f"{method} {invite.start.split(' ')[1]} SIP/2.0", kept)
    request.headers.append(("CSeq", f"{invite.number} {method}"))
    return request
