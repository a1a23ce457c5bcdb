"""Questions to a running PBX about its set-up, for `keskus check`, asked with the service's own account."""

import asyncio
import contextlib
from typing import Final

from app.pbx.ami.errors import PbxRejected
from app.pbx.ami.link import Link
from app.pbx.realtime.softphones import PROBE

ACTIONS: Final = (
    "CoreShowChannels", "DeviceStateList", "Getvar", "Hangup", "LoggerRotate", "Originate", "Ping",
    "QueueWithdrawCaller", "Redirect", "Setvar",
)  # fmt: skip
"""The AMI actions that the service uses."""
POWERS: Final = ("Command", "GetConfig", "ModuleLoad", "Reload", "UpdateConfig")
"""The AMI actions that the service's account must not have: they run programs, or change what runs."""
OF_MODULES: Final = {
    "DeviceStateList": "res_manager_devicestate.so",
    "Parkinglots": "res_parking.so",
    "QueueWithdrawCaller": "app_queue.so",
}
"""AMI actions, and the module that each comes with."""
FUNCTIONS: Final = {
    "DB_EXISTS(keskus/none)": ("0", "func_db.so"),
    "DEVICE_STATE(PJSIP/none)": ("INVALID", "func_devstate.so"),
    "FILTER(0-9,1a2)": ("12", "func_strings.so"),
    "GROUP_COUNT(none@keskus)": ("0", "func_groupcount.so"),
    "IF(1?yes:no)": ("yes", "func_logic.so"),
    "TIMEOUT(absolute)": ("0", "func_timeout.so"),
}
"""Dialplan functions; for each the value that it gives when its module is loaded, and the name of the module."""
PROMPTS: Final = ("cannot-complete-as-dialed", "ss-noservice")
"""Asterisk's own sounds that the dialplan plays to callers; each lasts longer than `PLAYED_S`."""
PLAYED_S: Final = 0.5


async def version(link: Link) -> str:
    """Asterisk's version, such as `22.10.1`."""
    return (await link.send({"Action": "CoreSettings"})).get("AsteriskVersion")


async def commands(link: Link) -> set[str]:
    """The AMI actions that this account may use."""
    return set((await link.send({"Action": "ListCommands"})).headers())


async def missing_modules(link: Link, may: set[str]) -> list[str]:
    """The modules that the service or its dialplan needs and that are not loaded, as far as the PBX shows it.

    Args:
        may: the actions from `commands`.
    """
    missing = [module for action, module in OF_MODULES.items() if action not in may]
    for function, (says, module) in FUNCTIONS.items():
        if await value(link, function) != says:
            missing.append(module)
    return missing


async def missing_prompts(link: Link) -> list[str]:
    """The prompts of the dialplan that the PBX cannot play: such a prompt is over at once. No phone rings for this."""
    for prompt in PROMPTS:
        await link.send(
            {
                "Action": "Originate",
                "Channel": f"Local/{prompt}@keskus-leave/n",
                "Application": "NoOp",
                "Timeout": "5000",
                "Async": "true",
            }
        )
    await asyncio.sleep(PLAYED_S)
    channels = [event.get("Channel") for event in await link.collect({"Action": "CoreShowChannels"})]
    playing = {prompt: [one for one in channels if f"/{prompt}@keskus-leave-" in one] for prompt in PROMPTS}
    for one in sorted(name for names in playing.values() for name in names if name.endswith(";1")):
        with contextlib.suppress(PbxRejected):  # it has ended by itself
            await link.send({"Action": "Hangup", "Channel": one})
    return [prompt for prompt in PROMPTS if not playing[prompt]]


async def value(link: Link, variable: str) -> str:
    """The value of a global variable or a dialplan function; empty when there is none."""
    return (await link.send({"Action": "Getvar", "Variable": variable})).get("Value")


async def epoch_s(link: Link) -> float:
    """The PBX's clock: seconds since 1970."""
    return float((await link.send({"Action": "Ping"})).get("Timestamp") or 0)


async def say_and_call(link: Link) -> None:
    """Send a user event and place a call that ends at once: AMI reports both, and the PBX logs the call."""
    await link.send({"Action": "UserEvent", "UserEvent": "KeskusCheck"})
    await link.send(
        {
            "Action": "Originate",
            "Channel": f"Local/{PROBE}@keskus-forget/n",
            "Application": "NoOp",
            "Timeout": "2000",
        }
    )
