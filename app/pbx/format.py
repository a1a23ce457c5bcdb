"""Floor commands -> AMI actions. The contract with the dialplan is in dialplan/README.md."""

from collections.abc import Sequence
from typing import assert_never

from app.domain.ids import name_of
from app.floor.commands import (
    AbandonCall,
    DialOutside,
    DismissCall,
    EndOutside,
    HangUpPhone,
    OfferCall,
    Order,
    PlaceCall,
    RefuseOutside,
    ReturnToHold,
    TakeBack,
    TakeFromPhone,
    TransferCall,
    WithdrawCall,
)
from app.pbx.ami.encode import Action
from app.pbx.dialplan import Context
from app.pbx.text import without_marks

NAME_MAX = 80  # characters of a caller's name that are sent to a phone


def format_order(order: Order) -> Sequence[Action]:
    """The actions that carry out an order, to be sent in one piece and in this order.

    The channel is named by its unique id, which survives a rename.
    """
    match order:
        case OfferCall():
            phone, call = name_of(order.endpoint), name_of(order.call)
            offer = f"{order.offer}|{phone}|{order.ring_s}|{int(order.auto_answer)}|{call}"
            actions = [_set(order.channel, "KESKUS_OFFER", offer)]
            if order.caller_name:
                actions.append(_set(order.channel, "KESKUS_NAME", _one_line(order.caller_name)))
            return [*actions, _redirect(order.channel, Context.CONNECT, "s")]
        case ReturnToHold() | TakeFromPhone():
            extension = "lost" if isinstance(order, TakeFromPhone) else "back"
            return [_redirect(order.channel, Context.HOLD, extension)]
        case TransferCall():
            action = {"Action": "BlindTransfer", "Channel": name_of(order.channel)}
            return [action | {"Context": Context.INTERNAL, "Exten": order.extension}]
        case TakeBack():
            action = {"Action": "QueueWithdrawCaller", "Queue": order.queue, "Caller": order.channel_name}
            return [action]
        case DismissCall():
            if not order.message:
                return [_redirect(order.channel, Context.BUSY, "s")]
            return [_redirect(order.channel, Context.LEAVE, order.message)]
        case AbandonCall():
            context = Context.MACHINE if order.machine else Context.ABANDONED
            return [_redirect(order.channel, context, order.message or "s")]
        case DialOutside() | RefuseOutside() | EndOutside() | HangUpPhone():
            return _outside(order)
        case _:
            assert_never(order)


def format_placing(asked: PlaceCall, number: str) -> Action:
    """The Originate that dials a customer. The channel's id is the attempt's; the outcome comes as an event.

    Args:
        asked: the floor's order.
        number: digits, with or without a plus sign before them.

    Raises:
        ValueError: the number has other characters.
    """
    if not number.removeprefix("+").isdecimal():
        raise ValueError("a number to dial is digits")
    variables = [
        f"KESKUS_CAMPAIGN={asked.campaign}",
        f"KESKUS_QUEUE={asked.queue}",
        f"KESKUS_AMD={int(asked.detect_machines)}",
        f"KESKUS_MESSAGE={asked.message or 's'}",
    ]
    if any(value is not None for value in asked.detector):
        # Not joined by commas, which separate one variable from the next.
        parameters = "|".join("" if value is None else str(value) for value in asked.detector)
        variables.append(f"KESKUS_AMD_WITH={parameters}")
    return {
        "Action": "Originate",
        "ActionID": name_of(asked.attempt),
        "Channel": f"PJSIP/{number}@{name_of(asked.trunk)}",
        "ChannelId": name_of(asked.attempt),
        "Context": Context.ANSWERED,
        "Exten": "s",
        "Priority": "1",
        "Timeout": str(asked.ring_s * 1000),
        "Async": "true",
        **({"CallerID": f"<{asked.caller_id}>"} if asked.caller_id else {}),
        "Variable": variables,
    }


def format_state(asked: WithdrawCall) -> Action:
    """The question whether a dial has been answered: the channel's state is then `Up`."""
    return {"Action": "Getvar", "Channel": name_of(asked.attempt), "Variable": "CHANNEL(state)"}


def format_withdrawal(asked: WithdrawCall) -> Action:
    """The hangup that ends a ringing dial."""
    return {"Action": "Hangup", "Channel": name_of(asked.attempt), "Cause": "16"}


def _outside(order: DialOutside | RefuseOutside | EndOutside | HangUpPhone) -> Sequence[Action]:
    if isinstance(order, EndOutside | HangUpPhone):
        return [{"Action": "Hangup", "Channel": name_of(order.channel), "Cause": "16"}]
    if isinstance(order, RefuseOutside):
        return [_redirect(order.channel, Context.REFUSED, order.rule.value)]
    where = f"{order.number}|{name_of(order.trunk)}|{order.caller_id}|{order.longest_s}"
    return [_set(order.channel, "KESKUS_OUT_TO", where), _redirect(order.channel, Context.DIAL, "s")]


def _set(channel: str, variable: str, value: str) -> Action:
    return {"Action": "Setvar", "Channel": name_of(channel), "Variable": variable, "Value": value}


def _redirect(channel: str, context: Context, extension: str) -> Action:
    return {
        "Action": "Redirect",
        "Channel": name_of(channel),
        "Context": context,
        "Exten": extension,
        "Priority": "1",
    }


def _one_line(name: str) -> str:
    """A contact's name as one line of at most `NAME_MAX` characters: a line end would end the AMI header."""
    return without_marks(" ".join(name.split()))[:NAME_MAX]
