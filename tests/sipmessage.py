"""SIP messages as text in and text out, with digest authentication: as much as a test's own phone needs."""

import hashlib
import re
import secrets
from dataclasses import dataclass, field
from typing import Self

_COMPACT = {"i": "Call-ID", "m": "Contact", "f": "From", "t": "To", "v": "Via", "l": "Content-Length"}


@dataclass
class SipMessage:
    """One request or response; header names as they came, looked up without regard to case."""

    start: str
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: str = ""

    @classmethod
    def parse(cls, data: bytes) -> Self:
        head, _, body = data.decode().partition("\r\n\r\n")
        start, *lines = head.split("\r\n")
        headers = []
        for line in lines:
            name, _, value = line.partition(":")
            headers.append((_COMPACT.get(name.strip(), name.strip()), value.strip()))
        return cls(start, headers, body)

    def __bytes__(self) -> bytes:
        body = self.body.encode()
        lines = [self.start, *(f"{name}: {value}" for name, value in self.headers)]
        return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body

    @property
    def is_response(self) -> bool:
        return self.start.startswith("SIP/2.0 ")

    @property
    def status(self) -> int:
        return int(self.start.split(" ", 2)[1])

    @property
    def method(self) -> str:
        """A request's method, or that of the request a response answers."""
        return self.get("CSeq").split()[1] if self.is_response else self.start.split(" ", 1)[0]

    @property
    def number(self) -> int:
        return int(self.get("CSeq").split()[0])

    @property
    def branch(self) -> str:
        return parameter(self.get("Via"), "branch")

    def get(self, name: str) -> str:
        """The first value of a header, or nothing."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def reply(self, status: int, reason: str, tag: str) -> "SipMessage":
        """A response with what every response copies."""
        to = self.get("To")
        if ";tag=" not in to:
            to += f";tag={tag}"
        copied = [("Via", via) for via in self.all("Via")]
        copied += [("From", self.get("From")), ("To", to), ("Call-ID", self.get("Call-ID"))]
        return SipMessage(f"SIP/2.0 {status} {reason}", [*copied, ("CSeq", self.get("CSeq"))])


def parameter(value: str, name: str) -> str:
    """A header's parameter, such as the tag of `<sip:a@b>;tag=x`."""
    found = re.search(rf";\s*{name}=\"?([^;,\s\"]+)", value)
    return found.group(1) if found else ""


def uri_of(value: str) -> str:
    """The address between the brackets of a header."""
    found = re.search(r"<([^>]+)>", value)
    return found.group(1) if found else value.split(";", 1)[0].strip()


def user_of(value: str) -> str:
    """The user part of a header's address: a number, or a softphone's name."""
    return uri_of(value).removeprefix("sip:").partition("@")[0]


def signed(challenge: str, method: str, uri: str, user: str, secret: str) -> str:
    """The `Authorization` that answers a digest challenge (RFC 2617, MD5, with or without qop)."""
    wanted = dict(re.findall(r'(\w+)="?([^",]+)"?', challenge.partition(" ")[2]))
    realm, nonce = wanted["realm"], wanted["nonce"]
    who, what = _md5(f"{user}:{realm}:{secret}"), _md5(f"{method}:{uri}")
    fields = {"username": user, "realm": realm, "nonce": nonce, "uri": uri}
    rest = f", algorithm={wanted.get('algorithm', 'MD5')}"
    if "opaque" in wanted:
        fields["opaque"] = wanted["opaque"]
    if "qop" in wanted:
        own = secrets.token_hex(8)
        fields |= {"cnonce": own, "response": _md5(f"{who}:{nonce}:00000001:{own}:auth:{what}")}
        rest += ", qop=auth, nc=00000001"
    else:
        fields["response"] = _md5(f"{who}:{nonce}:{what}")
    return "Digest " + ", ".join(f'{name}="{value}"' for name, value in fields.items()) + rest


def _md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()
