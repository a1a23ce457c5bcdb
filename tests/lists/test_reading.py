import codecs
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from app.lists.columns import ColumnRole as Role
from app.lists.columns import guess_columns, has_header
from app.lists.draft import DraftNumber, LeadDraft
from app.lists.drafts import Rejected, to_draft
from app.lists.encoding import detect
from app.lists.file_errors import FileUnreadable
from app.lists.headers import role_of_header
from app.lists.reading import Reading, guess, rows_of
from app.lists.row_errors import restored
from app.lists.rows import Row

ESTONIAN = (
    "Perekonnanimi;Eesnimi;Telefon\nÕunapuu;Mari-Liis;5550 0123\nŠmidt;Žanna;5550 0124\nKäär;Jüri;55500125\n"
)
RUSSIAN = "Фамилия;Имя;Отчество;Телефон\nИванова;Анна;Петровна;+372 5550 0123\nКоролёв;Пётр;Ильич;55500124\n"
CAPITALS = "ФАМИЛИЯ;ТЕЛЕФОН\nИВАНОВА;55500123\nСИДОРОВ;55500124\n"
LATVIAN = "Uzvārds;Vārds;Telefons\nBērziņš;Jānis;+371 2555 0123\nOzoliņa;Līga;+371 2555 0124\n"
LITHUANIAN = "Pavardė;Vardas;Telefonas\nKazlauskienė;Rūta;+370 600 00000\nŽukauskas;Ąžuolas;+370 600 00001\n"
PLAIN = "name,phone\nKask,55500123\n"
WRITTEN = [
    *(
        (ESTONIAN, name)
        for name in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1257")
    ),
    *((ESTONIAN, name) for name in ("cp1252", "iso8859-15", "iso8859-13")),
    *(
        (RUSSIAN, name)
        for name in ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "cp1251", "koi8-r", "cp866", "iso8859-5")
    ),
    *((CAPITALS, name) for name in ("cp1251", "koi8-r", "cp866")),
    *((LATVIAN, name) for name in ("cp1257", "iso8859-13", "cp775", "utf-16-le")),
    *((LITHUANIAN, name) for name in ("cp1257", "cp775", "utf-8")),
    (PLAIN, "ascii"),
]


@pytest.mark.parametrize(("said", "encoding"), WRITTEN)
def test_each_encoding_is_read_as_it_was_written(tmp_path: Path, said: str, encoding: str) -> None:
    file = tmp_path / "list"
    file.write_bytes(said.encode(encoding))
    reading, rows = guess(file, "EE")
    lines = said.splitlines()
    assert reading.delimiter == (";" if ";" in said else ",")
    assert list(reading.header or ()) == lines[0].split(reading.delimiter)
    assert [row.cells for row in rows] == [line.split(reading.delimiter) for line in lines[1:]]
    assert reading.columns.count(Role.PHONE) == 1


def test_a_letter_late_in_a_file_counts(tmp_path: Path) -> None:
    """A million rows may have their first letter outside ASCII anywhere, even across two pieces of the file."""
    file = tmp_path / "list"
    file.write_bytes(b"x" * ((1 << 20) - 1) + "õ".encode())
    assert detect(file) == "utf-8"
    file.write_bytes(b"x;" * (1 << 20) + "\nМАРИЯ;Мария Петрова\n".encode("cp1251"))
    assert detect(file) == "cp1251"
    file.write_bytes(b"abc\xc3")
    assert detect(file) != "utf-8"
    assert codecs.lookup(detect(file))


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_delimiters(tmp_path: Path, delimiter: str) -> None:
    file = tmp_path / "list"
    rows = [
        ["Nimi", "Märkus", "Telefon"],
        ["Kask, Kalle", "a; b | c", "55500123"],
        ["Tamm", '"x"', "55500124"],
    ]
    quoted = (
        "\r\n".join(delimiter.join('"' + c.replace('"', '""') + '"' for c in row) for row in rows)
    ) + "\r\n"
    file.write_text(quoted, newline="")
    reading, found = guess(file, "EE")
    assert reading.delimiter == delimiter
    assert [row.cells for row in found] == rows[1:]


def test_what_a_spreadsheet_says_of_its_delimiter(tmp_path: Path) -> None:
    file = tmp_path / "list"
    file.write_text("sep=|\nNimi|Telefon\nA;B;C|55500123\n")
    reading, rows = guess(file, "EE")
    assert (reading.delimiter, [row.cells for row in rows]) == ("|", [["A;B;C", "55500123"]])


def test_one_column_without_a_header(tmp_path: Path) -> None:
    file = tmp_path / "list"
    file.write_text("55500123\n\n+372 5550 0124\n")
    reading, rows = guess(file, "EE")
    assert (reading.header, reading.columns) == (None, (Role.PHONE,))
    assert [row.number for row in rows] == [1, 3]


def test_a_workbook(tmp_path: Path) -> None:
    file = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Kliendi kood", "Nimi", "Telefon", "Leping", "Aktiivne"])
        sheet.write_row(1, 0, [1007, "Õunapuu Mari", 37255500123])
        sheet.write_datetime(1, 3, date(2026, 3, 2), book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write_boolean(1, 4, True)
        sheet.write_row(3, 0, ["x", "Иванова Анна Петровна", "5550 0124"])
    reading, rows = guess(file, "EE")
    assert reading.columns == (Role.EXTERNAL_ID, Role.NAME, Role.PHONE, Role.VARIABLE, Role.VARIABLE)
    assert [row.number for row in rows] == [2, 4]
    first, second = (to_draft(row, reading, "EE") for row in rows)
    assert isinstance(first, LeadDraft)
    assert isinstance(second, LeadDraft)
    assert (first.external_id, first.surname) == ("1007", "Õunapuu Mari")
    assert first.numbers == (DraftNumber("+37255500123", "37255500123"),)
    assert first.variables == {"Leping": "2026-03-02", "Aktiivne": "yes"}
    assert (second.surname, second.given_name, second.patronymic) == ("Иванова", "Анна", "Петровна")


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("Mobiiltelefon 2", Role.PHONE),
        ("tel.", Role.PHONE),
        ("Phone (home)", Role.PHONE),
        ("Cell", Role.PHONE),
        ("НОМЕР ТЕЛЕФОНА", Role.PHONE),
        ("моб.", Role.PHONE),
        ("Номер", Role.PHONE),
        ("Ф.И.О.", Role.NAME),
        ("Last Name", Role.SURNAME),
        ("last_name", Role.SURNAME),
        ("Отчество", Role.PATRONYMIC),
        ("Ettevõtte nimi", Role.COMPANY),
        ("Часовой пояс", Role.TIME_ZONE),
        ("Kliendi kood", Role.EXTERNAL_ID),
        ("Priority", Role.PRIORITY),
        ("Kontakttelefon", Role.PHONE),
        ("Telefoninumber", Role.PHONE),
        ("Tel/mob", Role.PHONE),
        ("Phone 1 - Value", Role.PHONE),
        ("Мобильный телефон", Role.PHONE),
        ("Tālruņa numurs", Role.PHONE),
        ("Telefono numeris", Role.PHONE),
        ("Matkapuhelin", Role.PHONE),
        ("Uzvārds", Role.SURNAME),
        ("Vardas", Role.GIVEN_NAME),
        ("Sukunimi", Role.SURNAME),
        ("Arve nr", None),
        ("Tellimuse nr", None),
        ("Tellija", None),
        ("Teleskoop", None),
        ("Mobilier", None),
        ("Telegram", None),
        ("Phone 1 - Type", None),
        ("Telefoni mudel", None),
        ("Faks", None),
        ("Номер заказа", None),
        ("", None),
    ],
)
def test_headers(header: str, role: Role | None) -> None:
    assert role_of_header(header) is role


def test_columns_by_what_is_in_them() -> None:
    rows = [
        ["Kask", "55500123", "Europe/Tallinn", "10137319", "55500129"],
        ["Tamm", "+37255500124", "Europe/Riga", "10137320", ""],
        ["Õun", "puudub", "Europe/Tallinn", "10137321", ""],
        ["Lepp", "6000012", "Europe/Tallinn", "10137322", ""],
    ]
    assert guess_columns(None, rows, "EE") == [
        Role.VARIABLE,
        Role.PHONE,
        Role.TIME_ZONE,
        Role.VARIABLE,
        Role.PHONE,
    ]
    # Where a header names the number, digits elsewhere are not taken for one; a second name is only shown.
    header = ["Nimi", "Telefon", "x", "Leping", "Nimi"]
    assert guess_columns(header, rows, "EE")[1:] == [Role.PHONE, Role.TIME_ZONE, Role.VARIABLE, Role.VARIABLE]


def columns(header: str | None, *rows: str, region: str = "EE") -> list[Role]:
    cells = [row.split(";") for row in rows]
    return guess_columns(header.split(";") if header is not None else None, cells, region)


def test_a_telephone_is_where_header_and_cells_agree() -> None:
    rows = ("5123401;Mari Maasikas;2026-03-01;5550 0701", "5123402;Jaan Tamm;2026-03-01;", "5123403;;;")
    assert columns("Tellimuse nr;Tellija;Kuupäev;Kontakttelefon", *rows)[-1] is Role.PHONE
    assert columns("Tellimuse nr;Tellija;Kuupäev;Kontakttelefon", *rows).count(Role.PHONE) == 1
    # A header that says telephone, and cells that say what kind.
    assert columns("Telefon;Telefon 2", "Mobile;5550 0701", "Work;5550 0702") == [Role.VARIABLE, Role.PHONE]
    # Where no number can be read here, the rows shall say why.
    assert columns("Nimi;Telefon", "A;26123456", "B;29123456") == [Role.NAME, Role.PHONE]
    assert columns("Nimi;Telefon;Mobiil", "A;;5550 0701") == [Role.NAME, Role.PHONE, Role.PHONE]


def test_a_header_that_names_nothing_known() -> None:
    """What the cells hold decides, never against the header; a counter is no telephone."""
    assert columns("Kes;Kuhu", "Mari;5550 0701", "Jaan;5550 0702") == [Role.VARIABLE, Role.PHONE]
    assert columns("Kontakt;Nimi", "5550 0701;Mari", "5550 0702;Jaan") == [Role.PHONE, Role.NAME]
    assert columns("Tellimus;Kes", "5123401;Mari", "5123402;Jaan") == [Role.VARIABLE, Role.VARIABLE]
    assert columns("Nr;Telefon", "5123401;5550 0701", "5123402;5550 0702") == [Role.VARIABLE, Role.PHONE]
    assert columns("Isikukood;Kes", "48505120234;Mari", "37605030299;Jaan") == [Role.VARIABLE, Role.VARIABLE]
    assert columns("Müügimees;Telefon", "+372 5550 0001;5550 0701") == [Role.VARIABLE, Role.PHONE]


def test_without_a_header() -> None:
    assert columns(None, "Jānis;26123421", "Anna;29123422", region="LV") == [Role.VARIABLE, Role.PHONE]
    assert columns(None, "Mari;37126123456", "Jaan;358401234567") == [Role.VARIABLE, Role.PHONE]
    assert columns(None, "48505120234;Mari", "37605030299;Jaan") == [Role.VARIABLE, Role.VARIABLE]
    assert columns(None, "5123401;5550 0701", "5123402;600 0012", "5123403;5550 0703") == [
        Role.VARIABLE,
        Role.PHONE,
    ]
    assert columns(None, "2026-03-01;26123421", "2026-03-02;29123422", region="LV") == [
        Role.VARIABLE,
        Role.PHONE,
    ]


def test_cells_beyond_the_header_are_looked_at() -> None:
    rows = ("A;6001234 ext 12", "K;5550 0411; 600 1239 ext 5")
    assert columns("Nimi;Telefon", *rows) == [Role.NAME, Role.PHONE, Role.PHONE]


@pytest.mark.parametrize(
    ("first", "header"),
    [
        ("Nimi;Telefon", True),
        ("Kes;Kuhu", True),
        ("Jānis;26123421", False),
        ("Klient;26123421", False),
        ("Kontakt;5550 0701", False),
        ("Telefon 5550 0701;x", False),
        ("Klientide nimekiri;", False),
        ("A1;B2", False),
    ],
)
def test_the_first_row_is_a_header_only_without_numbers(first: str, header: bool) -> None:
    assert has_header([first.split(";"), ["Mari", "5550 0702"]], "EE") is header


COLUMNS = (
    Role.EXTERNAL_ID,
    Role.NAME,
    Role.PHONE,
    Role.PHONE,
    Role.TIME_ZONE,
    Role.PRIORITY,
    Role.VARIABLE,
    Role.IGNORE,
)
HOW = Reading("utf-8", ";", header=("id", "Nimi", "Tel", "Tel 2", "tz", "p", "Arve", "x"), columns=COLUMNS)


def as_lead(*cells: str) -> LeadDraft | Rejected:
    return to_draft(Row(7, list(cells), 0.5), HOW, "EE")


def test_a_row_becomes_a_lead() -> None:
    draft = as_lead(
        "c-1",
        "Kask, Kalle",
        "5550 0123 / 6000012",
        "00372 5550 0123",
        "Europe/Riga",
        "5",
        "17 €",
        "y",
        "more",
    )
    assert draft == LeadDraft(
        numbers=(DraftNumber("+37255500123", "5550 0123"), DraftNumber("+3726000012", "6000012")),
        external_id="c-1",
        surname="Kask",
        given_name="Kalle",
        time_zone="Europe/Riga",
        priority=5,
        variables={"Arve": "17 €", "column 9": "more"},
    )


def test_a_number_that_cannot_be_read_is_kept_beside_one_that_can() -> None:
    draft = as_lead("", "", "55500123", "küsi emalt")
    assert isinstance(draft, LeadDraft)
    assert draft.variables == {"Tel 2": "küsi emalt"}
    assert [str(restored(one)) for one in draft.unread] == ["küsi emalt is no telephone number"]


def test_what_is_left_of_a_cell_is_kept_and_told() -> None:
    draft = as_lead("", "", "512 3456/7", "600 1239 ext 5 (Mari)")
    assert isinstance(draft, LeadDraft)
    assert draft.numbers == (
        DraftNumber("+3725123456", "512 3456"),
        DraftNumber("+3726001239", "600 1239 ext 5 (Mari)", "5"),
    )
    assert draft.variables == {"Tel": "512 3456/7", "Tel 2": "600 1239 ext 5 (Mari)"}
    assert [str(restored(one)) for one in draft.unread] == ["7 is too short for a number: write it whole"]


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        (("1", "Kask", "", ""), "it has no telephone number"),
        (
            ("1", "Kask", "112", "abc"),
            "112 is too short for a number: write it whole; abc is no telephone number",
        ),
        (
            ("1", "Kask", "3.72556E+10"),
            "a spreadsheet has shortened the number 3.72556E+10: its digits are lost",
        ),
        (("1", "Kask", "55500123", "", "Tallinn"), "Tallinn is no time zone, such as Europe/Tallinn"),
        (("1", "Kask", "55500123", "", "../etc"), "../etc is no time zone, such as Europe/Tallinn"),
        (("1", "Kask", "55500123", "", "", "high"), "the priority high is no whole number"),
        (("1", "Kask", "55500123", "", "", "5000"), "a priority is from -1000 to 1000"),
        (("1", "K\N{REPLACEMENT CHARACTER}sk", "55500123"), "it has letters that are not in utf-8"),
        (("1" * 201, "Kask", "55500123"), "its external id has more than 200 characters"),
    ],
)
def test_rows_that_are_no_leads(cells: tuple[str, ...], why: str) -> None:
    rejected = as_lead(*cells)
    assert isinstance(rejected, Rejected)
    assert rejected.why() == why


def test_files_that_are_no_tables(tmp_path: Path) -> None:
    file = tmp_path / "list"
    file.write_bytes(b"\n\n ;\n")
    with pytest.raises(FileUnreadable, match="no rows"):
        guess(file, "EE")
    file.write_bytes(b"PK\x03\x04" + bytes(100) + b"PK\x05\x06" + bytes(18))
    with pytest.raises(FileUnreadable, match="archive"):
        guess(file, "EE")


def test_a_formula_made_text_is_read_back(tmp_path: Path) -> None:
    file = tmp_path / "list"
    file.write_text("Telefon;Märkus\n'+372 5550 0123;'=1+1\n")
    reading, _ = guess(file, "EE")
    assert [row.cells for row in rows_of(file, reading)] == [["+372 5550 0123", "=1+1"]]
