"""Errors of the link to Asterisk, and what each says about the action.

After an error the caller must know one thing: may Asterisk have carried the action out?

| error                         | did Asterisk carry it out?                             |
|-------------------------------|--------------------------------------------------------|
| `PbxRejected`                 | no, and it said why                                    |
| `PbxLinkLost(sent=False)`     | no, nothing was written                                |
| `PbxLinkLost(sent=True)`      | unknown: ask the PBX, never send an Originate again    |
| `PbxTimedOut`                 | unknown, as above; the link itself may still be up     |
| `ValueError` from the encoder | no, nothing was written                                |
"""


class PbxError(Exception):
    """Base of everything the PBX link raises about an action."""


class PbxRejected(PbxError):  # the domain has these names
    """Asterisk answered the action with an error.

    `action` is the action's name, `message` Asterisk's own words.
    """

    def __init__(self, action: str, message: str) -> None:
        super().__init__(f"{action}: {message}")
        self.action = action
        self.message = message


class PbxLinkLost(PbxError):  # as above
    """The link is down or went down; `sent` tells whether the action may have reached Asterisk."""

    def __init__(self, reason: str, *, sent: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.sent = sent


class PbxTimedOut(PbxLinkLost):
    """No answer in time. To the caller the same as a lost link: the outcome is unknown."""

    def __init__(self, action: str, timeout_s: float) -> None:
        super().__init__(f"{action}: no answer within {timeout_s:g} s", sent=True)
        self.action = action
        self.timeout_s = timeout_s
