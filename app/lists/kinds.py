"""What kind of file somebody has brought, by what is in it: its name may say anything."""

import zipfile
from enum import StrEnum
from pathlib import Path
from typing import Final

from app.lists.rows import FileUnreadable

HEAD: Final = 1 << 16
"""Bytes that are looked at."""
_SAVE: Final = "save it as XLSX, or as CSV, and bring that"
_OLD_XLS: Final = f"this is an old Excel workbook (XLS): open it in a spreadsheet, {_SAVE}"
_LOCKED: Final = f"this workbook has a password: {_SAVE} without one"
_HTML: Final = f"this is a web page (HTML), whatever its name says: open it in a spreadsheet, {_SAVE}"
_XML: Final = f"this is XML: open it in a spreadsheet, {_SAVE}"
_PDF: Final = "this is a PDF, which has no rows: ask for the list as XLSX or CSV, and bring that"
_ARCHIVE: Final = "this is an archive (ZIP): take the list out of it, and bring that"
_PACKED: Final = "this is a packed file: take the list out of it, and bring that"
_PICTURE: Final = "this is a picture, which has no rows: bring the list itself, as XLSX or CSV"
_BEGINS: Final = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _OLD_XLS),
    (b"\x09\x08\x10\x00", _OLD_XLS),
    (b"\x09\x08\x08\x00", _OLD_XLS),
    (b"\x09\x04\x06\x00", _OLD_XLS),
    (b"\x09\x02\x06\x00", _OLD_XLS),
    (b"\x09\x00\x04\x00", _OLD_XLS),
    (b"%PDF-", _PDF),
    (b"\x1f\x8b", _PACKED),
    (b"7z\xbc\xaf\x27\x1c", _PACKED),
    (b"Rar!\x1a\x07", _PACKED),
    (b"BZh", _PACKED),
    (b"\xfd7zXZ\x00", _PACKED),
    (b"\x28\xb5\x2f\xfd", _PACKED),
    (b"\x89PNG\r\n", _PICTURE),
    (b"\xff\xd8\xff", _PICTURE),
    (b"GIF8", _PICTURE),
    (b"II*\x00", _PICTURE),
    (b"MM\x00*", _PICTURE),
    (b"{\\rtf", f"this is a text with formatting (RTF): put the list into a spreadsheet, {_SAVE}"),
    (b"SQLite format 3\x00", "this is a database: bring a table of it as CSV"),
)
_SAYS: Final = (
    (b"mime-version:", _HTML),
    (b"<!doctype html", _HTML),
    (b"<html", _HTML),
    (b"<head", _HTML),
    (b"<body", _HTML),
    (b"<table", _HTML),
    (b"<meta", _HTML),
    (b"<style", _HTML),
    (b"<div", _HTML),
    (b"<!--", _HTML),
    (b"<?xml", _XML),
)
_MEMBERS: Final = (
    ("xl/workbook.bin", f"this is a binary workbook (XLSB): open it in a spreadsheet, {_SAVE}"),
    ("word/document.xml", f"this is a text document (DOCX): put the list into a spreadsheet, {_SAVE}"),
    ("ppt/presentation.xml", "this is a presentation: bring the list itself, as XLSX or CSV"),
    ("Index/Document.iwa", "this is a Numbers document: export it as XLSX or CSV, and bring that"),
)
_ODS: Final = b"application/vnd.oasis.opendocument.spreadsheet"


class Kind(StrEnum):
    """Files that are read."""

    TEXT = "text"
    XLSX = "xlsx"
    ODS = "ods"
    VCARD = "vcard"


def kind_of(path: Path) -> Kind:
    """What a file is.

    Raises:
        FileUnreadable: no kind that is read; its name, and what to do.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    for begins, why in _BEGINS:
        if head.startswith(begins):
            raise FileUnreadable(_LOCKED if "EncryptedPackage".encode("utf-16-le") in head else why)
    if head.startswith(b"PK\x03\x04"):
        return _in_archive(path)
    said = _plain(head)
    for begins, why in _SAYS:
        if said.startswith(begins):
            raise FileUnreadable(_HTML if why is _XML and b"<html" in said else why)
    return Kind.VCARD if said.startswith(b"begin:vcard") else Kind.TEXT


def _in_archive(path: Path) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "xl/workbook.xml" in names or any(name.endswith("/workbook.xml") for name in names):
                return Kind.XLSX
            for name, why in _MEMBERS:
                if name in names:
                    raise FileUnreadable(why)
            if "mimetype" in names:
                with archive.open("mimetype") as member:
                    if member.read(200).startswith(_ODS):
                        return Kind.ODS
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise FileUnreadable("this is a broken workbook or archive: bring it again") from error
    raise FileUnreadable(_ARCHIVE)


def _plain(head: bytes) -> bytes:
    """The beginning in small ASCII letters, without marks and blanks before it."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.replace(b"\0", b"")[2:]
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
