"""Limits on waiting calls by one line and from one number: a flood must not fill the queues.

A new call over a limit is refused. Calls that wait already, or that an operator transfers to a queue, stay.
"""

from app.floor.floor import Floor
from app.floor.model import Call


def joined(floor: Floor, call: Call) -> None:
    """Count a call that begins to wait."""
    call.crowds = _crowds(call)
    floor.waiting_of.update(call.crowds)


def left(floor: Floor, call: Call) -> None:
    """Stop counting a call that waits no longer."""
    for crowd in call.crowds:
        floor.waiting_of[crowd] -= 1
        if not floor.waiting_of[crowd]:
            del floor.waiting_of[crowd]
    call.crowds = ()


def one_too_many(floor: Floor, call: Call) -> str:
    """Why a new call must not wait: `too_many_of_line` or `too_many_of_number`; empty: it may wait."""
    line, *number = _crowds(call)
    if 0 < floor.most_of_line <= floor.waiting_of[line]:
        return "too_many_of_line"
    if number and 0 < floor.most_of_number <= floor.waiting_of[number[0]]:
        return "too_many_of_number"
    return ""


def _crowds(call: Call) -> tuple[str, ...]:
    """The keys a call counts under: its line, and its number if known. Callers who hide it are not one caller."""
    line = f"line {call.line}"
    number = call.caller_number.lstrip("+0")  # with an international prefix, a plus sign, or neither
    return (line, f"number {number}") if number else (line,)
