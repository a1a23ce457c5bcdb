"""Exact values of Erlang's queues, and an independent model of the same queue on given random numbers."""

from heapq import heapify, heappop, heappush
from math import exp
from typing import NamedTuple


class ErlangC(NamedTuple):
    """M/M/n: nobody gives up (A. K. Erlang, 1917)."""

    waits: float
    within_target: float
    mean_wait_s: float
    occupancy: float


def erlang_c(per_s: float, service_s: float, operators: int, target_s: float = 20.0) -> ErlangC:
    """Exact figures of M/M/n.

    Args:
        per_s: arrivals a second.
        service_s: mean service time in seconds.
        operators: more than `per_s * service_s`.
        target_s: of the service level, in seconds.
    """
    load = per_s * service_s
    blocking = 1.0
    for n in range(1, operators + 1):
        blocking = load * blocking / (n + load * blocking)  # Erlang B
    waits = blocking / (1 - load / operators * (1 - blocking))
    drain = (operators - load) / service_s
    return ErlangC(waits, 1 - waits * exp(-drain * target_s), waits / drain, load / operators)


class ErlangA(NamedTuple):
    """M/M/n+M: patience is exponential (C. Palm, 1957)."""

    waits: float
    abandonment: float
    mean_wait_s: float
    occupancy: float
    queue: float


def erlang_a(per_s: float, service_s: float, operators: int, patience_s: float) -> ErlangA:
    """Exact figures of M/M/n+M, from the stationary law of its birth-and-death process.

    Args:
        per_s: arrivals a second.
        service_s: mean service time in seconds.
        operators: at least 1.
        patience_s: mean patience in seconds.
    """
    weights = [1.0]
    for n in range(1, operators + 2000):
        death = min(n, operators) / service_s + max(0, n - operators) / patience_s
        weights.append(weights[-1] * per_s / death)
    total = sum(weights)
    law = [w / total for w in weights]
    queue = sum((n - operators) * p for n, p in enumerate(law) if n > operators)
    busy = sum(min(n, operators) * p for n, p in enumerate(law))
    return ErlangA(sum(law[operators:]), queue / patience_s / per_s, queue / per_s, busy / operators, queue)


class Customer(NamedTuple):
    """One caller's random numbers, in seconds."""

    arrives_s: float
    talk_s: float
    patience_s: float


class Served(NamedTuple):
    """What became of a caller."""

    wait_s: float
    talk_s: float
    answered: bool


def first_come_first_served(customers: list[Customer], operators: int) -> list[Served]:
    """The queue itself in ten lines: n servers, each taking whoever came first and still waits.

    A caller who has not been reached when their patience ends takes no server's time.
    """
    free_s = [0.0] * operators
    heapify(free_s)
    served = []
    for customer in customers:
        starts_s = max(customer.arrives_s, free_s[0])
        wait_s = starts_s - customer.arrives_s
        if wait_s >= customer.patience_s:
            served.append(Served(customer.patience_s, 0.0, answered=False))
            continue
        heappop(free_s)
        heappush(free_s, starts_s + customer.talk_s)
        served.append(Served(wait_s, customer.talk_s, answered=True))
    return served
