"""The promises of the reader of numbers, whatever the text."""

import re
import unicodedata
from datetime import date, time

import phonenumbers
from hypothesis import assume, example, given
from hypothesis import strategies as st

from app.numbers.asides import without_asides
from app.numbers.plans import is_valid
from app.numbers.reader import (
    caller_key,
    contact_key,
    number_prefixes,
    read_number,
    read_numbers,
)
from app.numbers.text import clean

from .reading import faults, read

_PLAIN = st.text("0123456789+()-. ", max_size=40)
_MIXED = st.text("0123456789+()-./,;:#eExX \n\t'\"aиõ\u200b\u202a\uff11\u0661²", max_size=60)
_REGIONS = st.sampled_from(["EE", "LV", "FI", "DE", "RU", "US", "IT"])


def _bare(text: str) -> str:
    """A text's digits; what is more than a separator is a `|`."""
    kept = []
    for letter in text:
        digit = unicodedata.decimal(letter, None)
        if digit is not None:
            kept.append(str(digit))
        elif letter not in " ()-./,'\"\t" and unicodedata.category(letter) not in ("Cf", "Cc"):
            kept.append("|")
    return "".join(kept)


@given(_PLAIN | _MIXED | st.text(max_size=60), _REGIONS)
@example("512 3456/7", "EE")
def test_a_number_is_written_in_the_text_digit_for_digit(text: str, region: str) -> None:
    for number in read_numbers(text, region).numbers:
        national = phonenumbers.national_significant_number(phonenumbers.parse(number.e164))
        assert national in _bare(text)


@given(_PLAIN, _REGIONS)
@example("2100.0", "FI")
@example("0.0-21000", "FI")
@example("72225.0 35.", "EE")
@example("5 (0).04071.93", "DE")
def test_no_digit_of_a_run_is_dropped_or_added(text: str, region: str) -> None:
    runs = re.findall(r"\+?\d[\d ().\-]*", text)
    assume(len(runs) == 1)
    assume(".." not in text)  # an ellipsis parts numbers
    assume(without_asides(clean(text), region) == (clean(text), []))
    read = read_numbers(text, region)
    if not read.numbers:
        assert read.unread
        return
    assert (
        "".join(re.sub(r"\D", "", one.raw) for one in read.numbers)
        in (
            re.sub(r"\D", "", text),
            re.sub(r"\D", "", text)[:-1],  # a spreadsheet's .0
            re.sub(r"\D", "", text)[:-2],
        )
    )
    for one in read.numbers:
        national = phonenumbers.national_significant_number(phonenumbers.parse(one.e164))
        whole = re.sub(
            r"((?:^|[^\d.,])\+?\d{5,})[.]0{1,2}$", r"\1", one.raw.rstrip(" .-()")
        )  # a spreadsheet's .0
        assert re.sub(r"\D", "", whole).endswith(national)
        assert not whole.endswith(".0")


@given(st.integers(0, 9999), st.integers(0, 9))
def test_a_digit_more_or_less_is_no_other_number(number: int, digit: int) -> None:
    whole = f"5550{number:04}"
    assert read(whole) == [f"+372{whole}"]
    assert read(whole[:-1]) == read(f"{whole}{digit}") == read(f"{whole} {digit}") == []


@given(_PLAIN | _MIXED | st.text(max_size=60), _REGIONS)
def test_what_was_read_reads_the_same_again(text: str, region: str) -> None:
    read = read_numbers(text, region)
    assert read.numbers or read.unread
    for number in read.numbers:
        assert read_number(number.e164, region).e164 == number.e164
        assert caller_key(number.e164, region) == contact_key(number.e164, region) == number.e164
        assert number.e164 in number_prefixes(number.e164, region)


@given(
    st.lists(st.integers(0, 9999), min_size=1, max_size=8, unique=True),
    st.sampled_from(["{}", "+372{}", "00372{}", "372{}", "+372 {}", "(00372) {}", "'{}", "\u202a{}\u202c"]),
    st.sampled_from(["\n", " / ", ", ", ";", " ja ", " ", " | "]),
)
def test_every_way_of_writing_keeps_numbers_and_order(numbers: list[int], way: str, between: str) -> None:
    text = between.join(way.format(f"5550{number:04}") for number in numbers)
    assert read(text) == [f"+3725550{number:04}" for number in numbers]


@given(st.text(), _REGIONS)
def test_keys_of_any_text(text: str, region: str) -> None:
    key = caller_key(text, region)
    assert re.fullmatch(r"|\+?[\d*#]{1,40}", key, re.ASCII)
    assert caller_key(key, region) == key
    number_prefixes(text, region)


_SUBSCRIBERS = st.from_regex(r"\A(5[0-9]{6,7}|[36][0-9]{6}|800[0-9]{4,5})\Z").filter(
    lambda digits: is_valid(f"+372{digits}")
)
_WAYS = st.sampled_from(["{}", "{} ", "+372 {}", "00372 {}", "tel {}"])


@given(st.integers(0, 999), _SUBSCRIBERS, _WAYS, st.sampled_from([". ", ") ", ".  "]))
def test_a_place_in_a_list_makes_no_other_number(place: int, digits: str, way: str, sign: str) -> None:
    assert set(read(f"{place}{sign}{way.format(digits)}")) <= {f"+372{digits}"}


@given(
    _SUBSCRIBERS,
    st.tuples(st.integers(0, 30), st.integers(0, 30)),
    st.sampled_from(
        [
            "({}-{})",
            "({}.00-{}.00)",
            "({:02}:30 - {:02}:30)",
            "(E-R {}-{})",
            "{}.00-{}.00",
            "{:02}.15-{:02}.45",
        ]
    ),
    st.sampled_from([" ", ", ", "\n", ""]),
)
def test_hours_beside_a_number_make_no_other_number(
    digits: str, hours: tuple[int, int], way: str, between: str
) -> None:
    assume(between or way.startswith("("))
    found = set(read(f"{digits}{between}{way.format(*hours)}"))
    begin, end = hours
    if begin < end <= 23:  # else they are no hours
        assert found <= {f"+372{digits}"}


@given(
    st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    st.times(),
    _SUBSCRIBERS,
    st.sampled_from(
        [
            "[{:%d.%m.%Y}, {:%H:%M}] {}: {}",
            "{:%d/%m/%Y}, {:%H:%M} - {}: {}",
            "[{:%Y-%m-%d} {:%H:%M:%S}] {}: {}",
        ]
    ),
    st.sampled_from(["Mari", "Jüri Õun", "Маша"]),
)
def test_a_line_of_a_chat_has_the_number_that_was_said(
    day: date, moment: time, digits: str, way: str, name: str
) -> None:
    text = way.format(day, moment, name, digits)
    assert (read(text), faults(text)) == ([f"+372{digits}"], [])


@given(_PLAIN | _MIXED | st.text(max_size=60), _REGIONS)
def test_what_is_left_away_is_never_dialled(text: str, region: str) -> None:
    kept, _ = without_asides(clean(text), region)
    dialled = {one.e164 for one in read_numbers(text, region).numbers}
    assert dialled == {one.e164 for one in read_numbers(kept, region).numbers}
