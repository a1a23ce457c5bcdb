"""Public holidays of countries, as dates."""

from collections.abc import Iterable
from datetime import date
from functools import cache


def public_holidays(country: str | None, years: Iterable[int]) -> frozenset[date]:
    """The public holidays of a whole country; none for a country that nobody knows.

    The first time for a country and year its law is worked out, in a tenth of a second or so.

    Args:
        country: ISO 3166.
        years: which.
    """
    found = (_of_year(country, year) for year in years) if country else ()
    return frozenset().union(*found)


@cache
def _of_year(country: str, year: int) -> frozenset[date]:
    import holidays  # noqa: PLC0415 - takes a third of a second, which a service that comes back does not have

    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        return frozenset()
