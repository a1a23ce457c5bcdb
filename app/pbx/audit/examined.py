"""Questions to a running PBX of how it is set up, for `keskus check`; by the service's own account and its rights."""

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
"""What the service asks of the PBX."""
POWERS: Final = ("Command", "GetConfig", "ModuleLoad", "Reload", "UpdateConfig")
"""What its account must not be able to do: these run programs, or change what runs."""
OF_MODULES: Final = {
    "DeviceStateList": "res_manager_devicestate.so",
    "Parkinglots": "res_parking.so",
    "QueueWithdrawCaller": "app_queue.so",
}
"""Actions that come with a module."""
FUNCTIONS: Final = {
    "DB_EXISTS(keskus/none)": ("0", "func_db.so"),
    "DEVICE_STATE(PJSIP/none)": ("INVALID", "func_devstate.so"),
    "FILTER(0-9,1a2)": ("12", "func_strings.so"),
    "GROUP_COUNT(none@keskus)": ("0", "func_groupcount.so"),
    "IF(1?yes:no)": ("yes", "func_logic.so"),
    "TIMEOUT(absolute)": ("0", "func_timeout.so"),
}
"""Functions of the dialplan, what each says where its module is loaded, and which that is."""
PROMPTS: Final = ("cannot-complete-as-dialed", "ss-noservice")
"""Asterisk's own sounds that the dialplan plays to callers; each lasts longer than `PLAYED_S`."""
PLAYED_S: Final = 0.5


async def version(link: Link) -> str:
    """Asterisk's version, such as `22.10.1`."""
    return (await link.send({"Action": "CoreSettings"})).get("AsteriskVersion")


async def commands(link: Link) -> set[str]:
    """What this account may ask for."""
    return set((await link.send({"Action": "ListCommands"})).headers())


async def missing_modules(link: Link, may: set[str]) -> list[str]:
    """Modules that are not loaded and that the service or its dialplan needs, as far as the PBX tells.

    Args:
        may: from `commands`.
    """
    missing = [module for action, module in OF_MODULES.items() if action not in may]
    for function, (says, module) in FUNCTIONS.items():
        if await value(link, function) != says:
            missing.append(module)
    return missing


async def missing_prompts(link: Link) -> list[str]:
    """Prompts of the dialplan that the PBX cannot play: they are over at once. Nobody hears the others either."""
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
    """A global variable, or what a function says; empty where there is none."""
    return (await link.send({"Action": "Getvar", "Variable": variable})).get("Value")


async def epoch_s(link: Link) -> float:
    """The PBX's clock: seconds since 1970."""
    return float((await link.send({"Action": "Ping"})).get("Timestamp") or 0)


async def say_and_call(link: Link) -> None:
    """Send a user event, and place a call that ends at once: whoever listens hears both, and the PBX logs the call."""
    await link.send({"Action": "UserEvent", "UserEvent": "KeskusCheck"})
    await link.send(
        {
            "Action": "Originate",
            "Channel": f"Local/{PROBE}@keskus-forget/n",
            "Application": "NoOp",
            "Timeout": "2000",
        }
    )
