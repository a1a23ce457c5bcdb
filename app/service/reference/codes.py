"""Writes `docs/problem-codes.md`, every code that an error may have: `python -m app.service.reference.codes`."""

from pathlib import Path
from typing import Final

from app.domain.errors import REFUSALS, Refusal

FILE: Final = Path(__file__).parents[3] / "docs" / "problem-codes.md"
_HEAD: Final = """# Codes of errors

Each error of the interface is `application/problem+json` with one of these as `code`; `type` is `urn:keskus:problem:`
and the code. A code keeps its meaning for ever. `params` has what the text names, `detail` the text in English;
`GET /api/v1/problem-codes` has the texts in English, Estonian and Russian. The codes of `errors`, which name single
fields, are here, too. OpenAPI says at each operation which codes it may answer; those of `connection.` are answered
before there is an operation.

Made by `python -m app.service.reference.codes`.

| Code | Status | Parameters | Means | Text |
|---|---|---|---|---|
"""


def document() -> str:
    """The page, of all refusals whose modules have been imported."""
    return _HEAD + "".join(_line(code, REFUSALS[code]) for code in sorted(REFUSALS))


def _line(code: str, kind: type[Refusal]) -> str:
    names = ", ".join(f"`{name}`" for name in kind.names())
    means = (kind.__doc__ or "").strip().splitlines()[0]
    cells = (f"`{code}`", str(kind.status), names, means, kind.texts.en)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"


def main() -> None:
    """Write the page."""
    import app.service.application  # noqa: PLC0415 - every refusal of the interface is registered by these
    import app.service.subject_routers  # noqa: F401, PLC0415

    FILE.write_text(document())


if __name__ == "__main__":
    main()
