"""The one reader of telephone numbers: text typed, pasted, imported or sent, read as numbers that are certain.

`read_numbers` takes a text apart (`app.numbers.text`), removes what is known to be no part of a number
(`app.numbers.asides`, `app.numbers.words`), and asks the numbering plans which number each run of digits can be
(`app.numbers.runs`, `app.numbers.plans`). A run that can be read in no way, or in several, is left unread with the
reason. Three rules keep strangers from being dialled:

- Each digit of a run counts: the run is one whole number, or several separated by its spaces, or unread.
- A run is unread if a part of it is a number by itself and the rest is only a digit or two, as in `5123456-2`.
- Behind a loose part, such as `+371, 26123456`, only numbers with their own country code are certain.

No I/O; the caller always gives the country for numbers without a country code.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, assert_never

from app.numbers.asides import without_asides
from app.numbers.errors import NumberUnreadable, unreadable
from app.numbers.faults import DIGITS_READ, TEXT_MOST, NumberFault
from app.numbers.personal_codes import is_personal_code
from app.numbers.plans import DIGITS_MOST, Ambiguous, country_of, dialled_country, e164_of, is_short
from app.numbers.runs import Read, read_run
from app.numbers.text import Kind, Token, clean, tokens
from app.numbers.words import AND, EXTENSION, FAX, LABELS, NO_TELEPHONE, NUMBER

RAW_MOST: Final = 100
"""The most characters kept of the text as written."""
EXTENSION_MOST: Final = 7
_LOOSE_MOST: Final = 5
"""The most digits of a loose part, which may belong to the digits behind it: an area or country code, a place in a
list."""
_SHORTENED: Final = re.compile(r"(?<![\w.,])\+?(\d)(?:[.,](\d+))?[eE]\+?(\d{1,2})(?!\w)")
_PLAIN: Final = re.compile(r"\+?\d{7,15}", re.ASCII)
_GROUPED: Final = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3}){3,}(?:\.0{1,2})?(?![\d.,])")
_WHOLE: Final = re.compile(r"(?<![\d.,])(\+?\d{5,})[.,]0{1,2}(?![\d.,])(?![ ()\-]*\d{1,4}(?!\d))")
_FRACTION: Final = re.compile(
    r"(?<!\d)\+?\d[\d .()\-]*(?:[.,]0|(?<=\d{3})[.,]00|(?<=\d{5})[.,]\d\d?)(?![.,]?\d)[\d .()\-]*"
)
"""A run with a fraction; the zero of a spreadsheet's `2100.0` is no digit of a number, and no group has one digit."""
_DATE: Final = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d([-./])\d{1,2}\1\d{1,2}|\d{1,2}([-./])\d{1,2}\2(?:19|20)\d\d)(?!\d)"
)
_ADDRESS: Final = re.compile(
    r"(?:https?://|www\.)(?!(?:www\.)?(?:wa\.me|api\.whatsapp\.com)/)(?=[^\s;]*\d{5})[^\s;]+", re.IGNORECASE
)
"""The address of a web page with digits that are no telephone number."""
_HARMLESS: Final = frozenset(":=.-()~\N{NUMERO SIGN}")
"""Signs that may touch a number and are no part of it."""


@dataclass(slots=True, frozen=True)
class Number:
    """A number that is certain."""

    e164: str
    extension: str = ""
    """Digits to dial after the call is answered."""
    raw: str = ""
    """The number as it was written."""


@dataclass(slots=True, frozen=True)
class Unread:
    """A piece of text that is no number."""

    text: str
    fault: NumberFault
    region: str = ""

    @property
    def refusal(self) -> NumberUnreadable:
        """The refusal that says why."""
        return unreadable(self.fault, self.text[:RAW_MOST], self.region)

    @property
    def why(self) -> str:
        """The reason, in English."""
        return str(self.refusal)


@dataclass(slots=True, frozen=True)
class NumbersRead:
    """The numbers of a text, and what of it could not be read."""

    numbers: tuple[Number, ...]
    """In the order they are written, each once."""
    unread: tuple[Unread, ...] = ()
    """Pieces that could not be read with certainty; at least one if there are no numbers."""
    notes: str = ""
    """Words beside the numbers that are no labels."""


def read_numbers(text: str, region: str, *, alone: bool = False) -> NumbersRead:
    """All numbers of a text, and what of it could not be read.

    Args:
        text: text as typed, imported or sent; one with more than `TEXT_MOST` characters is not read.
        region: ISO 3166 code of the country for numbers without a country code.
        alone: whether the text is only a number, as sent by a machine, so that asides need not be looked for.

    >>> [one.e164 for one in read_numbers("tel. 5550 0123 / +358 40 555 0123 (Mari)", "EE").numbers]
    ['+37255500123', '+358405550123']
    >>> read_numbers("600 1234 ext 12", "EE").numbers
    (Number(e164='+3726001234', extension='12', raw='600 1234 ext 12'),)
    >>> read_numbers("5123456-2", "EE").unread[0].why
    '5123456-2 can be read in more than one way: write each number whole'
    """
    if len(text) > TEXT_MOST or sum(letter.isdigit() for letter in text) > DIGITS_READ:
        return NumbersRead((), (Unread(text[:RAW_MOST], NumberFault.TOO_LONG, region),))
    if (
        _PLAIN.fullmatch(text)
        and not is_personal_code(text, region)
        and (e164 := _plain(text, region)) is not None
    ):
        return NumbersRead((Number(e164, raw=text),))  # a shortcut for most texts, in half the time
    said = clean(text)
    if not said:
        return NumbersRead((), (Unread("", NumberFault.BLANK, region),))
    reader = _Reader(region)
    reader.read(said, alone=alone)
    numbers, unread = list(reader.numbers), reader.unread
    if not numbers and not unread:
        unread = [Unread(said, NumberFault.NO_NUMBER, region)]
    if len(numbers) == 1 and not unread:
        numbers[0] = Number(numbers[0].e164, numbers[0].extension, written(text))
    return NumbersRead(tuple(numbers), tuple(unread), " ".join(reader.notes))


def read_number(text: str, region: str) -> Number:
    """The one number of a text.

    Raises:
        NumberUnreadable: it has no number, several, or a part that could not be read.

    >>> read_number("\\u202a+372 5550 0123\\u202c", "EE").e164
    '+37255500123'
    """
    read = read_all(text, region)
    if len(read) > 1:
        raise Unread(written(text), NumberFault.SEVERAL, region).refusal
    return read[0]


def read_all(text: str, region: str) -> tuple[Number, ...]:
    """The numbers of a text in which everything could be read, at least one.

    Raises:
        NumberUnreadable: it has no number, or a part that could not be read.
    """
    read = read_numbers(text, region)
    if read.unread:
        raise read.unread[0].refusal
    return read.numbers


def keys_of(text: str, region: str) -> tuple[str, ...]:
    """Keys for a look-up: all numbers of a text in which everything could be read, or one short number.

    Raises:
        NumberUnreadable: a part of it is neither.

    >>> keys_of("5550 0123 / 5550 0124", "EE"), keys_of("112", "EE")
    (('+37255500123', '+37255500124'), ('112',))
    """
    short = clean(text[:TEXT_MOST])
    return (short,) if is_short(short, region) else tuple(one.e164 for one in read_all(text, region))


def contact_key(text: str, region: str) -> str:
    """The key of a contact's number: E.164, or an internal or short number as it is dialled.

    Raises:
        NumberUnreadable: the text is neither.

    >>> contact_key("5550 0123", "EE"), contact_key("201", "EE"), contact_key("1247", "EE")
    ('+37255500123', '201', '1247')
    """
    short = clean(text[:TEXT_MOST])
    return short if is_short(short, region) else read_number(text, region).e164


def caller_key(sent: str, region: str) -> str:
    """The key of a caller's number for look-ups and records: E.164, else the digits that were sent.

    Args:
        sent: the number as the carrier, or one of the centre's phones, sends it.
        region: ISO 3166 code of the country for numbers without a country code.

    Returns:
        The key; empty: no number was sent, as a text with letters has none.

    >>> caller_key("358401234567", "EE"), caller_key("201", "EE"), caller_key("kask55500124", "EE")
    ('+358401234567', '201', '')
    """
    said = clean(sent[:TEXT_MOST])
    if not re.fullmatch(r"\+?[\d ().*#\-]*\d[\d*#]*", said):
        return ""
    if not is_short(said, region):
        if _PLAIN.fullmatch(said) and (e164 := _plain(said, region)) is not None:
            return e164  # carriers do not send personal codes
        read = read_numbers(said, region, alone=True)
        if len(read.numbers) == 1 and not read.unread and not read.numbers[0].extension:
            return read.numbers[0].e164
    return re.sub(r"[^\d*#+]", "", said)[:40]


def caller_keys(typed: str, region: str) -> tuple[str, ...]:
    """Keys to search calls by: the numbers of a text, or an internal number as it is dialled.

    Raises:
        NumberUnreadable: a part of it is neither.

    >>> caller_keys("5550 0123, 5550 0124", "EE"), caller_keys("201", "EE")
    (('+37255500123', '+37255500124'), ('201',))
    """
    key = caller_key(typed, region)
    return (key,) if key else tuple(one.e164 for one in read_all(typed, region))


def dialled(typed: str) -> str:
    """One of the centre's own numbers in the form in which the PBX gets it: only digits, without other signs.

    Raises:
        NumberUnreadable: the text has letters, no digits, or too many digits.

    >>> dialled("+372 600 0100"), dialled("101")
    ('3726000100', '101')
    """
    said = clean(typed[:TEXT_MOST])
    digits = re.sub(r"[ ().+\-]", "", said)
    if not digits.isdecimal():
        raise Unread(said, NumberFault.LETTERS if digits else NumberFault.BLANK).refusal
    if len(digits) > DIGITS_MOST:
        raise Unread(said, NumberFault.TOO_LONG).refusal
    return digits


def number_prefixes(typed: str, region: str) -> tuple[str, ...]:
    """The beginnings of stored numbers that match a partly typed number; empty: the text is no number.

    >>> number_prefixes("5550", "EE"), number_prefixes("00372", "EE"), number_prefixes("Mari", "EE")
    (('5550', '+3725550', '+5550'), ('+372',), ())
    """
    read = read_numbers(typed, region)
    if read.numbers and not read.unread and not read.notes:
        return tuple(one.e164 for one in read.numbers)
    said = clean(typed[:TEXT_MOST])
    if not re.fullmatch(r"\+?[\d ().\-]*\d[ ().\-]*", said):
        return ()
    digits = "".join(letter for letter in said if letter.isdecimal())
    if said.startswith("+"):
        return (f"+{digits}",)
    if digits.startswith("00"):
        return (f"+{digits[2:]}",)
    return (digits, f"+{dialled_country(region)}{digits}", f"+{digits}")


def is_e164(text: str) -> bool:
    """Whether a text has the form in which numbers are stored: a plus and digits."""
    return re.fullmatch(r"\+\d+", text, re.ASCII) is not None


def _plain(digits: str, region: str) -> str | None:
    try:
        return e164_of(digits, region)
    except Ambiguous:
        return None


def written(text: str) -> str:
    """A text as it is stored beside the numbers read from it: printable, at most `RAW_MOST` characters."""
    return " ".join("".join(one if one.isprintable() else " " for one in text[:TEXT_MOST]).split())[:RAW_MOST]


@dataclass(slots=True)
class _Reader:
    """Reads a text once, from left to right."""

    region: str
    numbers: list[Number] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _text: str = ""
    _last: int | None = None
    """Index of the number that an extension would belong to: the last one, while no other digits have come."""
    _last_start: int = 0
    _extension: bool = False
    _other_kind: bool = False
    _loose: bool = False
    """A loose part came, which may belong to the digits behind it."""

    def read(self, said: str, *, alone: bool) -> None:
        """Read a clean text."""
        if not alone:
            said, refused = without_asides(said, self.region)
            self.unread += [Unread(text, fault, self.region) for text, fault in refused]
        self._text = self._spreadsheet(said)
        pieces = tokens(self._text)
        place = 0
        while place < len(pieces):
            piece = pieces[place]
            match piece.kind:
                case Kind.WORD:
                    self._word(pieces, place)
                case Kind.PARTS:
                    self._other_kind = self._extension = False
                case Kind.OTHER:
                    self._sign(piece.text)
                case Kind.DIGITS:
                    place += self._digits(pieces, place)
                case _:
                    assert_never(piece.kind)
            place += 1

    def _spreadsheet(self, said: str) -> str:
        """The text with numbers restored that a spreadsheet has reformatted, as far as all digits are still there."""

        def give_back(match: re.Match[str]) -> str:
            first, rest, power = match.group(1), match.group(2) or "", int(match.group(3))
            if len(rest) == power:
                return first + rest
            return refuse(match, NumberFault.DIGITS_LOST)

        def refuse(match: re.Match[str], fault: NumberFault) -> str:
            self.unread.append(Unread(match.group(), fault, self.region))
            return ";"

        said = _ADDRESS.sub(lambda match: refuse(match, NumberFault.OTHER_KIND), said)
        said = _SHORTENED.sub(give_back, said)
        said = _GROUPED.sub(lambda match: match.group().partition(".")[0].replace(",", ""), said)
        said = _DATE.sub(lambda match: refuse(match, NumberFault.DATE), said)
        said = _WHOLE.sub(r"\1", said)
        return _FRACTION.sub(lambda match: refuse(match, NumberFault.AMBIGUOUS), said)

    def _word(self, pieces: Sequence[Token], place: int) -> None:
        word = pieces[place].text
        known = word.casefold()
        self._extension = known in EXTENSION and self._last is not None
        if known in FAX:
            self._fax(pieces, place)
        elif known in NO_TELEPHONE:
            self._other_kind = True
        elif known in LABELS:
            self._other_kind = False
        elif known not in AND and known not in NUMBER and not self._extension:
            self.notes.append(word)

    def _fax(self, pieces: Sequence[Token], place: int) -> None:
        """Handle a word for fax: `tel/fax 600 1234` is a telephone; `600 1234 (fax)` and `fax: 600 1234` are not."""
        before, behind = pieces[max(0, place - 2) : place], pieces[place + 1 : place + 2]
        if len(before) == 2 and before[0].text.casefold() in LABELS and before[1].text == "/":
            return
        closed = self._text[pieces[place].end :].lstrip(" .").startswith(")")
        if (
            before
            and before[-1].kind is Kind.DIGITS
            and self._last is not None
            and (closed or not behind or behind[0].kind is Kind.PARTS)
        ):
            number = self.numbers.pop(self._last)
            self.unread.append(Unread(number.raw, NumberFault.OTHER_KIND, self.region))
            self._last = None
            return
        self._other_kind = True

    def _sign(self, sign: str) -> None:
        if sign == "#":
            self._extension = self._last is not None
        elif sign not in _HARMLESS:
            self._extension = False

    def _digits(self, pieces: Sequence[Token], place: int) -> int:
        """Read a run of digits; return how many pieces behind it belong to it."""
        piece = pieces[place]
        if self._extension:
            self._extend(piece)
            return 0
        fault = self._touched(pieces, place) or (NumberFault.OTHER_KIND if self._other_kind else None)
        if fault is None and _numbers_a_label(pieces, place):
            return 0
        taken = 0
        found: list[Read] | NumberFault = fault or read_run(piece.text, self.region)
        if found in (NumberFault.PART, NumberFault.COUNTRY) and _by_slash(pieces, place):
            joined = piece.text + pieces[place + 2].text
            whole = read_run(joined, self.region)
            if not isinstance(whole, NumberFault) and len(whole) == 1:
                found, taken = [Read(whole[0].e164, f"{piece.text}/{pieces[place + 2].text}")], 2
        if isinstance(found, NumberFault):
            self._leave(pieces, place, found)
        else:
            for e164, raw in found:
                self._take(e164, raw)
            self._last_start = piece.start
        return taken

    def _take(self, e164: str, raw: str) -> None:
        own_code = raw.startswith(("+", "00", "(00"))
        before = country_of(self.numbers[-1].e164) if self.numbers else None
        if not own_code and (self._loose or (before and _reads_otherwise(raw, e164, before))):
            self.unread.append(Unread(raw, NumberFault.AMBIGUOUS, self.region))
            self._last = None
            return
        known = next((at for at, one in enumerate(self.numbers) if one.e164 == e164), None)
        if known is None:
            self.numbers.append(Number(e164, raw=raw))
            known = len(self.numbers) - 1
        self._last = known

    def _extend(self, piece: Token) -> None:
        """Take a run of digits as the last number's extension."""
        self._extension = False
        assert self._last is not None
        place, number = self._last, self.numbers[self._last]
        self._last = None
        if not piece.text.isdecimal() or len(piece.text) > EXTENSION_MOST or number.extension:
            self.unread.append(Unread(piece.text, NumberFault.AMBIGUOUS, self.region))
            return
        raw = self._text[self._last_start : piece.end]
        self.numbers[place] = Number(number.e164, piece.text, raw)

    def _leave(self, pieces: Sequence[Token], place: int, fault: NumberFault) -> None:
        piece = pieces[place]
        self.unread.append(Unread(piece.text, fault, self.region))
        tail = place >= 2 and pieces[place - 1].text == "/" and self._last is not None
        digits = sum(letter.isdecimal() for letter in piece.text)
        if not tail and (digits <= _LOOSE_MOST or piece.text.startswith("+")):
            self._loose = True
        self._last = None

    def _touched(self, pieces: Sequence[Token], place: int) -> NumberFault | None:
        """The fault of a run of digits that letters or signs touch, unless they are labels or harmless."""
        piece = pieces[place]
        behind = pieces[place + 1 : place + 4]
        if behind and behind[0].text.casefold() == "x" and all(one.kind is not Kind.DIGITS for one in behind):
            return NumberFault.LETTERS  # the x stands for missing digits
        for beside in (
            *(one for one in pieces[max(0, place - 1) : place] if one.end == piece.start),
            *(one for one in pieces[place + 1 : place + 2] if one.start == piece.end),
        ):
            known = beside.text.casefold()
            if beside.kind is Kind.WORD and known not in LABELS | EXTENSION | NUMBER:
                return NumberFault.LETTERS
            if (
                beside.kind is Kind.OTHER
                and known not in _HARMLESS
                and not (known == "#" and beside.start == piece.end)
            ):
                return NumberFault.LETTERS
        return None


def _numbers_a_label(pieces: Sequence[Token], place: int) -> bool:
    """Whether a digit numbers a label, such as the 2 of `tel 2: 5550 0123`."""
    return (
        len(pieces[place].text) == 1
        and 0 < place < len(pieces) - 1
        and pieces[place - 1].text.casefold() in LABELS
        and pieces[place + 1].text == ":"
    )


def _by_slash(pieces: Sequence[Token], place: int) -> bool:
    """Whether a slash may separate an area code from the rest, as in `030/1234567`."""
    behind = pieces[place + 1 : place + 3]
    return (
        1 < sum(letter.isdecimal() for letter in pieces[place].text) <= _LOOSE_MOST
        and len(behind) == 2
        and behind[0].text == "/"
        and behind[1].kind is Kind.DIGITS
        and not behind[1].text.startswith("+")
    )


def _reads_otherwise(raw: str, e164: str, country: str) -> bool:
    """Whether the digits would be another number in the country of the number before them."""
    try:
        there = e164_of("".join(letter for letter in raw if letter.isdecimal()), country)
    except Ambiguous:
        return True
    return there is not None and there != e164
