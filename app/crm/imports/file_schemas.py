"""What files on their way in have in common, whatever is in them, as the API takes and shows it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, StringConstraints

from app.api.schemas import RequestModel, Shown
from app.crm.imports.errors import DelimiterUnfit, EncodingUnknown
from app.domain.jobs import JobState
from app.lists.encoding import encoding_named
from app.lists.jobs import FileRow, PreviewedRow
from app.lists.reading import Reading, Wish, is_delimiter
from app.lists.row_errors import restored


class RowFault(Shown):
    """One reason why a row, or a part of it, is rejected; or what there is to remark on an import."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "what": "abc is no telephone number",
                    "code": "number.no_number",
                    "params": {"text": "abc", "region": "EE"},
                }
            ]
        }
    )

    what: str
    """The reason in English; `/api/v1/problem-codes` has the texts of other languages."""
    code: str
    """The reason's code, such as `row.no_number`. A code never changes its meaning."""
    params: dict[str, str | int | float | list[str]]
    """Values of the parameters that the text of the code names."""

    @classmethod
    def of(cls, kept: Mapping[str, Any] | None) -> "RowFault | None":
        """A reason in the form in which it is kept; None for none."""
        return cls.all_of([kept])[0] if kept is not None else None

    @classmethod
    def all_of(cls, kept: Sequence[Mapping[str, Any] | str]) -> "list[RowFault]":
        """Reasons in the form in which they are kept, without those that an earlier version kept in words alone."""
        return [
            cls(what=str(restored(one)), code=one["code"], params=one["params"])
            for one in kept
            if not isinstance(one, str)
        ]


class FileJobOut(Shown):
    """A file on its way in."""

    id: int
    """The id."""
    user: int | None
    """The user who uploaded the file; null: the service, or the command line."""
    size: int
    """The file's size in bytes."""
    state: JobState
    """How far it has come."""
    progress: float
    """How much of the file has been read, 0..1."""
    eta_s: float | None
    """Seconds until the file is in, estimated; null unless the state is `running`."""
    rejected: int
    """Rows that were rejected."""
    note: str
    """What went wrong, or another remark, in English; empty for none."""
    fault: RowFault | None
    """The same with a code; null for none."""
    created_at: datetime
    """When the file was uploaded."""
    began_at: datetime | None
    """When it began to run; null: not yet."""
    ended_at: datetime | None
    """When it ended; null: not yet."""

    @staticmethod
    def values(row: FileRow, now: datetime) -> dict[str, Any]:
        """The row as these fields show it, with those of its own."""
        own = row.model_dump(exclude={"reading", "look", "rejected_bytes"})
        return own | {
            "user": row.user_id,
            "eta_s": _seconds_left(row, now),
            "fault": RowFault.of(row.fault),
        }


class PreviewedOut(FileJobOut):
    """A file on its way in, which is looked at first."""

    name: str
    """The file's name."""
    dry_run: bool
    """True: it only counts, and changes nothing."""
    encoding: str
    """The encoding of the text; empty for a workbook."""
    delimiter: str
    """The delimiter between cells; empty for a workbook and for contact cards."""
    sheet: str
    """The sheet of the workbook that is read; empty for other files."""
    header: list[str] | None
    """The row that names the columns; null: there is none."""
    header_row: int | None
    """The line of the header row in the file; rows before it are a title, and are not imported."""
    rows: int
    """Rows read so far."""

    @staticmethod
    def values(row: FileRow, now: datetime) -> dict[str, Any]:
        """The row as these fields show it, with those of its own."""
        how = Reading.from_json(row.reading)
        return FileJobOut.values(row, now) | {
            "encoding": how.encoding,
            "delimiter": how.delimiter,
            "sheet": how.sheet,
            "header": list(how.header) if how.header is not None else None,
            "header_row": how.header_at or None,
        }


class SheetOut(Shown):
    """A sheet of a workbook."""

    name: str
    """The sheet's name."""
    rows: int
    """How many rows are not blank, the header included; an estimate for a long sheet."""
    hidden: bool
    """The workbook does not show it."""
    chosen: bool
    """True: this sheet is read; the others are not."""


def sheets_of(row: PreviewedRow) -> list[SheetOut]:
    """The sheets of the workbook that was looked at."""
    read = Reading.from_json(row.reading).sheet
    return [SheetOut(**one, chosen=one["name"] == read) for one in row.look.get("sheets", [])]


def rows_of(row: PreviewedRow) -> list[dict[str, Any]]:
    """The first rows of the file as they were kept; an earlier version did not keep the codes of reasons."""
    return [
        one | {field: RowFault.all_of(one.get(field, ())) for field in ("faults", "unread")}
        for one in row.look.get("rows", [])
    ]


def _encoding(said: str) -> str:
    known = encoding_named(said)
    if known is None:
        raise EncodingUnknown
    return known


def _delimiter(said: str) -> str:
    if not is_delimiter(said):
        raise DelimiterUnfit
    return said


_EncodingSaid = Annotated[
    str, StringConstraints(max_length=30, pattern=r"^[A-Za-z0-9_\-]+$"), AfterValidator(_encoding)
]
_DelimiterSaid = Annotated[str, StringConstraints(min_length=1, max_length=1), AfterValidator(_delimiter)]


class ReadFileAs(RequestModel):
    """How to read a file where the guess was wrong. A field that is left out keeps its value."""

    encoding: _EncodingSaid | None = None
    """The encoding of a text file, by any of its names: `utf-8`, `cp1251`, `windows-1257`. Not for a workbook."""
    delimiter: _DelimiterSaid | None = None
    """The character between two columns of a text file. Not for a workbook."""
    sheet: Annotated[str, StringConstraints(max_length=200)] | None = None
    """The name of another sheet of a workbook."""
    header: bool | None = None
    """Whether the first row names the columns."""

    def wish(self) -> Wish:
        """The form that the service takes, without the columns."""
        return Wish(encoding=self.encoding, delimiter=self.delimiter, sheet=self.sheet, header=self.header)


def _seconds_left(row: FileRow, now: datetime) -> float | None:
    """Seconds until an import ends, estimated; None unless it is running."""
    if row.state != JobState.RUNNING.value or row.began_at is None or row.progress <= 0:
        return None
    return max(0.0, round((now - row.began_at).total_seconds() * (1 - row.progress) / row.progress, 1))
