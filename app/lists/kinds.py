"""The kind of an uploaded file, by its content: its name may be wrong."""

import zipfile
from enum import StrEnum
from pathlib import Path
from typing import Final

from app.lists.file_errors import (
    ArchiveBroken,
    BinaryWorkbook,
    FileIsArchive,
    FileIsDatabase,
    FileIsDocument,
    FileIsHtml,
    FileIsNumbers,
    FileIsPacked,
    FileIsPdf,
    FileIsPicture,
    FileIsPresentation,
    FileIsRtf,
    FileIsXml,
    FileUnreadable,
    OldWorkbook,
    WorkbookLocked,
)

HEAD: Final = 1 << 16
"""How many bytes at the beginning of a file are examined."""
_BEGINS: Final[tuple[tuple[bytes, type[FileUnreadable]], ...]] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OldWorkbook),
    (b"\x09\x08\x10\x00", OldWorkbook),
    (b"\x09\x08\x08\x00", OldWorkbook),
    (b"\x09\x04\x06\x00", OldWorkbook),
    (b"\x09\x02\x06\x00", OldWorkbook),
    (b"\x09\x00\x04\x00", OldWorkbook),
    (b"%PDF-", FileIsPdf),
    (b"\x1f\x8b", FileIsPacked),
    (b"7z\xbc\xaf\x27\x1c", FileIsPacked),
    (b"Rar!\x1a\x07", FileIsPacked),
    (b"BZh", FileIsPacked),
    (b"\xfd7zXZ\x00", FileIsPacked),
    (b"\x28\xb5\x2f\xfd", FileIsPacked),
    (b"\x89PNG\r\n", FileIsPicture),
    (b"\xff\xd8\xff", FileIsPicture),
    (b"GIF8", FileIsPicture),
    (b"II*\x00", FileIsPicture),
    (b"MM\x00*", FileIsPicture),
    (b"{\\rtf", FileIsRtf),
    (b"SQLite format 3\x00", FileIsDatabase),
)
_SAYS: Final[tuple[tuple[bytes, type[FileUnreadable]], ...]] = (
    (b"mime-version:", FileIsHtml),
    (b"<!doctype html", FileIsHtml),
    (b"<html", FileIsHtml),
    (b"<head", FileIsHtml),
    (b"<body", FileIsHtml),
    (b"<table", FileIsHtml),
    (b"<meta", FileIsHtml),
    (b"<style", FileIsHtml),
    (b"<div", FileIsHtml),
    (b"<!--", FileIsHtml),
    (b"<?xml", FileIsXml),
)
_MEMBERS: Final[tuple[tuple[str, type[FileUnreadable]], ...]] = (
    ("xl/workbook.bin", BinaryWorkbook),
    ("word/document.xml", FileIsDocument),
    ("ppt/presentation.xml", FileIsPresentation),
    ("Index/Document.iwa", FileIsNumbers),
)
_ODS: Final = b"application/vnd.oasis.opendocument.spreadsheet"


class Kind(StrEnum):
    """The kinds of file that can be read."""

    TEXT = "text"
    XLSX = "xlsx"
    ODS = "ods"
    VCARD = "vcard"


def kind_of(path: Path) -> Kind:
    """The kind of a file.

    Raises:
        FileUnreadable: it is of no kind that can be read; the refusal names the kind, and says what to do.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    for begins, why in _BEGINS:
        if head.startswith(begins):
            raise WorkbookLocked if "EncryptedPackage".encode("utf-16-le") in head else why
    if head.startswith(b"PK\x03\x04"):
        return _in_archive(path)
    said = _plain(head)
    for begins, why in _SAYS:
        if said.startswith(begins):
            raise FileIsHtml if why is FileIsXml and b"<html" in said else why
    return Kind.VCARD if said.startswith(b"begin:vcard") else Kind.TEXT


def _in_archive(path: Path) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "xl/workbook.xml" in names or any(name.endswith("/workbook.xml") for name in names):
                return Kind.XLSX
            for name, why in _MEMBERS:
                if name in names:
                    raise why
            if "mimetype" in names:
                with archive.open("mimetype") as member:
                    if member.read(200).startswith(_ODS):
                        return Kind.ODS
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise ArchiveBroken from error
    raise FileIsArchive


def _plain(head: bytes) -> bytes:
    """The beginning of a file in small letters, without a byte-order mark and blanks before it."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.replace(b"\0", b"")[2:]
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
