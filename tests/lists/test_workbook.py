"""Workbooks as other programs write them."""

import zipfile
from pathlib import Path

import pytest

from app.lists import workbook
from app.lists.workbook import Workbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def write_workbook(path: Path, rows: int, tag: str, declared: str) -> Path:
    cells = "".join(
        f'<{tag}><{tag[:-3]}c t="inlineStr"><{tag[:-3]}is><{tag[:-3]}t>5550{number:04}</{tag[:-3]}t>'
        f"</{tag[:-3]}is></{tag[:-3]}c></{tag}>"
        for number in range(rows)
    )
    sheet = f"{tag[:-3]}sheetData"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{LINKS}/officeDocument"'
            ' Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets><sheet name="A" sheetId="1" r:id="r1"/>'
            "</sheets></workbook>",
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{LINKS}/worksheet"'
            ' Target="worksheets/sheet1.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/worksheets/sheet1.xml",
            f'<{tag[:-3]}worksheet {declared}="{MAIN}"><{sheet}>{cells}</{sheet}></{tag[:-3]}worksheet>',
        )
    return path


@pytest.mark.parametrize(("tag", "declared"), [("row", "xmlns"), ("x:row", "xmlns:x")])
@pytest.mark.parametrize("parsed_most", [0, 1 << 20])
def test_rows_of_a_long_sheet_are_counted_whatever_their_tags_look_like(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tag: str, declared: str, parsed_most: int
) -> None:
    monkeypatch.setattr(workbook, "COUNTED_MOST", parsed_most)
    with Workbook(write_workbook(tmp_path / "list.xlsx", 5_000, tag, declared)) as opened:
        (sheet,) = opened.sheets
        assert opened.count(sheet) == 5_000
