"""Whether a PBX has what the service relies on: the dialplan's contexts, the variables of channels, the tables.

What a PBX must have is read from the shipped files (`dialplan/`, `asterisk/`), so it is written in one place. What
a running PBX has is asked with the rights of the service's own account.
"""

import asyncio
import contextlib
from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

from app.pbx.ami.errors import PbxRejected
from app.pbx.ami.link import Link
from app.pbx.ami.message import Event
from app.pbx.audit.conf_file import Section, read_sections
from app.pbx.parse import variables_of
from app.pbx.shipped import shipped

_PROBE: Final = "keskus-check"
"""The name of an account that does not exist."""
_TOLD_S: Final = 5.0


class Lack(NamedTuple):
    """Something that a PBX lacks, and how to mend it."""

    what: str
    remedy: str


def context_lacks(contexts: Collection[str]) -> list[Lack]:
    """The contexts that are missing from the dialplan.

    Args:
        contexts: the contexts that the PBX has.
    """
    missing = [name for name in shipped_contexts() if name not in contexts]
    if not missing:
        return []
    what = f"the dialplan has no {', '.join(missing)}"
    if "keskus-away" in missing:
        what += ": phones cannot call for help while the service is away"
    remedy = (
        "copy this version's dialplan/keskus.conf beside extensions.conf, with #tryinclude keskus.conf there; "
        "then 'dialplan reload'"
    )
    return [Lack(what, remedy)]


def variable_lacks(told: Collection[str]) -> list[Lack]:
    """The variables that AMI does not report with each channel.

    Args:
        told: the names in `channelvars` of manager.conf.
    """
    missing = [name for name in shipped_variables() if name not in told]
    if not missing:
        return []
    what = f"AMI does not tell {', '.join(missing)} of channels: the service would not know its calls again"
    remedy = f"set channelvars = {','.join(shipped_variables())} in [general] of manager.conf; then 'manager reload'"
    return [Lack(what, remedy)]


def table_lacks(families: Collection[str]) -> list[Lack]:
    """The tables that extconfig.conf does not map to a database.

    Args:
        families: those named in [settings] of extconfig.conf.
    """
    missing = [name for name in shipped_families() if name not in families]
    if not missing:
        return []
    what = f"Asterisk does not know where the tables {', '.join(missing)} are"
    remedy = f"name each in [settings] of extconfig.conf, as in {missing[0]} => sqlite3,keskus; then restart Asterisk"
    return [Lack(what, remedy)]


def row_lacks(number: str, found: str) -> list[Lack]:
    """Whether the PBX finds the numbers that phones may call while the service is away.

    Args:
        number: a number that the service has written into `keskus_away`.
        found: the number that the PBX reads back; empty when it finds none.
    """
    if found == number:
        return []
    what = f"the PBX does not find {number} in its table keskus_away: phones cannot call it while the service is away"
    remedy = (
        "name keskus_away in [settings] of extconfig.conf beside keskus_routes, load func_realtime.so, and start the "
        "service once with KESKUS__PBX__SOFTPHONES_URL of that database: it fills the table"
    )
    return [Lack(what, remedy)]


def shipped_contexts() -> list[str]:
    """The dialplan's contexts, in the order of the file."""
    return [section.name for section in read_sections(shipped("dialplan") / "keskus.conf")]


def shipped_variables() -> list[str]:
    """The variables that AMI must report with each channel."""
    return variables_in(read_sections(shipped("asterisk") / "etc" / "manager.conf"))


def shipped_families() -> list[str]:
    """The realtime tables of the dialplan and of softphones."""
    return families_in(read_sections(shipped("asterisk") / "sqlite" / "extconfig.conf"))


def variables_in(sections: Iterable[Section]) -> list[str]:
    """The names in `channelvars` of a manager.conf."""
    lines = [line for section in sections if section.name == "general" for line in section.all("channelvars")]
    return [name.strip() for line in lines for name in line.split(",")]


def families_in(sections: Iterable[Section]) -> list[str]:
    """The tables that an extconfig.conf names."""
    return [name for section in sections if section.name == "settings" for name, _ in section.settings]


async def ask_contexts(link: Link) -> list[str]:
    """Ask a running PBX which of our contexts it has.

    Raises:
        PbxError: the PBX does not answer.
    """
    found = []
    for name in shipped_contexts():
        with contextlib.suppress(PbxRejected):
            await link.collect({"Action": "ShowDialPlan", "Context": name})
            found.append(name)
    return found


async def ask_row(link: Link, number: str) -> str:
    """Ask a running PBX for a row of `keskus_away`; empty when there is none.

    Raises:
        PbxError: the PBX does not answer.
    """
    asked = f"REALTIME_FIELD(keskus_away,number,{number},number)"
    return (await link.send({"Action": "Getvar", "Variable": asked})).get("Value")


async def ask_variables(link: Link, heard: "asyncio.Queue[Event]") -> list[str]:
    """Have a running PBX make a channel that calls nobody, and give the variables that AMI reports with it.

    Args:
        link: logged in with events of the class `call`.
        heard: gets the link's events.

    Raises:
        PbxError: the PBX does not answer.
        TimeoutError: no event of the channel arrived within `_TOLD_S`.
    """
    where = f"Local/{_PROBE}@keskus-forget/n"
    told = link.send({"Action": "Originate", "Channel": where, "Application": "NoOp", "Timeout": "2000"})
    async with asyncio.timeout(_TOLD_S):
        await told
        while True:
            event = await heard.get()
            if event.get("Channel").startswith(f"Local/{_PROBE}@"):
                return list(variables_of(event))
