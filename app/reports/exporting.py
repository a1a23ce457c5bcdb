"""A report as a file: a line for each group, and one for all together."""

import asyncio
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from app.lists.sheets import Cell, ExportFormat, opened
from app.reports.formulas import QUOTIENTS
from app.reports.service import Line, Report
from app.reports.sources import MONEY, names_of


async def write(report: Report, form: ExportFormat) -> Path:
    """Write the file; whoever asked deletes it.

    Args:
        report: at most some thousand lines.
        form: the kind of file.
    """
    async with opened("report", form) as (path, writer):
        await asyncio.to_thread(lambda: writer.add(list(_rows(report))))
    return path


def _rows(report: Report) -> Iterator[Sequence[Cell]]:
    plain = names_of(report.asked.subject)
    ratios = [one.name for one in QUOTIENTS[report.asked.subject]]
    yield ("key", "title", "from_at", "to_at", *plain, *ratios)
    for line in (*report.lines, report.total):
        key = line.key if line is not report.total else "total"
        yield (
            *(key, line.title, line.span.begins, line.span.ends),
            *(_plain(line, name) for name in plain),
            *(_number(line.quotients[name]) for name in ratios),
        )


def _plain(line: Line, name: str) -> Cell:
    if name in MONEY:
        return Decimal(int(line.figures[name])).scaleb(-6)
    return _number(line.figures[name])


def _number(value: float | None) -> Cell:
    """Thousandths of seconds, and shares to a millionth, are exact enough for a table."""
    if value is None or isinstance(value, int):
        return value
    return Decimal(str(round(value, 6)))
