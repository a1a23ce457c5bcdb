"""Floor commands -> AMI actions. The contract with the dialplan is in dialplan/README.md."""

from collections.abc import Sequence
from typing import assert_never

from app.floor.commands import DismissCall, OfferCall, ReturnToHold
from app.pbx.encode import Action

NAME_MAX = 80  # letters of a caller's name that a phone is shown

Order = OfferCall | ReturnToHold | DismissCall
"""A command that is carried out by moving a caller's channel."""


def format_order(order: Order) -> Sequence[Action]:
    """The actions that carry out an order, to be written in one piece and in this order.

    The channel is named by its unique id, which survives a rename.
    """
    match order:
        case OfferCall():
            offer = f"{order.offer}|{order.endpoint}|{order.ring_s}|{int(order.auto_answer)}"
            actions = [_set(order.channel, "KESKUS_OFFER", offer)]
            if order.caller_name:
                actions.append(_set(order.channel, "KESKUS_NAME", _one_line(order.caller_name)))
            return [*actions, _redirect(order.channel, "keskus-connect", "s")]
        case ReturnToHold():
            return [_redirect(order.channel, "keskus-hold", "s")]
        case DismissCall():
            return [_redirect(order.channel, "keskus-leave", order.message)]
        case _:
            assert_never(order)


def _set(channel: str, variable: str, value: str) -> Action:
    return {"Action": "Setvar", "Channel": channel, "Variable": variable, "Value": value}


def _redirect(channel: str, context: str, extension: str) -> Action:
    return {
        "Action": "Redirect",
        "Channel": channel,
        "Context": context,
        "Exten": extension,
        "Priority": "1",
    }


def _one_line(name: str) -> str:
    """A contact's name is people's text: line ends would end the header, and a line has its bounds."""
    return " ".join(name.replace("\0", " ").split())[:NAME_MAX]
