"""Errors of single fields: the checks of pydantic, and those that several requests share.

A check without a class here becomes `request.field_unfit`, with pydantic's own English text.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from app.api.errors import FieldUnfit
from app.domain.errors import Refusal, Texts


class FieldError(Refusal, ValueError):
    """One field of a request does not fit; it stands in `errors`, never alone."""

    status = 422


class FieldMissing(FieldError):
    """The field has to be given."""

    code = "field.missing"
    texts = Texts(en="it has to be given", et="see tuleb anda", ru="это нужно указать")


class FieldUnknown(FieldError):
    """There is no such field."""

    code = "field.unknown"
    texts = Texts(
        en="there is no such field: leave it out",
        et="sellist välja ei ole: jäta see ära",
        ru="такого поля нет: уберите его",
    )


class FieldEmpty(FieldError):
    """The text is empty."""

    code = "field.empty"
    texts = Texts(en="it must not be empty", et="see ei tohi olla tühi", ru="это не должно быть пустым")


class FieldTooShort(FieldError):
    """The text is too short."""

    code = "field.too_short"
    texts = Texts(
        en="it has at least {least} characters",
        et="selles on vähemalt {least} märki",
        ru="здесь не меньше {least} знаков",
    )
    least: int


class FieldTooLong(FieldError):
    """The text is too long."""

    code = "field.too_long"
    texts = Texts(
        en="it has at most {most} characters: shorten it",
        et="selles on kõige rohkem {most} märki: lühenda seda",
        ru="здесь не больше {most} знаков: сократите",
    )
    most: int


class FieldTooFew(FieldError):
    """There are too few items."""

    code = "field.too_few"
    texts = Texts(
        en="at least {least} are needed", et="neid on vaja vähemalt {least}", ru="их нужно не меньше {least}"
    )
    least: int


class FieldTooMany(FieldError):
    """There are too many items."""

    code = "field.too_many"
    texts = Texts(
        en="at most {most} may be given",
        et="neid võib olla kõige rohkem {most}",
        ru="их может быть не больше {most}",
    )
    most: int


class FieldTooSmall(FieldError):
    """The number is too small."""

    code = "field.too_small"
    texts = Texts(en="it is at least {least}", et="see on vähemalt {least}", ru="это не меньше {least}")
    least: str


class FieldTooLarge(FieldError):
    """The number is too large."""

    code = "field.too_large"
    texts = Texts(en="it is at most {most}", et="see on kõige rohkem {most}", ru="это не больше {most}")
    most: str


class FieldNotAbove(FieldError):
    """The number has to be larger."""

    code = "field.not_above"
    texts = Texts(en="it is more than {bound}", et="see on suurem kui {bound}", ru="это больше {bound}")
    bound: str


class FieldNotBelow(FieldError):
    """The number has to be smaller."""

    code = "field.not_below"
    texts = Texts(en="it is less than {bound}", et="see on väiksem kui {bound}", ru="это меньше {bound}")
    bound: str


class FieldNoChoice(FieldError):
    """The value is not one of the choices."""

    code = "field.no_choice"
    texts = Texts(en="it is one of {choices}", et="see on üks neist: {choices}", ru="это одно из: {choices}")
    choices: Sequence[str]


class FieldNoMatch(FieldError):
    """The text does not match the required pattern."""

    code = "field.no_match"
    texts = Texts(
        en="it does not have the form that is asked for",
        et="see ei ole nõutud kujul",
        ru="это не в том виде, который нужен",
    )
    pattern: str


class FieldNoText(FieldError):
    """The value has to be text."""

    code = "field.no_text"
    texts = Texts(en="it is text", et="see on tekst", ru="это текст")


class FieldNoNumber(FieldError):
    """The value has to be a number."""

    code = "field.no_number"
    texts = Texts(en="it is a number", et="see on arv", ru="это число")


class FieldNoWholeNumber(FieldError):
    """The value has to be a whole number."""

    code = "field.no_whole_number"
    texts = Texts(en="it is a whole number", et="see on täisarv", ru="это целое число")


class FieldNoBoolean(FieldError):
    """The value has to be true or false."""

    code = "field.no_boolean"
    texts = Texts(en="it is true or false", et="see on true või false", ru="это true или false")


class FieldNoList(FieldError):
    """The value has to be a list."""

    code = "field.no_list"
    texts = Texts(en="it is a list", et="see on loend", ru="это список")


class FieldNoObject(FieldError):
    """The value has to be an object with fields."""

    code = "field.no_object"
    texts = Texts(en="it is an object with fields", et="see on väljadega objekt", ru="это объект с полями")


class FieldNoJson(FieldError):
    """The body is not JSON."""

    code = "field.no_json"
    texts = Texts(en="this is no JSON", et="see ei ole JSON", ru="это не JSON")


class FieldNoMoment(FieldError):
    """The value has to be a moment with its time zone."""

    code = "field.no_moment"
    texts = Texts(
        en="it is a moment with its time zone, such as 2026-03-02T09:00:00Z",
        et="see on ajahetk koos ajavööndiga, näiteks 2026-03-02T09:00:00Z",
        ru="это момент с часовым поясом, например 2026-03-02T09:00:00Z",
    )


class FieldNoDay(FieldError):
    """The value has to be a day."""

    code = "field.no_day"
    texts = Texts(
        en="it is a day, such as 2026-03-02",
        et="see on päev, näiteks 2026-03-02",
        ru="это день, например 2026-03-02",
    )


class TooManyParts(FieldError):
    """An object or a list has more parts than any request needs."""

    code = "field.too_many_parts"
    texts = Texts(
        en="an object has at most {fields} fields, and a list {items} items",
        et="objektil on kõige rohkem {fields} välja ja loendis {items} liiget",
        ru="у объекта не больше {fields} полей, в списке не больше {items} элементов",
    )
    fields: int
    items: int


class TextUnstorable(FieldError):
    """A text cannot be stored."""

    code = "field.unstorable"
    texts = Texts(
        en="text has no NUL characters and no halves of surrogate pairs: leave them out",
        et="tekstis ei ole NUL-märke ega poolikuid surrogaatpaare: jäta need ära",
        ru="в тексте не бывает знаков NUL и половин суррогатных пар: уберите их",
    )


_PLAIN: Final[Mapping[str, type[FieldError]]] = {
    "missing": FieldMissing,
    "extra_forbidden": FieldUnknown,
    "string_type": FieldNoText,
    "string_unicode": TextUnstorable,
    "decimal_type": FieldNoNumber,
    "decimal_parsing": FieldNoNumber,
    "float_type": FieldNoNumber,
    "float_parsing": FieldNoNumber,
    "finite_number": FieldNoNumber,
    "int_type": FieldNoWholeNumber,
    "int_parsing": FieldNoWholeNumber,
    "int_parsing_size": FieldNoWholeNumber,
    "int_from_float": FieldNoWholeNumber,
    "bool_type": FieldNoBoolean,
    "bool_parsing": FieldNoBoolean,
    "list_type": FieldNoList,
    "tuple_type": FieldNoList,
    "dict_type": FieldNoObject,
    "model_type": FieldNoObject,
    "model_attributes_type": FieldNoObject,
    "json_invalid": FieldNoJson,
    "json_type": FieldNoJson,
    "datetime_type": FieldNoMoment,
    "datetime_parsing": FieldNoMoment,
    "datetime_from_date_parsing": FieldNoMoment,
    "timezone_aware": FieldNoMoment,
    "date_type": FieldNoDay,
    "date_parsing": FieldNoDay,
    "date_from_datetime_parsing": FieldNoDay,
    "date_from_datetime_inexact": FieldNoDay,
}
"""By pydantic's type of an error."""
_BOUND: Final[Mapping[str, tuple[type[FieldError], str, str]]] = {
    "string_too_short": (FieldTooShort, "least", "min_length"),
    "string_too_long": (FieldTooLong, "most", "max_length"),
    "too_short": (FieldTooFew, "least", "min_length"),
    "too_long": (FieldTooMany, "most", "max_length"),
    "greater_than_equal": (FieldTooSmall, "least", "ge"),
    "less_than_equal": (FieldTooLarge, "most", "le"),
    "greater_than": (FieldNotAbove, "bound", "gt"),
    "less_than": (FieldNotBelow, "bound", "lt"),
    "string_pattern_mismatch": (FieldNoMatch, "pattern", "pattern"),
}
"""Errors with a parameter, by pydantic's type: the class, and the parameter's name there and in pydantic's context."""
_NUMBERS: Final = frozenset({"min_length", "max_length"})
_QUOTED: Final = re.compile(r"'([^']*)'")


def field_error(error: Mapping[str, Any]) -> Refusal:
    """The refusal for one of pydantic's errors: the one that a validator raised, or that of the failed check.

    Args:
        error: one of `ValidationError.errors()`.
    """
    kind, context = error["type"], error.get("ctx", {})
    raised = context.get("error")
    if isinstance(raised, Refusal):
        return raised
    if kind in _PLAIN:
        return _PLAIN[kind]()
    if kind in {"enum", "literal_error"}:
        return FieldNoChoice(choices=_QUOTED.findall(context["expected"]))
    if kind == "string_too_short" and context["min_length"] == 1:
        return FieldEmpty()
    if kind in _BOUND:
        bound, name, given = _BOUND[kind]
        return bound(**{name: context[given] if given in _NUMBERS else str(context[given])})
    return FieldUnfit(reason=kind, why=error["msg"])
