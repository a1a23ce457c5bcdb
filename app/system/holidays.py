"""Public holidays of countries, as dates."""

from collections.abc import Iterable
from datetime import date
from functools import cache


def public_holidays(country: str | None, years: Iterable[int]) -> frozenset[date]:
    """The public holidays of a whole country; none for an unknown country.

    The first call for a country and year takes about a tenth of a second.

    Args:
        country: ISO 3166.
        years: calendar years.
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
