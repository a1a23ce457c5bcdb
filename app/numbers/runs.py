"""Reading a run of digits as one number or several: every digit has to belong to one, or nothing is read."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from app.numbers.faults import NumberFault
from app.numbers.personal_codes import is_personal_code
from app.numbers.plans import DIGITS_MOST, Ambiguous, dialled_country, e164_of, has_trunk_prefix, is_valid

_GROUPS_MOST: Final = 40
"""The most groups of digits in one run."""
_NUMBER_LEAST: Final = 7
"""The fewest digits of a number in a run of several."""
_PARTS: Final = re.compile(r"\)? +\(?")
"""Only spaces separate numbers: a dash may mean a range."""
_GROUPS: Final = re.compile(r"(\d+)(\D*)")


class Read(NamedTuple):
    """One number of a run."""

    e164: str
    raw: str
    """The number as it is written."""


class _Group(NamedTuple):
    digits: str
    gap: str
    """The signs behind the digits."""


def read_run(run: str, region: str) -> list[Read] | NumberFault:
    """The numbers of a run of digits, each also as written; or why none can be read with certainty."""
    plus = "+" if run.startswith("+") else ""
    groups = [_Group(*match) for match in _GROUPS.findall(run)]
    digits = "".join(group.digits for group in groups)
    if len(groups) > _GROUPS_MOST:
        return NumberFault.AMBIGUOUS
    if is_personal_code(run, region):
        return NumberFault.PERSONAL_CODE
    try:
        whole = (
            _with_trunk(run, region)
            if "(0)" in run and (plus or digits.startswith("00"))
            else e164_of(plus + digits, region)
        )
        if whole is not None:
            return NumberFault.AMBIGUOUS if _has_rest(plus, groups, whole, region) else [Read(whole, run)]
        several = _several(plus, groups, region)
    except Ambiguous:
        return NumberFault.AMBIGUOUS
    if several:
        return several
    if plus or digits.startswith("00"):
        return NumberFault.LENGTH
    return NumberFault.PART if len(digits) < _NUMBER_LEAST else NumberFault.COUNTRY


def _with_trunk(run: str, region: str) -> str | None:
    """A number with a trunk prefix in brackets, such as `+372 (0) 5550 0123`: the prefix is not dialled from abroad."""
    with_it, without = (
        e164_of(re.sub(r"[^\d+]", "", one), region) for one in (run, run.replace("(0)", "", 1))
    )
    if with_it is None or without is None or with_it == without:
        return with_it or without
    valid = [one for one in (with_it, without) if is_valid(one)]
    if len(valid) != 1:
        raise Ambiguous(run)
    return valid[0]


def _has_rest(plus: str, groups: Sequence[_Group], whole: str, region: str) -> bool:
    """Whether a part of a run is a number by itself, and the rest is too short for another number."""
    if len(groups) == 1:
        return False
    first, last = groups[0], groups[-1]
    if len(last.digits) <= (1 if groups[-2].gap == " " else 2) and _is_other(
        plus + "".join(group.digits for group in groups[:-1]), whole, region
    ):
        return True
    if plus or first.digits.startswith("00"):
        return False
    if not whole.startswith(f"+{dialled_country(region)}"):
        # Another country's code without a plus: its beginning must not be a domestic number.
        beginning = ""
        for group in groups[:-1]:
            beginning += group.digits
            if _is_other(beginning, whole, region):
                return True
    if has_trunk_prefix("".join(group.digits for group in groups), first.digits, whole, region):
        return False
    if len(first.digits) > (1 if first.gap == " " else 2):
        return False
    rest = "".join(group.digits for group in groups[1:])
    # If the first group is only a trunk prefix, the rest is this same number.
    return whole != f"+{dialled_country(region)}{rest}" and _is_other(rest, whole, region)


def _is_other(digits: str, whole: str, region: str) -> bool:
    e164 = e164_of(digits, region)
    return e164 is not None and e164 != whole and is_valid(e164)


def _several(plus: str, groups: Sequence[_Group], region: str) -> list[Read]:
    """The numbers of a run that spaces separate; empty: it cannot be separated into numbers.

    Raises:
        Ambiguous: it can be separated in more than one way.
    """
    # From the end: the ways to separate the run from each group on; two of them are enough to know.
    ways: list[list[list[Read]]] = [[] for _ in groups] + [[[]]]
    for start in reversed(range(len(groups))):
        if start and not _PARTS.fullmatch(groups[start - 1].gap):
            continue
        digits = raw = plus if start == 0 else ""
        for end in range(start, len(groups)):
            digits += groups[end].digits
            raw += "".join(groups[end])
            if len(digits) > DIGITS_MOST + 1:
                break
            if len(digits) < _NUMBER_LEAST or not ways[end + 1]:
                continue
            e164 = e164_of(digits, region)
            if e164 is not None and is_valid(e164):
                ways[start] += [[Read(e164, raw.strip()), *rest] for rest in ways[end + 1]]
                del ways[start][2:]
    if len(ways[0]) > 1:
        raise Ambiguous
    return ways[0][0] if ways[0] else []
