"""The reader of numbers: tables of what people, spreadsheets, messengers and carriers write."""

from time import process_time

import pytest

from app.numbers.errors import NumberUnreadable
from app.numbers.faults import TEXT_MOST, NumberFault
from app.numbers.plans import e164_of
from app.numbers.reader import (
    caller_key,
    contact_key,
    number_prefixes,
    read_number,
    read_numbers,
)

from .reading import faults, read


@pytest.mark.parametrize(
    "text",
    [
        "55500123",
        " 5550 0123 ",
        "5550-0123",
        "5550.0123",
        "55.50.01.23",
        "(5550) 0123",
        "+372 5550 0123",
        "+372-5550-0123",
        "(+372) 5550 0123",
        "+(372) 5550 0123",
        "0037255500123",
        "(00372) 5550 0123",
        "00 372 55500123",
        "+00372 5550 0123",
        "++37255500123",
        "+ 372 5550 0123",
        "+372 (0) 5550 0123",
        "37255500123",
        "37 255 500 123",
        "37,255,500,123",
        "37.255.500.123",
        "37'255'500'123",
        "37\u202f255\u202f500\u202f123",
        "37255500123.0",
        "37255500123,00",
        "3.7255500123E10",
        "3,7255500123E+10",
        "3.7255500123e+10",
        '"55500123"',
        "'55500123",
        '="55500123"',
        "=+37255500123",
        "`55500123",
        "\u2019+37255500123",
        "\u201e5550 0123\u201c",
        "\t55500123",
        "\x1f55500123",
        "5550\x000123",
        "\ufeff5550 0123",
        "\u202a+372\u00a05550\u20110123\u202c",
        "\u200e+372 5550 0123\u200f",
        "5550\u200b0123",
        "5550\u00ad0123",
        "5550 \u2013 0123",
        "\uff0b\uff13\uff17\uff12\uff15\uff15\uff15\uff10\uff10\uff11\uff12\uff13",
        "\u0665\u0665\u0665\u0660\u0660\u0661\u0662\u0663",
        "tel:+372-5550-0123",
        "tel: 5550 0123",
        "tel. 5550 0123",
        "Tel.5550 0123",
        "mob 5550 0123",
        "5550 0123 (mob)",
        "Mobiil: 5550 0123",
        "моб. 5550 0123",
        "т. 5550 0123",
        "tel nr 5550 0123",
        "<+37255500123>",
        "[5550 0123]",
        "sip:+37255500123",
        "phone\r+37255500123\r",
    ],
)
def test_what_stands_around_a_number_is_no_part_of_it(text: str) -> None:
    read = read_numbers(text, "EE")
    assert [one.e164 for one in read.numbers] == ["+37255500123"]
    assert (read.unread, read.notes) == ((), "")


@pytest.mark.parametrize(
    ("text", "region", "e164"),
    [
        ("+371 26 123 456", "EE", "+37126123456"),
        ("37126123456", "EE", "+37126123456"),
        ("26123456", "LV", "+37126123456"),
        ("+370 8 612 34567", "EE", "+37061234567"),
        ("37061234567", "EE", "+37061234567"),
        ("8 612 34567", "LT", "+37061234567"),
        ("+7 (916) 123-45-67", "EE", "+79161234567"),
        ("79161234567", "EE", "+79161234567"),
        ("8 (916) 123-45-67", "RU", "+79161234567"),
        ("8 10 372 5550 0123", "RU", "+37255500123"),
        ("+358 (0)40 123 4567", "EE", "+358401234567"),
        ("358401234567", "EE", "+358401234567"),
        ("040 123 4567", "FI", "+358401234567"),
        ("040 123 45 67", "FI", "+358401234567"),
        ("401234567", "FI", "+358401234567"),
        ("+39 (0)6 6982 1234", "EE", "+390669821234"),
        ("030/1234567", "DE", "+49301234567"),
        ("030 / 2345678", "DE", "+49302345678"),
        ("(423) 230-1234", "US", "+14232301234"),
        ("+44 (0)20 7946 0123", "GB", "+442079460123"),
        ("53321234", "EE", "+37253321234"),
        ("+447700900123", "EE", "+447700900123"),
        ("8 (495) 123-45-67", "RU", "+74951234567"),
        ("8(495)555-01-23", "RU", "+74955550123"),
        ("08-123 456 78", "SE", "+46812345678"),
        ("4915112345678", "DE", "+4915112345678"),
        ("491701234567", "DE", "+491701234567"),
        ("\U0001f4f15550 0123", "EE", "+37255500123"),
        ("\u260e\ufe0f+372 5550 0123", "EE", "+37255500123"),
        ("tel/fax 600 1234", "EE", "+3726001234"),
        ("https://wa.me/37255500123", "EE", "+37255500123"),
        ("5123456.0", "EE", "+3725123456"),
        ("51234568.0", "EE", "+37251234568"),
    ],
)
def test_numbers_of_many_countries(text: str, region: str, e164: str) -> None:
    assert (read(text, region), faults(text, region)) == ([e164], [])


@pytest.mark.parametrize(
    ("text", "region", "fault"),
    [
        ("", "EE", "BLANK"),
        (" \u200b ", "EE", "BLANK"),
        ("abc", "EE", "NO_NUMBER"),
        ("anonymous", "EE", "NO_NUMBER"),
        ("+", "EE", "NO_NUMBER"),
        ("37126", "EE", "PART"),
        ("112", "EE", "PART"),
        ("26123456", "EE", "COUNTRY"),
        ("8 612 34567", "EE", "COUNTRY"),
        ("8 (916) 123-45-67", "EE", "COUNTRY"),
        ("040 123 4567", "EE", "COUNTRY"),
        ("+372 112", "EE", "LENGTH"),
        ("+372 5550 0123 4", "EE", "LENGTH"),
        ("9" * 60, "EE", "COUNTRY"),
        ("3,72555E+10", "EE", "DIGITS_LOST"),
        ("4E+10", "EE", "DIGITS_LOST"),
        ("5.55003E7", "EE", "DIGITS_LOST"),
        ("3.72555003E+10", "EE", "DIGITS_LOST"),
        ("5550O123", "EE", "LETTERS"),
        ("kask55500124", "EE", "LETTERS"),
        ("sip:kask55500124@example.com", "EE", "LETTERS"),
        ("sip:anonymous1984@example.com", "EE", "LETTERS"),
        ("55500123@example.com", "EE", "LETTERS"),
        ("5550 0123?", "EE", "LETTERS"),
        ("5550012\u00b2", "EE", "LETTERS"),
        ("EE382200221020145685", "EE", "LETTERS"),
        ("5123456-2", "EE", "AMBIGUOUS"),
        ("5123456 (2)", "EE", "AMBIGUOUS"),
        ("5123456 2", "EE", "AMBIGUOUS"),
        ("5123456.5", "EE", "AMBIGUOUS"),
        ("5123456,50", "EE", "AMBIGUOUS"),
        ("512345.67", "EE", "AMBIGUOUS"),
        ("+372 512 3456 7", "EE", "AMBIGUOUS"),
        ("+372 512 3456-78", "EE", "LENGTH"),
        ("5) 512 3456", "EE", "AMBIGUOUS"),
        ("5550 0101 - 5550 0110", "EE", "COUNTRY"),
        ("37255500123", "DE", "AMBIGUOUS"),
        ("26.03.2024", "LV", "DATE"),
        ("2026-03-01", "LV", "DATE"),
        ("arve 5123401", "EE", "OTHER_KIND"),
        ("Tellimus nr 5123401", "EE", "OTHER_KIND"),
        ("заказ № 5123401", "EE", "OTHER_KIND"),
        ("faks 600 1234", "EE", "OTHER_KIND"),
        ("600 1234 faks", "EE", "OTHER_KIND"),
        ("600 1234 (faks)", "EE", "OTHER_KIND"),
        ("https://example.com/55500123", "EE", "OTHER_KIND"),
        ("+372 5550 012x", "EE", "LETTERS"),
        ("+372 5550 012 X", "EE", "LETTERS"),
        ("+372 5550 012...", "EE", "LETTERS"),
        ("49403136526", "EE", "PERSONAL_CODE"),
        ("49403136526", "LT", "PERSONAL_CODE"),
        ("32123456789", "LV", "PERSONAL_CODE"),
        ("5550 0123 " * 100, "EE", "TOO_LONG"),
    ],
)
def test_what_is_not_certain_is_refused_with_the_reason(text: str, region: str, fault: str) -> None:
    read = read_numbers(text, region)
    assert read.numbers == ()
    assert read.unread[0].fault is NumberFault[fault]
    with pytest.raises(NumberUnreadable) as error:
        read_number(text, region)
    assert error.value.fault is NumberFault[fault]
    assert len(str(error.value)) > 10


@pytest.mark.parametrize(
    "between",
    [
        "\n",
        "\r\n",
        " / ",
        "/",
        ", ",
        ",",
        ";",
        " | ",
        " ::: ",
        "\\",
        " ",
        " ja ",
        " või ",
        " and ",
        " or ",
        " и ",
        " или ",
        " & ",
        "\u2028",
        "; mob ",
        ", Mari: ",
        "\t",
    ],
)
def test_several_numbers_come_in_their_order(between: str) -> None:
    assert read(f"5550 0105{between}5550 0104") == ["+37255500105", "+37255500104"]
    assert read(f"+372 600 1234{between}5550 0104{between}37126123456") == [
        "+3726001234",
        "+37255500104",
        "+37126123456",
    ]


@pytest.mark.parametrize(
    ("text", "numbers", "left"),
    [
        ("512 3456/7", ["+3725123456"], ["7"]),
        ("600 1234/35", ["+3726001234"], ["35"]),
        ("+372 512 3456/8", ["+3725123456"], ["8"]),
        ("5123456/5123457", ["+3725123456", "+3725123457"], []),
        ("5550 0101, 12", ["+37255500101"], ["12"]),
        ("12, 5550 0101", [], ["12", "5550 0101"]),
        ("+371, 26123456; 5550 0101", [], ["+371", "26123456", "5550 0101"]),
        ("12; +372 5550 0101", ["+37255500101"], ["12"]),
        ("+371 26123456 / 29123456", ["+37126123456"], ["29123456"]),
        ("45/5123456", [], ["45", "5123456"]),
        ("512/3456", ["+3725123456"], []),
        ("5550 0105 5550", [], ["5550 0105 5550"]),
        ("512 3456 512 3457", ["+3725123456", "+3725123457"], []),
        ("arve 5123401, tel 5550 0702", ["+37255500702"], ["5123401"]),
        ("tel 1: 5550 0101 tel 2: 5550 0102", ["+37255500101", "+37255500102"], []),
        ("600 1234 (faks), 5550 0101", ["+37255500101"], ["600 1234"]),
        ("tel 600 1234 faks 600 1235", ["+3726001234"], ["600 1235"]),
        ("3,72555E+10; 5550 0101", ["+37255500101"], ["3,72555E+10"]),
        ("5550 0101 / 5550 0101", ["+37255500101"], []),
    ],
)
def test_what_is_left_over_is_told(text: str, numbers: list[str], left: list[str]) -> None:
    read = read_numbers(text, "EE")
    assert ([one.e164 for one in read.numbers], [one.text for one in read.unread]) == (numbers, left)


def test_a_number_behind_one_of_another_country_is_not_certain() -> None:
    assert read("+370 600 12345, 5123456") == ["+37060012345", "+3725123456"]
    assert read("+358 40 123 4567, 50123456") == ["+358401234567"]


@pytest.mark.parametrize(
    "text",
    [
        "600 1234 ext 12",
        "600 1234 ext. 12",
        "600 1234 sise 12",
        "600 1234 доб. 12",
        "600 1234 x12",
        "600 1234x12",
        "600 1234#12",
        "+372 600 1234 # 12",
        "600 1234 (sise 12)",
        "600 1234, sise 12",
        "tel:+372-600-1234;ext=12",
    ],
)
def test_an_extension_is_kept_beside_the_number(text: str) -> None:
    (number,) = read_numbers(text, "EE").numbers
    assert (number.e164, number.extension) == ("+3726001234", "12")
    assert faults(text) == []


def test_each_number_has_its_own_extension_and_what_was_written() -> None:
    read = read_numbers("5550 0411; 600 1239 ext 5 (Mari)", "EE")
    assert [(one.e164, one.extension, one.raw) for one in read.numbers] == [
        ("+37255500411", "", "5550 0411"),
        ("+3726001239", "5", "600 1239 ext 5"),
    ]
    assert read.notes == "Mari"
    assert read_numbers("tel:  5550 0411\u202c", "EE").numbers[0].raw == "tel: 5550 0411"


def test_one_number_is_not_several() -> None:
    with pytest.raises(NumberUnreadable) as error:
        read_number("5550 0101, 5550 0102", "EE")
    assert error.value.fault is NumberFault.SEVERAL


@pytest.mark.parametrize(
    "text",
    [
        " ".join("5" * 200),
        "/".join([" ".join("5" * 40)] * 5),
        " ".join(["51234567"] * 25),
        "(" * TEXT_MOST,
        "+ " * (TEXT_MOST // 2),
        "5 " * (TEXT_MOST // 2),
        "1.1" * 150,
        "5" * 200 + "E",
    ],
)
def test_the_work_is_bounded(text: str) -> None:
    e164_of.cache_clear()
    began = process_time()
    read_numbers(text, "DE")
    assert e164_of.cache_info().misses < 1000
    assert process_time() - began < 5.0


@pytest.mark.parametrize(
    ("sent", "key"),
    [
        ("358401234567", "+358401234567"),
        ("00358401234567", "+358401234567"),
        ("+358401234567", "+358401234567"),
        ("55500123", "+37255500123"),
        ("201", "201"),
        ("1247", "1247"),
        ("112", "112"),
        ("*98", "*98"),
        ("49403136526", "+49403136526"),
        ("26123456", "26123456"),
        ("", ""),
        ("anonymous", ""),
        ("kask55500124", ""),
        ("anonymous1984", ""),
        ("5550 0123 Mari", ""),
    ],
)
def test_a_caller_has_one_key_whatever_the_carrier_sends(sent: str, key: str) -> None:
    assert caller_key(sent, "EE") == key


@pytest.mark.parametrize("typed", ["201", "112", "1247", "116111", "10"])
def test_internal_and_short_numbers_stay_usable_for_contacts(typed: str) -> None:
    assert contact_key(typed, "EE") == typed


@pytest.mark.parametrize("typed", ["abc", "37126", "512 3456/7", "1", "5550 0101, 5550 0102"])
def test_a_contact_has_no_number_that_is_not_certain(typed: str) -> None:
    with pytest.raises(NumberUnreadable):
        contact_key(typed, "EE")


@pytest.mark.parametrize(
    ("typed", "prefixes"),
    [
        ("5550", ("5550", "+3725550", "+5550")),
        ("+372 5550", ("+3725550",)),
        ("00372", ("+372",)),
        ("\u202a+372 5550 0123\u202c", ("+37255500123",)),
        ("tel. 5550 0123", ("+37255500123",)),
        ("358401234567", ("+358401234567",)),
        ("201", ("201", "+372201", "+201")),
        ("Mari", ()),
        ("Mari 2", ()),
        ("24/7 abi", ()),
        ("", ()),
    ],
)
def test_the_beginning_of_a_number_is_searched_in_its_spelling(typed: str, prefixes: tuple[str, ...]) -> None:
    assert number_prefixes(typed, "EE") == prefixes


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1. 5550 0123", ["+37255500123"]),
        ("12) 5550 0123", ["+37255500123"]),
        ("2. +372 5550 0123", ["+37255500123"]),
        ("3. tel 5550 0123", ["+37255500123"]),
        ("1. 5550 0123, 2. 5550 0124", ["+37255500123", "+37255500124"]),
        ("1) 5550 0123\n2) 5550 0124", ["+37255500123", "+37255500124"]),
        ("372. 5550 0123", ["+37255500123"]),  # a place or the country's code: the same number
        ("5550 0123 (9-17)", ["+37255500123"]),
        ("5550 0123 (9\u201317)", ["+37255500123"]),
        ("5550 0123 (E-R 9-17)", ["+37255500123"]),
        ("5550 0123 (kl 9-17)", ["+37255500123"]),
        ("5550 0123 (9-17h), 5550 0124", ["+37255500123", "+37255500124"]),
        ("5550 0123 (9.00-17.00)", ["+37255500123"]),
        ("5550 0123 (9:00 - 17:00)", ["+37255500123"]),
        ("[12.03.2025, 14:55] Mari: 5550 0123", ["+37255500123"]),
        ("[12/03/2025, 14:55:03] Mari Maasikas: 5550 0123", ["+37255500123"]),
        ("12.03.2025, 14:55 - Mari: 5550 0123", ["+37255500123"]),
        ("3/12/25, 2:55 PM - Mari: 5550 0123", ["+37255500123"]),
        ("[14:55, 12.03.2025] Mari: 5550 0123", ["+37255500123"]),
        (
            "[12.03.2025, 14:55] Mari: 5550 0123\n[12.03.2025, 14:56] Ott: 5550 0124",
            ["+37255500123", "+37255500124"],
        ),
    ],
)
def test_what_stands_beside_a_number_and_can_be_no_part_of_it(text: str, numbers: list[str]) -> None:
    assert (read(text), faults(text)) == (numbers, [])


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("49. 5550 0123", "AMBIGUOUS"),  # a place, or Germany
        ("371. 5550 0123", "AMBIGUOUS"),
        ("1.5550 0123", "COUNTRY"),
        ("512 3456 (9-17)", "AMBIGUOUS"),  # hours, or 512 3456 9
        ("5550 123 (5-6)", "AMBIGUOUS"),
        ("5550 123 (4-5)", "AMBIGUOUS"),
        ("5550 0123 (0-22)", "AMBIGUOUS"),
        ("(0-22) 621 02 52", "COUNTRY"),  # as it is written in Poland
        ("600 1234 (101-105)", "COUNTRY"),
        ("5550 0123 (17-9)", "COUNTRY"),
        ("12.03.2025 14:55 5550 0123", "DATE"),
    ],
)
def test_what_may_be_part_of_a_number_is_refused(text: str, fault: str) -> None:
    assert read(text) == []
    assert fault in faults(text)


@pytest.mark.parametrize(
    "text", ["5550 0123, 9.00-17.00", "5550 0123 E-R 9.00-17.00", "5550 0123 9:00-17:00"]
)
def test_hours_are_no_number(text: str) -> None:
    """`9.00-17.00` was read as 900 1700, which is a dear one."""
    assert read(text) == ["+37255500123"]
    assert faults(text) == ["HOURS"]


def test_what_a_phone_sends_is_a_number_alone() -> None:
    assert caller_key("1. 55500123", "EE") == "155500123"
