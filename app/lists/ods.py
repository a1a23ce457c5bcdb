"""OpenDocument spreadsheets (ODS). The library reads a whole sheet; the limits of the reading process bound it."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from app.lists.archive import Archive
from app.lists.file_errors import SheetUnreadable, WorkbookBroken
from app.lists.rows import Row, make_row
from app.lists.workbook import Sheet


class OdsBook:
    """An open ODS file."""

    def __init__(self, path: Path) -> None:
        """Open an ODS file.

        Raises:
            FileTooLarge: unpacked, it is too large.
            FileUnreadable: it is broken.
        """
        with Archive(path) as archive:  # unpacked within the limit once, before the library unpacks it whole
            for _ in archive.pieces("content.xml"):
                pass
        try:
            self._book = CalamineWorkbook.from_path(path)
        except (CalamineError, OSError) as error:
            raise WorkbookBroken from error
        self.sheets = [
            Sheet(one.name, one.visible is not SheetVisibleEnum.Visible, one.name)
            for one in self._book.sheets_metadata
        ]

    def __enter__(self) -> "OdsBook":
        """Use the file; it is closed at the end."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self._book.close()

    def rows(self, sheet: Sheet, *, whole: bool = False) -> Iterator[Row]:
        """A sheet's rows that are not blank; `whole` is that of `make_row`."""
        found = self._sheet(sheet)
        total = max(1, found.total_height)
        for number, cells in enumerate(found.iter_rows(), start=1):
            row = make_row(number, [_plain(cell) for cell in cells], min(1.0, number / total), whole=whole)
            if row is not None:
                yield row

    def count(self, sheet: Sheet) -> int:
        """How many rows of a sheet are not blank."""
        return sum(1 for _ in self.rows(sheet))

    def _sheet(self, sheet: Sheet) -> CalamineSheet:
        try:
            return self._book.get_sheet_by_name(sheet.name)
        except CalamineError as error:
            raise SheetUnreadable(sheet=sheet.name[:60]) from error


def _plain(cell: object) -> str:
    """A cell as people read it: whole numbers without the fraction that floats have."""
    match cell:
        case bool():
            return "yes" if cell else "no"
        case float() if cell.is_integer() and abs(cell) < 10**15:
            return str(int(cell))
        case datetime() | date() | time() | timedelta():
            return str(cell)
        case _:
            return str(cell)
