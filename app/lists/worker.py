"""The process that reads uploaded files: `python -m app.lists.worker`.

It gets one request, a line of JSON on its standard input, and answers with lines of JSON. Whatever a file makes it do,
its memory and time stay within these limits, and its death does not harm the service: see `app.lists.reader`.
"""

import json
import os
import resource
import sys
import traceback
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO, Final

from app.domain.errors import Refusal
from app.lists.beside import numbers_of
from app.lists.columns import ColumnRole
from app.lists.contacts.lines import to_line
from app.lists.draft import LeadDraft
from app.lists.drafts import Rejected, to_draft
from app.lists.errors import ReadingUnfit
from app.lists.file_errors import FileTooLarge, FileUnreadable
from app.lists.reading import SHOWN, Looked, Reading, Wish, look, rows_of
from app.lists.row_errors import RowWithoutNumber, stored
from app.lists.rows import BATCH, Row
from app.numbers.reader import read_numbers

MEMORY_MB: Final = 640
"""Limit of address space in MiB; the program itself takes about 100."""
CPU_S: Final = 60
"""Limit of CPU time from one answer to the next, in seconds."""
CHARACTERS: Final = 200_000
"""Roughly the most characters of one answer."""
CELL_SHOWN: Final = 200
"""The most characters of a cell in a preview."""


def main() -> None:
    """Answer one request, and end."""
    asked = json.loads(sys.stdin.buffer.readline())
    bind()
    out = sys.stdout.buffer
    try:
        for said in answers(asked):
            _say(out, said)
            _more_time()
    except BrokenPipeError:
        os._exit(1)  # the service does not listen any more
    except (ReadingUnfit, FileUnreadable) as error:
        _say(out, {"refused": stored(error)})
    except (MemoryError, RecursionError):
        _say(out, {"refused": stored(FileTooLarge())})
    except Exception:  # noqa: BLE001 - sent to the service, which logs it
        _say(out, {"fault": traceback.format_exc()[-4000:]})


def bind() -> None:
    """Set the limits of this process for the rest of its life."""
    _lower(resource.RLIMIT_AS, MEMORY_MB << 20)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_NOFILE, 64)
    _more_time()
    with suppress(OSError):
        os.nice(10)  # calls come first
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")  # and the service lives longer


def answers(asked: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The answers to a request, one by one."""
    path, region = Path(asked["path"]), asked["region"]
    if asked["what"] == "look":
        before = asked["before"]
        wish = Wish.from_json(asked["wish"])
        fields = asked.get("fields")
        looked = look(
            path, region, wish, None if before is None else Reading.from_json(before), fields=fields
        )
        if asked["numbers_only"]:
            looked = numbers_only(looked, region)
        shown = _shown(looked, region) if fields is None else _shown_contacts(looked, region)
        yield {"reading": looked.reading.as_json(), "look": shown}
        return
    reading = Reading.from_json(asked["reading"])
    make = _MAKERS[asked["what"]]
    rows: list[dict[str, Any]] = []
    characters, progress = 0, 0.0
    for row in rows_of(path, reading):
        rows.append({"number": row.number, "cells": row.cells, **make(row, reading, region)})
        characters += sum(map(len, row.cells))
        progress = row.progress
        if len(rows) >= BATCH or characters >= CHARACTERS:
            yield {"rows": rows, "progress": progress}
            rows, characters = [], 0
    yield {"rows": rows, "progress": 1.0, "end": True}


def numbers_only(looked: Looked, region: str) -> Looked:
    """The reading for a list of numbers: only telephone columns; without any, the likeliest column is one."""
    columns = looked.reading.columns
    if ColumnRole.PHONE not in columns:
        readable = [
            sum(
                bool(read_numbers(row.cells[place], region).numbers)
                for row in looked.rows
                if place < len(row.cells)
            )
            for place in range(len(columns))
        ]
        best = readable.index(max(readable))
        columns = tuple(ColumnRole.PHONE if place == best else role for place, role in enumerate(columns))
    kept = tuple(role if role is ColumnRole.PHONE else ColumnRole.IGNORE for role in columns)
    return replace(looked, reading=replace(looked.reading, columns=kept))


def _numbers(row: Row, reading: Reading, region: str) -> dict[str, Any]:
    """All numbers of a row, and why parts of it could not be read."""
    if row.fault:
        return {"numbers": [], "faults": [stored(row.fault)]}
    numbers: list[str] = []
    faults: list[Refusal] = []
    for place, (role, cell) in enumerate(zip(reading.columns, row.cells, strict=False)):
        if role is ColumnRole.PHONE and cell:
            read = numbers_of(row.cells, place, reading.header, region)
            numbers += [one.e164 for one in read.numbers]
            faults += [one.refusal for one in read.unread]
    if not numbers and not faults:
        faults.append(RowWithoutNumber())
    return {"numbers": numbers, "faults": list(map(stored, faults))}


def _made(row: Row, reading: Reading, region: str) -> dict[str, Any]:
    made = Rejected(row, (row.fault,)) if row.fault else to_draft(row, reading, region)
    if isinstance(made, Rejected):
        return {"faults": list(map(stored, made.faults))}
    return {"draft": {name: getattr(made, name) for name in LeadDraft.__slots__}}


def _contact(row: Row, reading: Reading, region: str) -> dict[str, Any]:
    """The contact of a row, or why it makes none."""
    made = to_line(row, reading, region)
    if isinstance(made, Rejected):
        return {"faults": list(map(stored, made.faults))}
    return {"line": made.as_json()}


_MAKERS: Final = {"leads": _made, "numbers": _numbers, "contacts": _contact}
"""By what is asked for: what an answer tells of a row, beside its number and cells."""


def _shown_contacts(looked: Looked, region: str) -> dict[str, Any]:
    """A preview for people: the first rows as contacts, and the sheets of a workbook."""
    rows = []
    for row in looked.rows[:SHOWN]:
        made = to_line(row, looked.reading, region)
        told: dict[str, Any] = {"row": row.number, "cells": [cell[:CELL_SHOWN] for cell in row.cells]}
        if isinstance(made, Rejected):
            told |= {
                "name": "",
                "kind": "person",
                "numbers": [],
                "emails": [],
                "tags": [],
                "unread": [],
            } | _why(made)
        else:
            told |= {
                "name": made.name,
                "kind": "company" if made.is_company else "person",
                "numbers": [one.e164 for one in made.phones],
                "emails": [one.address for one in made.emails],
                "tags": list(made.tags),
                "unread": list(made.unread),
                "why": "",
                "faults": [],
            }
        rows.append(told)
    return {"rows": rows, "sheets": _sheets(looked)}


def _why(made: Rejected) -> dict[str, Any]:
    return {"why": made.why(), "faults": list(map(stored, made.faults))}


def _sheets(looked: Looked) -> list[dict[str, Any]]:
    return [{"name": one.name, "rows": one.rows, "hidden": one.hidden} for one in looked.sheets]


def _shown(looked: Looked, region: str) -> dict[str, Any]:
    """A preview for people: the first rows as they would be imported, and the sheets of a workbook."""
    rows = []
    for row in looked.rows[:SHOWN]:
        made = Rejected(row, (row.fault,)) if row.fault else to_draft(row, looked.reading, region)
        told: dict[str, Any] = {
            "row": row.number,
            "cells": [cell[:CELL_SHOWN] for cell in row.cells],
            "numbers": [],
            "name": "",
            "external_id": None,
            "why": "",
            "faults": [],
            "unread": [],
        }
        if isinstance(made, Rejected):
            told |= _why(made)
        else:
            parts = (made.surname, made.given_name, made.patronymic)
            told["numbers"] = [number.e164 for number in made.numbers]
            told["unread"] = list(made.unread)
            told["name"] = " ".join(part for part in parts if part) or made.company_name
            told["external_id"] = made.external_id
        rows.append(told)
    return {"rows": rows, "sheets": _sheets(looked)}


def _say(out: BinaryIO, said: dict[str, Any]) -> None:
    out.write(json.dumps(said, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
    out.flush()


def _more_time() -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    _lower(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + CPU_S, keep_hard=True)


def _lower(which: int, most: int, *, keep_hard: bool = False) -> None:
    """Lower a resource limit, never above the limit that this process has already."""
    _, hard = resource.getrlimit(which)
    soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(which, (soft, hard if keep_hard else soft))


if __name__ == "__main__":
    main()
