"""Erlang's queue with callers who give up (C. Palm, 1957): the service level that some operators give."""

from collections.abc import Callable
from math import exp, inf, log
from typing import Final

_PANELS: Final = 512
_HALVINGS: Final = 20
_LARGE: Final = 1e200
_NEGLIGIBLE: Final = 40.0
"""What is smaller than the largest value by this power of e adds nothing."""


def service_level(
    load_per_s: float, service_s: float, operators: int, patience_s: float, target_s: float
) -> float:
    """The share of all callers who are answered within a target, 0..1, in a queue that has long been as it is.

    With n operators, arrivals at rate a, service at rate m and patience at rate p, the wait x of a caller who never
    gives up has the density a * exp(a * (1 - exp(-p * x)) / p - n * m * x), over a sum that makes all of it 1; a caller
    is still there after x with the chance exp(-p * x) (F. Baccelli and G. Hebuterne, On queues with impatient
    customers, 1981).

    Args:
        load_per_s: arrivals a second; 0: everybody is answered at once.
        service_s: mean time for which a call keeps an operator, positive.
        operators: 0 or more.
        patience_s: mean time after which a waiting caller gives up, positive; infinite: nobody does.
        target_s: 0 or more.

    >>> round(service_level(100 / 1800, 180, 14, inf, 20), 5)
    0.88835
    >>> service_level(1.0, 180, 14, inf, 20)
    0.0
    """
    if load_per_s <= 0.0:
        return 1.0
    if operators <= 0 or (patience_s == inf and load_per_s * service_s >= operators):
        return 0.0
    drain, gives_up = operators / service_s, 1.0 / patience_s
    # The sum of the chances of fewer calls than operators, by that of one call less than operators.
    # Of thousands of operators it is more than a number holds: `idle` times e ** `over` is kept.
    idle, one, over = 1.0, 1.0, 0.0
    for n in range(1, operators):
        idle = one + n / (load_per_s * service_s) * idle
        if idle > _LARGE:
            idle, one, over = idle / _LARGE, one / _LARGE, over + log(_LARGE)

    def power(x: float) -> float:
        came = load_per_s * x if gives_up == 0.0 else load_per_s * (1.0 - exp(-gives_up * x)) / gives_up
        return came - drain * x

    peak = log(load_per_s / drain) / gives_up if gives_up and load_per_s > drain else 0.0
    least = power(peak) - _NEGLIGIBLE
    begin = 0.0 if power(0.0) >= least else _where(power, least, 0.0, peak)
    end = peak + service_s / operators
    while power(end) > least:
        end += 2.0 * (end - peak)
    end = _where(power, least, end, peak)
    target = min(max(target_s, begin), end)

    def still_there(x: float) -> float:
        return exp(power(x) - top - gives_up * x)

    def there(x: float) -> float:
        return exp(power(x) - top)

    top = power(peak)
    whole = _integral(there, begin, target) + _integral(there, target, end)
    in_time = _integral(still_there, begin, target)
    weight = log(idle) + over - top
    at_once, later = exp(min(weight, 0.0)), exp(min(-weight, 0.0)) * load_per_s
    return (at_once + later * in_time) / (at_once + later * whole)


def operators_needed(
    load_per_s: float, service_s: float, patience_s: float, *, target_s: float, level: float
) -> int:
    """The fewest operators that give a service level; arguments as for `service_level`.

    Args:
        level: 0..1, less than 1.

    >>> operators_needed(100 / 1800, 180, inf, target_s=20, level=0.8)
    14
    >>> operators_needed(0, 180, inf, target_s=20, level=0.8)
    0
    """
    if load_per_s <= 0.0:
        return 0

    def enough(operators: int) -> bool:
        return service_level(load_per_s, service_s, operators, patience_s, target_s) >= level

    few, many = 0, max(1, round(load_per_s * service_s))
    while not enough(many):
        few, many = many, many * 2
    while many - few > 1:
        middle = (few + many) // 2
        if enough(middle):
            many = middle
        else:
            few = middle
    return many


def _where(of: Callable[[float], float], value: float, below: float, above: float) -> float:
    """Near where a function has a value that is below it at one place and above it at another; on the low side."""
    for _ in range(_HALVINGS):
        middle = (below + above) / 2.0
        if of(middle) > value:
            above = middle
        else:
            below = middle
    return below


def _integral(of: Callable[[float], float], begin: float, end: float) -> float:
    """Simpson's rule."""
    step = (end - begin) / _PANELS
    if step <= 0.0:
        return 0.0
    odd = sum(of(begin + step * at) for at in range(1, _PANELS, 2))
    even = sum(of(begin + step * at) for at in range(2, _PANELS, 2))
    return (of(begin) + 4.0 * odd + 2.0 * even + of(end)) * step / 3.0
