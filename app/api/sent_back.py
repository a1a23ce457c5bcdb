"""What a PUT answers can be sent back as it came, or with one field changed: what is for reading is left aside.

Whoever reads a row, changes it and sends it back needs to know no list of fields. A field that neither the request nor
the answer has is refused as ever.
"""

from collections.abc import Iterator, Sequence
from typing import Any, get_args

from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.routing import BaseRoute

from app.system.fields import SentBack


def let_back(routes: Sequence[BaseRoute]) -> None:
    """Let the bodies of PUTs have the fields of their answers, and of what is read there or in the list above, too."""
    known = [route for route in routes if isinstance(route, APIRoute)]
    for route in known:
        if "PUT" in (route.methods or ()) and route.body_field is not None:
            asked = route.body_field.field_info.annotation
            leave_aside(asked, route.response_model)
            for told in _read_at(route.path, known):
                leave_aside(asked, told)


def _read_at(path: str, routes: Sequence[APIRoute]) -> Iterator[Any]:
    above, _, last = path.rpartition("/")
    for one in routes:
        if "GET" not in (one.methods or ()):
            continue
        if one.path == path:
            yield one.response_model
        elif one.path == above and last.startswith("{"):
            page = getattr(one.response_model, "model_fields", {}).get("items")
            yield page.annotation if page is not None else one.response_model


def leave_aside(asked: Any, told: Any) -> None:
    """Let requests have the fields that answers have beside them; within lists, too.

    Args:
        asked: the type of a request's body, or of a field in it.
        told: the type of the answer, or of the field of that name in it.
    """
    for request in _models(asked):
        for answer in _models(told):
            if issubclass(request, SentBack):
                request.aside |= answer.model_fields.keys() - request.model_fields.keys()
            for name in request.model_fields.keys() & answer.model_fields.keys():
                leave_aside(request.model_fields[name].annotation, answer.model_fields[name].annotation)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)
