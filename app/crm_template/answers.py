"""What a CRM answers, JSON or XML, and the values in it that a template's paths lead to.

A path is names with dots between; where a list stands on the way, each of its items is followed, or the one that a
number in the path names. Values found through the same items of the same lists belong together: so a number's rule
picks one contact of several, and its name is that contact's.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from xml.parsers import expat

from app.crm_template.errors import AnswerUnreadable
from app.crm_template.limits import ANSWER_MOST

Data = str | dict[str, "Data"] | list["Data"] | None

FOUND_MOST: Final = 1000
"""How many values one path may lead to."""
_DEEP: Final = 60
_UNFIT: Final = re.compile(r"[\0\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
"""What no database or encoding takes (NUL, half a surrogate pair), or what turns the text around it on a screen."""
Trail = Mapping[tuple[str, ...], int]
"""The items of lists through which a value was found: by the path of the list, the item's place."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A value, and where it was found."""

    value: str
    trail: Trail

    def belongs(self, other: Trail) -> bool:
        """Whether it was found through the same items, as far as both went through the same lists."""
        return all(other.get(path, place) == place for path, place in self.trail.items())


def read_answer(body: bytes, *, xml: bool) -> Data:
    """An answer as data; numbers are the texts that they were, and truth is `True` or `False`.

    Raises:
        AnswerUnreadable: it is not what it should be, or too long.
    """
    if len(body) > ANSWER_MOST:
        raise AnswerUnreadable(f"the answer is longer than {ANSWER_MOST} bytes")
    if not body.strip():
        return None
    return _read_xml(body) if xml else _read_json(body)


def _read_json(body: bytes) -> Data:
    try:
        return _texts(json.loads(body, parse_int=str, parse_float=str, parse_constant=str), 0)
    except (ValueError, RecursionError) as error:
        raise AnswerUnreadable("the answer is no JSON") from error


def _texts(value: object, depth: int) -> Data:
    if depth > _DEEP:
        raise AnswerUnreadable("the answer nests too deep")
    if isinstance(value, dict):
        return {str(key): _texts(one, depth + 1) for key, one in value.items()}
    if isinstance(value, list):
        return [_texts(one, depth + 1) for one in value]
    if value is None:
        return None
    if isinstance(value, bool):
        return "True" if value else "False"
    return _UNFIT.sub("\N{REPLACEMENT CHARACTER}", str(value))


class _Element:
    def __init__(self, name: str, attributes: Mapping[str, str]) -> None:
        self.name = name
        self.parts: dict[str, Data] = dict(attributes)
        self.text: list[str] = []

    def add(self, name: str, value: Data) -> None:
        before = self.parts.get(name)
        if before is None and name not in self.parts:
            self.parts[name] = value
        elif isinstance(before, list):
            before.append(value)
        else:
            self.parts[name] = [before, value]

    @property
    def value(self) -> Data:
        text = "".join(self.text).strip()
        if not self.parts:
            return text
        return {**self.parts, "": text} if text else self.parts


def _read_xml(body: bytes) -> Data:
    """The root's parts; under the root's name, too, so that paths may begin with it or not."""
    open_: list[_Element] = [_Element("", {})]

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(open_) > _DEEP:
            raise AnswerUnreadable("the answer nests too deep")
        open_.append(_Element(name.rpartition(":")[2], attributes))

    def end(_name: str) -> None:
        element = open_.pop()
        open_[-1].add(element.name, element.value)

    def text(said: str) -> None:
        open_[-1].text.append(said)

    try:
        parse_xml(body, start, end, text)
    except ValueError as error:
        raise AnswerUnreadable(f"the answer is no XML that can be read: {error}") from error
    ((name, root),) = open_[0].parts.items()
    return {**root, name: root} if isinstance(root, dict) else {name: root}


class EntitiesDeclared(ValueError):  # noqa: N818 - it says what the document does
    """A document declares its type or entities, which nothing that is read here needs."""


def parse_xml(
    body: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> None:
    """Read XML that declares no document type: there are no entities to expand, and nothing is fetched.

    Raises:
        EntitiesDeclared: it declares a document type.
        ValueError: it is no well-formed XML.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise EntitiesDeclared("it declares a document type")

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    try:
        parser.Parse(body, True)  # noqa: FBT003 - expat's own
    except (expat.ExpatError, LookupError) as error:
        raise ValueError(str(error)) from error


def find(data: Data, path: str) -> list[Hit]:
    """The values that a path leads to, in their order, at most `FOUND_MOST`; empty ones are left out.

    >>> [hit.value for hit in find({"people": [{"id": "7"}, {"id": "8"}]}, "people.id")]
    ['7', '8']
    """
    hits: list[Hit] = []
    for hit in _walk(data, tuple(part for part in path.split(".") if part), (), {}):
        hits.append(hit)
        if len(hits) == FOUND_MOST:
            break
    return hits


def _walk(data: Data, rest: tuple[str, ...], done: tuple[str, ...], trail: Trail) -> Iterator[Hit]:
    if isinstance(data, list):
        yield from _items(data, rest, done, trail)
    elif isinstance(data, dict):
        if rest:
            if (name := rest[0]) in data:
                yield from _walk(data[name], rest[1:], (*done, name), trail)
        elif text := data.get(""):
            yield from _walk(text, (), done, trail)
        elif data:
            yield Hit("{}", trail)
    elif not rest and data is not None and data.strip():
        yield Hit(data, trail)


def _items(data: list[Data], rest: tuple[str, ...], done: tuple[str, ...], trail: Trail) -> Iterator[Hit]:
    if rest and rest[0].isdecimal() and len(rest[0]) < 7:
        place = int(rest[0])
        if place < len(data):
            yield from _walk(data[place], rest[1:], (*done, rest[0]), trail)
        return
    for place, item in enumerate(data):
        yield from _walk(item, rest, (*done, "[]"), {**trail, done: place})


_DIGITS: Final = re.compile(r"[^0-9]")


def same_number(one: str, other: str, most: int = 9) -> bool:
    """Whether two numbers are the same, however they are written: by their last digits.

    >>> same_number("+372 5550 0123", "55500123"), same_number("55500123", "55500124")
    (True, False)
    """
    left, right = _DIGITS.sub("", one), _DIGITS.sub("", other)
    shared = min(len(left), len(right), most)
    return shared > 0 and (shared > 5 or left == right) and left[-shared:] == right[-shared:]
