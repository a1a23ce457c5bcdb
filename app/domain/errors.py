"""Refusals: each is a class with a code for programs and texts for people. Bugs and failures are not refusals."""

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple, dataclass_transform

Param = str | int | float | Sequence[str]
"""A parameter of a refusal; a sequence is shown as a list with commas."""
PROBLEM = "application/problem+json"
"""The media type of a refusal."""
ERRORS_MAX = 100
"""The most `errors` that one answer lists."""
URN = "urn:keskus:problem:"
"""A refusal's `type` in `application/problem+json` is this and its code."""


_UNFIT = 422


class Texts(NamedTuple):
    """One text in the three languages; a name in braces stands for a parameter."""

    en: str
    et: str
    ru: str


@dataclass_transform(kw_only_default=True)
class Refusal(Exception):
    """A request that cannot be granted now.

    A subclass gives `code`, `texts` and, where it is not 409, `status`; each field it declares is a parameter, given by
    keyword::

        class QueueUnknown(Refusal):
            code = "queue.unknown"
            status = 404
            texts = Texts(
                en="there is no queue {queue}",
                et="järjekorda {queue} ei ole",
                ru="очереди {queue} нет",
            )
            queue: str

        raise QueueUnknown(queue="sales")
    """

    code: ClassVar[str]
    """The refusal's code for programs, such as `campaign.lacks`. A code never changes its meaning."""
    status: ClassVar[int] = 409
    """The HTTP status, 400..599; with 503 the request may be repeated in a moment."""
    headers: ClassVar[Mapping[str, str]] = MappingProxyType({})
    """Headers of the HTTP answer."""
    texts: ClassVar[Texts]
    """Why the request is refused, and what to do: one or two clauses, small letter first, no full stop."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Register the class under its code.

        Raises:
            ValueError: another class has the code.
        """
        super().__init_subclass__(**kwargs)
        dataclass(kw_only=True, eq=False, repr=False)(cls)
        if "code" in cls.__dict__ and REFUSALS.setdefault(cls.code, cls) is not cls:
            raise ValueError(f"{cls.code} is the code of {REFUSALS[cls.code].__qualname__}")

    @property
    def errors(self) -> "Sequence[tuple[str, Refusal]]":
        """The faults in the request: paths into its body, each with the refusal of what is there."""
        return ()

    @property
    def params(self) -> Mapping[str, Param]:
        """The parameters that the refusal's text names, by name."""
        return {name: getattr(self, name) for name in self.names()}

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """The names of the refusal's parameters, in order."""
        return tuple(one.name for one in fields(cls))  # type: ignore[arg-type] # `__init_subclass__` makes it one

    def said(self, language: str) -> str:
        """The refusal's text.

        Args:
            language: `en`, `et` or `ru`.
        """
        text: str = getattr(self.texts, language)
        return text.format(**{name: _shown(value) for name, value in self.params.items()})

    def __str__(self) -> str:
        return self.said("en")

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.params.items())})"
        )

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.params == self.params

    def __hash__(self) -> int:
        return hash(type(self))

    def __reduce__(self) -> Any:
        return _rebuilt, (type(self), dict(self.params))


class NotPossible(Refusal):
    """A request that does not fit the floor as it is; raised before anything is changed."""


REFUSALS: dict[str, type[Refusal]] = {}
"""Every refusal class by its code; filled as the modules that define them are imported."""


def problem_of(refusal: Refusal, instance: str = "") -> dict[str, Any]:
    """A refusal as `application/problem+json` has it (RFC 9457).

    Args:
        refusal: the refusal to describe.
        instance: a URN of this one case; empty: none.
    """
    said: dict[str, Any] = {
        "type": URN + refusal.code,
        "title": HTTPStatus(refusal.status).phrase,
        "status": refusal.status,
        "detail": str(refusal),
        "code": refusal.code,
    }
    more = {
        "params": dict(refusal.params),
        "instance": instance,
        "errors": [
            {"where": where, "what": str(what), "code": what.code, "params": dict(what.params)}
            for where, what in (refusal.errors or _whole(refusal))[:ERRORS_MAX]
        ],
    }
    return said | {name: value for name, value in more.items() if value}


def _whole(refusal: Refusal) -> Sequence[tuple[str, Refusal]]:
    """What does not fit, where a refusal names no field: the request."""
    return [("request", refusal)] if refusal.status == _UNFIT else []


def placeholders(text: str) -> set[str]:
    """The parameters that a text names."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def _shown(value: Param) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Sequence):
        return ", ".join(value)
    return str(value)


def _rebuilt(cls: type[Refusal], params: Mapping[str, Any]) -> Refusal:
    return cls(**params)
