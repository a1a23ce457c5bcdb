"""Every code that an error of the interface may have, with its texts in each language of the page."""

from functools import cache
from typing import Final

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict

import app.serving.errors  # noqa: F401 - what connections answer is among them
from app.api.problems import refusals_to_all
from app.domain.errors import REFUSALS

router = APIRouter(tags=["session"])
_KEPT_S: Final = 300


class ProblemTexts(BaseModel):
    """One text in the languages of the page; a name in braces stands for a parameter."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    en: str
    """In English."""
    et: str
    """In Estonian."""
    ru: str
    """In Russian."""


class ProblemCode(BaseModel):
    """One code of errors, with its texts."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    code: str
    """As in `code` of an error."""
    status: int
    """The HTTP status it comes with, 400..599."""
    params: list[str]
    """Names of the parameters in its texts; `params` of the error has their values."""
    texts: ProblemTexts
    """What is wrong and what to do."""


@router.get("/problem-codes", summary="All codes of errors", responses=refusals_to_all())
async def list_problem_codes(response: Response) -> list[ProblemCode]:
    """All codes in alphabetical order. No log-in is needed. A text shows the values of a list with commas between."""
    response.headers["Cache-Control"] = f"max-age={_KEPT_S}"
    return _codes()


@cache
def _codes() -> list[ProblemCode]:
    """All codes: made once, for anybody may ask, and every refusal is registered before the service listens."""
    return [
        ProblemCode(
            code=code,
            status=kind.status,
            params=list(kind.names()),
            texts=ProblemTexts(**kind.texts._asdict()),
        )
        for code, kind in sorted(REFUSALS.items())
    ]
