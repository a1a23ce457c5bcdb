"""The service's side of reading uploaded files, which is done in a process of its own.

The service parses nothing of a file itself. The process has limits (`app.lists.worker`); if it dies of one, the file is
refused. Its answers are limited, too: they come in batches, and the process waits until each has been taken.
"""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from app.domain.errors import Refusal
from app.lists.contacts.lines import ContactLine
from app.lists.draft import DraftNumber, LeadDraft
from app.lists.drafts import Rejected
from app.lists.file_errors import FileTooLarge
from app.lists.reading import Reading, Wish
from app.lists.row_errors import restored
from app.lists.rows import Row
from app.system.processes import send_signal

ANSWER_MOST: Final = 8 << 20
"""The most bytes of one answer."""
SILENT_S: Final = 600.0
"""How long the process may give no answer. Its limit on CPU time is shorter, but other processes may delay it."""
_PROGRAM: Final = (sys.executable, "-m", "app.lists.worker")


class ReaderError(RuntimeError):
    """The process failed by a bug of its own, not by the file."""


@dataclass(slots=True, frozen=True)
class Look:
    """How a file is read, with a preview."""

    reading: Reading
    shown: dict[str, Any]
    """The preview: `rows` has the first rows as they would be imported, `sheets` the sheets of a workbook."""


class ReadRow(NamedTuple):
    """One row, with the lead it makes or the reason why it makes none."""

    row: Row
    made: LeadDraft | Rejected


class NumbersRow(NamedTuple):
    """One row of a list of numbers."""

    row: Row
    numbers: list[str]
    """All numbers read with certainty, in E.164."""
    faults: tuple[Refusal, ...]
    """Why parts of the row could not be read; empty: everything could."""


class ContactsRow(NamedTuple):
    """One row of a list of contacts, with what it says or the reason why it makes no contact."""

    row: Row
    made: ContactLine | Rejected


@dataclass(slots=True, frozen=True)
class Batch:
    """Some rows in their order."""

    rows: list[ReadRow]
    progress: float
    """How much of the file has been read, 0..1."""


async def look_at(
    path: Path,
    region: str,
    wish: Wish | None = None,
    before: Reading | None = None,
    *,
    numbers_only: bool = False,
    fields: Mapping[str, Sequence[str]] | None = None,
) -> Look:
    """Detect how a file is read, and make a preview, in a process of its own.

    Args:
        path: the file.
        region: country of numbers without a country code.
        wish: the user's choices; the rest is detected.
        before: how it was read until now.
        numbers_only: whether only its telephones are wanted.
        fields: for a list of contacts, the titles of custom fields by code; None: it is another list.

    Raises:
        FileUnreadable: it cannot be read.
        ReadingUnfit: it cannot be read as the user chose.
    """
    asked = {
        "what": "look",
        "path": str(path),
        "region": region,
        "wish": (wish or Wish()).as_json(),
        "before": before.as_json() if before is not None else None,
        "numbers_only": numbers_only,
        "fields": fields,
    }
    async with _asked(asked) as process:
        said = await _answer(process)
    return Look(Reading.from_json(said["reading"]), said["look"])


async def read(path: Path, reading: Reading, region: str) -> AsyncGenerator[Batch, None]:
    """The rows of a file as leads, batch by batch; close the generator to end the process.

    Raises:
        FileUnreadable: the file cannot be read to its end; the rows before that have been yielded.
    """
    async with aclosing(_batches("leads", path, reading, region)) as batches:
        async for said in batches:
            yield Batch([_row(one, said["progress"]) for one in said["rows"]], said["progress"])


async def read_numbers_of(
    path: Path, reading: Reading, region: str
) -> AsyncGenerator[tuple[list[NumbersRow], float], None]:
    """The rows of a list of numbers, batch by batch, each batch with how much of the file has been read, 0..1.

    Close the generator to end the process.

    Raises:
        FileUnreadable: the file cannot be read to its end; the rows before that have been yielded.
    """
    async with aclosing(_batches("numbers", path, reading, region)) as batches:
        async for said in batches:
            progress = said["progress"]
            yield (
                [
                    NumbersRow(
                        Row(one["number"], one["cells"], progress),
                        one["numbers"],
                        tuple(map(restored, one["faults"])),
                    )
                    for one in said["rows"]
                ],
                progress,
            )


async def read_contacts(
    path: Path, reading: Reading, region: str
) -> AsyncGenerator[tuple[list[ContactsRow], float], None]:
    """The rows of a list of contacts, batch by batch, each batch with how much of the file has been read, 0..1.

    Close the generator to end the process.

    Raises:
        FileUnreadable: the file cannot be read to its end; the rows before that have been yielded.
    """
    async with aclosing(_batches("contacts", path, reading, region)) as batches:
        async for said in batches:
            progress = said["progress"]
            yield [_contacts_row(one, progress) for one in said["rows"]], progress


async def _batches(
    what: str, path: Path, reading: Reading, region: str
) -> AsyncGenerator[dict[str, Any], None]:
    asked = {"what": what, "path": str(path), "region": region, "reading": reading.as_json()}
    async with _asked(asked) as process:
        ended = False
        while not ended:
            said = await _answer(process)
            ended = said.get("end", False)
            if said["rows"]:
                yield said


@asynccontextmanager
async def _asked(what: dict[str, Any]) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        *_PROGRAM,
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        limit=ANSWER_MOST,
        env=_environment(),
        start_new_session=True,  # an interrupt of the command must not reach it
    )
    try:
        assert process.stdin is not None
        process.stdin.write(json.dumps(what).encode() + b"\n")
        process.stdin.close()
        yield process
    finally:
        if process.returncode is None:
            send_signal(process, signal.SIGKILL)
        await _ended(process)


async def _ended(process: Process) -> None:
    """Wait for the end of a process and drain its output, even when cancelled meanwhile."""
    try:
        await process.communicate()
    except asyncio.CancelledError:
        await process.communicate()
        raise


async def _answer(process: Process) -> dict[str, Any]:
    assert process.stdout is not None
    try:
        async with asyncio.timeout(SILENT_S):
            line = await process.stdout.readline()
    except (TimeoutError, ValueError) as error:  # a line that is too long raises ValueError
        raise FileTooLarge from error
    if not line.endswith(b"\n"):
        raise FileTooLarge  # killed by one of its limits
    said: dict[str, Any] = json.loads(line)
    if "refused" in said:
        raise restored(said["refused"])
    if "fault" in said:
        raise ReaderError(said["fault"])
    return said


def _row(said: dict[str, Any], progress: float) -> ReadRow:
    row = Row(said["number"], said["cells"], progress)
    draft = said.get("draft")
    if draft is None:
        return ReadRow(row, _rejected(row, said))
    numbers = tuple(DraftNumber(*one) for one in draft["numbers"])
    return ReadRow(row, LeadDraft(**{**draft, "numbers": numbers, "unread": tuple(draft["unread"])}))


def _rejected(row: Row, said: dict[str, Any]) -> Rejected:
    return Rejected(row, tuple(map(restored, said["faults"])))


def _contacts_row(said: dict[str, Any], progress: float) -> ContactsRow:
    row = Row(said["number"], said["cells"], progress)
    line = said.get("line")
    return ContactsRow(row, _rejected(row, said) if line is None else ContactLine.from_json(line))


def _environment() -> dict[str, str]:
    """The service's environment without its own settings, which have secrets."""
    return {name: value for name, value in os.environ.items() if not name.upper().startswith("KESKUS__")}
