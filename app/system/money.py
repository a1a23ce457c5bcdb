"""Amounts of money, percentages and quantities: exact decimals, which JSON has as texts."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from app.system.errors import DecimalUnfit

_TEXT: Final = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?", re.ASCII)


@dataclass(slots=True, frozen=True)
class Exact:
    """The annotation of a field with an exact decimal; a JSON number is refused, as it may have been rounded."""

    least: str
    most: str
    places: int
    """The most decimal places."""
    shown: int = 0
    """The least decimal places that answers have."""

    def read(self, said: object) -> Decimal:
        """A decimal, from its text.

        Raises:
            DecimalUnfit: it is no text of a decimal within the bounds.
        """
        value = said if isinstance(said, Decimal) else None
        if isinstance(said, str) and _TEXT.fullmatch(said.strip()):
            value = Decimal(said.strip())
        if value is None or not Decimal(self.least) <= value <= Decimal(self.most):
            raise DecimalUnfit(least=self.least, most=self.most, places=self.places)
        if value != round(value, self.places):
            raise DecimalUnfit(least=self.least, most=self.most, places=self.places)
        return value

    def write(self, value: Decimal) -> str:
        """A decimal's text, without zeros that say nothing."""
        return written(value, self.shown)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read with `read`, write with `write`."""
        return core_schema.no_info_plain_validator_function(
            self.read,
            serialization=core_schema.plain_serializer_function_ser_schema(
                self.write, return_schema=core_schema.str_schema(), when_used="json"
            ),
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """A text, in the reference."""
        sign = "-?" if Decimal(self.least) < 0 else ""
        return {"type": "string", "pattern": rf"^{sign}[0-9]{{1,12}}(\.[0-9]{{1,{self.places}}})?$"}


def written(value: Decimal, places: int = 2) -> str:
    """A decimal's text with at least so many decimal places, without further zeros at the end.

    >>> written(Decimal("10.500000")), written(Decimal("8.056500")), written(Decimal("3.000000"), 0)
    ('10.50', '8.0565', '3')
    """
    exponent = value.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return f"{value:.{max(places, -exponent)}f}"


Price = Annotated[Decimal, Exact("0", "1000000", 4, shown=2)]
"""The price of one unit, 0..1,000,000."""
Sum = Annotated[Decimal, Exact("-100000000000000", "100000000000000", 2, shown=2)]
"""An amount in cents; below zero where something is taken off."""
Percent = Annotated[Decimal, Exact("0", "100", 2)]
"""0..100."""
Quantity = Annotated[Decimal, Exact("0.001", "100000", 3)]
"""How much of a product, 0.001..100,000."""
Stock = Annotated[Decimal, Exact("0", "100000000", 3)]
"""How much of a product there is, 0..100,000,000."""
