"""Figures beside their references, in one table."""

from collections.abc import Iterable
from typing import NamedTuple

from rich.console import Console
from rich.table import Table


class Row(NamedTuple):
    """One figure: ours and the reference with their units, the ratio of the two, and the aim of the ratio.

    `aim` is `>= x` or `<= x`, or empty for no aim.
    """

    case: str
    ours: str
    reference: str
    ratio: float
    aim: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the ratio meets the aim; None without an aim."""
        sign, _, limit = self.aim.partition(" ")
        if sign == ">=":
            return self.ratio >= float(limit)
        if sign == "<=":
            return self.ratio <= float(limit)
        return None


def per_second(rate: float) -> str:
    """A rate a second as text, in thousands (k) or millions (M) if it is large enough."""
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if rate >= size:
            return f"{rate / size:.3g} {letter}/s"
    return f"{rate:.3g} /s"


def print_table(title: str, rows: Iterable[Row]) -> None:
    """Print the rows; a ratio that misses its aim is red."""
    table = Table(title=title, title_justify="left")
    table.add_column("case")
    for column in ("ours", "reference", "ratio", "aim"):
        table.add_column(column, justify="right")
    colours = {True: "green", False: "red", None: ""}
    for row in rows:
        table.add_row(row.case, row.ours, row.reference, f"{row.ratio:.3g}", row.aim, style=colours[row.met])
    Console().print(table)
