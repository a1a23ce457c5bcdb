"""Lists of contacts: the roles of columns, what a row says, and that what is written is read again."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.crm.contact_exports.forms import card, cells, header
from app.crm.contact_exports.queries import Exported
from app.lists.columns import ColumnRole
from app.lists.contacts.cards import card_header, contact_card_rows
from app.lists.contacts.lines import ContactLine, to_line
from app.lists.contacts.roles import ContactRole, guess_roles, label_of
from app.lists.drafts import Rejected
from app.lists.reading import Reading, look
from app.lists.rows import Row, guarded, make_row, marked, unguarded

FIELDS = ("says", "size")
LIFE = Path(__file__).parents[1] / "data" / "lists"
WILD = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffd"), max_size=40)
TEXT = st.one_of(
    WILD, st.sampled_from(["'=1", "''0012", "=1+1", "007", "_x000D_", 'a"b', "\\n;,", "* x", "a:b"])
)
LINE = TEXT.map(str.strip)
NOTE = st.lists(TEXT, max_size=3).map("\n".join)


def role_of(name: str, lead: ColumnRole = ColumnRole.VARIABLE) -> str:
    (role,) = guess_roles((name,), (lead,), [], {"size": ["Size", "Suurus"]})
    return role


@pytest.mark.parametrize(
    ("name", "lead", "role"),
    [
        ("E-mail 1 - Value", ColumnRole.VARIABLE, "email"),
        ("E-mail 1 - Label", ColumnRole.VARIABLE, "email_label"),
        ("E-mail Type", ColumnRole.VARIABLE, "ignore"),
        ("E-mail 2 Address", ColumnRole.VARIABLE, "email"),
        ("E-mail Display Name", ColumnRole.VARIABLE, "ignore"),
        ("Phone 1 - Type", ColumnRole.VARIABLE, "phone_label"),
        ("Phone 1 - Value", ColumnRole.PHONE, "phone"),
        ("Business Fax", ColumnRole.VARIABLE, "phone"),
        ("Organization 1 - Title", ColumnRole.VARIABLE, "job_title"),
        ("Organization Name", ColumnRole.COMPANY, "company_name"),
        ("Phonetic First Name", ColumnRole.VARIABLE, "ignore"),
        ("Group Membership", ColumnRole.VARIABLE, "tags"),
        ("Märkused", ColumnRole.VARIABLE, "note"),
        ("E-post", ColumnRole.VARIABLE, "email"),
        ("эл. почта", ColumnRole.VARIABLE, "email"),
        ("Suurus", ColumnRole.VARIABLE, "field:size"),
        ("field:size", ColumnRole.VARIABLE, "field:size"),
        ("id", ColumnRole.EXTERNAL_ID, "external_id"),
        ("Registrikood", ColumnRole.VARIABLE, "registry_code"),
        ("Birthday", ColumnRole.VARIABLE, "ignore"),
        ("Tellija", ColumnRole.VARIABLE, "name"),
        ("Tellimuse nr", ColumnRole.VARIABLE, "ignore"),
    ],
)
def test_headers_say_what_columns_are(name: str, lead: ColumnRole, role: str) -> None:
    assert role_of(name, lead) == role


def test_labels_are_of_the_column_beside() -> None:
    assert (label_of("Home Phone 2"), label_of("Mobiil"), label_of("Phone 1 - Value")) == (
        "home",
        "mobile",
        "",
    )
    said = ["Õun", "5550 0181", "töö", "5550 0182", "kodu"]
    roles = ("surname", "phone", "phone_label", "phone", "phone_label")
    line = to_line(Row(2, said, 1.0), reading_of(roles), "EE")
    assert isinstance(line, ContactLine)
    assert [(one.e164, one.label) for one in line.phones] == [
        ("+37255500181", "töö"),
        ("+37255500182", "kodu"),
    ]


@pytest.mark.parametrize(
    ("role", "cell", "why"),
    [
        ("email", "mari@", "no e-mail address"),
        ("phone", "5123456-2", ""),
        ("kind", "firm", "neither person nor company"),
        ("language", "keel!", "no language"),
        ("surname", "x" * 201, "more than 200 characters"),
        ("note", "x" * 20_001, "more than 20000 characters"),
        ("surname", "a\x07b", "cannot be read"),
        ("tags", "x" * 101, "more than 100 characters"),
    ],
)
def test_a_row_is_rejected_with_its_reason(role: str, cell: str, why: str) -> None:
    made = to_line(Row(2, ["Õun", cell], 1.0), reading_of(("given_name", role)), "EE")
    assert isinstance(made, Rejected)
    assert why in made.why()


def test_a_row_comes_in_with_its_readable_numbers_and_the_rest_is_told() -> None:
    roles = ("given_name", "phone", "phone", "phone")
    cells = ["Õun", "512 3456/7", "5550 0123, 5550 0124", "küsi Marilt 5"]
    made = to_line(Row(2, cells, 1.0), reading_of(roles), "EE")
    assert isinstance(made, ContactLine)
    assert [(one.e164, one.raw) for one in made.phones] == [
        ("+3725123456", "512 3456/7"),
        ("+37255500123", "5550 0123"),
        ("+37255500124", "5550 0124"),
    ]
    assert len(made.unread) == 2
    assert made.aside == ("küsi Marilt 5",)
    assert ContactLine.from_json(json.loads(json.dumps(made.as_json()))) == made


def test_what_a_program_puts_before_a_number_is_no_part_of_it() -> None:
    made = to_line(Row(2, ["Õun", "\x1f55500209"], 1.0), reading_of(("given_name", "phone")), "EE")
    assert isinstance(made, ContactLine)
    assert [(one.e164, one.raw) for one in made.phones] == [("+37255500209", "55500209")]


@pytest.mark.parametrize("said", ["Kokku", "KOKKU:", "Итого", "Total"])
def test_a_sum_below_a_table_is_no_contact(said: str) -> None:
    roles = ("surname", "given_name", "phone")
    made = to_line(Row(6, [said, "2", ""], 1.0), reading_of(roles), "EE")
    assert isinstance(made, Rejected)
    assert made.why("et") == "see on tabeli kokkuvõte, mitte kontakt"
    assert isinstance(to_line(Row(6, [said, "", "5550 0123"], 1.0), reading_of(roles), "EE"), ContactLine)


def test_names_are_found_without_a_header() -> None:
    columns = (ColumnRole.VARIABLE, ColumnRole.VARIABLE, ColumnRole.PHONE)
    rows = [["17", "Jānis", "26123421"], ["18", "Anna Maria", "29123422"]]
    assert guess_roles(None, columns, rows, {}) == ("ignore", "name", "phone")
    assert guess_roles(("Nr", "Linn", "Telefon"), columns, rows, {})[1] == "ignore"


def test_an_address_book_from_life() -> None:
    looked = look(LIFE / "address_book.csv", "EE", fields={})
    lines = [to_line(row, looked.reading, "EE") for row in looked.rows]
    assert all(isinstance(line, ContactLine) for line in lines), lines
    phones = [
        [(one.e164, one.label) for one in line.phones] for line in lines if isinstance(line, ContactLine)
    ]
    assert phones[0][-1][1] == "Work"
    assert all(label for some in phones for _, label in some)


@given(st.one_of(TEXT, st.text(max_size=20)))
def test_a_guarded_text_comes_back(text: str) -> None:
    assert (unguarded(guarded(text)), unguarded(marked(text))) == (text, text)
    assert not guarded(text).startswith(("=", "+", "-", "@", "|", "%", "\t", "\r"))


def reading_of(roles: tuple[str, ...]) -> Reading:
    columns = (ColumnRole.IGNORE,) * len(roles)
    return Reading(encoding="utf-8", delimiter=";", header=roles, columns=columns, roles=roles)


@st.composite
def contacts(draw: st.DrawFn) -> Exported:
    company = draw(st.booleans())
    row: dict[str, Any] = {
        "id": draw(st.integers(1, 2**40)),
        "kind": "company" if company else "person",
        "surname": "" if company else draw(LINE.filter(bool)),
        "given_name": draw(LINE),
        "patronymic": draw(LINE),
        "company_name": draw(LINE.filter(bool)) if company else draw(LINE),
        "registry_code": draw(LINE)[:40].strip(),
        "employer_id": None,
        "job_title": draw(LINE),
        "external_id": draw(LINE) or None,
        "language": draw(st.sampled_from(["", "et", "ru"])),
        "note": draw(NOTE),
        "employer": None,
        "employer_code": None,
        "owner": None,
    }
    ends = draw(st.lists(st.integers(0, 999), max_size=4, unique=True))
    first = draw(st.integers(0, 3)) % max(1, len(ends))
    phones = [
        (
            f"+37255500{end:03}",
            draw(st.sampled_from([f"5550 0{end:03}", f"+37255500{end:03}"])),
            draw(LINE),
            place == first,
        )
        for place, end in enumerate(ends)
    ]
    emails = [(f"a{end}@example.com", draw(LINE), place == first) for place, end in enumerate(ends)]
    values = {code: value for code in FIELDS if (value := draw(NOTE)).strip()}
    tags = draw(st.lists(LINE.filter(bool), max_size=3, unique=True))
    return Exported(row, phones, emails, values, tags)


def expected(one: Exported) -> dict[str, Any]:
    texts = {
        name: value for name, value in one.row.items() if isinstance(value, str) and value and name != "note"
    }
    note = one.row["note"]
    first = next((place for place, row in enumerate(one.phones, start=1) if row[-1]), 1)
    return {
        "said": texts | {"contact_id": str(one.row["id"])} | ({"note": note} if note.strip() else {}),
        "phones": [(e164, raw, label) for e164, raw, label, _ in one.phones],
        "emails": [(address, label) for address, label, _ in one.emails],
        "preferred": (first, first),
        "tags": sorted(one.tags),
        "fields": one.values,
    }


def said_by(line: ContactLine | Rejected) -> dict[str, Any]:
    assert isinstance(line, ContactLine), line
    return {
        "said": {str(role): text for role, text in line.said.items()},
        "phones": [tuple(one) for one in line.phones],
        "emails": [tuple(one) for one in line.emails],
        "preferred": (line.preferred_phone or 1, line.preferred_email or 1),
        "tags": sorted(line.tags),
        "fields": line.fields,
    }


@settings(max_examples=60)
@given(contacts())
def test_a_row_of_a_table_is_read_as_it_was(one: Exported) -> None:
    roles = tuple(header(4, 4, FIELDS))
    made = io.StringIO()
    csv.writer(made, delimiter=";").writerow([guarded(cell) for cell in cells(one, 4, 4, FIELDS)])
    (read,) = csv.reader(io.StringIO(made.getvalue(), newline=""), delimiter=";")
    row = make_row(2, read, 1.0, whole=True)
    assert row is not None
    assert said_by(to_line(row, reading_of(roles), "EE")) == expected(one)


@settings(max_examples=60)
@given(contacts())
def test_a_card_is_read_as_it_was(tmp_path_factory: pytest.TempPathFactory, one: Exported) -> None:
    path = tmp_path_factory.mktemp("cards") / "one.vcf"
    path.write_text(card(one, FIELDS), encoding="utf-8", newline="")
    assert all(len(line.encode()) <= 75 for line in card(one, FIELDS).split("\r\n"))
    roles = card_header(FIELDS)
    (row,) = contact_card_rows(path, "utf-8", roles)
    assert said_by(to_line(row, reading_of(roles), "EE")) == expected(one)


def test_each_role_has_a_column() -> None:
    assert set(header(1, 1, ())) == {role.value for role in ContactRole} - {"name", "ignore"}
