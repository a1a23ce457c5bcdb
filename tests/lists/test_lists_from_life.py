"""Lists as people send them: each file is one of a kind."""

from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter

from app.lists.columns import ColumnRole as Role
from app.lists.draft import LeadDraft
from app.lists.drafts import Rejected, to_draft
from app.lists.errors import ReadingUnfit
from app.lists.file_errors import FileUnreadable
from app.lists.reading import Reading, Wish, look, names_of, rows_of
from app.lists.rejects import Rejects
from tests.attack.hostile_files import HEAD, TAIL, ods, text_cell, workbook

LISTS = Path(__file__).parents[1] / "data" / "lists"


def read(file: Path, region: str = "EE", wish: Wish | None = None) -> list[LeadDraft | Rejected]:
    reading = look(file, region, wish).reading
    return [
        Rejected(row, (row.fault,)) if row.fault else to_draft(row, reading, region)
        for row in rows_of(file, reading)
    ]


def numbers(found: Sequence[LeadDraft | Rejected]) -> list[list[str]]:
    return [[] if isinstance(one, Rejected) else [number.e164 for number in one.numbers] for one in found]


def test_two_numbers_in_a_cell() -> None:
    assert numbers(read(LISTS / "two_numbers.csv")) == [
        [f"+372555001{first:02}", f"+372555001{first + 1:02}"] for first in range(1, 13, 2)
    ]


def test_what_spreadsheets_put_around_a_number() -> None:
    assert numbers(read(LISTS / "spreadsheet_guards.csv")) == [[f"+3725550020{key}"] for key in range(1, 10)]


def test_shortened_numbers() -> None:
    found = read(LISTS / "shortened_numbers.csv")
    assert numbers(found) == [
        [],
        ["+37255500302"],
        ["+37255500303"],
        ["+37255500304"],
        ["+37255500305"],
        [],
        [],
        ["+37255500308"],
    ]


def test_extensions() -> None:
    found = read(LISTS / "extensions.csv")
    drafts = [one for one in found if isinstance(one, LeadDraft)]
    assert len(drafts) == len(found) == 11
    assert [one.numbers[0].extension for one in drafts] == ["12"] * 5 + [""] * 6
    assert [number.e164 for number in drafts[10].numbers] == ["+37255500411", "+3726001239"]


def test_national_numbers() -> None:
    found = read(LISTS / "national_numbers.csv")
    rejected = {one.row.cells[0] for one in found if isinstance(one, Rejected)}
    assert {"LV national", "LT trunk", "RU 8", "FI"} <= rejected
    assert not {"LV plus", "RU +7", "FI +358(0)", "EE 00", "EE +372 0"} & rejected
    assert numbers(read(LISTS / "national_numbers.csv", "LV"))[2] == ["+37126123456"]


def test_doubtful_numbers() -> None:
    found = read(LISTS / "doubtful_numbers.csv")
    assert numbers(found) == [
        ["+3725123456"],
        ["+37251234568"],
        ["+3725123456"],
        ["+3726001234"],
        [],
        [],
        ["+3725123456"],
        ["+3725123456", "+3725123457"],
    ]


def test_headers_that_only_look_like_telephones() -> None:
    looked = look(LISTS / "headers_like_telephones.csv", "EE")
    assert [place for place, role in enumerate(looked.reading.columns) if role is Role.PHONE] == [3]
    assert numbers(read(LISTS / "headers_like_telephones.csv")) == [["+37255500701"], ["+37255500702"], []]


def test_one_row_of_another_encoding_is_rejected_alone() -> None:
    file = LISTS / "one_row_of_another_encoding.csv"
    assert look(file, "EE").reading.encoding == "utf-8"
    found = read(file)
    rejected = [one for one in found if isinstance(one, Rejected)]
    assert (len(found), len(rejected)) == (301, 1)
    assert rejected[0].why() == "it has letters that are not in utf-8"
    first = found[0]
    assert isinstance(first, LeadDraft)
    assert first.surname == "Tõnu Õunapuu"


def test_an_open_quote_costs_its_row() -> None:
    found = read(LISTS / "open_quote.csv")
    assert isinstance(found[0], Rejected)
    assert found[0].why() == "a quotation mark is opened and never closed"
    assert numbers(found)[1:] == [["+37255514002"], ["+37255514003"], ["+37255514004"]]


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ('a;"b\nc;d\n"e";"f"\n', [["a", "b"], ["c", "d"], ["e", "f"]]),
        ('a;"b\nc;"d"\n', [["a", "b"], ["c", "d"]]),
        ('a;"b\nc";d\n', [["a", "b c", "d"]]),
        ('a;"Kask ""Kalle""";b\n', [["a", 'Kask "Kalle"', "b"]]),
        ('a;"Kask "Kalle" Tamm";b\n', [["a", 'Kask Kalle" Tamm"', "b"]]),
        ('a;5" toru;b\n', [["a", '5" toru', "b"]]),
        ("a;b\rc;d\r", [["a", "b"], ["c", "d"]]),
    ],
)
def test_quotation_marks(tmp_path: Path, text: str, cells: list[list[str]]) -> None:
    file = tmp_path / "list"
    file.write_text(text, newline="")
    assert [row.cells for row in rows_of(file, Reading("utf-8", ";", header=None, columns=()))] == cells


def test_who_is_said_not_to_be_called_is_no_lead(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(
        "Nimi;Telefon\nMari;5550 0001 (ära helista)\nJaan;vale number 5550 0002\nOlga;5550 0003 не звонить\n"
        "Ain;5550 0004 pärast kella kahte\n"
    )
    found = read(file)
    assert numbers(found) == [[], [], [], ["+37255500004"]]
    assert isinstance(found[0], Rejected)
    assert "ära helista" in found[0].why()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # Nobody may call, says another column.
        ("Nimi;Telefon;Mitte helistada\nMari;5550 0001;jah\nJaan;5550 0002;ei\n", [[], ["+37255500002"]]),
        ("Name;Phone;do_not_call\nMari;5550 0001;1\nJaan;5550 0002;\n", [[], ["+37255500002"]]),
        # The country is in another column.
        (
            "Nimi;Suunakood;Telefon\nMari;+372;5550 0001\nMatti;358;50123456\n",
            [["+37255500001"], ["+35850123456"]],
        ),
        (
            "Nimi;Riik;Telefon\nMari;EE;5550 0001\nMatti;FI;040 123 4567\n",
            [["+37255500001"], ["+358401234567"]],
        ),
        ("Nimi;Riik;Telefon\nMari;EE;5550 0001\nMatti;FI;5550 0002\n", [["+37255500001"], []]),
        # Another column says that it is a fax.
        (
            (
                "Name;Phone 1 - Type;Phone 1 - Value;Phone 2 - Type;Phone 2 - Value\n"
                "Mari;Work Fax;600 1234;Mobile;5550 0001\n"
            ),
            [["+37255500001"]],
        ),
        ("Nimi;Faks;Telefon\nMari;faks 600 1234;5550 0001\n", [["+37255500001"]]),
        # A title has a telephone.
        ("Koostas: Mari, tel 5550 9999;;\nNr;Nimi;Telefon\n1;Jaan;5550 0001\n", [["+37255500001"]]),
        # Orders are numbered upwards, with gaps.
        (
            "5123401;Mari;5550 0013\n5123407;Jaan;5550 0012\n5123499;Olga;5550 0011\n",
            [["+37255500013"], ["+37255500012"], ["+37255500011"]],
        ),
        # There is nothing in some cells, in words.
        (
            "Nimi;Tel 1;Tel 2\nMari;5550 0001;\nJaan;puudub;5550 0002\nAin;0;5550 0003\n",
            [
                ["+37255500001"],
                ["+37255500002"],
                ["+37255500003"],
            ],
        ),
        # A chat.
        ("Mari: 5550 0001\nJaan \u2014 5550 0002\n", [["+37255500001"], ["+37255500002"]]),
        # Cards: a fax, and one that is cut off.
        (
            (
                "BEGIN:VCARD\nFN:Mari\nTEL;TYPE=WORK,FAX:600 1234\nTEL:5550 0001\nEND:VCARD\n"
                "BEGIN:VCARD\nFN:Jaan\nTEL:5550 0002\n"
            ),
            [["+37255500001"], []],
        ),
    ],
)
def test_a_row_is_read_as_a_whole(tmp_path: Path, text: str, found: list[list[str]]) -> None:
    file = tmp_path / "list"
    file.write_text(text)
    assert numbers(read(file)) == found


def test_one_line_of_another_encoding_in_a_short_list(tmp_path: Path) -> None:
    file = tmp_path / "list"
    file.write_bytes("Nimi;Telefon\nJüri;5550 0001\n".encode() + "Põder;5550 0002\n".encode("cp1257"))
    found = read(file)
    assert numbers(found) == [["+37255500001"], []]
    assert isinstance(found[0], LeadDraft)
    assert found[0].given_name or found[0].surname == "Jüri"


def test_titles_before_the_header() -> None:
    looked = look(LISTS / "title_rows.csv", "EE")
    assert (looked.reading.header, looked.reading.header_at) == (("Perekonnanimi", "Eesnimi", "Telefon"), 3)
    assert numbers(read(LISTS / "title_rows.csv")) == [["+37255515011"], ["+37255515012"], []]


def test_the_sheets_of_a_workbook_are_told(tmp_path: Path) -> None:
    looked = look(LISTS / "sheets.xlsx", "EE")
    assert looked.reading.sheet == "Tallinn"
    assert [(sheet.name, sheet.rows, sheet.hidden) for sheet in looked.sheets] == [
        ("Tallinn", 2, False),
        ("Tartu", 3, False),
    ]
    assert numbers(read(LISTS / "sheets.xlsx")) == [["+37255520001"]]
    assert numbers(read(LISTS / "sheets.xlsx", wish=Wish(sheet="Tartu"))) == [
        ["+37255520002"],
        ["+37255520003"],
    ]
    with pytest.raises(ReadingUnfit, match="no sheet Narva"):
        look(LISTS / "sheets.xlsx", "EE", Wish(sheet="Narva"))
    with pytest.raises(ReadingUnfit, match="has no encoding"):
        look(LISTS / "sheets.xlsx", "EE", Wish(encoding="cp1251"))


def test_a_hidden_an_empty_and_a_sheet_of_words_are_not_chosen(tmp_path: Path) -> None:
    file = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(file) as book:
        hidden, _, words, wanted = (book.add_worksheet(name) for name in ("vana", "tühi", "Selgitus", "Leht"))
        for sheet in (hidden, wanted):
            sheet.write_row(0, 0, ["Nimi", "Telefon"])
        hidden.write_row(1, 0, ["Mari", "5550 0001"])
        words.write_column(0, 0, ["Kliendid", "kevadest"])
        wanted.write_row(1, 0, ["Jaan", "5550 0002"])
        wanted.activate()
        hidden.hide()
    looked = look(file, "EE")
    assert looked.reading.sheet == "Leht"
    assert [(sheet.name, sheet.rows, sheet.hidden) for sheet in looked.sheets] == [
        ("vana", 2, True),
        ("tühi", 0, False),
        ("Selgitus", 2, False),
        ("Leht", 2, False),
    ]
    assert numbers(read(file, wish=Wish(sheet="vana"))) == [["+37255500001"]]


def test_rows_on_hidden_sheets_only_are_refused_with_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet("tühi")
        hidden = book.add_worksheet("vana")
        hidden.write_row(0, 0, ["5550 0001"])
        hidden.hide()
    with pytest.raises(FileUnreadable, match=r"hidden sheets only \(vana\)"):
        look(file, "EE")
    assert numbers(read(file, wish=Wish(sheet="vana"))) == [["+37255500001"]]


def test_numbers_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    file = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Nimi", "Telefon"])
        for row, (number, code) in enumerate(
            [(37255500001, "General"), (37255500002, '"+"0'), (55500003, "0"), (408123456, "0000000000")], 1
        ):
            sheet.write(row, 0, f"n{row}")
            sheet.write_number(row, 1, number, book.add_format({"num_format": code}))
    cells = [row.cells[1] for row in look(file, "EE").rows]
    assert cells == ["37255500001", "+37255500002", "55500003", "0408123456"]


def test_a_cell_far_away_costs_nothing_but_its_row(tmp_path: Path) -> None:
    rows = f'<row r="1">{text_cell("A1", "Telefon")}</row><row r="2">{text_cell("A2", "5550 0001")}</row>'
    far = f'<row r="1048576">{text_cell("XFD1048576", "x")}</row>'
    found = read(workbook(tmp_path / "list.xlsx", f"{HEAD}{rows}{far}{TAIL}".encode()))
    assert numbers(found) == [["+37255500001"], []]
    assert isinstance(found[1], Rejected)
    assert found[1].why() == "it has a cell further right than the first 400"


def test_a_latvian_list_without_a_header() -> None:
    found = read(LISTS / "latvian_without_header.csv", "LV")
    assert numbers(found) == [["+37126123421"], ["+37129123422"], ["+37167123423"]]


def test_an_address_book_s_columns() -> None:
    assert numbers(read(LISTS / "address_book.csv")) == [
        ["+37255502001", "+37255502002", "+3726002003"],
        ["+37255502004"],
    ]


def test_two_columns_of_one_name_are_both_kept(tmp_path: Path) -> None:
    file = tmp_path / "list"
    file.write_text("Telefon;Märkus;Märkus\n5550 0001;helista õhtul;maksab arvega\n")
    (found,) = read(file)
    assert isinstance(found, LeadDraft)
    assert found.variables == {"Märkus": "helista õhtul", "Märkus 2": "maksab arvega"}
    assert names_of(("a", "a 2", "a", "a")) == ("a", "a 2", "a 3", "a 4")
    assert len(set(names_of(("x" * 200, "x" * 150)))) == 2


def test_an_ods_file(tmp_path: Path) -> None:
    assert numbers(read(ods(tmp_path / "list.ods", columns=1, rows=1))) == [["+37255500123"]]


CARDS = """BEGIN:VCARD\r
VERSION:3.0\r
N:Õunapuu;Mari;Liis;;\r
FN:Mari Õunapuu\r
ORG:Näidis OÜ\r
TEL;TYPE=CELL:+372 5550\r
  2001\r
item1.TEL;TYPE=work:600 1234\r
TEL;VALUE=uri:tel:+372-600-1235;ext=12\r
NOTE:helista\\, kui sajab\r
PHOTO;ENCODING=b:AAAA\r
END:VCARD\r
BEGIN:VCARD\r
FN:Jaan\r
END:VCARD\r
begin:vcard
n;charset=utf-8;encoding=quoted-printable:=C3=95un;J=C3=BC=
ri
tel:5550 2004
end:vcard
"""


def test_cards(tmp_path: Path) -> None:
    file = tmp_path / "kontaktid.vcf"
    file.write_text(CARDS, newline="")
    found = read(file)
    assert numbers(found) == [["+37255502001", "+3726001234", "+3726001235"], [], ["+37255502004"]]
    first, second, third = found
    assert isinstance(first, LeadDraft)
    assert isinstance(third, LeadDraft)
    assert (first.surname, first.given_name, first.company_name) == ("Õunapuu", "Mari", "Näidis OÜ")
    assert (first.numbers[2].extension, first.variables["NOTE"]) == ("12", "helista, kui sajab")
    assert isinstance(second, Rejected)
    assert (third.surname, third.given_name) == ("Õun", "Jüri")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "old Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"\xef\xbb\xbf \n<!DOCTYPE html><html><table>", "web page"),
        (b"<table><tr><td>5550 0001</td></tr></table>", "web page"),
        ("<html>".encode("utf-16"), "web page"),
        (b"<?xml version='1.0'?><Workbook>", "XML"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"\x1f\x8b\x08", "packed"),
        (b"{\\rtf1 a}", "RTF"),
        (bytes(5000), "no text"),
    ],
)
def test_what_is_not_read_is_refused_by_name(tmp_path: Path, content: bytes, says: str) -> None:
    file = tmp_path / "list.xls"
    file.write_bytes(content)
    with pytest.raises(FileUnreadable, match=says):
        look(file, "EE")


def test_mended_rejected_rows_come_back_clean(tmp_path: Path) -> None:
    file, rejected = tmp_path / "list.csv", tmp_path / "rejected.csv"
    file.write_text("Kood;Telefon;Nimi;Märkus\n007;+372 12;=Kask;a|b\n123456789012;x;'s-Tamm;+\n")
    reading = look(file, "EE").reading
    with Rejects(rejected, reading, 0) as out:
        out.write(one for one in read(file) if isinstance(one, Rejected))
    assert "'=Kask" in rejected.read_text("utf-8-sig"), "no spreadsheet runs it"
    rejected.write_text(rejected.read_text().replace("+372 12", "+372 5550 0001"))
    again = look(rejected, "EE").reading
    assert again.columns == (Role.IGNORE, Role.IGNORE, *reading.columns)
    mended, _ = read(rejected)
    assert isinstance(mended, LeadDraft)
    assert [one.e164 for one in mended.numbers] == ["+37255500001"]
    assert (mended.external_id, mended.surname) == ("007", "=Kask")
    assert mended.variables == {"Märkus": "a|b"}
    assert [row.cells[2:] for row in rows_of(rejected, again)][1] == ["123456789012", "x", "'s-Tamm", "+"]
    with Rejects(tmp_path / "twice.csv", again, 0) as out:
        out.write(one for one in read(rejected) if isinstance(one, Rejected))
    lines = (tmp_path / "twice.csv").read_text("utf-8-sig").splitlines()
    assert lines[0] == "row;why;Kood;Telefon;Nimi;Märkus", "a reason is not given a reason"
    assert lines[1].endswith(";'123456789012;x;'s-Tamm;+")
