"""The servers that help a browser's phone find a way to the PBX (ICE): STUN and TURN.

A TURN server passes sound on for whoever has its credentials. So they are made for each phone and end with its secret,
by the scheme that coturn calls `use-auth-secret`: the name is the time of its end, the password the name's HMAC.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class IceServer(NamedTuple):
    """A server, or several with the same credentials."""

    urls: list[str]
    username: str = ""
    credential: str = ""


@dataclass(frozen=True, slots=True)
class Ice:
    """The servers, and what makes credentials for those that relay."""

    urls: Sequence[str] = ()
    """Addresses that begin with `stun:`, `turn:` or `turns:`."""
    secret: str = field(default="", repr=False)
    """The secret that the service shares with the TURN servers; empty: they ask for no credentials."""

    def servers(self, name: str, until: int) -> list[IceServer]:
        """The servers for one phone.

        Args:
            name: the phone's account.
            until: when the credentials end, in seconds since 1970.
        """
        stun = [url for url in self.urls if url.startswith("stun:")]
        turn = [url for url in self.urls if not url.startswith("stun:")]
        username = f"{until}:{name}" if self.secret else ""
        made = hmac.new(self.secret.encode(), username.encode(), hashlib.sha1).digest()
        credential = base64.b64encode(made).decode() if self.secret else ""
        found = (IceServer(stun), IceServer(turn, username, credential))
        return [server for server in found if server.urls]
