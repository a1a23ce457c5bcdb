"""Files made to hurt who reads them; each is small, and quickly made."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

MIB = 1 << 20
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEAD = f'<?xml version="1.0"?><worksheet xmlns="{_MAIN}"><sheetData>'
TAIL = "</sheetData></worksheet>"


def text_cell(place: str, said: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{said}</t></is></c>'


def workbook(
    path: Path,
    *sheets: bytes | Callable[[io.BufferedIOBase], None],
    shared: bytes | Callable[..., None] = b"",
    names: int = 0,
) -> Path:
    """A workbook with these sheets; `names` of them name the first one's part again."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_RELS}"><Relationship Id="r1" Type="{_OFFICE}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        count = len(sheets) + names
        listed = "".join(f'<sheet name="S{key}" sheetId="{key + 1}" r:id="s{key}"/>' for key in range(count))
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        )
        targets = "".join(
            f'<Relationship Id="s{key}" Type="{_OFFICE}/worksheet" '
            f'Target="worksheets/sheet{key if key < len(sheets) else 0}.xml"/>'
            for key in range(count)
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{_RELS}">{targets}</Relationships>'
        )
        for key, sheet in enumerate(sheets):
            _put(archive, f"xl/worksheets/sheet{key}.xml", sheet)
        if shared:
            _put(archive, "xl/sharedStrings.xml", shared)
    return path


def _put(archive: zipfile.ZipFile, name: str, content: bytes | Callable[..., None]) -> None:
    with archive.open(name, "w", force_zip64=True) as part:
        if callable(content):
            content(part)
        else:
            part.write(content)


def repeated(before: str, piece: bytes, times: int, after: str) -> Callable[..., None]:
    def write(part: io.BufferedIOBase) -> None:
        part.write(before.encode())
        part.writelines(piece for _ in range(times))
        part.write(after.encode())

    return write


LIST = text_cell("A1", "Telefon") + '</row><row r="2">' + text_cell("A2", "5550 0123")


def corners(path: Path, far: str = "XFD1048576") -> Path:
    """A list of one row, and a cell as far away as can be."""
    row = far.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    sheet = f'{HEAD}<row r="1">{LIST}</row><row r="{row}">{text_cell(far, "x")}</row>{TAIL}'
    return workbook(path, sheet.encode())


def giant_cell(path: Path, mib: int = 1024) -> Path:
    """A cell that unpacks to so much."""
    before = f'{HEAD}<row r="1">{LIST}</row><row r="3"><c r="A3" t="inlineStr"><is><t>'
    return workbook(path, repeated(before, b"x" * MIB, mib, f"</t></is></c></row>{TAIL}"))


def giant_name(path: Path, mib: int = 600) -> Path:
    """A start tag that goes on and on."""
    return workbook(path, repeated(f'{HEAD}<row r="1" x="', b"x" * MIB, mib, f'">{LIST}</row>{TAIL}'))


def shared_texts(path: Path, mib: int = 600) -> Path:
    """Texts that no cell needs."""
    texts = repeated(f'<sst xmlns="{_MAIN}">', b"<si><t>0123456789abcdef</t></si>" * 32_768, mib, "</sst>")
    sheet = f'{HEAD}<row r="1">{LIST}</row>{TAIL}'
    return workbook(path, sheet.encode(), shared=texts)


def deep(path: Path, depth: int = 2_000_000) -> Path:
    """Elements within elements."""
    return workbook(path, repeated(f'{HEAD}<row r="1">', b"<a>" * 1000, depth // 1000, ""))


def many_sheets(path: Path, count: int = 20_000) -> Path:
    sheet = f'{HEAD}<row r="1">{LIST}</row>{TAIL}'
    return workbook(path, sheet.encode(), names=count)


def same_sheet(path: Path, times: int = 90, mib: int = 200) -> Path:
    """Many sheets that are one part, which unpacks to much."""
    sheet = repeated(f'{HEAD}<row r="1">{LIST}</row>', b"<row></row>" * (MIB // 11), mib, TAIL)
    return workbook(path, sheet, names=times)


def entities(path: Path) -> Path:
    """A word that means ten, each of which means ten, ..."""
    lines = "".join(f'<!ENTITY a{key} "{f"&a{key - 1};" * 10}">' for key in range(1, 10))
    sheet = (
        f'<!DOCTYPE x [<!ENTITY a0 "aaaaaaaaaa">{lines}]><worksheet xmlns="{_MAIN}"><sheetData>'
        f'<row r="1">{text_cell("A1", "&a9;")}</row>{TAIL}'
    )
    return workbook(path, sheet.encode())


def many_parts(path: Path, count: int = 60_000) -> Path:
    """A list of parts longer than any part."""
    workbook(path, f'{HEAD}<row r="1">{LIST}</row>{TAIL}'.encode())
    with zipfile.ZipFile(path, "a") as archive:
        for key in range(count):
            archive.writestr(f"xl/media/{key:060}", b"")
    return path


def ods(path: Path, columns: int = 16_384, rows: int = 1_048_576) -> Path:
    """A cell that is said to be repeated over the whole sheet."""
    table = (
        f'<table:table table:name="S"><table:table-row table:number-rows-repeated="{rows}">'
        f'<table:table-cell table:number-columns-repeated="{columns}" office:value-type="string">'
        "<text:p>5550 0123</text:p></table:table-cell></table:table-row></table:table>"
    )
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f"{table}</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return path


def of_bytes(
    content: bytes, times: int = 1, before: bytes = b"Telefon;Nimi\n5550 0123;Mari\n"
) -> Callable[[Path], Path]:
    def make(path: Path) -> Path:
        with path.open("wb") as file:
            file.write(before)
            for _ in range(times):
                file.write(content)
        return path

    return make


SHORT: dict[str, Callable[[Path], Path]] = {
    "corners": corners,
    "corner_az": lambda path: corners(path, "AZ1048576"),
    "entities": entities,
    "many_sheets": many_sheets,
    "ods_repeated": ods,
    "delimiters": of_bytes(b";" * MIB, 8),
    "delimiters_alone": of_bytes(b";" * MIB, 8, b""),
    "one_line": of_bytes(b"5550 0123 " * 100_000, 8, b""),
    "endless_quote": of_bytes(b'"' + b"5550 0123;Mari\n" * 7_000),
    "quotes": of_bytes(b'"\n"";"\n' * 5_000),
    "nul": of_bytes(b"\0" * MIB, 4, b""),
    "nul_in_text": of_bytes(b"5550 0124;Ma\0ri\n"),
    "broken_zip": of_bytes(b"PK\x03\x04" + bytes(1000), 1, b""),
    "not_utf16": of_bytes(b"\xff", 9_999, b"\xff\xfe"),
    "not_utf32": of_bytes(b"\xff\xff\xff\xff", 9_999, b"\xff\xfe\0\0"),
}
"""Made and read within a second or two."""
LONG: dict[str, Callable[[Path], Path]] = {
    "giant_cell": giant_cell,
    "giant_name": giant_name,
    "shared_texts": shared_texts,
    "deep": deep,
    "same_sheet": same_sheet,
    "many_parts": many_parts,
    "delimiters_60": of_bytes(b";" * MIB, 60, b""),
    "blank_lines": of_bytes(b"\n" * MIB, 60),
    "short_lines": of_bytes(b"1\n" * (MIB // 2), 20),
    "ten_million_columns": of_bytes(b"a;" * (MIB // 2), 20, b""),
}
