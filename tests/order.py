"""In which order the tests run, which only compute, and which are heavy.

The workers take file after file. A long file that is begun last leaves the other workers idle, so the long ones come
first. Tests that wait for a PBX or a browser need little of the processor, so they alternate with those that compute.
What the workers leave of the processors, two more use for tests that only compute.
"""

from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import Final

import pytest

LONG: Final = (
    "tests/calls/test_dialer_faults.py",
    "tests/attack/test_bodies.py",
    "tests/desktop/test_admin.py",
    "tests/calls/test_lost_phones.py",
    "tests/api/test_openapi.py",
    "tests/attack/test_toll.py",
    "tests/desktop/test_supervisor.py",
    "tests/calls/test_dialer.py",
    "tests/attack/test_sip.py",
    "tests/calls/test_browser_phones.py",
    "tests/pbx/test_check.py",
    "tests/desktop/test_work.py",
    "tests/service/test_backup.py",
    "tests/desktop/test_desktop.py",
    "tests/desktop/test_phone.py",
    "tests/simulator/test_faults.py",
    "tests/simulator/test_day.py",
    "tests/simulator/test_dialing.py",
    "tests/simulator/test_erlang.py",
    "tests/live/test_reference.py",
    "tests/records/test_spool_survives.py",
    "tests/lists/test_memory.py",
    "tests/attack/test_http.py",
    "tests/service/test_wheel.py",
    "tests/attack/test_files.py",
    "tests/calls/test_parking.py",
    "tests/calls/test_transfers.py",
    "tests/calls/test_unheard.py",
    "tests/calls/test_rebuild.py",
    "tests/desktop/test_shown.py",
    "tests/api/test_unfit_values.py",
    "tests/staffing/test_simulate.py",
    "tests/crm/test_import_command.py",
    "tests/crm/test_lead_walks.py",
    "tests/floor/test_campaign_walks.py",
    "tests/service/test_serve.py",
    "tests/floor/test_determinism.py",
    "tests/system/test_private.py",
)
"""More than some ten seconds each, by the clock of a quiet machine with two cores; the longest first."""

WAITING: Final = (
    "tests/acceptance/",
    "tests/attack/",
    "tests/calls/",
    "tests/desktop/",
    "tests/live/",
    "tests/faults/",
    "tests/pbx/",
)
COMPUTING: Final = (
    "tests/api/",
    "tests/cases/",
    "tests/compliance/",
    "tests/crm_template/",
    "tests/domain/",
    "tests/estimation/",
    "tests/floor/",
    "tests/lists/",
    "tests/numbers/",
    "tests/pacing/",
    "tests/reports/",
    "tests/retrieval/",
    "tests/simulator/",
    "tests/staffing/",
    "tests/stored/",
)
"""Without PBX, browser, or a service in a process: these run at any speed, with the least priority,
below that of the service's own threads that give way."""
TIMED: Final = (
    "tests/api/test_database_away.py",
    "tests/api/test_login_limits.py",
    "tests/api/test_socket.py",
    "tests/api/test_turns.py",
)
"""Of those the few that judge how long something takes."""
HEAVY: Final = (
    "tests/acceptance/",
    "tests/api/test_campaign_law.py",
    "tests/api/test_campaigns.py",
    "tests/api/test_consents.py",
    "tests/api/test_imports.py",
    "tests/api/test_leads.py",
    "tests/api/test_socket.py",
    "tests/api/test_webhook_receiver.py",
    "tests/attack/",
    "tests/crm/test_import_desk.py",
    "tests/crm/test_import_work.py",
    "tests/crm/test_consent_lists.py",
    "tests/faults/",
    "tests/floor/test_blending.py",
    "tests/floor/test_callers_beside.py",
    "tests/compliance/test_eligibility.py",
    "tests/floor/test_oracle.py",
    "tests/records/test_disk_full.py",
    "tests/serving/test_protocol.py",
    "tests/simulator/",
    "tests/accounts/test_hashing.py",
    "tests/service/test_settings.py",
)
"""Days of simulation, many examples, slow clients, and files that are read in processes of their own."""
BROUGHT: Final = (
    "Sandbox",
    "async_playwright",
    "browser_phone",
    "browsing",
    "open_target",
    "postgres_server",
)
"""Names in a test's module that say: it brings a PBX, a browser, a service in a process, or PostgreSQL."""


def in_order(items: Iterable[pytest.Item]) -> Iterator[pytest.Item]:
    """The tests, file by file: first the long files, then by turns those that wait and those that compute."""
    files: dict[str, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(_file(item), []).append(item)
    long = [name for name in LONG if name in files]
    rest = [name for name in files if name not in LONG]
    waiting = [name for name in rest if name.startswith(WAITING)]
    computing = [name for name in rest if not name.startswith(WAITING)]
    for name in [*long, *_by_turns(waiting, computing)]:
        yield from files[name]


def mark(items: Iterable[pytest.Item]) -> None:
    """Mark those that need a PBX, a browser, a process or PostgreSQL, or take long; and those that only compute."""
    for item in items:
        file = PurePath(_file(item))
        if is_heavy(file) or _brings(item):
            item.add_marker(pytest.mark.heavy)
        if is_computing(file):
            item.add_marker(pytest.mark.computing)


def is_unwanted(file: PurePath, marks: str) -> bool:
    """Whether no test of a file is among those that `-m` asks for."""
    return {
        "not heavy": is_heavy(file),
        "computing": not is_computing(file),
        "not computing": is_computing(file),
    }.get(marks, False)


def is_heavy(file: PurePath) -> bool:
    """Whether a whole file is heavy, by its path within the project."""
    return file.as_posix() in LONG or file.as_posix().startswith(HEAVY)


def is_computing(file: PurePath) -> bool:
    """Whether a file only computes, by its path within the project."""
    return file.as_posix().startswith(COMPUTING) and file.as_posix() not in TIMED


def _brings(item: pytest.Item) -> bool:
    if not isinstance(item, pytest.Function):
        return False
    kinds = item.callspec.params.values() if hasattr(item, "callspec") else ()
    return (
        "sandbox" in item.fixturenames
        or "postgresql" in kinds
        or any(name in vars(item.module) for name in BROUGHT)
    )


def _file(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


def _by_turns(some: list[str], others: list[str]) -> Iterator[str]:
    """Both spread evenly."""
    places = [
        ((place + 0.5) / len(names), name) for names in (some, others) for place, name in enumerate(names)
    ]
    return (name for _, name in sorted(places))
