"""Variables in the texts of scripts: `{contact.given_name|kallis klient}`. No I/O.

What stands after the bar is said where the variable is empty; `{contact.given_name|}` says nothing there. `{{` and `}}`
are braces.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

_PIECE: Final = re.compile(r"\{\{|\}\}|\{([^{}|]{1,100})(?:\|([^{}]{0,500}))?\}|[{}]")
PEOPLE: Final = frozenset(
    {
        *("contact.name", "contact.surname", "contact.given_name", "contact.patronymic", "contact.company"),
        *("contact.language", "call.number", "call.queue", "call.dialed", "operator.name", "campaign.title"),
    }
)
"""Variables that every script knows."""
NEVER_EMPTY: Final = frozenset({"operator.name"})
LEAD: Final = frozenset(
    {"lead.surname", "lead.given_name", "lead.patronymic", "lead.company_name", "lead.external_id"}
)
"""Variables that every script of campaigns knows, beside the columns of its lists."""


@dataclass(slots=True, frozen=True)
class Variable:
    """A variable in a text."""

    name: str
    fallback: str | None
    """What stands there where it is empty; None: the text does not say."""


@dataclass(slots=True, frozen=True)
class Read:
    """What a text has beside its words."""

    variables: tuple[Variable, ...]
    unpaired: bool
    """A brace has no partner."""


def read(text: str) -> Read:
    """The variables of a text.

    >>> read("Tere, {contact.name|hea klient}!").variables
    (Variable(name='contact.name', fallback='hea klient'),)
    >>> read("Tere, {contact.name").unpaired
    True
    """
    variables, unpaired = [], False
    for found in _PIECE.finditer(text):
        if found[1] is not None:
            variables.append(Variable(found[1].strip(), found[2]))
        elif len(found[0]) == 1:
            unpaired = True
    return Read(tuple(variables), unpaired)


def is_known(name: str, known: Collection[str]) -> bool:
    """Whether there is a variable of this name; columns of lists are written as their headers are."""
    return name in PEOPLE or name in known


def filled(text: str, values: Mapping[str, str]) -> str:
    """A text with its variables' values.

    Args:
        text: of a step.
        values: by name; a name that is left out is empty.

    >>> filled("Tere, {contact.name|hea klient}! {{x}}", {})
    'Tere, hea klient! {x}'
    """

    def put(found: re.Match[str]) -> str:
        if found[1] is None:
            return found[0][0]
        return values.get(found[1].strip(), "") or found[2] or ""

    return _PIECE.sub(put, text)
