"""The one place where an AMI action becomes bytes.

AMI is lines: a carriage return or line feed inside a value is a second header, or a second action.
AMI has no escapes, so a value that cannot be sent is refused.

A line or message beyond Asterisk's own limits (main/manager.c: `inbuf[1025]`, `AST_MAX_MANHEADERS`; tried on
22.10) is refused too: Asterisk drops the start of a longer line and takes the rest for a new one.
"""

from collections.abc import Mapping, Sequence

LINE_MAX_BYTES = 1024  # with its CR and LF
HEADERS_MAX = 128

HeaderValue = str | int | Sequence[str]
Action = Mapping[str, HeaderValue]
"""Header names and values, `Action` among them; a sequence repeats the header, True is sent as `true`."""

_REFUSED = ("\r", "\n", "\0")


def encode(action: Action, action_id: str) -> bytes:
    """Give an action's bytes, with `action_id` in place of any `ActionID` it has.

    Raises ValueError, naming the header, for CR, LF or NUL in a name or a value, a colon in a name, a
    character that UTF-8 cannot encode, a line or a message longer than Asterisk reads, and a missing `Action`.
    """
    if not action.get("Action"):
        raise ValueError("an action needs the header Action")
    lines = [("Action", str(action["Action"])), ("ActionID", action_id)]
    for name, value in action.items():
        if name in {"Action", "ActionID"}:
            continue
        if isinstance(value, str):
            lines.append((name, value))
        elif isinstance(value, bool):
            lines.append((name, "true" if value else "false"))
        elif isinstance(value, int):
            lines.append((name, str(value)))
        else:
            lines.extend((name, item) for item in value)
    if len(lines) > HEADERS_MAX:
        raise ValueError(f"an action has at most {HEADERS_MAX} headers, not {len(lines)}")
    return b"".join([_line(name, value) for name, value in lines]) + b"\r\n"


def _line(name: str, value: str) -> bytes:
    for refused in _REFUSED:
        if refused in value or refused in name:
            raise ValueError(f"header {name!r}: CR, LF or NUL")
    if not name or ":" in name or name != name.strip():
        raise ValueError(f"header {name!r}: not a header name")
    try:
        line = f"{name}: {value}\r\n".encode()
    except UnicodeEncodeError:
        raise ValueError(f"header {name!r}: not valid text") from None
    if len(line) > LINE_MAX_BYTES:
        raise ValueError(f"header {name!r}: longer than the {LINE_MAX_BYTES} bytes Asterisk reads")
    return line
